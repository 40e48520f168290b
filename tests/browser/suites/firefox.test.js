// Every page in Firefox: as silent as in Chromium, and it fits a small window.

import test, { after } from 'node:test';
import { Firefox } from '../harness/firefox.js';
import { nothing, seeded } from '../harness/run.js';
import { visits } from '../pages.js';

const seed = await seeded();
const firefox = await Firefox.start(seed.url);
after(() => firefox.close());

for (const { name, page: record } of visits(seed).filter(({ state }) => state === undefined)) {
  test(`${name} is silent in Firefox, and fits`, async () => {
    const { page, watch, close } = await firefox.blank();
    const target = new URL(record.path, seed.url).href;
    if (record.status !== undefined) watch.expectStatus(target, record.status);
    await page.setViewport({ width: 320, height: 600 });
    await page.goto(target);
    await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
    await page.waitForNetworkIdle({ idleTime: 250, concurrency: record.follows ? 1 : 0 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    watch.cookies(await page.cookies());
    // What a frame still asks for when its page is closed fails, and is no failure of the page.
    const complaints = watch.complaints();
    await close();
    nothing([...complaints, ...(wide > 0 ? [`${wide} pixels too wide`] : [])]);
  });
}
