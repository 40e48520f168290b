// The pages on which an organization signs: each state as a person reaches it.

import { PASSPHRASE } from './harness/ledger.js';
import { isAt } from './publish_states.js';

/** @import { Page } from 'playwright-core' */
/** @import { State } from './pages.js' */
/** @import { Seed } from './seed.js' */

/** Chooses the key and goes on. @param {Page} page @param {string} key path of its file */
export async function openKey(page, key, passphrase = PASSPHRASE) {
  await page.locator('#backup').setInputFiles(key);
  await page.locator('#passphrase').fill(passphrase);
  await page.locator('#questions > .actions [type=submit]').click();
}

/** @param {Seed} seed @returns {State[]} */
export const answerStates = ({ key }) => [
  {
    name: 'a final response',
    reach: async (page) => {
      await page.locator('#kind-response').check();
      await page.locator('#stage-final').check();
    },
  },
  {
    name: 'declined',
    reach: async (page) => {
      await page.locator('#kind-countersignature').check();
      await page.locator('#verdict-declined').check();
    },
  },
  {
    name: 'nothing is answered',
    reach: async (page) => {
      await page.locator('#kind-response').check();
      await page.locator('#questions > .actions [type=submit]').click();
      await page.locator('#errors:not([hidden])').waitFor();
    },
  },
  {
    name: 'review',
    reach: async (page) => {
      await page.locator('#kind-response').check();
      await page.locator('#stage-in_progress').check();
      await page.locator('#expected_final_by').fill('2026-12-24');
      await page.locator('#text').fill('We are looking for the part.');
      await page.locator('#delay_reason').fill('It is out of stock.');
      await openKey(page, key);
      await isAt(page, 'review');
    },
  },
];

/** @param {Seed} seed @returns {State[]} */
export const claimStates = ({ key }) => [
  {
    name: 'two passphrases',
    reach: async (page) => {
      await page.locator('#new-passphrase').fill('short');
      await page.locator('#new-again').fill('another');
      await page.locator('#make-key').click();
      await page.locator('#errors:not([hidden])').waitFor();
    },
  },
  {
    name: 'what the domain publishes',
    reach: async (page) => {
      await page.locator('#backup').setInputFiles(key);
      await page.locator('#published:not([hidden])').waitFor();
    },
  },
  {
    name: 'review',
    reach: async (page) => {
      await page.locator('#response_days').fill('3');
      await page.locator('#legal_name').fill('Acme Ltd.');
      await openKey(page, key);
      await isAt(page, 'review');
    },
  },
];
