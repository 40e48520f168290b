// An entry on somebody else's site: link, badge, card and element as the page of snippets gives them, under policies
// that allow exactly what it says. They check what they show; they never show green for what they did not check; and
// what is blocked leaves a link.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after, beforeEach } from 'node:test';
import { Chromium, settled } from '../harness/chromium.js';
import { Firefox } from '../harness/firefox.js';
import { Proxy } from '../harness/proxy.js';
import { seeded } from '../harness/run.js';
import { serve } from '../harness/site.js';

/** @import { Page } from 'playwright-core' */
/** @import { Look } from '../harness/chromium.js' */

const PATIENCE_MILLIS = 10_000;

const seed = await seeded();
const proxy = await Proxy.start(seed.url);
const chromium = await Chromium.start(proxy.url);
const folder = await mkdtemp(path.join(tmpdir(), 'onrecord-site-'));
await writeFile(path.join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
/** @type {{stop(): void}[]} */
const sites = [];
after(async () => {
  await chromium.close();
  await proxy.stop();
  for (const site of sites) site.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => proxy.clear());

/** What the page of snippets says: the snippets by name, and the directives that a site needs. */
const given = await (async () => {
  const tab = await chromium.blank();
  await tab.page.goto(`${proxy.url}/embed?entry=${seed.entries.breach.link}`);
  const found = await tab.page.evaluate(() => ({
    snippets: Object.fromEntries([...document.querySelectorAll('code.snippet')].map(({ id, textContent }) => [id, textContent ?? ''])),
    directives: [...document.querySelectorAll('dd li code')].map(({ textContent }) => textContent ?? ''),
  }));
  await tab.context.close();
  const here = (/** @type {string} */ text) => text.replaceAll(seed.url, proxy.url);
  return {
    snippets: Object.fromEntries(Object.entries(found.snippets).map(([name, text]) => [name, here(text)])),
    directives: found.directives.map(here),
  };
})();
const { link = '', badge = '', card = '', element = '' } = given.snippets;

/** A policy that lets in what the page of snippets asks for, but what begins with one of these; and its own icon.
 * @param {...string} without */
function policy(...without) {
  const wanted = given.directives.filter((directive) => !without.some((name) => directive.startsWith(name)));
  return ["default-src 'none'", ...wanted].join('; ').replace('img-src', "img-src 'self'");
}

/** A site with all four on its page.
 * @param {Record<string, string>} headers @param {string} [lang] */
async function siteWith(headers, lang = 'en') {
  const html = (/** @type {string} */ body) => `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>Shop</title>` +
    `<link rel="icon" href="/site/icon.svg"><p id="link">${link}</p><p id="badge">${badge}</p>${body}</html>`;
  await writeFile(path.join(folder, `${lang}.html`), html(`${element}\n${card.replace(' loading="lazy"', '')}`));
  const site = await serve({ site: folder }, headers);
  sites.push(site);
  return site.url;
}

/** Opens a page of the site and gives it to `look`; nothing but the site and the ledger may be asked.
 * @param {string} url @param {(page: Page) => Promise<void>} lookAt
 * @param {{ name?: string, look?: Look, expected?: RegExp[], before?: (page: Page) => Promise<void>, browser?: Chromium }} [how] */
async function visit(url, lookAt, { name = 'en.html', look, expected = [], before, browser = chromium } = {}) {
  const tab = await browser.blank(look);
  tab.watch.expect([new RegExp(`^asked elsewhere: ${url}/site/`), ...expected]);
  try {
    tab.page.setDefaultTimeout(PATIENCE_MILLIS);
    await before?.(tab.page);
    await tab.page.goto(`${url}/site/${name}`);
    await lookAt(tab.page);
    assert.deepEqual(tab.watch.complaints(), []);
  } finally {
    await tab.context.close();
  }
}

/** Where the states of card and element are shown. @param {Pick<Page, 'locator' | 'frameLocator'>} page
 * @param {string} [which] of the states */
const inState = (page, which = '') => ({
  card: page.frameLocator(`iframe[src^="${proxy.url}"]`).locator(`#proof .state${which}`),
  element: page.locator(`onrecord-proof .state${which}`),
});

/** @param {Pick<Page, 'locator' | 'frameLocator'>} page @param {string} state */
async function bothAre(page, state) {
  const { card: inFrame, element: inPage } = inState(page, `.${state}`);
  for (const place of [inFrame, inPage]) await place.waitFor().catch(() => {});
  assert.deepEqual(await statesOf(page), { card: state, element: state });
}

/** @param {Pick<Page, 'locator' | 'frameLocator'>} page */
async function statesOf(page) {
  const { card: inFrame, element: inPage } = inState(page);
  const state = async (/** @type {import('playwright-core').Locator} */ place) =>
    (await place.getAttribute('class'))?.replace('state ', '');
  return { card: await state(inFrame), element: await state(inPage) };
}

/** No part of the page, or of a page in it, shows what the state of something verified looks like. @param {Page} page */
async function nothingIsGreen(page) {
  for (const frame of page.frames()) assert.equal(await frame.locator('.verified').count(), 0, frame.url());
}

/** The policies of the sites on which everything works. @type {[string, Record<string, string>][]} */
const STRICT = [
  ['a strict policy', { 'content-security-policy': policy() }],
  ['Trusted Types', { 'content-security-policy': `${policy()}; require-trusted-types-for 'script'; trusted-types 'none'` }],
  ['a page that is isolated from other sites', {
    'content-security-policy': policy(),
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-opener-policy': 'same-origin',
  }],
];

test('the page of snippets names what a policy has to allow', () => {
  const directives = given.directives.map((directive) => directive.replace(proxy.url, 'LEDGER'));
  assert.deepEqual(directives, ['img-src LEDGER', 'frame-src LEDGER', 'script-src LEDGER', 'connect-src LEDGER']);
});

for (const [name, headers] of STRICT) {
  test(`card and element verify under ${name}`, async () => {
    await visit(await siteWith(headers), async (page) => {
      await bothAre(page, 'verified');
      assert.equal(await page.locator('#badge img').evaluate((image) => /** @type {any} */ (image).naturalHeight), 24);
      assert.match(await page.locator('onrecord-proof').innerText(), /Entry \d+ of/);
      const host = new URL(proxy.url).host;
      const inElement = page.locator('onrecord-proof .proof');
      assert.ok((await inElement.innerText()).includes(`Ledger: \u2068${host}\u2069`));
      assert.match(await inElement.innerText(), /does not show that the words are true/);
      const checks = await inElement.locator('details li').allTextContents();
      assert.equal(checks.length, 7);
      for (const line of checks) assert.match(line, /^[A-Z][a-z ]+: Verified$/);
    });
  });
}

test('card and element verify in a page that is in a frame without an origin', async () => {
  const inner = await siteWith({ 'content-security-policy': policy() });
  await writeFile(path.join(folder, 'outer.html'), '<!doctype html><html lang="en"><meta charset="utf-8"><title>Outer</title>' +
    `<link rel="icon" href="/site/icon.svg"><iframe sandbox="allow-scripts" width="700" height="900" src="${inner}/site/en.html"></iframe></html>`);
  await visit(await siteWith({}), async (page) => {
    const frame = page.frameLocator('iframe');
    await bothAre({ locator: frame.locator.bind(frame), frameLocator: frame.frameLocator.bind(frame) }, 'verified');
    const [, without] = page.frames();
    assert.equal(await without?.evaluate(() => self.origin), 'null');
  }, { name: 'outer.html', expected: [new RegExp(`^asked elsewhere: ${inner}/site/`)] });
});

test('the element takes the language of the page', async () => {
  await visit(await siteWith({ 'content-security-policy': policy() }, 'ar'), async (page) => {
    await bothAre(page, 'verified');
    const part = page.locator('onrecord-proof .proof > div');
    assert.equal(await part.getAttribute('dir'), 'rtl');
    assert.match(await part.innerText(), /تم التحقق/);
  }, { name: 'ar.html' });
});

test('the link of the card opens the entry, which can be checked there', async () => {
  await visit(await siteWith({ 'content-security-policy': policy() }), async (page) => {
    const opened = page.context().waitForEvent('page');
    await page.frameLocator(`iframe[src^="${proxy.url}"]`).locator('a').last().click();
    const entry = await opened;
    await settled(entry);
    assert.equal(await entry.locator('[data-check] .state.verified').count(), 7);
    // A page of its own, as if it was opened from nowhere: it may keep the ledger's key.
    assert.equal(await entry.evaluate(() => self.origin), proxy.url);
  });
});

test('without scripts the links are there and nothing is green', async () => {
  await visit(await siteWith({ 'content-security-policy': policy() }), async (page) => {
    await page.locator('onrecord-proof > a').waitFor();
    const inFrame = page.frameLocator(`iframe[src^="${proxy.url}"]`);
    await inFrame.locator('#proof .not-checked').waitFor();
    await inFrame.locator(`a[href="/e/${seed.entries.breach.link}"]`).waitFor();
    await nothingIsGreen(page);
  }, { look: { withoutScripts: true } });
});

test('where the policy allows no script of the ledger the link inside the element stays', async () => {
  await visit(await siteWith({ 'content-security-policy': policy('script-src') }), async (page) => {
    await page.locator('onrecord-proof > a').waitFor();
    assert.equal(await page.locator('onrecord-proof').evaluate((proof) => proof.shadowRoot), null);
  }, { expected: [/script-src/, /^failed: .*onrecord-proof-1\.js/] });
});

test('where the policy allows no connection the element says that nothing was checked', async () => {
  await visit(await siteWith({ 'content-security-policy': policy('connect-src') }), async (page) => {
    await page.locator('onrecord-proof .not-checked').waitFor();
    assert.match(await page.locator('onrecord-proof .meaning').innerText(), /could not be reached/);
    await page.locator('onrecord-proof > a').waitFor();
    assert.equal(await page.locator('onrecord-proof .verified, onrecord-proof .failed').count(), 0);
  }, { expected: [/connect-src/, /Content Security Policy/, /^failed: /] });
});

test('when the ledger does not answer nothing was checked, and nothing fails', async () => {
  const url = await siteWith({});
  for (const pattern of [/^\/tile\//, /^\/checkpoint$/, /\/bundle$/, /^\/log\.policy$/]) {
    proxy.clear();
    proxy.cut(pattern);
    await visit(url, (page) => bothAre(page, 'not-checked'), { expected: [/^failed: /, /^console error: Failed to load/] });
  }
});

test('over plain http nothing can be checked, and both say so', async () => {
  const url = (await siteWith({})).replace('localhost', 'plain.example');
  const browser = await Chromium.start(proxy.url, ['--host-resolver-rules=MAP plain.example 127.0.0.1']);
  try {
    await visit(url, async (page) => {
      assert.equal(await page.evaluate(() => isSecureContext), false);
      await bothAre(page, 'not-checked');
      assert.match(await page.locator('onrecord-proof .meaning').innerText(), /https/);
    }, { browser });
  } finally {
    await browser.close();
  }
});

test('one changed byte of tile, bundle or checkpoint is a failure', async (t) => {
  const url = await siteWith({ 'content-security-policy': policy() });
  const { index } = seed.entries.breach;
  for (const [name, pattern, place] of /** @type {[string, RegExp, (bytes: Buffer) => number][]} */ ([
    ['tile', /^\/tile\/0\//, () => index * 32],
    ['bundle', /\/bundle$/, (bytes) => bytes.indexOf('"disclosures":["') + 40],
    ['checkpoint', /^\/checkpoint$/, (bytes) => bytes.lastIndexOf(' ') + 20],
  ])) {
    await t.test(name, async () => {
      proxy.clear();
      proxy.flip(pattern, place);
      await visit(url, async (page) => {
        await bothAre(page, 'failed');
        assert.match(await page.locator('onrecord-proof .meaning').innerText(), /does not match/);
      });
    });
  }
});

test('a card that shows another title than was signed fails', async () => {
  proxy.flip(/^\/embed\/\d/, (bytes) => bytes.indexOf('Refund agreed by') + 2);
  const tab = await chromium.blank();
  await tab.page.goto(`${proxy.url}/embed/${seed.entries.refund.link}`);
  await tab.page.locator('#proof .state.failed').waitFor();
  assert.deepEqual(tab.watch.complaints(), []);
  await tab.context.close();
});

test('what was checked eleven minutes ago is stale, and the button checks it again', async () => {
  const before = (/** @type {Page} */ page) => page.clock.install();
  await visit(await siteWith({ 'content-security-policy': policy() }), async (page) => {
    await bothAre(page, 'verified');
    await page.clock.fastForward('09:00');
    assert.deepEqual(await statesOf(page), { card: 'verified', element: 'verified' });
    await page.clock.fastForward('02:00');
    await bothAre(page, 'stale');
    await nothingIsGreen(page);
    await page.locator('onrecord-proof button').click();
    await page.frameLocator(`iframe[src^="${proxy.url}"]`).locator('button').click();
    await bothAre(page, 'verified');
  }, { before });
});

test('a page that comes back is checked again by itself, unless the check still counts', async () => {
  const before = (/** @type {Page} */ page) => page.clock.install();
  await visit(await siteWith({ 'content-security-policy': policy() }), async (page) => {
    await bothAre(page, 'verified');
    const asked = () => proxy.asked.filter((path) => path.endsWith('/bundle')).length;
    const comeBack = () => Promise.all(page.frames().map((frame) => frame.evaluate(() => {
      window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
      document.dispatchEvent(new Event('visibilitychange'));
    })));
    const first = asked();
    await comeBack();
    assert.equal(asked(), first);
    // Its clock goes on while its timers stand still, as in a page that is kept for the way back.
    await page.clock.setSystemTime(Date.now() + 11 * 60_000);
    proxy.cut(/\/bundle$/);
    await comeBack();
    await bothAre(page, 'not-checked');
    await nothingIsGreen(page);
    proxy.clear();
    await page.clock.setSystemTime(Date.now() + 22 * 60_000);
    await comeBack();
    await bothAre(page, 'verified');
  }, { before, expected: [/^failed: .*bundle/, /^console error: Failed to load/] });
});

test('the text of a badge stays within it, in every language and with long domains', async () => {
  const tab = await chromium.blank();
  const entries = [seed.entries.founding, seed.entries.shared, seed.entries.long].map(({ link: name }) => name);
  const names = [...entries, `t/${seed.entries.refund.link}`, `t/${seed.entries.hidden.link}`, 'o/busy-bank.example'];
  for (const name of names) {
    for (const lang of ['en', 'es', 'ar']) {
      const svg = await (await fetch(`${proxy.url}/badge/${name}.svg?lang=${lang}`)).text();
      await tab.page.setContent(svg);
      const { width, texts } = await tab.page.evaluate(() => ({
        width: document.querySelector('svg')?.getBoundingClientRect().width ?? 0,
        texts: [.../** @type {NodeListOf<SVGTextElement>} */ (document.querySelectorAll('svg text'))].map((text) => {
          const { x, width } = text.getBBox();
          return [x, x + width];
        }),
      }));
      const [begin, end] = lang === 'ar' ? [9, width - 18] : [18, width - 9];
      assert.equal(texts.length, entries.includes(name) ? 1 : 2);
      for (const [left = 0, right = 0] of texts) {
        assert.ok(left >= begin && right <= end, `${name} in ${lang}: from ${left} to ${right} of ${width}`);
      }
    }
  }
  await tab.context.close();
});

test('card and element verify in Firefox under a strict policy', async () => {
  const url = await siteWith({ 'content-security-policy': policy() });
  const firefox = await Firefox.start(proxy.url);
  try {
    const { page, watch, close } = await firefox.blank();
    watch.expect([new RegExp(`^asked elsewhere: ${url}/site/`)]);
    await page.goto(`${url}/site/en.html`);
    await page.waitForFunction(() => document.querySelector('onrecord-proof')?.shadowRoot?.querySelector('.state.verified'));
    const frame = page.frames().find((one) => one.url().startsWith(proxy.url));
    await frame?.waitForSelector('#proof .state.verified');
    assert.ok(frame);
    assert.deepEqual(watch.complaints(), []);
    await close();
  } finally {
    await firefox.close();
  }
});

/** The page of snippets for a thread and for an organization, on a site. @param {string} asked */
async function siteOf(asked) {
  const tab = await chromium.blank();
  await tab.page.goto(`${proxy.url}/embed?entry=${encodeURIComponent(asked)}`);
  const texts = await tab.page.locator('code.snippet').allTextContents();
  await tab.context.close();
  const body = texts.map((text) => `<div>${text.replaceAll(seed.url, proxy.url).replace(' loading="lazy"', '')}</div>`).join('\n');
  await writeFile(path.join(folder, 'standing.html'), '<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title>' +
    `<link rel="icon" href="/site/icon.svg">${body}</html>`);
  const site = await serve({ site: folder }, { 'content-security-policy': policy() });
  sites.push(site);
  return site.url;
}

for (const [of, asked, says] of /** @type {[string, string, RegExp][]} */ ([
  ['thread', `${seed.url}/t/${seed.entries.refund.link}`, /^\d promises? · \d+ overdue · as of \d\d:\d\d UTC$/],
  ['organization', 'acme.example', /^\d+ promises · [1-9]\d* overdue · as of \d\d:\d\d UTC$/],
])) {
  test(`the ${of}'s counts are shown with the check of its entry, and are gone when that is stale`, async () => {
    await visit(await siteOf(asked), async (page) => {
      await bothAre(page, 'verified');
      const lines = [page.frameLocator(`iframe[src^="${proxy.url}"]`).locator('.counts'), page.locator('onrecord-proof .counts')];
      for (const line of lines) assert.match(await line.innerText(), says);
      const whole = await page.locator('onrecord-proof .proof').innerText();
      assert.match(whole, /not recomputed here\. What is checked is entry \S*\d+\S* alone:\s+Verified/);
      assert.equal(await page.locator('img').evaluate((image) => /** @type {any} */ (image).naturalHeight), 24);
      await page.clock.fastForward('11:00');
      await bothAre(page, 'stale');
      for (const line of lines) assert.equal(await line.isVisible(), false, 'counts go with the check');
    }, { name: 'standing.html', before: (page) => page.clock.install() });
  });

  test(`the ${of}'s counts are not shown when the ledger gives none, and nothing is green`, async () => {
    proxy.cut(/^\/badge\/[to]\/.*\.json/);
    await visit(await siteOf(asked), async (page) => {
      await bothAre(page, 'not-checked');
      await nothingIsGreen(page);
      assert.equal(await page.locator('onrecord-proof .counts').isVisible(), false);
    }, { name: 'standing.html', expected: [/^failed: .*\/badge\//, /^console error: Failed to load/] });
  });
}

test('a bundle of another entry than the thread\'s fails, whatever the counts say', async () => {
  const other = await (await fetch(`${seed.url}/api/v1/entries/${seed.entries.breach.index}/bundle`)).text();
  await visit(await siteOf(`${seed.url}/t/${seed.entries.refund.link}`), async (page) => {
    await bothAre(page, 'failed');
  }, {
    name: 'standing.html',
    before: async (page) => {
      await page.context().route(/\/bundle$/, (route) =>
        route.fulfill({ body: other, contentType: 'application/json', headers: { 'access-control-allow-origin': '*' } }));
    },
  });
});

test('a badge that stays open says after ten minutes that it is out of date', async () => {
  const tab = await chromium.blank();
  await tab.page.goto(`${proxy.url}/badge/o/acme.example.svg`);
  const shown = () => tab.page.evaluate(() =>
    [...document.querySelectorAll('text')].filter((text) => getComputedStyle(text).visibility === 'visible').map((text) => text.textContent));
  const atMinute = (/** @type {number} */ minutes) => tab.page.evaluate((seconds) => {
    const svg = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (document.documentElement));
    svg.pauseAnimations();
    svg.setCurrentTime(seconds);
  }, minutes * 60);
  await atMinute(9);
  assert.match(String(await shown()), /overdue · as of/);
  await atMinute(10.1);
  assert.match(String(await shown()), /^out of date: as of \d\d:\d\d UTC$/);
  await tab.context.close();
});
