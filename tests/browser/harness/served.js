// Documents, style sheets and drawings as they come from the server during visits, whatever scripts make of them.

/** @import { Page, Response } from 'playwright-core' */
/** @import { Tab } from './chromium.js' */
/** @import { Served } from '../checks/markup.js' */

/** @type {Record<string, Served['type']>} */
const TYPES = { 'text/html': 'html', 'text/css': 'css', 'image/svg+xml': 'svg' };

/** What the visits of a suite were served. */
export class Library {
  /** @type {WeakMap<Page, Promise<Served[]>[]>} */
  #reading = new WeakMap();
  /** @type {Map<string, Served>} */
  #kept = new Map();

  /** Reads from now on what the page is served. @param {Page} page */
  watch(page) {
    /** @type {Promise<Served[]>[]} */
    const reading = [];
    this.#reading.set(page, reading);
    page.on('response', (response) => {
      const one = read(response);
      // A failure is told where it is awaited, which may be later.
      one.catch(() => {});
      reading.push(one);
    });
  }

  /** Keeps what was served so far: bodies are there only as long as the tab is. @param {Tab} tab @returns {Promise<string[]>} */
  keep = async ({ page }) => {
    for (const one of (await Promise.all(this.#reading.get(page) ?? [])).flat()) this.#kept.set(one.url + one.text, one);
    return [];
  };

  /** Everything that was kept, once. */
  documents() {
    return [...this.#kept.values()];
  }
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
