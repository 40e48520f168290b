// What an organization does in the browser alone: it claims its domain with a key made there, and answers what its
// inbox shows, as the command line verifies it; and what may go wrong on the way.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';

import { openKey } from '../answer_states.js';
import { Chromium } from '../harness/chromium.js';
import { Ledger, PASSPHRASE } from '../harness/ledger.js';
import { Proxy } from '../harness/proxy.js';
import { signed } from '../harness/receipt.js';
import { serve } from '../harness/site.js';
import { isAt } from '../publish_states.js';

/** @import { Page } from 'playwright-core' */

const published = await mkdtemp(path.join(tmpdir(), 'onrecord-site-'));
const rival = await mkdtemp(path.join(tmpdir(), 'onrecord-site-'));
const sites = [await serve({ '.well-known': published }), await serve({ '.well-known': rival })];
const [own = '', other = ''] = sites.map(({ url }) => `127.0.0.1:${new URL(url).port}`);
const ledger = await Ledger.start(undefined, [`acme.example=${own}`, `bolt.example=${other}`]);
const proxy = await Proxy.start(ledger.url);
const chromium = await Chromium.start(proxy.url);
after(async () => {
  await chromium.close();
  await proxy.stop();
  await ledger.stop();
  for (const site of sites) site.stop();
  for (const folder of [published, rival]) await rm(folder, { recursive: true });
});

const AGREEMENT = `[agreement]
subjects = ["acme.example"]
basis = "spoken"
lang = "en"
offers = "welcome"
[[commitment]]
by = "acme.example"
text = "Acme refunds EUR 120.00."
due = 2026-02-01
[words]
title = "Refund"
`;
const BREACH = `[breach]
thread = "NAME.signed.json"
commitment_numbers = [1]
since = 2026-02-02
desired_outcome = "refund"
[words]
narrative = "Nothing was paid."
`;

/** Signs and publishes by the command line. @param {string} name @param {string} kind @param {string} recipe @param {string[]} key */
async function publish(name, kind, recipe, ...key) {
  await writeFile(path.join(ledger.folder, `${name}.toml`), recipe);
  await ledger.run('sign', kind, `${name}.toml`, ...key, '--to', ledger.url);
  return JSON.parse(await ledger.run('publish', `${name}.signed.json`, '--to', ledger.url, '--json'));
}

/** An agreement with a breach, and the path of its thread. @param {string} name */
async function complained(name) {
  const { index } = await publish(name, 'agreement', AGREEMENT);
  await publish(`${name}-breach`, 'breach', BREACH.replace('NAME', name), '--key', `${name}.key`);
  const { leaf_hash: hash } = await (await fetch(`${ledger.url}/api/v1/entries/${index}`)).json();
  return `/t/${index}-${hash.slice(0, 32)}`;
}

/** Follows the first link in the inbox that begins such an answer. @param {Page} page @param {string} begun */
async function answerFromInbox(page, begun) {
  await page.goto(`${proxy.url}/o/acme.example/inbox`);
  await page.locator(`a[href*="kind=${begun}"]`).first().click();
  await page.locator('#questions:not([hidden])').waitFor();
}

const claims = async () => {
  const { entries } = await (await fetch(`${ledger.url}/api/v1/organizations/acme.example/entries?limit=100`)).json();
  return entries.filter((/** @type {any} */ { statement }) => statement.kind === 'claim').length;
};

const size = async () => Number((await (await fetch(`${ledger.url}/checkpoint`)).text()).split('\n')[1]);

const thread = await complained('one');
const plain = await publish('plain', 'agreement', AGREEMENT);
const key = path.join(ledger.folder, 'acme.example.key');

test('a domain is claimed with a key that the browser made, once the domain names it', async () => {
  const tab = await chromium.blank({ width: 320 });
  const { page } = tab;
  tab.watch.expect([/statements/]);
  await page.goto(`${proxy.url}/o/acme.example`);
  await page.getByRole('link', { name: 'Claim this page' }).click();
  await page.locator('#new-passphrase').fill('too short');
  await page.locator('#new-again').fill('another');
  await page.locator('#make-key').click();
  await page.locator('#new-passphrase-error').waitFor();
  assert.match(await page.locator('#new-again-error').innerText(), /differ/);
  await page.locator('#new-passphrase').fill(PASSPHRASE);
  await page.locator('#new-again').fill(PASSPHRASE);
  const made = page.waitForEvent('download');
  await page.locator('#make-key').click();
  const file = await made;
  assert.equal(file.suggestedFilename(), 'acme.example.key');
  await file.saveAs(key);
  await page.locator('#published:not([hidden])').waitFor();
  await page.locator('#response_days').fill('3');
  await page.locator('#final_days').fill('366');
  await openKey(page, key);
  await page.locator('#final_days-error').waitFor();
  await page.locator('#final_days').fill('20');
  await page.locator('#legal_name').fill('Acme Ltd.');

  await openKey(page, key, 'not the passphrase');
  await page.locator('#backup-error').waitFor();
  await openKey(page, key);
  await isAt(page, 'review');
  assert.equal(await page.locator('#make').isVisible(), false, 'nothing else is asked beside the review');
  await page.locator('#permanent').check();
  await page.locator('#sign').click();
  await page.locator('#errors:not([hidden])').waitFor();
  assert.match(await page.locator('#errors').innerText(), /acme\.example/, 'the domain names no key yet');
  assert.equal(await claims(), 0, 'no claim was logged');

  await page.locator('#back').click();
  const saved = page.waitForEvent('download');
  await page.locator('#save-document').click();
  await (await saved).saveAs(path.join(published, 'onrecord.json'));
  assert.equal(await page.locator('#document').textContent(), await readFile(path.join(published, 'onrecord.json'), 'utf8'));
  // What the domain answered is believed for ten seconds.
  await page.waitForTimeout(11_000);
  await openKey(page, key);
  await isAt(page, 'review');
  const { statement } = await signed(ledger, page);
  assert.deepEqual([statement.kind, statement.domain, statement.response_days, statement.final_days], ['claim', 'acme.example', 3, 20]);
  assert.ok((await page.locator('#record').textContent())?.includes(statement.signers[0]));
  await page.getByRole('link', { name: /waits/ }).click();
  assert.equal(await page.getByText('Nobody from').count(), 0, 'the inbox knows of the claim');
  assert.deepEqual(tab.watch.complaints(), []);
  await tab.context.close();
});

test('what waits in the inbox is acknowledged, answered, kept and confirmed, and waits no more', async () => {
  const tab = await chromium.blank({ width: 320 });
  const { page } = tab;
  await answerFromInbox(page, 'response&stage=acknowledged');
  assert.ok(await page.locator('#kind-response').isChecked() && await page.locator('#stage-acknowledged').isChecked());
  await openKey(page, key);
  await page.locator('#text-error').waitFor();
  await page.locator('#text').fill('We are looking into it.');
  await openKey(page, key);
  await isAt(page, 'review');
  assert.match(await page.locator('#review-public').innerText(), /We are looking into it\./);
  const first = (await signed(ledger, page)).statement;
  assert.deepEqual([first.kind, first.stage, first.outcome], ['response', 'acknowledged', undefined]);

  await answerFromInbox(page, 'response&stage=final');
  assert.ok(await page.locator('#stage-final').isChecked());
  await page.locator('#text').fill('It is paid.');
  await page.locator('#outcome').selectOption('refund');
  await openKey(page, key);
  await isAt(page, 'review');
  const final = (await signed(ledger, page)).statement;
  assert.deepEqual([final.stage, final.outcome, final.re], ['final', 'refund', first.re]);

  await answerFromInbox(page, 'fulfilment');
  assert.ok(await page.locator('#kind-fulfilment').isChecked() && await page.locator('#number_1').isChecked());
  await page.locator('#extent-full').check();
  await page.locator('#occurred_on').fill('2026-02-03');
  await openKey(page, key);
  await isAt(page, 'review');
  const kept = (await signed(ledger, page)).statement;
  assert.deepEqual([kept.kind, kept.domain, kept.extent], ['fulfilment', 'acme.example', 'full']);

  for (const _ of [thread, plain]) {
    await answerFromInbox(page, 'countersignature');
    await page.locator('#verdict-confirmed').check();
    await openKey(page, key);
    await isAt(page, 'review');
    const verdict = (await signed(ledger, page)).statement;
    assert.deepEqual([verdict.kind, verdict.verdict, verdict.re], ['countersignature', 'confirmed', verdict.thread]);
  }

  await page.goto(`${proxy.url}/o/acme.example/inbox`);
  assert.match(await page.locator('main').innerText(), /Nothing waits/);
  assert.deepEqual(tab.watch.complaints(), []);
  await tab.context.close();
});

test('who closes the page finds what was typed, and a stranger\'s key is refused before anything is sent', async () => {
  await complained('two');
  const tab = await chromium.blank();
  await answerFromInbox(tab.page, 'countersignature');
  const url = tab.page.url();
  await tab.page.locator('#verdict-declined').check();
  await tab.page.locator('#reason-terms_differ').check();
  await tab.page.locator('#text').fill('Other terms were agreed.');
  await tab.page.close();
  const page = await tab.context.newPage();
  await page.goto(url);
  await page.locator('#resumed').waitFor();
  assert.ok(await page.locator('#reason-terms_differ').isVisible() && await page.locator('#reason-terms_differ').isChecked());
  proxy.asked.length = 0;
  await openKey(page, path.join(ledger.folder, 'two.key'));
  await page.locator('#backup-error').waitFor();
  assert.match(await page.locator('#backup-error').innerText(), /cannot speak for it/);
  assert.deepEqual(proxy.asked.filter((line) => !line.startsWith('GET /assets/')), []);
  await openKey(page, key);
  await isAt(page, 'review');
  const { statement } = await signed(ledger, page);
  assert.deepEqual([statement.verdict, statement.reason], ['declined', 'terms_differ']);
  assert.deepEqual(tab.watch.complaints(), []);
  await tab.context.close();
});

test('a verdict that was given is refused in words, and nothing is lost', async () => {
  const tab = await chromium.blank();
  const { page } = tab;
  tab.watch.expect([/statements/]);
  const before = await size();
  await page.goto(`${proxy.url}${thread}/add?as=acme.example&kind=countersignature`);
  await page.locator('#verdict-partly').check();
  await page.locator('#text').fill('In part.');
  await openKey(page, key);
  await isAt(page, 'review');
  await page.locator('#permanent').check();
  await page.locator('#sign').click();
  await page.locator('#errors:not([hidden])').waitFor();
  assert.match(await page.locator('#errors').innerText(), /gave its verdict/);
  await page.locator('#back').click();
  assert.equal(await page.locator('#text').inputValue(), 'In part.');
  assert.equal(await size(), before);
  await tab.context.close();
});

test('another organization makes an offer, once it claimed its domain', async () => {
  const tab = await chromium.blank();
  const { page } = tab;
  await page.goto(`${proxy.url}${thread}?lang=en`);
  await page.locator('#as').fill('https://bolt.example/about');
  await page.getByRole('button', { name: 'Make an offer' }).click();
  await page.getByRole('link', { name: /^Claim/ }).waitFor();
  assert.match(await page.locator('main').innerText(), /Nobody from bolt\.example/);
  await ledger.run('key', 'new', 'bolt.key');
  const document = path.join(rival, 'onrecord.json');
  await ledger.run('org', 'init', 'bolt.example', '--key', 'bolt.key', '--log', ledger.url, '--out', document);
  await ledger.run('org', 'claim', 'bolt.example', '--key', 'bolt.key', '--to', ledger.url);
  await page.reload();
  assert.ok(await page.locator('#kind-offer').isChecked());
  assert.equal(await page.locator('#kind-response').count(), 0, 'only parties respond');
  await page.locator('#title').fill('We take over');
  await page.locator('#commitment_1').fill('Bolt refunds half of it.');
  await page.locator('#expires').fill('2026-12-31');
  await openKey(page, path.join(ledger.folder, 'bolt.key'));
  await isAt(page, 'review');
  const { statement } = await signed(ledger, page);
  assert.deepEqual([statement.kind, statement.domain, statement.expires], ['offer', 'bolt.example', '2026-12-31']);
  assert.deepEqual(tab.watch.complaints(), []);
  await tab.context.close();
});
