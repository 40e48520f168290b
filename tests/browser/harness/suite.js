// Holds every page in every state to a claim, in one browser a suite.

import test, { after } from 'node:test';
import { visits } from '../pages.js';
import { Chromium } from './chromium.js';
import { nothing, seeded } from './run.js';

/** @import { Look, Tab } from './chromium.js' */
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
 * One test for every visit, under a look.
 * @param {string} claim @param {Look} look @param {...Check} checks
 */
export function holds(claim, look, ...checks) {
  everywhere(claim, (visit) => chromium.open(visit, look, async (tab) => {
    const complaints = [];
    for (const check of checks) complaints.push(...(await check(tab)));
    return complaints;
  }));
}
