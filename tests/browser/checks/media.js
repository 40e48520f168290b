// Forced colours, reduced motion and paper.

/** @import { Tab } from '../harness/chromium.js' */

/**
 * In forced colours nothing insists on its own, and what can be pressed or filled in has an edge.
 * @param {Tab} tab @returns {Promise<string[]>}
 */
export async function keepsForcedColors({ page }) {
  return page.evaluate(() => {
    const complaints = matchMedia('(forced-colors: active)').matches ? [] : ['forced colours are not active'];
    for (const element of document.body.querySelectorAll('*')) {
      if (!element.checkVisibility()) continue;
      const style = getComputedStyle(element);
      const name = element.outerHTML.slice(0, 80).replace(/\s+/g, ' ');
      const isInSvg = element instanceof SVGElement && !(element instanceof SVGSVGElement);
      if (style.forcedColorAdjust === 'none' && !isInSvg) complaints.push(`keeps its own colours: ${name}`);
      if (element.matches('button, input:not([type=hidden]), select, textarea') && style.appearance === 'none' &&
        parseFloat(style.borderTopWidth) < 1) complaints.push(`has no edge: ${name}`);
    }
    return complaints;
  });
}

/**
 * Nothing moves for those who asked for that.
 * @param {Tab} tab @returns {Promise<string[]>}
 */
export async function staysStill({ page }) {
  return page.evaluate(() => {
    const complaints = matchMedia('(prefers-reduced-motion: reduce)').matches ? [] : ['reduced motion is not asked for'];
    for (const element of document.querySelectorAll('*')) {
      for (const pseudo of ['', '::before', '::after']) {
        const style = getComputedStyle(element, pseudo);
        const longest = (/** @type {string} */ list) => Math.max(...list.split(',').map(parseFloat));
        const moves = longest(style.transitionDuration) > 0.01 ||
          (style.animationName !== 'none' && longest(style.animationDuration) > 0.01) || style.scrollBehavior === 'smooth';
        if (moves) complaints.push(`moves: ${element.tagName.toLowerCase()}${pseudo}.${element.className}`);
      }
    }
    return complaints;
  });
}

/**
 * On paper nothing floats over the text, and the addresses of links to elsewhere can be read.
 * @param {Tab} tab @returns {Promise<string[]>}
 */
export async function printsWhole({ page }) {
  return page.evaluate(() => {
    const complaints = matchMedia('print').matches ? [] : ['the page is not shown as printed'];
    const main = document.querySelector('main');
    if (!main?.checkVisibility() || !main.innerText.trim()) complaints.push('main is not printed');
    for (const element of document.body.querySelectorAll('*')) {
      if (!element.checkVisibility()) continue;
      if (['fixed', 'sticky'].includes(getComputedStyle(element).position)) {
        complaints.push(`floats: ${element.outerHTML.slice(0, 80).replace(/\s+/g, ' ')}`);
      }
    }
    for (const link of main?.querySelectorAll('a[href]') ?? []) {
      const href = link.getAttribute('href') ?? '';
      if (!link.checkVisibility() || !href.startsWith('http')) continue;
      const isShown = getComputedStyle(link, '::after').content.includes(href) || (link.textContent ?? '').includes(href);
      if (!isShown) complaints.push(`its address is not printed: ${link.outerHTML.slice(0, 80)}`);
    }
    return complaints;
  });
}
