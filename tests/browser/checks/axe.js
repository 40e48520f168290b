// axe-core's rules for WCAG 2.2 A and AA, and for names, landmarks and headings that assistive technology goes by.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** @import { Tab } from '../harness/chromium.js' */
/** @import { AxeResults, RunOptions } from 'axe-core' */

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SOURCE = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @param {Tab} tab @returns {Promise<string[]>} */
export async function axe({ page }) {
  // Evaluated by the browser's own tooling, so that the page's policy stays in force.
  await page.evaluate(await SOURCE);
  /** @type {RunOptions} */
  const options = {
    runOnly: { type: 'tag', values: TAGS },
    rules: { 'target-size': { enabled: true } },
    resultTypes: ['violations'],
  };
  const results = await page.evaluate(async (asked) => {
    const { axe } = /** @type {{axe: {run(options: RunOptions): Promise<AxeResults>}}} */ (/** @type {any} */ (window));
    return axe.run(asked);
  }, options);
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')} (${failureSummary?.split('\n').at(-1)?.trim()})`));
}
