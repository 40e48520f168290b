// What a reader's browser finds about an entry, by its page and by the page that verifies: everything holds on an
// honest ledger, and when one byte is changed on the way, the check that it breaks is named.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test, { after, beforeEach } from 'node:test';
import { generate } from '../../../src/http/assets/onrecord/ed25519.js';
import { Chromium, settled } from '../harness/chromium.js';
import { Proxy } from '../harness/proxy.js';
import { seeded } from '../harness/run.js';

/** @import { Page } from 'playwright-core' */

const ALL = ['statement', 'signature', 'key', 'disclosures', 'inclusion', 'log_signature', 'prev'];

const seed = await seeded();
const proxy = await Proxy.start(seed.url);
const chromium = await Chromium.start(proxy.url);
after(async () => {
  await chromium.close();
  await proxy.stop();
});
beforeEach(() => proxy.clear());

/** The results of a list of checks, by name. @param {Page} page @returns {Promise<Record<string, string>>} */
const results = (page) => page.evaluate(() => Object.fromEntries(
  [...document.querySelectorAll('[data-check]')].map((item) => {
    const state = item.querySelector('.state')?.className.replace('state ', '') ?? '';
    return [item.getAttribute('data-check'), state];
  })));

/** @param {Record<string, string>} found @param {string} result */
const those = (found, result) => Object.keys(found).filter((name) => found[name] === result);

/** What the page of an entry finds. @param {string} link @param {(page: Page) => Promise<void>} [before]
 * @param {RegExp[]} [expected] */
async function visit(link, before = async () => {}, expected = []) {
  const tab = await chromium.blank();
  tab.watch.expect(expected);
  try {
    await before(tab.page);
    await tab.page.goto(`${proxy.url}/e/${link}`);
    await settled(tab.page);
    const found = await results(tab.page);
    assert.deepEqual(tab.watch.complaints(), []);
    return { found, summary: await tab.page.locator('#checks-summary').innerText() };
  } finally {
    await tab.context.close();
  }
}

test('every check of every entry of an honest ledger holds', async (t) => {
  // Of the one that is withheld nothing is shown that could be checked.
  const { hidden, ...shown } = seed.entries;
  const page = await fetch(`${seed.url}/e/${hidden.link}`);
  assert.ok(page.ok && !(await page.text()).includes('id="checks"'));
  for (const [name, { link }] of Object.entries(shown)) {
    await t.test(name, async () => {
      const { found } = await visit(link);
      assert.deepEqual(those(found, 'verified').sort(), [...ALL].sort());
    });
  }
});

test('a changed tile fails the inclusion and the entry before, and says so', async () => {
  const { index, link } = seed.entries.breach;
  proxy.flip(/^\/tile\/0\//, () => index * 32);
  const { found, summary } = await visit(link);
  assert.deepEqual(those(found, 'failed'), ['inclusion', 'prev']);
  assert.match(summary, /Inclusion/);
  proxy.clear();
  proxy.flip(/^\/tile\/0\//, () => (index - 1) * 32);
  assert.deepEqual(those((await visit(link)).found, 'failed'), ['inclusion', 'prev']);
});

test('a changed bundle fails where it was changed', async (t) => {
  const { link } = seed.entries.refund;
  /** A byte of the entry's JSON, by its place in the base64 of the bundle.
   * @param {Buffer} bytes @param {string} text */
  const placeAfter = (bytes, text) => {
    const begin = bytes.indexOf('"entry":"') + 9;
    const leaf = Buffer.from(bytes.subarray(begin, bytes.indexOf('"', begin)).toString(), 'base64');
    return begin + Math.floor(((leaf.indexOf(text) + text.length + 3) * 4) / 3);
  };
  await t.test('the entry', async () => {
    proxy.flip(/\/bundle$/, (bytes) => placeAfter(bytes, '"sig":"'));
    const { found } = await visit(link);
    assert.equal(found.statement, 'failed');
    assert.notEqual(found.inclusion, 'verified');
  });
  await t.test('a word', async () => {
    proxy.clear();
    proxy.flip(/\/bundle$/, (bytes) => bytes.indexOf('"disclosures":["') + 40);
    assert.deepEqual(those((await visit(link)).found, 'failed'), ['disclosures']);
  });
});

/** A byte of a checkpoint's signature, beyond the key's id, that is still base64 with its lowest bit changed.
 * @param {Buffer} bytes */
function placeInSignature(bytes) {
  const begin = bytes.lastIndexOf(' ') + 8;
  return begin + bytes.subarray(begin).toString('latin1').search(/[B-Yb-y2-7]/);
}

test('a changed checkpoint fails the signature of the log', async () => {
  proxy.flip(/^\/checkpoint$/, placeInSignature);
  const { found } = await visit(seed.entries.refund.link);
  assert.deepEqual(those(found, 'failed'), ['log_signature']);
});

test('what failed is explained in the language of the page', async () => {
  proxy.flip(/^\/checkpoint$/, placeInSignature);
  const { page, context } = await chromium.blank();
  await page.goto(`${proxy.url}/e/${seed.entries.refund.link}?lang=es`);
  await settled(page);
  const failed = page.locator('[data-check="log_signature"] .failure');
  assert.equal(await failed.innerText(), 'La firma con el nombre del registro no es de su clave.');
  assert.equal(await page.locator('.failure').count(), 1);
  await context.close();
});

test('a page that shows other words than were signed fails them', async () => {
  proxy.flip(/^\/e\//, (bytes) => bytes.indexOf('The agent confirmed') + 4);
  const { found } = await visit(seed.entries.refund.link);
  assert.deepEqual(those(found, 'failed'), ['disclosures']);
});

test('what cannot be fetched is not checked, and nothing fails', async (t) => {
  for (const [path, open] of /** @type {const} */ ([
    [/^\/tile\//, ['inclusion', 'prev']],
    [/^\/log\.policy$/, ['log_signature']],
    [/\/bundle$/, ALL.filter((name) => name !== 'log_signature')],
  ])) {
    await t.test(String(path), async () => {
      proxy.clear();
      proxy.cut(path);
      const { found } = await visit(seed.entries.breach.link, undefined, [/./]);
      assert.deepEqual(those(found, 'failed'), []);
      assert.deepEqual(those(found, 'not-checked'), open);
    });
  }
});

test('another key than last time fails the signature of the log until it is forgotten', async () => {
  const tab = await chromium.blank();
  const { page } = tab;
  await page.goto(`${proxy.url}/verify`);
  await page.locator('#policy-own-key code').waitFor();
  const vkey = await page.evaluate(() => JSON.parse(Object.values({ ...localStorage })[0]).vkeys[0]);
  const [origin = ''] = vkey.split('+');
  const other = await keyOf(origin);
  await page.evaluate(([key]) => {
    const [name = ''] = Object.keys(localStorage);
    localStorage.setItem(name, JSON.stringify({ since: '2026-11-01T00:00:00.000Z', vkeys: [key] }));
  }, [other]);
  const found = async () => {
    await page.goto(`${proxy.url}/e/${seed.entries.refund.link}`);
    await settled(page);
    return those(await results(page), 'failed');
  };
  assert.deepEqual(await found(), ['log_signature']);
  assert.match(await page.locator('[data-check="log_signature"] .detail').innerText(), /^log_key_changed/);
  assert.ok((await page.locator('#checks-key').innerText()).includes(other));
  await page.goto(`${proxy.url}/verify`);
  await page.locator('#forget').click();
  await page.locator('#policy-own-key', { hasText: vkey }).waitFor();
  assert.deepEqual(await found(), []);
  assert.deepEqual(tab.watch.complaints(), []);
  await tab.context.close();
});

/** A key of a log of that name that nobody has. @param {string} origin */
async function keyOf(origin) {
  const { publicKey } = await generate();
  const key = Buffer.concat([Buffer.of(1), publicKey]);
  const id = createHash('sha256').update(`${origin}\n`).update(key).digest('hex').slice(0, 8);
  return `${origin}+${id}+${key.toString('base64')}`;
}
