// Documents, style sheets and drawings as they come from the server during a visit, whatever scripts make of them.

/** @import { Page, Response } from 'playwright-core' */
/** @import { Chromium } from './chromium.js' */
/** @import { Served } from '../checks/markup.js' */
/** @import { Visit } from '../pages.js' */

/** @type {Record<string, Served['type']>} */
const TYPES = { 'text/html': 'html', 'text/css': 'css', 'image/svg+xml': 'svg' };

/**
 * @param {Chromium} chromium @param {Visit} visit @param {string} [lang]
 * @returns {Promise<Served[]>}
 */
export async function collect(chromium, visit, lang) {
  /** @type {Promise<Served[]>[]} */
  const found = [];
  const watching = (/** @type {Page} */ page) => void page.on('response', (response) => found.push(read(response)));
  // Bodies are there only as long as the tab is.
  return chromium.open(visit, { lang, watching }, async () => (await Promise.all(found)).flat());
}

/** @param {Response} response @returns {Promise<Served[]>} */
async function read(response) {
  const type = TYPES[(response.headers()['content-type'] ?? '').split(';')[0] ?? ''];
  if (type === undefined || response.status() === 304) return [];
  return [{ url: response.url(), type, text: await response.text() }];
}
