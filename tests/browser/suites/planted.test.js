// The checks themselves: each finds the fault that was planted for it, and none complains about a sound page.

import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { htmlValidates, nuChecks } from '../checks/markup.js';
import { overBudget } from '../checks/sizes.js';
import { wordsOf } from '../checks/words.js';
import { Chromium } from '../harness/chromium.js';
import { nothing } from '../harness/run.js';
import { serve } from '../harness/site.js';
import { CHECKS, FAULTS, planted } from '../planted.js';

const folder = await mkdtemp(path.join(tmpdir(), 'onrecord-planted-'));
const site = await serve({ planted: folder });
const chromium = await Chromium.start(site.url);
after(async () => {
  await chromium.close();
  site.stop();
  await rm(folder, { recursive: true });
});

/** @param {string} name @param {string} html */
async function visitTo(name, html) {
  await writeFile(path.join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(path.join(folder, name), html);
  return { name, page: { name, path: `/planted/${name}` }, state: undefined };
}

test('no check complains about a sound page', async () => {
  const visit = await visitTo('sound.html', planted());
  for (const [check, look] of CHECKS) nothing(await chromium.open(visit, look, check));
});

test('every fault is found by its check', { concurrency: 4 }, async (t) => {
  await Promise.all(FAULTS.map((fault, number) => t.test(fault.name, async () => {
    const visit = await visitTo(`${number}.html`, planted(fault));
    const complaints = await chromium.open(visit, fault.look ?? {}, fault.check);
    assert.ok(complaints.some((text) => fault.complaint.test(text)), complaints.join('\n') || 'no complaint');
  })));
});

test('every check has a fault that it finds', () => {
  const [held, shown] = [CHECKS, FAULTS].map((list) => new Set(list.map((one) => (Array.isArray(one) ? one[0] : one.check).name)));
  assert.deepEqual(held, shown);
});

test('words that a script writes are told from words that are there', async () => {
  const visit = await visitTo('words.html', planted({ script: 'document.querySelector("h1").append(" more")' }));
  const [plain, scripted] = [await chromium.open(visit, { withoutScripts: true }, wordsOf), await chromium.open(visit, {}, wordsOf)];
  assert.ok(plain.startsWith('A page Some') && scripted.startsWith('A page more Some'), `${plain} / ${scripted}`);
});

test('html-validate and the Nu checker find faults in HTML and CSS', async () => {
  /** @param {'html' | 'css'} type @param {string} text */
  const served = (type, text) => [{ url: `planted.${type}`, type, text }];
  nothing(await htmlValidates(served('html', planted())));
  nothing(await nuChecks(served('html', planted())));
  const twice = served('html', planted({ main: '<p id="name">Twice</p>' }));
  assert.match((await htmlValidates(twice)).join('\n'), /no-dup-id/);
  assert.match((await nuChecks(twice)).join('\n'), /Duplicate ID/);
  assert.match((await nuChecks(served('css', 'p { colour: red }'))).join('\n'), /colour/);
});

test('a budget can be exceeded', () => {
  const page = { name: '', path: '', budget: { all: 9_000, script: 1_000 } };
  assert.equal(overBudget({ all: 9_000, css: 6_000, script: 1_000 }, page).length, 0);
  assert.equal(overBudget({ all: 9_001, css: 6_001, script: 1_001 }, page).length, 3);
});
