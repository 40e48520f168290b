// The end of a page on which a person signs: what the command line says of the receipt that it gives.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

/** @import { Page } from 'playwright-core' */
/** @import { Ledger } from './ledger.js' */

/**
 * Signs what is reviewed, and gives the entry of what the command line verified.
 * @param {Ledger} ledger @param {Page} page
 */
export async function signed(ledger, page) {
  await page.locator('#permanent').check();
  await page.locator('#sign').click();
  await page.locator('#done:not([hidden])').waitFor();
  const saved = page.waitForEvent('download');
  await page.locator('#save-receipt').click();
  const policy = await (await fetch(`${ledger.url}/log.policy`)).text();
  await writeFile(path.join(ledger.folder, 'trusted.policy'), policy);
  const file = await (await saved).path();
  const verdict = JSON.parse(await ledger.run('verify', file, '--policy', 'trusted.policy', '--json'));
  assert.equal(verdict.verdict, 'verified');
  const index = String(await page.locator('#done-entry').getAttribute('href')).match(/\/e\/(\d+)-/)?.[1];
  return (await fetch(`${ledger.url}/api/v1/entries/${index}`)).json();
}
