// What the suites of one run share: the address of the seeded ledger and what is on it, which main.js sets up, and
// how they complain.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

/** @import { Seed } from '../seed.js' */

/** The name of the environment variable with the path of the seed's JSON. */
export const SEED_FILE = 'ONRECORD_BROWSER_SEED';

/** @returns {Promise<Seed>} */
export async function seeded() {
  const file = process.env[SEED_FILE];
  if (file === undefined) throw new Error('no ledger is running: use tests/browser/run [SUITE…]');
  return JSON.parse(await readFile(file, 'utf8'));
}

/**
 * Fails with what there is to complain about.
 * @param {string[]} complaints
 */
export function nothing(complaints) {
  assert.ok(complaints.length === 0, complaints.join('\n'));
}
