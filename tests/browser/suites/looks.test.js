// Every page in English, under every look; what a visit transfers; and the same words without scripts.

import { axe } from '../checks/axe.js';
import { cutsNothingOff, fitsSideways, targetsAreLarge, textGrows, textMayBeSpaced } from '../checks/layout.js';
import { printsWhole } from '../checks/media.js';
import { quiet } from '../checks/quiet.js';
import { count, withinBudget } from '../checks/sizes.js';
import { wordsOf } from '../checks/words.js';
import { Library } from '../harness/served.js';
import { all, chromium, everywhere, readsWell, sitting } from '../harness/suite.js';

/** A4 less margins of 1 cm, at 96 pixels an inch. */
const PAPER_WIDTH = 718;

const library = new Library();
/** What each page says with scripts. @type {Map<string, string>} */
const words = new Map();

sitting('in English', { watching: (page) => (count(page), library.watch(page)) }, [
  { claim: 'it does its work silently and with this ledger alone', checks: [quiet] },
  { claim: 'no more than its budget is transferred until then', checks: [withinBudget, library.keep] },
  { claim: 'axe finds nothing in light colours', checks: [axe] },
  { claim: 'targets are large enough and nothing is cut off', checks: [fitsSideways, cutsNothingOff, targetsAreLarge] },
  { claim: 'text can be twice as large', checks: [textGrows] },
  { claim: 'axe finds nothing in dark colours', look: { dark: true }, checks: [axe] },
  { claim: 'axe finds nothing at 320 pixels', look: { width: 320 }, checks: [axe] },
  {
    claim: 'at 320 pixels nothing is wider than the window or too small to hit',
    look: { width: 320 }, checks: [fitsSideways, cutsNothingOff, targetsAreLarge],
  },
  { claim: 'text can be spaced widely at 320 pixels', look: { width: 320 }, checks: [textMayBeSpaced] },
  { claim: 'at 400 % zoom nothing is wider than the window', look: { width: 320, height: 200 }, checks: [fitsSideways, cutsNothingOff] },
  {
    claim: 'everything is printed',
    look: { print: true, width: PAPER_WIDTH }, checks: [printsWhole, fitsSideways, cutsNothingOff],
  },
  {
    claim: 'it says something',
    checks: [async (tab) => {
      words.set(tab.visit.name, await wordsOf(tab));
      return words.get(tab.visit.name) === '' ? ['it says nothing'] : [];
    }],
  },
]);

everywhere('a page says the same without scripts', async (visit) => {
  const [plain, scripted] = [await chromium.open(visit, { withoutScripts: true }, wordsOf), words.get(visit.name)];
  return plain === scripted ? [] : [`without scripts: ${plain}`, `with scripts: ${scripted}`];
}, all.filter(({ state }) => state === undefined));

readsWell(library);
