// Entries are published while somebody reads the page of the newest: they are counted and not put under the reader's
// eyes, erased words leave the page, and a connection that breaks is told of and comes back without a miss.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { after } from 'node:test';

import { Chromium } from '../harness/chromium.js';
import { Ledger } from '../harness/ledger.js';

/** @import { Page } from 'playwright-core' */

const PATIENCE_MILLIS = 20_000;
const ledger = await Ledger.start();
const chromium = await Chromium.start(ledger.url);
after(async () => {
  await chromium.close();
  await ledger.stop();
});
await ledger.run('key', 'new', 'ana.key');
let made = 0;

/** Puts an agreement on record; the file it was signed in. @param {string} domain @param {string} title */
async function publish(domain, title) {
  made += 1;
  const text = `[agreement]\nsubjects = ["${domain}"]\nbasis = "spoken"\nlang = "en"\noffers = "closed"\n` +
    `[[commitment]]\nby = "${domain}"\ntext = "A refund"\n[words]\ntitle = "${title}"\n`;
  await writeFile(path.join(ledger.folder, `${made}.toml`), text);
  await ledger.run('sign', 'agreement', `${made}.toml`, '--key', 'ana.key', '--to', ledger.url, '--out', `${made}.signed.json`);
  await ledger.run('publish', `${made}.signed.json`, '--to', ledger.url);
}

/** Opens the page and waits until it follows. @param {string} query @param {RegExp[]} [expected] */
async function open(query, expected = []) {
  const tab = await chromium.blank();
  // A stream has no end but that its page is left.
  tab.watch.expect([/^failed: .*\/stream\?\S* net::ERR_ABORTED$/, ...expected]);
  tab.page.setDefaultTimeout(PATIENCE_MILLIS);
  await tab.page.goto(`${ledger.url}/live${query}`);
  await says(tab.page, '#state', 'New entries are counted here as they come.');
  return tab;
}

/** @param {Page} page @param {string} selector @param {string} text */
const says = (page, selector, text) => page.locator(selector, { hasText: text }).waitFor();

/** @param {Page} page */
const listed = (page) => page.locator('.entries li').count();

test('what is published is counted, and shown when the reader asks for it', async () => {
  const { page, watch, context } = await open('');
  const before = await listed(page);
  await publish('acme.example', 'First');
  await says(page, '#again', '1 new: show them');
  await publish('bolt.example', 'Second');
  await says(page, '#again', '2 new: show them');
  await says(page, '#state', '2 new: show them');
  assert.equal(await listed(page), before, 'nothing is put under the reader');
  await page.locator('#again').click();
  await says(page, '.entries li:first-child', 'Second');
  assert.equal(await listed(page), before + 2);
  assert.deepEqual(watch.complaints(), []);
  await context.close();
});

test('only what the form chooses is counted', async () => {
  const { page, watch, context } = await open('');
  await page.locator('#domain').fill('BOLT.example');
  await page.locator('#kind').selectOption('agreement');
  await page.locator('main [type=submit]').click();
  await says(page, '#state', 'New entries are counted here as they come.');
  await publish('acme.example', 'Of another');
  await publish('bolt.example', 'Third');
  await says(page, '#again', '1 new: show them');
  assert.deepEqual(watch.complaints(), []);
  await context.close();
});

test('words that are erased leave the page while it is read', async () => {
  await publish('acme.example', 'To be forgotten');
  const { page, watch, context } = await open('');
  const line = page.locator('.entries li').first();
  await line.getByText('To be forgotten').waitFor();
  const erasure = `[erasure]\nre = "${made}.signed.json"\nwords = ["title"]\nreason = "privacy"\n`;
  await writeFile(path.join(ledger.folder, 'erasure.toml'), erasure);
  await ledger.run('sign', 'erasure', 'erasure.toml', '--key', 'ana.key', '--to', ledger.url);
  await ledger.run('publish', 'erasure.signed.json', '--to', ledger.url);
  await line.getByText('its words were erased just now').waitFor();
  assert.ok(!(await page.content()).includes('To be forgotten'));
  assert.deepEqual(watch.complaints(), []);
  await context.close();
});

test('a connection that breaks is told of, comes back by itself, and nothing is missed', async () => {
  const lost = [/^failed: .*stream/, /^console error: Failed to load.*/, /ERR_/];
  const { page, context } = await open('', lost);
  await publish('acme.example', 'Before');
  await says(page, '#again', '1 new: show them');
  await ledger.kill();
  await says(page, '#state', 'The connection to the ledger is lost.');
  await ledger.restart();
  await publish('acme.example', 'After');
  await says(page, '#again', '2 new: show them');
  await context.close();
});
