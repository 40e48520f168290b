// The publish page on the way from its first question to the receipt: each state as a person reaches it.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PASSPHRASE as KEY_PASSPHRASE } from './harness/ledger.js';

/** @import { Page } from 'playwright-core' */
/** @import { State } from './pages.js' */
/** @import { Seed } from './seed.js' */

export const PASSPHRASE = 'five words that do not match';

/** @param {Page} page @param {string} step */
export const isAt = (page, step) => page.locator(`#${step}:not([hidden])`).waitFor();

/** @param {Page} page @param {string} step that it leads to */
async function next(page, step) {
  await page.locator('#go [value=next]').click();
  await isAt(page, step);
}

/** @param {Page} page */
async function untilWho(page) {
  await page.locator('#example-refund').check();
  await next(page, 'who');
}

/** @param {Page} page */
async function untilWhat(page) {
  await untilWho(page);
  await page.locator('#domain_1').fill('acme.example');
  await next(page, 'what');
}

/** @param {Page} page */
async function untilAppear(page) {
  await untilWhat(page);
  await page.locator('#commitment_1').fill('Refund of EUR 120.00 to my card.');
  await next(page, 'when');
  await page.locator('#basis-spoken').check();
  await next(page, 'evidence');
  await next(page, 'appear');
}

/** @param {Page} page */
async function untilReview(page) {
  await untilAppear(page);
  await page.locator('#signer_name').fill('Ana Example');
  await page.locator('#seal-signer_name').check();
  await next(page, 'offers');
  await page.locator('#offers-welcome').check();
  await next(page, 'more');
  await next(page, 'review');
}

/** @param {Page} page */
async function untilBackup(page) {
  await untilReview(page);
  await page.locator('#permanent').check();
  await page.locator('#review [type=submit]').click();
  await isAt(page, 'backup');
}

/** Gives the backup. @param {Page} page */
export async function untilProven(page) {
  await untilBackup(page);
  await page.locator('#passphrase').fill(PASSPHRASE);
  const saved = page.waitForEvent('download');
  await page.locator('#make [type=submit]').click();
  const backup = await (await saved).path();
  await page.locator('#saved').setInputFiles(backup);
  await page.locator('#again').fill(PASSPHRASE);
  await page.locator('#prove [type=submit]').click();
  await page.locator('#sign [type=submit]:enabled').waitFor();
  return backup;
}

/**
 * The last step, with the receipt of an entry that is on record: what this device keeps of one who was there.
 * @param {Seed} seed @returns {(page: Page) => Promise<void>}
 */
const atDone = ({ entries }) => async (page) => {
  const receipt = await readFile(entries.refund.bundle, 'utf8');
  const values = { title: 'Refund agreed by phone', domain_1: 'acme.example' };
  const draft = { answers: { values, sealed: [] }, at: 'done', receipt };
  await page.evaluate((kept) => localStorage.setItem('onrecord-publish', kept), JSON.stringify(draft));
  await page.reload();
  await page.locator('#resume-go').click();
  await isAt(page, 'done');
  await page.locator('#done-code img').evaluate((image) => /** @type {HTMLImageElement} */ (image).decode());
};

/** The page that finds a person's agreements again, with a backup that was made a moment ago. @param {Page} page */
async function atMine(page) {
  const address = page.url();
  await page.goto(address.replace('/mine', ''));
  const backup = await untilProven(page);
  await page.goto(address);
  await page.locator('#backup').setInputFiles(backup);
  await page.locator('#passphrase').fill(PASSPHRASE);
  await page.locator('#open [type=submit]').click();
  await page.locator('#list li').waitFor();
}

/** @param {Seed} seed @returns {State[]} */
export const addStates = ({ entries }) => [
  {
    name: 'a breach with nothing answered',
    reach: async (page) => {
      await page.locator('#kind-breach').check();
      await page.locator('#questions [type=submit]').click();
      await page.locator('#numbers-error').waitFor();
    },
  },
  {
    name: 'an amendment',
    reach: async (page) => {
      await page.locator('#kind-amendment').check();
      await page.locator('#more-amended').click();
    },
  },
  {
    name: 'words to erase',
    reach: async (page) => {
      await page.locator('#kind-erasure').check();
      await page.locator('#words input:visible').first().check();
    },
  },
  {
    name: 'review',
    reach: async (page) => {
      await page.locator('#kind-assessment').check();
      await page.locator('#resolved-partly').check();
      await page.locator('#text').fill('Half of it arrived.');
      // The key file of the command line that signed the agreement.
      await page.locator('#backup').setInputFiles(path.join(path.dirname(entries.refund.bundle), 'refund.key'));
      await page.locator('#passphrase').fill(KEY_PASSPHRASE);
      await page.locator('#questions [type=submit]').click();
      await isAt(page, 'review');
    },
  },
];

/** @type {State[]} */
export const mineStates = [
  {
    name: 'no file',
    reach: async (page) => {
      await page.locator('#open [type=submit]').click();
      await page.locator('#backup-error').waitFor();
    },
  },
  // The agreement in the backup was not published, so that this ledger does not know it.
  { name: 'an open backup', reach: atMine, expected: [/api\/v1\/statements\/sha256/] },
];

/** @param {Seed} seed @returns {State[]} */
export const publishStates = (seed) => [
  { name: 'with whom', reach: untilWho },
  {
    name: 'a missing answer',
    reach: async (page) => {
      await untilWho(page);
      await page.locator('#go [value=next]').click();
      await page.locator('#domain_1-error').waitFor();
    },
  },
  {
    name: 'warnings',
    reach: async (page) => {
      await untilWhat(page);
      await page.locator('#commitment_1').fill('Refund to DE89 3704 0044 0532 0130 00.');
      await page.locator('#go [value=next]').click();
      await page.locator('#what .warning').waitFor();
    },
  },
  { name: 'how to appear', reach: untilAppear },
  { name: 'review', reach: untilReview },
  { name: 'ready to sign', reach: async (page) => void await untilProven(page) },
  { name: 'done', reach: atDone(seed) },
];
