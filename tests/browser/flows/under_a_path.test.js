// A ledger that stands below a path of its site, as a proxy serves it: whatever its pages link to, load, check and
// send stays below that path.

import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { Chromium } from '../harness/chromium.js';
import { Ledger } from '../harness/ledger.js';
import { Proxy } from '../harness/proxy.js';
import { isAt, PASSPHRASE, untilProven } from '../publish_states.js';

/** @import { Page } from 'playwright-core' */

const PATH = '/2026';

const proxy = await Proxy.start('', PATH);
const ledger = await Ledger.start(proxy.url);
proxy.target = ledger.url;
const { origin } = new URL(proxy.url);
const chromium = await Chromium.start(origin);
after(async () => {
  await chromium.close();
  await proxy.stop();
  await ledger.stop();
});

/** What the pages asked for above the path; the browser itself may look for a file named as it likes. */
const strays = () => proxy.asked.filter((line) => !line.includes(` ${PATH}/`) && !line.endsWith('/favicon.ico'));

/** Opens every link of a page to this site. @param {Page} page */
async function openLinks(page) {
  const links = await page.locator('a[href]').evaluateAll((all) =>
    all.map((link) => /** @type {HTMLAnchorElement} */ (link).href));
  const own = new Set(links.filter((link) => link.startsWith(origin)).map((link) => link.replace(/#.*/, '')));
  assert.ok(own.size > 5, String([...own]));
  for (const link of own) {
    const { status } = await fetch(link).catch(() => ({ status: 'no answer' }));
    assert.equal(status, 200, link);
  }
}

/** @param {Page} page @param {string} backup */
async function open(page, backup) {
  await page.locator('#backup').setInputFiles(backup);
  await page.locator('#passphrase').fill(PASSPHRASE);
}

test('below a path a person publishes, finds it again, adds to it, and everyone checks it', async () => {
  const tab = await chromium.blank();
  const { page } = tab;
  await page.goto(`${proxy.url}/publish`);
  await openLinks(page);
  const backup = await untilProven(page);
  await page.locator('#sign [type=submit]').click();
  await isAt(page, 'done');
  const entry = String(await page.locator('#done-link').getAttribute('href'));
  assert.ok(entry.startsWith(`${proxy.url}/e/1-`), entry);
  await page.locator('#done-code img').evaluate((image) => /** @type {HTMLImageElement} */ (image).decode());
  await page.locator('#done-embed').click();
  await page.locator('iframe').first().contentFrame().locator('#proof .verified').waitFor();

  await page.goto(entry);
  await page.locator('#checks .state.verified').nth(6).waitFor();
  await openLinks(page);
  await page.goto(`${proxy.url}/publish/mine`);
  await open(page, backup);
  await page.locator('#open [type=submit]').click();
  await page.locator('#list a[href$="/add"]').click();
  await page.locator('#kind-assessment').check();
  await page.locator('#resolved-yes').check();
  await open(page, backup);
  await page.locator('#questions > .actions [type=submit]').click();
  await isAt(page, 'review');
  await page.locator('#permanent').check();
  await page.locator('#sign').click();
  await isAt(page, 'done');
  await page.locator('#done-entry').click();
  await page.locator('#checks .state.verified').nth(6).waitFor();

  assert.deepEqual(strays(), []);
  assert.deepEqual(tab.watch.complaints(), []);
  await tab.context.close();
});
