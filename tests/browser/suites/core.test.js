// The tests of the browser core run in Chromium and in Firefox, and each comes out as it does in Node: the same
// vectors, and the same signatures at the edges of the strict rule, as Rust judged them (tests/web).

import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Chromium } from '../harness/chromium.js';
import { Firefox } from '../harness/firefox.js';
import { serve } from '../harness/site.js';

/** @import { Watch } from '../harness/watch.js' */

/** Name of a test, and why it failed if it did. @typedef {{name: string, error?: string}} Result */

const TESTS_MILLIS = 120_000;

const root = path.resolve(import.meta.dirname, '../../..');
const web = path.join(root, 'tests/web');
const site = await serve({
  page: path.join(root, 'tests/browser/page'),
  web,
  vectors: path.join(root, 'tests/vectors'),
  target: path.join(root, 'target/web'),
  src: path.join(root, 'src'),
});
const [chromium, firefox] = await Promise.all([Chromium.start(site.url), Firefox.start(site.url)]);
after(async () => {
  await Promise.all([chromium.close(), firefox.close()]);
  site.stop();
});

/** @type {string[]} */
const modules = JSON.parse(await readFile(path.join(web, 'browsers.json'), 'utf8'));

/** @param {string} module @returns {Promise<Result[]>} */
function inNode(module) {
  // A suite within a suite would report to the outer one instead of printing, and what lies outside the repository is
  // not there in a page.
  const { NODE_TEST_CONTEXT: _, ...own } = process.env;
  const env = { ...own, ONRECORD_SHARED: web };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--test-reporter=tap', module], { cwd: web, env, maxBuffer: 2 ** 26 }, (_error, stdout) => {
      const lines = [...stdout.matchAll(/^(not )?ok \d+ - (.*)$/gm)].filter(([line]) => !line.includes(' # SKIP'));
      resolve(lines.map(([, not, name = '']) => (not ? { name, error: 'failed' } : { name })));
    });
  });
}

/** @param {string} module */
const address = (module) => `${site.url}/page/index.html?module=${encodeURIComponent(module)}`;

/** @param {string} module @returns {Promise<{results: Result[], watch: Watch}>} */
async function inChromium(module) {
  const { page, context, watch } = await chromium.blank();
  await page.goto(address(module));
  await page.waitForFunction(() => window.results !== undefined, undefined, { timeout: TESTS_MILLIS });
  const results = await page.evaluate(() => window.results ?? []);
  await context.close();
  return { results, watch };
}

/** @param {string} module @returns {Promise<{results: Result[], watch: Watch}>} */
async function inFirefox(module) {
  const { page, watch, close } = await firefox.blank();
  await page.goto(address(module));
  await page.waitForFunction(() => window.results !== undefined, { timeout: TESTS_MILLIS });
  const results = await page.evaluate(() => window.results ?? []);
  await close();
  return { results, watch };
}

test('there are tests of the core for a page', () => assert.ok(modules.length > 0));

for (const module of modules) {
  const expected = inNode(module);
  for (const [browser, run] of /** @type {const} */ ([['Chromium', inChromium], ['Firefox', inFirefox]])) {
    test(`${module} comes out in ${browser} as in Node`, async () => {
      const { results, watch } = await run(module);
      assert.ok(results.length > 0, 'no test was run');
      assert.deepEqual(results.filter(({ error }) => error !== undefined), []);
      assert.deepEqual(results, await expected);
      assert.deepEqual(watch.complaints(), []);
    });
  }
}

test('a test that fails is seen to fail in both browsers', async () => {
  for (const run of [inChromium, inFirefox]) {
    const { results } = await run('no_such_module.js');
    assert.equal(results.length, 1);
    assert.ok(results[0]?.error !== undefined);
  }
});
