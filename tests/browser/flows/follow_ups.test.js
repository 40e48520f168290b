// What a signer states about an agreement from the browser, with the backup of that agreement: every kind, as the
// command line verifies it, and what may go wrong on the way.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test, { after } from 'node:test';

import { Chromium } from '../harness/chromium.js';
import { Ledger, PASSPHRASE as KEY_PASSPHRASE } from '../harness/ledger.js';
import { Proxy } from '../harness/proxy.js';
import { signed } from '../harness/receipt.js';
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

/** Publishes an agreement and opens the page that adds to it. @param {Page} page */
async function published(page) {
  await page.goto(`${proxy.url}/publish`);
  const backup = await untilProven(page);
  await page.locator('#sign [type=submit]').click();
  await isAt(page, 'done');
  // A picture that is still on its way when the page is left counts as one that failed.
  await page.locator('#done-code img').evaluate((image) => /** @type {HTMLImageElement} */ (image).decode());
  const entry = String(await page.locator('#done-link').getAttribute('href'));
  await page.evaluate(() => localStorage.clear());
  const add = `${entry.replace('/e/', '/t/')}/add`;
  await page.goto(add);
  return { backup, add };
}

/** Publishes an agreement from the command line with keys of these files, and gives the page that adds to it.
 * @param {string} name @param {string[]} keys */
async function publishedByProgram(name, keys) {
  await writeFile(path.join(ledger.folder, `${name}.toml`), `[agreement]
subjects = ["acme.example"]
basis = "spoken"
lang = "en"
offers = "closed"
[[commitment]]
by = "acme.example"
text = "Acme refunds EUR 120.00."
[words]
title = "Refund"
`);
  for (const key of keys) await ledger.run('key', 'new', key);
  const signing = keys.flatMap((key) => ['--key', key]);
  await ledger.run('sign', 'agreement', `${name}.toml`, ...signing, '--to', ledger.url);
  const { index } = JSON.parse(await ledger.run('publish', `${name}.signed.json`, '--to', ledger.url, '--json'));
  const { leaf_hash: hash } = await (await fetch(`${ledger.url}/api/v1/entries/${index}`)).json();
  return `${proxy.url}/t/${index}-${hash.slice(0, 32)}/add`;
}

/** @param {Page} page @param {string} backup @param {string} [passphrase] */
async function open(page, backup, passphrase = PASSPHRASE) {
  await page.locator('#backup').setInputFiles(backup);
  await page.locator('#passphrase').fill(passphrase);
  await goOn(page);
}

/** @param {Page} page */
const goOn = (page) => page.locator('#questions > .actions [type=submit]').click();

/** @param {Page} page @param {string} backup */
async function review(page, backup) {
  await open(page, backup);
  await isAt(page, 'review');
}

/** @param {Page} page */
async function answerBreach(page) {
  await page.locator('#kind-breach').check();
  await page.locator('#number_1').check();
  await page.locator('#since').fill('2026-11-01');
  await page.locator('#desired_outcome').selectOption('refund');
  await page.locator('#text').fill('Nothing was paid.');
}

/** How each kind is answered. @type {Record<string, (page: Page) => Promise<unknown>>} */
const KINDS = {
  breach: async (page) => {
    await answerBreach(page);
    await page.locator('#seal-text').check();
    const file = { name: 'call.txt', mimeType: 'text/plain', buffer: Buffer.from('They said no.') };
    await page.locator('#evidence_pick_1').setInputFiles(file);
    await page.locator('[name=evidence_hash_1][value*=sha256]').waitFor({ state: 'attached' });
  },
  fulfilment: async (page) => {
    await page.locator('#number_1').check();
    await page.locator('#extent-partial').check();
    await page.locator('#occurred_on').fill('2026-11-02');
  },
  assessment: async (page) => {
    await page.locator('#resolved-partly').check();
    await page.locator('#satisfaction').selectOption('4');
  },
  amendment: async (page) => {
    assert.equal(await page.locator('#commitment_1').inputValue(), 'Refund of EUR 120.00 to my card.');
    assert.equal(await page.locator('#by_1 option:checked').innerText(), 'acme.example');
    await page.locator('#commitment_1').fill('Refund of EUR 60.00 to my card.');
    await page.locator('#due_1').fill('2026-12');
    await page.locator('#more-amended').click();
    await page.locator('#commitment_2').fill('I send the parcel back.');
    await page.locator('#by_2').selectOption('signer');
    await page.locator('#seal-commitment_2').check();
    await page.locator('#effective').fill('2026-12-01');
  },
  reveal: (page) => page.locator('[data-name=signer_name]').check(),
  erasure: async (page) => {
    await page.locator('[data-name=title]').check();
    await page.locator('#reason-privacy').check();
  },
  termination: (page) => page.locator('#effective').fill('2026-12-01'),
  withdrawal: (page) => page.locator('#text').fill('I take it back.'),
};

test('with the backup of the agreement a signer states every kind, and the command line verifies each', async () => {
  const tab = await chromium.blank({ width: 320 });
  const { page } = tab;
  const { backup } = await published(page);
  for (const [kind, answer] of Object.entries(KINDS)) {
    await page.locator(`#kind-${kind}`).check();
    await answer(page);
    await review(page, backup);
    const { statement, words } = await signed(ledger, page);
    assert.equal(statement.kind, kind);
    if (kind === 'breach') {
      assert.deepEqual(Object.keys(statement.sealed), ['evidence_1', 'narrative'], JSON.stringify(words));
      assert.deepEqual([statement.commitment_numbers, statement.since], [[1], '2026-11-01']);
    }
    if (kind === 'amendment') {
      assert.deepEqual(statement.commitments, [{ by: 'acme.example', due: '2026-12' }, { by: 'signer' }]);
      assert.deepEqual([statement.by, statement.effective, Object.keys(statement.sealed)], ['unilateral', '2026-12-01', ['commitment_2']]);
    }
    await page.locator('#another').click();
    await isAt(page, 'questions');
  }
  assert.equal(await page.locator('#kind-breach').isDisabled(), true, 'the signers withdrew');
  assert.equal(await page.locator('#kind-assessment').isEnabled(), true);
  assert.deepEqual(tab.watch.complaints(), []);
  await tab.context.close();
});

test('who closes the page finds every word, and a lost answer logs nothing twice', async () => {
  const tab = await chromium.blank();
  tab.watch.expect([/statements/]);
  const { backup, add } = await published(tab.page);
  await answerBreach(tab.page);
  await tab.page.close();
  const page = await tab.context.newPage();
  await page.goto(add);
  await page.locator('#resumed').waitFor();
  assert.equal(await page.locator('#text').inputValue(), 'Nothing was paid.');
  assert.equal(await page.locator('#number_1').isChecked(), true);
  await review(page, backup);
  await page.locator('#permanent').check();
  proxy.drop(/api\/v1\/statements/, Infinity);
  await page.locator('#sign').click();
  await page.locator('#errors:not([hidden])').waitFor();
  proxy.clear();
  await page.reload();
  await isAt(page, 'review');
  const { statement } = await signed(ledger, page);
  const thread = await (await fetch(`${ledger.url}/api/v1/threads/${statement.thread}`)).json();
  assert.equal(thread.entries.length, 2);
  await tab.context.close();
});

test('the backup of another is refused before anything is sent', async () => {
  const tab = await chromium.blank();
  const { page } = tab;
  const stranger = (await published(page)).backup;
  await published(page);
  await answerBreach(page);
  proxy.asked.length = 0;
  await open(page, stranger);
  await page.locator('#backup-error').waitFor();
  assert.match(await page.locator('#backup-error').innerText(), /did not sign/);
  assert.deepEqual(proxy.asked.filter((line) => !line.startsWith('GET /assets/')), []);
  assert.equal(await page.locator('#text').inputValue(), 'Nothing was paid.');
  await tab.context.close();
});

test('the key kept on this device signs without a file, and seals nothing', async () => {
  const tab = await chromium.blank();
  const { page } = tab;
  const { backup, add } = await published(page);
  await page.goto(`${proxy.url}/publish/mine`);
  await page.locator('#backup').setInputFiles(backup);
  await page.locator('#passphrase').fill(PASSPHRASE);
  await page.locator('#open [type=submit]').click();
  await page.locator('#list li').first().getByRole('button', { name: /key/ }).click();
  await page.locator('#kept:not([hidden])').waitFor();
  await page.goto(add);
  await page.locator('#key-kept:checked').waitFor();
  await page.locator('#kind-assessment').check();
  await page.locator('#resolved-yes').check();
  await page.locator('#text').fill('It arrived.');
  assert.equal(await page.locator('#seal-text').isVisible(), false);
  assert.equal(await page.locator('#backup').isVisible(), false);
  await goOn(page);
  await isAt(page, 'review');
  const { statement } = await signed(ledger, page);
  assert.deepEqual([statement.kind, statement.sealed], ['assessment', undefined]);
  assert.deepEqual(tab.watch.complaints(), []);
  await tab.context.close();
});

test('a key file opens with its passphrase alone, and what looks personal is masked with one click', async () => {
  const add = await publishedByProgram('one', ['one.key']);
  const tab = await chromium.blank();
  const { page } = tab;
  await page.goto(add);
  await page.locator('#kind-assessment').check();
  await page.locator('#resolved-no').check();
  await page.locator('#text').fill('Call me at +49 30 1234567.');
  await goOn(page);
  const warning = page.locator('#said .warning');
  await warning.getByRole('button').click();
  assert.equal(await page.locator('#text').inputValue(), 'Call me at •••.');
  const file = path.join(ledger.folder, 'one.key');
  await open(page, file, 'not the passphrase');
  await page.locator('#backup-error').waitFor();
  assert.match(await page.locator('#backup-error').innerText(), /passphrase does not open/);
  await open(page, file, KEY_PASSPHRASE);
  await isAt(page, 'review');
  assert.match(await page.locator('#review-public').innerText(), /Call me at •••\./);
  assert.equal((await signed(ledger, page)).statement.resolved, 'no');
  assert.deepEqual(tab.watch.complaints(), []);
  await tab.context.close();
});

test('what several signers have to sign together is left to the command line, and what one may sign is not', async () => {
  const add = await publishedByProgram('two', ['first.key', 'second.key']);
  const tab = await chromium.blank();
  const { page } = tab;
  await page.goto(add);
  await page.locator('#kind-breach').check();
  await goOn(page);
  await page.locator('#errors:not([hidden])').waitFor();
  const targets = await page.locator('#errors a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  assert.deepEqual(targets, ['#numbers', '#since', '#desired_outcome'], 'as they stand on the page');
  await page.locator('#kind-withdrawal').check();
  const file = path.join(ledger.folder, 'second.key');
  await open(page, file, KEY_PASSPHRASE);
  await page.locator('#kind-error').waitFor();
  assert.match(await page.locator('#kind-error').innerText(), /onrecord sign/);
  await page.locator('#kind-breach').check();
  await answerBreach(page);
  await open(page, file, KEY_PASSPHRASE);
  await isAt(page, 'review');
  const { statement } = await signed(ledger, page);
  assert.deepEqual([statement.kind, statement.signers.length], ['breach', 1]);
  await tab.context.close();
});
