// Pictures of every visit under every look, in the folder that SCREENSHOTS names. Run by main.js as a suite, so that
// a page that cannot be shown is an error.

import assert from 'node:assert/strict';
import path from 'node:path';
import { chromium, everywhere } from './harness/suite.js';

/** @import { Look } from './harness/chromium.js' */

/** @type {Record<string, Look>} */
const LOOKS = {
  wide: {},
  narrow: { width: 320, height: 640 },
  dark: { dark: true },
  'narrow-dark': { dark: true, width: 320, height: 640 },
  arabic: { lang: 'ar' },
  'narrow-arabic': { lang: 'ar', width: 320, height: 640 },
  print: { print: true, width: 718 },
};

const { SCREENSHOTS: folder } = process.env;
assert.ok(folder, 'use tests/browser/screenshots DIR');

for (const [look, conditions] of Object.entries(LOOKS)) {
  everywhere(`pictures: ${look}`, async (visit) => {
    const file = `${visit.name.replace(/[^\p{L}\p{N}]+/gu, '-')}.${look}.png`;
    await chromium.open(visit, conditions, ({ page }) => page.screenshot({ path: path.join(folder, file), fullPage: true }));
    return [];
  });
}
