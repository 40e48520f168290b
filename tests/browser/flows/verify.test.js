// The page that verifies, and the verifier in one file opened from the disk: what they say of a bundle is, check by
// check, what the command line says.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Chromium, settled } from '../harness/chromium.js';
import { ONRECORD } from '../harness/ledger.js';
import { seeded } from '../harness/run.js';

/** @import { Page } from 'playwright-core' */

const seed = await seeded();
const chromium = await Chromium.start(seed.url);
const folder = await mkdtemp(path.join(tmpdir(), 'onrecord-verify-'));
after(async () => {
  await chromium.close();
  await rm(folder, { recursive: true });
});

/** Keeps a file for the browser and the command line. @param {string} name @param {string | Buffer} content */
async function keep(name, content) {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

const vectors = path.join(import.meta.dirname, '../../vectors');
const refused = JSON.parse(await readFile(path.join(vectors, 'refused_bundles.json'), 'utf8'));
const ofVectors = await keep('vectors.policy', `log ${refused.log_vkey}\nquorum none\n`);
const ofLedger = await keep('ledger.policy', await (await fetch(`${seed.url}/log.policy`)).text());

/** What the command line says. @param {string} bundle @param {string} policy */
async function commandLine(bundle, policy) {
  const printed = await new Promise((resolve) => {
    execFile(ONRECORD, ['verify', '--json', '--policy', policy, bundle], (_, stdout) => resolve(stdout));
  });
  return JSON.parse(String(printed));
}

/** What a page says. @param {Page} page */
const shown = (page) => page.evaluate(() => ({
  verdict: document.querySelector('#outcome h2 .state')?.className.replace('state ', '').replace('-', '_'),
  checks: [...document.querySelectorAll('#outcome [data-check]')].map((item) => ({
    name: item.getAttribute('data-check'),
    result: item.querySelector('.state')?.className.replace('state ', '').replace('-', '_'),
    detail: item.querySelector('.detail')?.textContent,
  })),
}));

/** Chooses a bundle, and a policy where one is given. @param {Page} page @param {string} bundle @param {string} [policy] */
async function check(page, bundle, policy) {
  if (policy === undefined) await page.locator('#policy-own').check();
  else await page.locator('#policy-file').setInputFiles(policy);
  await page.locator('#bundle').setInputFiles([]);
  await page.locator('#bundle').setInputFiles(bundle);
  await settled(page);
  await page.locator('#outcome h2').waitFor();
}

const file = await keep('onrecord-verify.html', await (await fetch(`${seed.url}/verify/onrecord-verify.html`)).text());
const places = /** @type {const} */ ([
  ['the page', `${seed.url}/verify`, []],
  ['the file', pathToFileURL(file).href, [/^asked elsewhere: file:/]],
]);

for (const [name, url, expected] of places) {
  test(`${name} says of every bundle what the command line says`, async (t) => {
    const tab = await chromium.blank();
    tab.watch.expect([...expected]);
    await tab.page.goto(url);
    for (const { link, bundle } of Object.values(seed.entries).filter(({ bundle }) => bundle)) {
      await t.test(link, async () => {
        await check(tab.page, bundle);
        const { verdict, checks } = await commandLine(bundle, ofLedger);
        assert.equal(verdict, 'verified');
        assert.deepEqual(await shown(tab.page), { verdict, checks });
      });
    }
    for (const [place, { reason, bundle }] of refused.cases.entries()) {
      await t.test(`${reason}, refused`, async () => {
        const kept = await keep(`refused-${place}.onrecord.json`, JSON.stringify(bundle));
        await check(tab.page, kept, ofVectors);
        const { verdict, checks } = await commandLine(kept, ofVectors);
        assert.equal(verdict, 'failed');
        assert.deepEqual(await shown(tab.page), { verdict, checks });
        assert.ok(checks.some((/** @type {{detail: string}} */ { detail }) => detail.startsWith(reason)));
      });
    }
    assert.deepEqual(tab.watch.complaints(), []);
    await tab.context.close();
  });

  test(`${name} checks nothing without a policy it can read, or without a bundle`, async () => {
    const tab = await chromium.blank();
    tab.watch.expect([...expected]);
    const { page } = tab;
    await page.goto(url);
    await page.locator('#verify-form button[type=submit]').click();
    await page.locator('#outcome h2').waitFor();
    assert.deepEqual((await shown(page)).checks, []);
    await check(page, seed.entries.refund.bundle, seed.entries.refund.bundle);
    assert.deepEqual((await shown(page)).checks, []);
    assert.match(await page.locator('#outcome').innerText(), /line 1 of the policy/);
    const large = await keep('large.onrecord.json', Buffer.alloc(1024 * 1024 + 1));
    await check(page, large);
    assert.deepEqual((await shown(page)).checks, []);
    assert.deepEqual(tab.watch.complaints(), []);
    await tab.context.close();
  });
}

test('a link to this ledger is checked live, and one to another is not asked for', async () => {
  const tab = await chromium.blank();
  const { page } = tab;
  await page.goto(`${seed.url}/verify`);
  const paste = async (/** @type {string} */ text) => {
    await page.locator('#link').fill(text);
    await page.locator('#link').press('Enter');
    await page.locator('#outcome h2').waitFor();
    await settled(page);
    return shown(page);
  };
  const { link } = seed.entries.breach;
  const { verdict, checks } = await paste(`${seed.url}/e/${link}?lang=es`);
  assert.deepEqual([verdict, checks.length], ['verified', 7]);
  const swapped = link.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  const failed = await paste(swapped);
  assert.equal(failed.verdict, 'failed');
  assert.equal(failed.checks.find(({ name }) => name === 'statement')?.result, 'failed');
  assert.deepEqual((await paste(`https://ledger.example/e/${link}`)).checks, []);
  assert.match(await page.locator('#outcome').innerText(), /onrecord verify https:\/\/ledger\.example\/e\//);
  assert.deepEqual((await paste('refund')).checks, []);
  assert.deepEqual(tab.watch.complaints(), []);
  await tab.context.close();
});

test('a bundle can be dropped anywhere', async () => {
  const tab = await chromium.blank();
  await tab.page.goto(`${seed.url}/verify`);
  const bundle = await readFile(seed.entries.refund.bundle, 'utf8');
  await tab.page.evaluate((text) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], 'a.onrecord.json'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, bundle);
  await tab.page.locator('#outcome h2').waitFor();
  assert.equal((await shown(tab.page)).verdict, 'verified');
  await tab.context.close();
});
