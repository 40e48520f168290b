// Holds every page in every state to what must hold, in one browser a suite.

import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { htmlValidates, nuChecks } from '../checks/markup.js';
import { visits } from '../pages.js';
import { Chromium, setLook } from './chromium.js';
import { nothing, seeded } from './run.js';

/** @import { Look, Tab } from './chromium.js' */
/** @import { Library } from './served.js' */
/** @import { Visit } from '../pages.js' */

/** Tabs open at once, for the two suites that run beside each other. */
const AT_ONCE = 2;

/** Returns what it has to complain about: nothing, when the claim holds. @typedef {(tab: Tab) => Promise<string[]>} Check */

const seed = await seeded();

/** The browser of this suite. */
export const chromium = await Chromium.start(seed.url);
after(() => chromium.close());

/** What the suite visits: everything, or where ONLY is set the pages whose names begin so. */
export const all = visits(seed).filter(({ name }) => (process.env.ONLY ?? '').split('|').some((begin) => name.startsWith(begin)));

/**
 * One test for every visit.
 * @param {string} claim what holds on every page
 * @param {(visit: Visit) => Promise<string[]>} complaintsOf
 * @param {Visit[]} [some] fewer than all visits
 */
export function everywhere(claim, complaintsOf, some = all) {
  test(claim, { concurrency: AT_ONCE }, async (t) => {
    await Promise.all(some.map((visit) => t.test(visit.name, async () => nothing(await complaintsOf(visit)))));
  });
}

/**
 * What must hold under a look.
 * @typedef {object} Glance
 * @property {string} claim
 * @property {Look} [look] what it adds to how the page was opened
 * @property {Check[]} checks
 */

/**
 * Opens every visit once and takes one glance after the other at it: a test for each. Reaching a state takes longer
 * than any check.
 * @param {string} name @param {Look} opened how
 * @param {Glance[]} glances
 */
export function sitting(name, opened, glances) {
  test(name, { concurrency: AT_ONCE }, async (t) => {
    await Promise.all(all.map((visit) => t.test(visit.name, (t) => chromium.open(visit, opened, async (tab) => {
      for (const { claim, look, checks } of glances) {
        await t.test(claim, async () => {
          await setLook(tab.page, { ...opened, ...look });
          const complaints = [];
          for (const check of checks) complaints.push(...(await check(tab)));
          nothing(complaints);
        });
      }
    }))));
  });
}

/**
 * What was served reads well for html-validate and the Nu checker.
 * @param {Library} library
 */
export function readsWell(library) {
  test('something was served', () => {
    const types = new Set(library.documents().map(({ type }) => type));
    assert.ok(types.has('html') && types.has('css'));
  });

  test('html-validate finds nothing', async () => nothing(await htmlValidates(library.documents())));

  test('the Nu checker finds nothing', async () => nothing(await nuChecks(library.documents())));
}
