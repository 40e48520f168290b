// A person finds again what they put on record, from the backup alone.

import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import test, { after } from 'node:test';

import { Chromium } from '../harness/chromium.js';
import { Ledger } from '../harness/ledger.js';
import { Proxy } from '../harness/proxy.js';
import { isAt, PASSPHRASE, untilProven } from '../publish_states.js';

/** @import { Page } from 'playwright-core' */

const ledger = await Ledger.start();
const proxy = await Proxy.start(ledger.url);
const chromium = await Chromium.start(proxy.url);
after(async () => {
  await chromium.close();
  await proxy.stop();
  await ledger.stop();
});

/** Opens a backup where nothing is known of it. @param {Page} page @param {string} file @param {string} [passphrase] */
async function openBackup(page, file, passphrase = PASSPHRASE) {
  await page.goto(`${proxy.url}/publish/mine`);
  await page.locator('#backup').setInputFiles(file);
  await page.locator('#passphrase').fill(passphrase);
  await page.locator('#open [type=submit]').click();
}

/** Gives the file that a button of the first card saves. @param {Page} page @param {string} name */
async function save(page, name) {
  const saved = page.waitForEvent('download');
  await page.locator('#list > li').first().getByRole('button', { name }).click();
  return (await saved).path();
}

/** A backup that was made and opened, and the page on which its owner could sign. */
async function readyToSign() {
  const tab = await chromium.blank();
  await tab.page.goto(`${proxy.url}/publish`);
  // What a tab saved goes with it.
  const backup = path.join(ledger.folder, 'backup.txt');
  await copyFile(await untilProven(tab.page), backup);
  return { ...tab, backup };
}

test('the backup that was saved before publishing finds the agreement and gives its whole receipt', async () => {
  const { page, context, backup } = await readyToSign();
  await page.locator('#sign [type=submit]').click();
  await isAt(page, 'done');
  const { pathname } = new URL(String(await page.locator('#done-link').getAttribute('href')));
  await context.close();
  const other = await chromium.blank();
  await openBackup(other.page, backup);
  await other.page.locator(`#list a[href="${pathname}"]`).waitFor();
  assert.match(await other.page.locator('#list').innerText(), /On record as entry \u2068?1/);
  const receipt = await save(other.page, 'Save the receipt');
  await ledger.run('verify', `${ledger.url}${pathname}`);
  const verdict = JSON.parse(await ledger.run('verify', receipt, '--json'));
  assert.equal(verdict.verdict, 'verified');
  const words = verdict.checks.find((/** @type {any} */ check) => check.name === 'disclosures');
  assert.match(words.detail, /1 sealed, 0 not in this file/);
  assert.deepEqual(other.watch.complaints(), []);
  await other.context.close();
});

test('an agreement that was never sent is published from the backup, once the person says so', async () => {
  const { context, backup } = await readyToSign();
  await context.close();
  const tab = await chromium.blank();
  tab.watch.expect([/api\/v1\/statements\/sha256/, /404/]);
  await openBackup(tab.page, backup);
  const card = tab.page.locator('#list > li').first();
  await card.getByRole('button', { name: 'Sign and publish' }).click();
  await tab.page.locator('#errors:not([hidden])').waitFor();
  const { entries } = await (await fetch(`${ledger.url}/api/v1/entries`)).json();
  await card.getByRole('checkbox').check();
  const receipt = await save(tab.page, 'Sign and publish');
  assert.equal(JSON.parse(await ledger.run('verify', receipt, '--json')).verdict, 'verified');
  await card.getByText('On record as entry').waitFor();
  const now = await (await fetch(`${ledger.url}/api/v1/entries`)).json();
  assert.equal(now.entries.length, entries.length + 1);
  assert.deepEqual(tab.watch.complaints(), []);
  await tab.context.close();
});

/** States something more with a backup, and gives the backup with it. @param {Page} page @param {string} backup
 * @param {string} kind @param {() => Promise<unknown>} answer */
async function add(page, backup, kind, answer) {
  await page.locator(`#kind-${kind}`).check();
  await answer();
  await page.locator('#backup').setInputFiles(backup);
  await page.locator('#passphrase').fill(PASSPHRASE);
  await page.locator('#questions > .actions [type=submit]').click();
  await isAt(page, 'review');
  await page.locator('#permanent').check();
  await page.locator('#sign').click();
  await isAt(page, 'done');
  const entry = new URL(String(await page.locator('#done-entry').getAttribute('href')), ledger.url).pathname;
  const saved = page.waitForEvent('download');
  await page.locator('#save-backup').click();
  const file = path.join(ledger.folder, `with-${kind}.txt`);
  await copyFile(await (await saved).path(), file);
  return { entry, file };
}

test('what was added to an agreement leads to its own entry and to the thread of the agreement', async () => {
  const { page, context, backup } = await readyToSign();
  await page.locator('#sign [type=submit]').click();
  await isAt(page, 'done');
  const entry = new URL(String(await page.locator('#done-link').getAttribute('href'))).pathname;
  const thread = entry.replace('/e/', '/t/');
  await page.goto(`${proxy.url}${thread}/add`);
  const assessed = await add(page, backup, 'assessment', () => page.locator('#resolved-no').check());
  await page.locator('#another').click();
  await isAt(page, 'questions');
  // An erasure names the statement of the words, and no thread.
  const erased = await add(page, assessed.file, 'erasure', async () => {
    await page.locator('[data-name=title]').check();
    await page.locator('#reason-mistake').check();
  });
  await context.close();
  const tab = await chromium.blank();
  const before = proxy.asked.length;
  await openBackup(tab.page, erased.file);
  await tab.page.locator(`#list a[href="${entry}"]`).waitFor();
  const links = await tab.page.locator('#list > li').evaluateAll((cards) => cards.map((card) =>
    [...card.querySelectorAll('a')].map((link) => link.getAttribute('href'))));
  const expected = [erased.entry, assessed.entry, entry].map((own) => [own, thread, `${thread}/add`]);
  assert.deepEqual(links.toSorted(), expected.toSorted());
  const looked = proxy.asked.slice(before).filter((asked) => asked.startsWith('GET /api/v1/statements/'));
  assert.deepEqual([looked.length, new Set(looked).size], [3, 3], 'each statement is asked for once');
  await tab.page.locator('#list > li').filter({ has: tab.page.locator(`a[href="${erased.entry}"]`) })
    .getByRole('link', { name: 'Add to the agreement' }).click();
  await isAt(tab.page, 'questions');
  assert.deepEqual(tab.watch.complaints(), []);
  await tab.context.close();
});

test('a wrong passphrase and a ledger that does not answer are told apart', async () => {
  const { context, backup } = await readyToSign();
  await context.close();
  const tab = await chromium.blank();
  tab.watch.expect([/api\/v1\/statements\/sha256/]);
  await openBackup(tab.page, backup, 'another passphrase');
  await tab.page.locator('#backup-error').waitFor();
  proxy.cut(/api\/v1\/statements/);
  await openBackup(tab.page, backup);
  await tab.page.locator('#list').getByText('Not looked up').waitFor();
  proxy.clear();
  await tab.context.close();
});

test('a key of the backup is kept on the device, signs the next agreement, and is taken off again', async () => {
  const { page, backup } = await readyToSign();
  await page.locator('#sign [type=submit]').click();
  await isAt(page, 'done');
  await openBackup(page, backup);
  await page.getByRole('button', { name: 'Keep its key' }).click();
  await page.locator('#kept:not([hidden])').waitFor();
  const did = await page.locator('#kept-key').innerText();
  await page.goto(`${proxy.url}/publish`);
  await page.locator('#key-here').filter({ hasText: did }).waitFor({ state: 'attached' });
  await page.goto(`${proxy.url}/publish/mine`);
  await page.locator('#forget').click();
  await page.locator('#kept').waitFor({ state: 'hidden' });
  await page.reload();
  assert.equal(await page.locator('#kept').isHidden(), true);
  await page.context().close();
});
