// The way from the first question to a verified receipt in Firefox, whose WebCrypto, storage and downloads are its own.
// It goes by the keyboard, which cannot miss what it presses; the flow in Chromium has the pointer.

import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import test, { after } from 'node:test';

import { Firefox } from '../harness/firefox.js';
import { Ledger } from '../harness/ledger.js';
import { PASSPHRASE } from '../publish_states.js';

/** @import { ElementHandle, Page } from 'puppeteer-core' */

const ledger = await Ledger.start();
const downloads = path.join(ledger.folder, 'downloads');
await mkdir(downloads);
const firefox = await Firefox.start(ledger.url, { downloads });
after(async () => {
  await firefox.close();
  await ledger.stop();
});

/** @param {Page} page @param {string} control */
async function press(page, control) {
  await page.waitForSelector(`${control}:enabled`);
  await page.focus(control);
  await page.keyboard.press(' ');
}

/** @param {Page} page @param {string} step that it leads to @param {Record<string, string>} typed by selector */
async function answer(page, step, typed = {}) {
  for (const [selector, text] of Object.entries(typed)) await page.locator(selector).fill(text);
  await press(page, '#go [value=next]');
  await page.waitForSelector(`#${step}:not([hidden])`);
}

/** What a press saves. @param {Page} page @param {string} button */
async function save(page, button) {
  const before = await readdir(downloads);
  await press(page, button);
  for (;;) {
    const now = await readdir(downloads);
    const made = now.find((name) => !before.includes(name) && !name.endsWith('.part'));
    // Firefox writes beside the file and gives it its name when it is whole.
    if (made && !now.some((name) => name.endsWith('.part'))) return path.join(downloads, made);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a newcomer publishes in Firefox, and the command line verifies the receipt', async () => {
  const { page, watch, close } = await firefox.blank();
  await page.goto(`${ledger.url}/publish`);
  await press(page, '#example-refund');
  await answer(page, 'who');
  await answer(page, 'what', { '#domain_1': 'shop.example' });
  await answer(page, 'when', { '#commitment_1': 'Refund of EUR 120 to my card.' });
  await press(page, '#basis-spoken');
  await answer(page, 'evidence');
  await answer(page, 'appear');
  await page.locator('#signer_name').fill('Ana Example');
  await press(page, '#seal-signer_name');
  await press(page, '#key-kept');
  await answer(page, 'offers');
  await press(page, '#offers-closed');
  await answer(page, 'more');
  await answer(page, 'review');
  await press(page, '#permanent');
  await press(page, '#review [type=submit]');
  await page.waitForSelector('#backup:not([hidden])');
  await page.locator('#passphrase').fill(PASSPHRASE);
  const backup = await save(page, '#make [type=submit]');
  const saved = /** @type {ElementHandle<HTMLInputElement>} */ (await page.$('#saved'));
  await saved.uploadFile(backup);
  await page.locator('#again').fill(PASSPHRASE);
  await press(page, '#prove [type=submit]');
  await page.waitForSelector('#sign [type=submit]:enabled');
  await press(page, '#sign [type=submit]');
  await page.waitForSelector('#done:not([hidden])');
  const link = await page.$eval('#done-link', (element) => element.getAttribute('href'));
  const receipt = await save(page, '#save-receipt');
  await ledger.run('verify', String(link));
  assert.equal(JSON.parse(await ledger.run('verify', receipt, '--json')).verdict, 'verified');
  await page.goto(`${ledger.url}/publish/mine`);
  await page.waitForSelector('#kept:not([hidden])');
  await page.goto(String(link));
  await page.waitForFunction(() => document.querySelectorAll('#checks .state.verified').length === 7);
  assert.deepEqual(watch.complaints(), []);
  await close();
});
