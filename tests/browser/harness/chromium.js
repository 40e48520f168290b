// Debian's Chromium, driven by playwright-core: opens a page in a state, under given conditions, in a context of
// its own (no cookie, cache or storage of another visit), and watches it. Policies of pages stay in force.

import { chromium } from 'playwright-core';
import { Watch, tellViolations } from './watch.js';

/** @import { Browser as Playwright, BrowserContext, Page } from 'playwright-core' */
/** @import { Visit } from '../pages.js' */

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARGS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const SETTLE_MILLIS = 20_000;
/** Longer than anything takes on a machine that does much else. */
const WAIT_MILLIS = 120_000;

/**
 * How a page is looked at.
 * @typedef {object} Look
 * @property {number} [width] in CSS pixels; 1280 unless it says otherwise
 * @property {number} [height]
 * @property {boolean} [dark]
 * @property {boolean} [forcedColors]
 * @property {boolean} [reducedMotion]
 * @property {boolean} [print]
 * @property {boolean} [withoutScripts]
 * @property {string} [lang] asked for with `?lang=`
 * @property {(page: Page) => void} [watching] is given the page before anything is loaded
 */

/**
 * A page that is open.
 * @typedef {object} Tab
 * @property {Page} page
 * @property {BrowserContext} context
 * @property {Watch} watch
 * @property {Visit} visit
 */

export class Chromium {
  /** @param {Playwright} browser @param {string} url of the site that is visited */
  constructor(browser, url) {
    this.browser = browser;
    this.url = url;
  }

  /** @param {string} url of the site that is visited @param {string[]} [args] more of the browser */
  static async start(url, args = []) {
    const options = { executablePath: EXECUTABLE, args: [...ARGS, ...args], chromiumSandbox: process.getuid?.() !== 0 };
    return new Chromium(await chromium.launch(options), url);
  }

  async close() {
    await this.browser.close();
  }

  /**
   * A blank, watched tab: what flows begin with.
   * @param {Look} [look]
   * @returns {Promise<Omit<Tab, 'visit'>>}
   */
  async blank(look = {}) {
    const context = await this.browser.newContext({
      viewport: viewport(look),
      ...media(look),
      javaScriptEnabled: !look.withoutScripts,
      locale: 'en-GB',
      timezoneId: 'UTC',
    });
    context.setDefaultTimeout(WAIT_MILLIS);
    await context.addInitScript(tellViolations);
    const watch = new Watch(new URL(this.url).origin);
    context.on('page', (page) => attach(page, watch));
    const page = await context.newPage();
    return { page, context, watch };
  }

  /**
   * Opens a page in a state, gives it to `look at`, and closes it.
   * @template T
   * @param {Visit} visit
   * @param {Look} look
   * @param {(tab: Tab) => Promise<T>} lookAt
   * @returns {Promise<T>}
   */
  async open(visit, look, lookAt) {
    const tab = { ...(await this.blank(look)), visit };
    try {
      const { page: record, state } = visit;
      const target = address(this.url, record.path, look.lang);
      if (record.status !== undefined) tab.watch.expectStatus(target, record.status);
      tab.watch.expect(state?.expected ?? []);
      look.watching?.(tab.page);
      await tab.page.goto(target, { waitUntil: 'load' });
      await settled(tab.page);
      if (state !== undefined) {
        await state.reach(tab.page);
        await settled(tab.page);
      }
      // Only now: what a person does on the page is not done on paper.
      if (look.print) await setLook(tab.page, look);
      return await lookAt(tab);
    } finally {
      await tab.context.close();
    }
  }
}

/**
 * Looks at an open page in another way.
 * @param {Page} page @param {Look} look without what is settled when a page is opened: its language and its scripts
 */
export async function setLook(page, look) {
  await page.setViewportSize(viewport(look));
  await page.emulateMedia({ ...media(look), media: look.print ? 'print' : 'screen' });
}

/** @param {Look} look */
function viewport({ width = 1280, height = 800 }) {
  return { width, height };
}

/** @param {Look} look */
function media({ dark, forcedColors, reducedMotion }) {
  return /** @type {const} */ ({
    colorScheme: dark ? 'dark' : 'light',
    forcedColors: forcedColors ? 'active' : 'none',
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
  });
}

/**
 * Resolves when no part of the page says that it is being worked on (`aria-busy`).
 * @param {Page} page
 */
export async function settled(page) {
  await page.waitForLoadState('load');
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached', timeout: SETTLE_MILLIS });
}

/**
 * The address of a page, in a language where one is given.
 * @param {string} url @param {string} path @param {string} [lang]
 */
export function address(url, path, lang) {
  const whole = new URL(path, url);
  if (lang !== undefined) whole.searchParams.set('lang', lang);
  return whole.href;
}

/** @param {Page} page @param {Watch} watch */
function attach(page, watch) {
  page.on('console', (message) => watch.console(message.type(), message.text(), message.location().url));
  page.on('pageerror', (error) => watch.thrown(error));
  page.on('request', (request) => watch.asked(request.url()));
  page.on('requestfailed', (request) => {
    watch.failed(request.url(), request.failure()?.errorText ?? '');
  });
  page.on('response', (response) => {
    watch.answered(response.url(), response.status());
    if (response.headers()['set-cookie'] !== undefined) watch.cookies([{ name: `by ${response.url()}` }]);
  });
}
