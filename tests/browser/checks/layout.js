// What fits: no sideways scroll, nothing cut off, targets a finger can hit, text that can be made larger.
// Functions named `in…` run in the page.

/** @import { Tab } from '../harness/chromium.js' */

/** WCAG 2.2, 2.5.8. */
const TARGET_PIXELS = 24;
/** How much larger text becomes, at least, at twice the text size. */
const LEAST_GROWTH = 1.5;

/**
 * Nothing is wider than the window, even where it is hidden instead of scrolled.
 * @param {Tab} tab @returns {Promise<string[]>}
 */
export async function fitsSideways({ page }) {
  return page.evaluate(() => {
    const root = document.documentElement;
    const complaints = [];
    if (root.scrollWidth > root.clientWidth) {
      complaints.push(`the page is ${root.scrollWidth} wide in a window of ${root.clientWidth}`);
    }
    for (const element of document.body.querySelectorAll('*')) {
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const { left, right, width, height } = element.getBoundingClientRect();
      if (width <= 1 || height <= 1) continue;
      const { overflowX } = getComputedStyle(element);
      if (['auto', 'scroll'].includes(overflowX) && element.scrollWidth > element.clientWidth) {
        complaints.push(`scrolls sideways by itself: ${inWords(element)}`);
      }
      const isPutAway = (right <= 0 || left >= root.clientWidth) && isPlaced(element);
      if (isPutAway) continue;
      if (left < -1 || right > root.clientWidth + 1) {
        complaints.push(`from ${Math.round(left)} to ${Math.round(right)} of ${root.clientWidth}: ${inWords(element)}`);
      }
    }
    return complaints;

    /**
     * Out of sight on purpose, as a skip link is until it has the focus.
     * @param {Element | null} element
     * @returns {boolean}
     */
    function isPlaced(element) {
      return element !== null && (['absolute', 'fixed'].includes(getComputedStyle(element).position) || isPlaced(element.parentElement));
    }

    /** @param {Element} element */
    function inWords(element) {
      return element.outerHTML.slice(0, 80).replace(/\s+/g, ' ');
    }
  });
}

/**
 * No box cuts off the text in it.
 * @param {Tab} tab @returns {Promise<string[]>}
 */
export async function cutsNothingOff({ page }) {
  return page.evaluate(() => {
    const complaints = [];
    for (const element of document.body.querySelectorAll('*')) {
      if (!element.checkVisibility({ visibilityProperty: true }) || !element.textContent?.trim()) continue;
      const style = getComputedStyle(element);
      if (element.clientWidth <= 1 || element.clientHeight <= 1 || style.display === 'inline') continue;
      const isCut = (/** @type {string} */ overflow, /** @type {number} */ content, /** @type {number} */ box) =>
        overflow !== 'visible' && content > box + 1;
      if (element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) continue;
      if (isCut(style.overflowX, element.scrollWidth, element.clientWidth) ||
        isCut(style.overflowY, element.scrollHeight, element.clientHeight)) {
        complaints.push(`cut off: ${element.outerHTML.slice(0, 80).replace(/\s+/g, ' ')}`);
      }
    }
    return complaints;
  });
}

/**
 * Every target is large enough, its label included, unless it is a link within a sentence.
 * @param {Tab} tab @returns {Promise<string[]>}
 */
export async function targetsAreLarge({ page }) {
  return page.evaluate((least) => {
    const SELECTOR = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex="0"]';
    const complaints = [];
    for (const element of document.querySelectorAll(SELECTOR)) {
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: false })) continue;
      if (isInSentence(element)) continue;
      const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
      const boxes = [element, ...labels].map((part) => part.getBoundingClientRect());
      const width = Math.max(...boxes.map((box) => box.width));
      const height = Math.max(...boxes.map((box) => box.height));
      if (width > 1 && height > 1 && (width < least || height < least)) {
        complaints.push(`${width.toFixed(1)} × ${height.toFixed(1)}: ${element.outerHTML.slice(0, 80).replace(/\s+/g, ' ')}`);
      }
    }
    return complaints;

    /**
     * Text with letters stands beside it in the same line of text.
     * @param {Element} element
     */
    function isInSentence(element) {
      if (getComputedStyle(element).display !== 'inline') return false;
      const block = element.closest('p, li, dd, dt, td, th, h1, h2, h3, h4, figcaption, blockquote, label, legend, summary');
      if (!block) return false;
      const others = [...block.querySelectorAll('a, button, summary')].filter((other) => !other.contains(element) || other === element);
      const words = others.reduce((text, other) => text.replace(other.textContent ?? '', ''), block.textContent ?? '');
      return /\p{L}/u.test(words);
    }
  }, TARGET_PIXELS);
}

/**
 * Twice the text size makes all text larger, and then everything still fits (WCAG 1.4.4). Headings may grow by less,
 * since they are large already.
 * @param {Tab} tab @returns {Promise<string[]>}
 */
export async function textGrows(tab) {
  const stuck = await tab.page.evaluate((leastGrowth) => {
    const texts = [...document.body.querySelectorAll('*')].filter((element) =>
      element.checkVisibility() && [...element.childNodes].some((node) => node instanceof Text && node.data.trim()));
    const sizeOf = (/** @type {Element} */ element) => parseFloat(getComputedStyle(element).fontSize);
    const before = texts.map(sizeOf);
    document.documentElement.style.fontSize = '200%';
    return texts.filter((element, place) => sizeOf(element) < leastGrowth * (before[place] ?? 0))
      .map((element) => `does not grow: ${element.outerHTML.slice(0, 80).replace(/\s+/g, ' ')}`);
  }, LEAST_GROWTH);
  const complaints = [...stuck, ...(await cutsNothingOff(tab)), ...(await fitsSideways(tab))];
  await tab.page.evaluate(() => document.documentElement.removeAttribute('style'));
  return complaints;
}

/**
 * With the spacing that some readers need, nothing is cut off (WCAG 1.4.12).
 * @param {Tab} tab @returns {Promise<string[]>}
 */
export async function textMayBeSpaced(tab) {
  await tab.page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }' +
      'p { margin-block-end: 2em !important }');
    document.adoptedStyleSheets.push(sheet);
  });
  const complaints = [...(await cutsNothingOff(tab)), ...(await fitsSideways(tab))];
  await tab.page.evaluate(() => void document.adoptedStyleSheets.pop());
  return complaints;
}

/**
 * A page asked for in a language is in it and runs in its direction.
 * @param {string} lang @param {'ltr' | 'rtl'} direction
 * @returns {(tab: Tab) => Promise<string[]>}
 */
export function speaks(lang, direction) {
  return async ({ page }) => {
    const found = await page.evaluate(() => ({
      lang: document.documentElement.lang,
      attribute: document.documentElement.dir,
      direction: getComputedStyle(document.querySelector('main') ?? document.body).direction,
    }));
    const complaints = [];
    if (found.lang !== lang) complaints.push(`the page's language is "${found.lang}", not "${lang}"`);
    if (found.attribute !== direction) complaints.push(`dir is "${found.attribute}", not "${direction}"`);
    if (found.direction !== direction) complaints.push(`main runs ${found.direction}`);
    return complaints;
  };
}
