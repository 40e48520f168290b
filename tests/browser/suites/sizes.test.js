// What a visit costs, and what a person does on the page: scripts that are loaded later count too.

import { overBudget, transferred } from '../checks/sizes.js';
import { all, chromium, everywhere } from '../harness/suite.js';

everywhere('no more than the budget of a page is transferred until each of its states is reached', async (visit) => {
  /** @type {import('playwright-core').Request[]} */
  const requests = [];
  return chromium.open(visit, { watching: (page) => page.on('requestfinished', (request) => requests.push(request)) },
    async () => overBudget(await transferred(requests), visit.page));
}, all.filter(({ page, state }) => state === undefined || page.budget !== undefined));
