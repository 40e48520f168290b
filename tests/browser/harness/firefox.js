// Firefox ESR, driven by puppeteer-core through WebDriver BiDi: for core flows, and to see that every page is as silent
// there. A tab has a profile of its own.

import puppeteer from 'puppeteer-core';
import { Watch, tellViolations } from './watch.js';

/** @import { Browser, Page } from 'puppeteer-core' */

const EXECUTABLE = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

export class Firefox {
  /** @param {Browser} browser @param {string} url of the site that is visited */
  constructor(browser, url) {
    this.browser = browser;
    this.url = url;
  }

  /**
   * @param {string} url of the site that is visited
   * @param {{ downloads?: string }} [where] the folder that files are saved in
   */
  static async start(url, { downloads } = {}) {
    const saving = { 'browser.download.folderList': 2, 'browser.download.dir': downloads, 'browser.download.alwaysOpenPanel': false };
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: EXECUTABLE,
      headless: true,
      extraPrefsFirefox: {
        'intl.accept_languages': 'en-GB',
        'network.captive-portal-service.enabled': false,
        ...(downloads === undefined ? {} : saving),
      },
    });
    return new Firefox(browser, url);
  }

  async close() {
    await this.browser.close();
  }

  /**
   * A blank, watched tab.
   * @returns {Promise<{page: Page, watch: Watch, close(): Promise<void>}>}
   */
  async blank() {
    const context = await this.browser.createBrowserContext();
    const page = await context.newPage();
    const watch = new Watch(new URL(this.url).origin);
    await page.evaluateOnNewDocument(tellViolations);
    page.on('console', (message) => watch.console(message.type(), message.text(), message.location().url));
    page.on('pageerror', (error) => watch.thrown(/** @type {Error} */ (error)));
    page.on('request', (request) => watch.asked(request.url()));
    page.on('requestfailed', (request) => watch.failed(request.url(), request.failure()?.errorText ?? ''));
    page.on('response', (response) => watch.answered(response.url(), response.status()));
    return { page, watch, close: () => context.close() };
  }
}
