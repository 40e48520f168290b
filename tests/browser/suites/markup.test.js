// Every document and style sheet that any visit was served is read by html-validate and the Nu checker.

import test from 'node:test';
import assert from 'node:assert/strict';
import { htmlValidates, nuChecks } from '../checks/markup.js';
import { nothing } from '../harness/run.js';
import { all, chromium } from '../harness/suite.js';
import { collect } from '../harness/served.js';

/** @import { Served } from '../checks/markup.js' */

/** @type {Promise<Served[]>} */
const served = (async () => {
  const found = new Map();
  for (const lang of [undefined, 'es', 'ar']) {
    for (const visit of all) for (const one of await collect(chromium, visit, lang)) found.set(one.url + one.text, one);
  }
  return [...found.values()];
})();

test('something was served', async () => {
  const types = new Set((await served).map(({ type }) => type));
  assert.ok(types.has('html') && types.has('css'));
});

test('html-validate finds nothing', async () => {
  nothing(await htmlValidates(await served));
});

test('the Nu checker finds nothing', async () => {
  nothing(await nuChecks(await served));
});
