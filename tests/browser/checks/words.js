// Reading needs no scripts: the words of a page are the same without them.

/** @import { Tab } from '../harness/chromium.js' */

/**
 * The words of main as a reader sees them, without the parts that scripts write.
 * @param {Tab} tab @returns {Promise<string>}
 */
export async function wordsOf({ page, visit }) {
  return page.evaluate((live) => {
    const main = document.querySelector('main');
    if (!main) return '';
    const parts = live === undefined ? [] : [...main.querySelectorAll(live)];
    for (const part of parts) part.remove();
    return main.innerText.replace(/\s+/g, ' ').trim();
  }, visit.page.live);
}
