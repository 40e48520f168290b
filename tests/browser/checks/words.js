// Reading needs no scripts: the words of a page are the same without them.

/** @import { Tab } from '../harness/chromium.js' */

/**
 * The words of main as a reader sees them, without the parts that scripts write and the time of the answer. The page
 * is without these parts afterwards.
 * @param {Tab} tab @returns {Promise<string>}
 */
export async function wordsOf({ page, visit }) {
  return page.evaluate((live) => {
    const main = document.querySelector('main');
    if (!main) return '';
    for (const part of main.querySelectorAll(['.as-of', ...live].join())) part.remove();
    return main.innerText.replace(/\s+/g, ' ').trim();
  }, visit.page.live === undefined ? [] : [visit.page.live]);
}
