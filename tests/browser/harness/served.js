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
  const reading = [];
  let isOver = false;
  const watching = (/** @type {Page} */ page) => void page.on('response', (response) => {
    if (isOver) return;
    const one = read(response);
    // A failure is told where it is awaited, which may be later.
    one.catch(() => {});
    reading.push(one);
  });
  // Bodies are there only as long as the tab is; a response may come while others are read.
  return chromium.open(visit, { lang, watching }, async () => {
    const found = [];
    for (let next = 0; next < reading.length; next += 1) found.push(...await reading[next] ?? []);
    isOver = true;
    return found;
  });
}

/** @param {Response} response @returns {Promise<Served[]>} */
async function read(response) {
  const type = TYPES[(response.headers()['content-type'] ?? '').split(';')[0] ?? ''];
  if (type === undefined || response.status() === 304) return [];
  // Of a page that was left, the browser keeps nothing; the page itself is a visit of its own.
  const text = await response.text().catch((error) => {
    if (!/navigated away/.test(error.message)) throw error;
  });
  return text === undefined ? [] : [{ url: response.url(), type, text }];
}
