// What a first visit costs.

import { overBudget, transferred } from '../checks/sizes.js';
import { all, chromium, everywhere } from '../harness/suite.js';

everywhere('a first visit transfers no more than its budget', async (visit) => {
  /** @type {import('playwright-core').Request[]} */
  const requests = [];
  return chromium.open(visit, { watching: (page) => page.on('requestfinished', (request) => requests.push(request)) },
    async () => overBudget(await transferred(requests), visit.page));
}, all.filter(({ state }) => state === undefined));
