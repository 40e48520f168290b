// What a visit transfers, in bytes as sent: compressed, without headers.

/** @import { Page, Request } from 'playwright-core' */
/** @import { Tab } from '../harness/chromium.js' */
/** @import { PageRecord } from '../pages.js' */

/** Of every page together. */
const CSS_MAX = 6_000;

/** @type {WeakMap<Page, Request[]>} */
const finished = new WeakMap();

/** Counts from now on what the page transfers. @param {Page} page */
export function count(page) {
  /** @type {Request[]} */
  const requests = [];
  finished.set(page, requests);
  page.on('requestfinished', (request) => requests.push(request));
}

/**
 * What a person does on the page is part of its budget: scripts that are loaded later count too.
 * @param {Tab} tab @returns {Promise<string[]>}
 */
export async function withinBudget({ page, visit }) {
  const requests = finished.get(page);
  if (requests === undefined) return ['nothing was counted'];
  return overBudget(await transferred(requests), visit.page);
}

/** @param {Request[]} requests @returns {Promise<{all: number, css: number, script: number}>} */
async function transferred(requests) {
  const sizes = { all: 0, css: 0, script: 0 };
  const sheets = new Set();
  for (const request of requests) {
    const { responseBodySize } = await request.sizes();
    sizes.all += responseBodySize;
    // A frame without an origin is sent once more what its page has already.
    if (request.resourceType() === 'stylesheet' && !sheets.has(request.url())) sizes.css += responseBodySize;
    if (request.resourceType() === 'stylesheet') sheets.add(request.url());
    if (request.resourceType() === 'script') sizes.script += responseBodySize;
  }
  return sizes;
}

/**
 * @param {{all: number, css: number, script: number}} sizes @param {PageRecord} page
 * @returns {string[]}
 */
export function overBudget({ all, css, script }, { budget = {} }) {
  const complaints = [];
  if (css > CSS_MAX) complaints.push(`${css} bytes of style sheets, at most ${CSS_MAX}`);
  if (all > (budget.all ?? Infinity)) complaints.push(`${all} bytes in all, at most ${budget.all}`);
  if (script > (budget.script ?? Infinity)) complaints.push(`${script} bytes of scripts, at most ${budget.script}`);
  return complaints;
}
