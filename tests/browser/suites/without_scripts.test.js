// Reading works without scripts.

import { wordsOf } from '../checks/words.js';
import { all, chromium, everywhere } from '../harness/suite.js';

everywhere('a page says the same without scripts', async (visit) => {
  const [plain, scripted] = [
    await chromium.open(visit, { withoutScripts: true }, wordsOf),
    await chromium.open(visit, {}, wordsOf),
  ];
  if (plain === '') return ['it says nothing'];
  return plain === scripted ? [] : [`without scripts: ${plain}`, `with scripts: ${scripted}`];
}, all.filter(({ state }) => state === undefined));
