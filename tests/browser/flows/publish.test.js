// From the first question to a verified receipt, as a newcomer walks it, and what may go wrong on the way. No
// word that was typed is ever lost.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { after } from 'node:test';

import { Chromium } from '../harness/chromium.js';
import { Ledger } from '../harness/ledger.js';
import { Proxy } from '../harness/proxy.js';

/** @import { Page } from 'playwright-core' */

const PASSPHRASE = 'five words that do not match';
/** As sent: of what the page loads at first and of what it loads for review, signature and receipt, together. */
const SCRIPT_MAX = 25 * 1024;
const ledger = await Ledger.start();
const proxy = await Proxy.start(ledger.url);
const chromium = await Chromium.start(proxy.url);
after(async () => {
  await chromium.close();
  await proxy.stop();
  await ledger.stop();
});

/** @param {Page} page @param {string} step */
const isAt = (page, step) => page.locator(`#${step}:not([hidden])`).waitFor();

/** @param {Page} page */
const next = (page) => page.locator('#go [value=next]').click();

/** @param {Page} page @param {string} domain */
async function answerWho(page, domain) {
  await page.goto(`${proxy.url}/publish`);
  await page.locator('#example-refund').check();
  await next(page);
  await isAt(page, 'who');
  await page.locator('#domain_1').fill(domain);
  await next(page);
  await isAt(page, 'what');
}

/** @param {Page} page @param {{ keepsKey?: boolean }} [by] */
async function answerTheRest(page, { keepsKey = false } = {}) {
  await page.locator('#commitment_1').fill('Refund of EUR 120 to my card.');
  await page.locator('#due_1').fill('2026-12');
  await next(page);
  await isAt(page, 'when');
  await page.locator('#basis-spoken').check();
  await next(page);
  await isAt(page, 'evidence');
  const file = { name: 'call.txt', mimeType: 'text/plain', buffer: Buffer.from('They said yes.') };
  await page.locator('#evidence_pick_1').setInputFiles(file);
  await page.locator('[name=evidence_hash_1][value*=sha256]').waitFor({ state: 'attached' });
  await next(page);
  await isAt(page, 'appear');
  await page.locator('#signer_name').fill('Ana Example');
  await page.locator('#seal-signer_name').check();
  if (keepsKey) await page.locator('#key-kept').check();
  await next(page);
  await isAt(page, 'offers');
  await page.locator('#offers-closed').check();
  await next(page);
  await isAt(page, 'more');
  await page.locator('#narrative').fill('I called and they agreed.');
  await next(page);
  await isAt(page, 'review');
}

/** Saves the backup and gives where it is. @param {Page} page */
async function saveBackup(page) {
  await page.locator('#permanent').check();
  await page.locator('#review [type=submit]').click();
  await isAt(page, 'backup');
  await page.locator('#passphrase').fill(PASSPHRASE);
  const saved = page.waitForEvent('download');
  await page.locator('#make [type=submit]').click();
  return (await saved).path();
}

/** @param {Page} page @param {string} file @param {string} [passphrase] */
async function openBackup(page, file, passphrase = PASSPHRASE) {
  await page.locator('#saved').setInputFiles(file);
  await page.locator('#again').fill(passphrase);
  await page.locator('#prove [type=submit]').click();
}

const sign = '#sign [type=submit]';

/** Everything up to the signature. @param {Page} page @param {string} domain */
async function readyToSign(page, domain) {
  await answerWho(page, domain);
  await answerTheRest(page);
  await openBackup(page, await saveBackup(page));
  await page.locator(`${sign}:enabled`).waitFor();
}

/** The receipt, checked by the command line. @param {Page} page */
async function verifyReceipt(page) {
  await isAt(page, 'done');
  const saved = page.waitForEvent('download');
  await page.locator('#save-receipt').click();
  const download = await saved;
  const policy = await (await fetch(`${ledger.url}/log.policy`)).text();
  await writeFile(path.join(ledger.folder, 'trusted.policy'), policy);
  const file = await download.path();
  const verdict = JSON.parse(await ledger.run('verify', file, '--policy', 'trusted.policy', '--json'));
  assert.equal(verdict.verdict, 'verified');
  return verdict;
}

test('a newcomer gets from the first question to a receipt that the command line verifies', async () => {
  const tab = await chromium.blank({ width: 320 });
  const { page } = tab;
  proxy.asked.length = 0;
  /** @type {import('playwright-core').Request[]} */
  const scripts = [];
  page.on('requestfinished', (request) => request.resourceType() === 'script' && scripts.push(request));
  await readyToSign(page, 'shop.example');
  const sent = proxy.asked.filter((line) => !line.startsWith('GET /publish') && !line.startsWith('GET /assets/'));
  assert.deepEqual(sent.filter((line) => line.startsWith('POST')), []);
  await page.locator(sign).click();
  const verdict = await verifyReceipt(page);
  const words = verdict.checks.find((/** @type {any} */ check) => check.name === 'disclosures');
  assert.equal(words.detail, '3 public, 2 sealed, 0 not in this file');
  const link = await page.locator('#done-link').getAttribute('href');
  assert.equal((await fetch(String(link))).status, 200);
  const sizes = await Promise.all(scripts.map(async (request) => (await request.sizes()).responseBodySize));
  assert.equal(sizes.length, 2, 'the second script comes once the questions are answered');
  const all = sizes.reduce((sum, size) => sum + size);
  assert.ok(all <= SCRIPT_MAX, `scripts of ${all} bytes`);
  assert.deepEqual(tab.watch.complaints(), []);
  await tab.context.close();
});

test('the review shows what becomes public and what stays sealed, and asks for consent', async () => {
  const tab = await chromium.blank();
  const { page } = tab;
  await answerWho(page, 'shop.example');
  await answerTheRest(page);
  const open = await page.locator('#review-public').innerText();
  const sealed = await page.locator('#review-sealed').innerText();
  assert.ok(open.includes('Refund of EUR 120') && open.includes('I called and they agreed.'));
  assert.ok(sealed.includes('Ana Example') && sealed.includes('call.txt') && !open.includes('Ana'));
  const bytes = JSON.parse(String(await page.locator('#review-bytes').textContent()));
  assert.deepEqual([bytes.subjects, Object.keys(bytes.sealed)], [['shop.example'], ['evidence_1', 'signer_name']]);
  assert.equal(await page.locator('#permanent').isChecked(), false);
  await page.locator('#review [type=submit]').click();
  await page.locator('#permanent-error').waitFor();
  await tab.context.close();
});

test('who closes the page half-way and comes back finds every word', async () => {
  const tab = await chromium.blank();
  await answerWho(tab.page, 'shop.example');
  await tab.page.locator('#commitment_1').fill('Half a senten');
  assert.doesNotMatch(await tab.page.locator('main').innerText(), /publish-[a-z]/, 'an id instead of its message');
  await tab.page.close();
  const page = await tab.context.newPage();
  await page.goto(`${proxy.url}/publish`);
  await page.locator('#resume-go').click();
  await isAt(page, 'what');
  assert.equal(await page.locator('#commitment_1').inputValue(), 'Half a senten');
  assert.equal(await page.locator('#domain_1').inputValue(), 'shop.example');
  await answerTheRest(page);
  await tab.context.close();
});

test('who closes the page after the backup was saved signs with it later', async () => {
  const tab = await chromium.blank();
  await answerWho(tab.page, 'shop.example');
  await answerTheRest(tab.page);
  const backup = await saveBackup(tab.page);
  await tab.page.locator('#prove:not([hidden])').waitFor();
  const page = await tab.context.newPage();
  await tab.page.close();
  await page.goto(`${proxy.url}/publish`);
  await page.locator('#resume-go').click();
  await isAt(page, 'backup');
  await openBackup(page, backup);
  await page.locator(`${sign}:enabled`).click();
  await verifyReceipt(page);
  await tab.context.close();
});

test('a wrong passphrase opens nothing, says so, and does not enable signing', async () => {
  const tab = await chromium.blank();
  const { page } = tab;
  await answerWho(page, 'shop.example');
  await answerTheRest(page);
  const backup = await saveBackup(page);
  await openBackup(page, backup, 'another passphrase');
  await page.locator('#saved-error').waitFor();
  assert.equal(await page.locator(sign).isDisabled(), true);
  await openBackup(page, backup);
  await page.locator(`${sign}:enabled`).waitFor();
  await tab.context.close();
});

test('when the answer of the server is lost, publishing again is safe and logs nothing twice', async () => {
  const tab = await chromium.blank();
  const { page } = tab;
  tab.watch.expect([/statements/]);
  await readyToSign(page, 'lost.example');
  proxy.drop(/api\/v1\/statements/, Infinity);
  await page.locator(sign).click();
  await page.locator('#errors:not([hidden])').waitFor();
  proxy.clear();
  await page.locator(`${sign}:enabled`).click();
  await verifyReceipt(page);
  const answer = await fetch(`${ledger.url}/api/v1/organizations/lost.example`);
  assert.equal((await answer.json()).entries_total, 1);
  await tab.context.close();
});

test('when the server dies after it logged the statement, publishing again is safe', async () => {
  const tab = await chromium.blank();
  const { page } = tab;
  tab.watch.expect([/statements/]);
  await readyToSign(page, 'power.example');
  proxy.drop(/api\/v1\/statements/, Infinity);
  const isLost = () => page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/v1/statements'));
  await Promise.all([isLost(), page.locator(sign).click()]);
  await ledger.kill();
  proxy.clear();
  await page.locator('#errors:not([hidden])').waitFor();
  await Promise.all([isLost(), page.locator(`${sign}:enabled`).click()]);
  await page.locator(`${sign}:enabled`).waitFor();
  await ledger.restart();
  // Even who closes the page meanwhile publishes the very statement that was signed.
  const later = await tab.context.newPage();
  await page.close();
  await later.goto(`${proxy.url}/publish`);
  await later.locator('#resume-go').click();
  await later.locator(`${sign}:enabled`).click();
  await verifyReceipt(later);
  const answer = await fetch(`${ledger.url}/api/v1/organizations/power.example`);
  assert.equal((await answer.json()).entries_total, 1);
  await tab.context.close();
});

test('a key that is kept signs the next agreement too, out of the backup that holds it', async () => {
  const tab = await chromium.blank();
  const { page } = tab;
  const signers = [];
  let backup = '';
  for (const domain of ['first.example', 'second.example']) {
    await answerWho(page, domain);
    await answerTheRest(page, { keepsKey: true });
    if (backup) {
      await page.locator('#permanent').check();
      await page.locator('#review [type=submit]').click();
      await isAt(page, 'backup');
      await page.locator('#passphrase').fill(PASSPHRASE);
      await page.locator('#make [type=submit]').click();
      await page.locator('#old-error').waitFor();
      await page.locator('#old').setInputFiles(backup);
      const saved = page.waitForEvent('download');
      await page.locator('#make [type=submit]').click();
      backup = await (await saved).path();
    } else {
      backup = await saveBackup(page);
    }
    await openBackup(page, backup);
    await page.locator(`${sign}:enabled`).click();
    await verifyReceipt(page);
    const { newest } = await (await fetch(`${ledger.url}/api/v1/organizations/${domain}`)).json();
    const { statement } = await (await fetch(`${ledger.url}/api/v1/entries/${newest.index}`)).json();
    signers.push(statement.signers);
    await page.locator('#another').click();
    await isAt(page, 'start');
  }
  assert.deepEqual(signers[0], signers[1]);
  const kept = await page.evaluate(() => new Promise((resolve) => {
    const opening = indexedDB.open('onrecord');
    opening.onsuccess = () => {
      const asking = opening.result.transaction('keys').objectStore('keys').get('kept');
      asking.onsuccess = () => resolve({ did: asking.result.did, canBeReadOut: asking.result.key.extractable });
    };
  }));
  assert.deepEqual(kept, { did: signers[0][0], canBeReadOut: false });
  assert.deepEqual(tab.watch.complaints(), []);
  await tab.context.close();
});

test('the sheet that is printed holds the agreement, its address and a code that leads to it', async () => {
  const tab = await chromium.blank();
  const { page } = tab;
  await readyToSign(page, 'sheet.example');
  await page.locator(sign).click();
  await isAt(page, 'done');
  await page.emulateMedia({ media: 'print' });
  await page.locator('#done-code img').evaluate((image) => /** @type {HTMLImageElement} */ (image).decode());
  const sheet = await page.locator('#done').innerText();
  assert.ok(sheet.includes('Refund promised') && sheet.includes('sha256:'), sheet);
  const link = String(await page.locator('#done-link').getAttribute('href'));
  assert.equal(await page.locator('#done-code img').getAttribute('src'), `${link.replace('/e/', '/qr/')}.svg`);
  assert.equal(await page.locator('#done button:visible').count(), 0);
  assert.deepEqual(tab.watch.complaints(), []);
  await tab.context.close();
});

test('a refused statement shows the reason and keeps every word', async () => {
  const tab = await chromium.blank();
  const { page } = tab;
  tab.watch.expect([/422/]);
  await readyToSign(page, 'shop.onion');
  await page.locator(sign).click();
  await page.locator('#errors:not([hidden])').waitFor();
  assert.match(await page.locator('#errors').innerText(), /reserved/);
  await page.locator('#sign [data-to]').click();
  await isAt(page, 'review');
  assert.ok((await page.locator('#review-public').innerText()).includes('I called and they agreed.'));
  await tab.context.close();
});

test('an address that names a later step leads to no step that was not reached', async () => {
  const tab = await chromium.blank();
  const { page } = tab;
  await page.goto(`${proxy.url}/publish`);
  for (const step of ['done', 'backup', 'review']) {
    await page.evaluate((hash) => (location.hash = hash), step);
    await isAt(page, 'who');
    assert.equal(await page.locator(`#${step}`).isHidden(), true);
  }
  await tab.context.close();
});

test('personal data is pointed out before it is public, and masked by one click', async () => {
  const tab = await chromium.blank();
  const { page } = tab;
  await answerWho(page, 'shop.example');
  await page.locator('#commitment_1').fill('Refund to DE89 3704 0044 0532 0130 00.');
  await next(page);
  await page.locator('#what .warning button').click();
  assert.equal(await page.locator('#commitment_1').inputValue(), 'Refund to •••.');
  await next(page);
  await isAt(page, 'when');
  await page.locator('#basis-spoken').check();
  await next(page);
  await isAt(page, 'evidence');
  const file = { name: 'Call +49 30 1234567.txt', mimeType: 'text/plain', buffer: Buffer.from('They said yes.') };
  await page.locator('#evidence_pick_1').setInputFiles(file);
  await page.locator('[name=evidence_hash_1][value*=sha256]').waitFor({ state: 'attached' });
  await next(page);
  // The name of the file stands in a field of its own, which only who has no script sees.
  const warnings = await page.locator('#evidence .warning').all();
  assert.deepEqual(await Promise.all(warnings.map((warning) => warning.isVisible())), [true]);
  await next(page);
  await isAt(page, 'appear');
  await tab.context.close();
});

test('a name that may pass for another is pointed out once', async () => {
  const tab = await chromium.blank();
  const { page } = tab;
  await page.goto(`${proxy.url}/publish`);
  await next(page);
  await page.locator('#domain_1').fill('раураl.example');
  await next(page);
  assert.match(await page.locator('#who .warning').innerText(), /xn--/);
  await next(page);
  await isAt(page, 'what');
  await tab.context.close();
});
