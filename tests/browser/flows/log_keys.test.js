// One key of a ledger follows another: a browser that came by while both signed goes along by itself, and one that did
// not is told that the key changed.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { after } from 'node:test';

import { Chromium, settled } from '../harness/chromium.js';
import { Ledger } from '../harness/ledger.js';

/** @import { Page } from 'playwright-core' */

const ledger = await Ledger.start();
const chromium = await Chromium.start(ledger.url);
after(async () => {
  await chromium.close();
  await ledger.stop();
});
let made = 0;

/** Puts an agreement on record; the address of its page. */
async function publish() {
  made += 1;
  const text = '[agreement]\nsubjects = ["acme.example"]\nbasis = "spoken"\nlang = "en"\noffers = "closed"\n' +
    `[[commitment]]\nby = "acme.example"\ntext = "A refund"\n[words]\ntitle = "Number ${made}"\n`;
  await writeFile(path.join(ledger.folder, `${made}.toml`), text);
  await ledger.run('sign', 'agreement', `${made}.toml`, '--to', ledger.url);
  const printed = await ledger.run('publish', `${made}.signed.json`, '--to', ledger.url, '--json');
  return pageOf(JSON.parse(printed).index);
}

/** @param {number} index */
async function pageOf(index) {
  const answer = await fetch(`${ledger.url}/api/v1/entries/${index}`);
  const { leaf_hash: hash } = /** @type {{ leaf_hash: string }} */ (await answer.json());
  return `${ledger.url}/e/${index}-${hash.slice(0, 32)}`;
}

/** @param {string[]} rest */
const logKey = (...rest) => ledger.run('log-key', String(rest[0]), ledger.url, '--data', 'data', ...rest.slice(1));

/** What a page finds of the log's signature. @param {Page} page @param {string} address */
async function logSignature(page, address) {
  await page.goto(address);
  await settled(page);
  const line = page.locator('[data-check="log_signature"]');
  return String(await line.locator('.state').getAttribute('class')).replace('state ', '');
}

/** The keys that the page for verifying says this browser believes. @param {Page} page */
async function believed(page) {
  await page.goto(`${ledger.url}/verify`);
  await settled(page);
  await page.locator('#policy-own-key code').first().waitFor();
  return (await page.locator('#policy-own-key code').first().innerText()).split(/\s+/);
}

test('a browser that came by while both keys signed goes along', async () => {
  const [ana, bo] = [await chromium.blank(), await chromium.blank()];
  const first = await publish();
  for (const { page } of [ana, bo]) assert.equal(await logSignature(page, first), 'verified');
  const [old] = await believed(ana.page);
  const next = (await logKey('next')).trim().replace('log ', '');
  await ledger.kill();
  await ledger.restart();
  const printed = await logKey('announce', '--json');
  assert.equal(await logSignature(ana.page, await publish()), 'verified');
  assert.deepEqual(await believed(ana.page), [old, next]);

  const named = await pageOf(JSON.parse(printed).index);
  for (const width of [320, 1200]) {
    await ana.page.setViewportSize({ width, height: 800 });
    assert.equal(await logSignature(ana.page, named), 'verified');
    assert.match(await ana.page.locator('main').innerText(), /names the keys that sign this ledger/);
    const wide = await ana.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${wide} pixels wide at ${width}`);
  }

  await logKey('retire', '--for-good');
  await ledger.kill();
  await ledger.restart();
  const last = await publish();
  assert.equal(await logSignature(ana.page, last), 'verified');
  assert.deepEqual(await believed(ana.page), [old, next]);
  assert.equal(await logSignature(bo.page, last), 'failed');
  await bo.page.goto(`${ledger.url}/verify`);
  await settled(bo.page);
  assert.match(await bo.page.locator('#policy-own-key').innerText(), /Another key than last time/);
  await bo.page.locator('#forget').click();
  await bo.page.locator('#policy-own-key', { hasText: 'first contact' }).waitFor();
  assert.deepEqual(await believed(bo.page), [next]);
  for (const { watch } of [ana, bo]) assert.deepEqual(watch.complaints(), []);
});
