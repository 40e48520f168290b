// What flows lean on: the proxy changes, loses and cuts exactly what it was told to, and a killed ledger comes back.

import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Ledger } from '../harness/ledger.js';
import { Proxy } from '../harness/proxy.js';

const ledger = await Ledger.start();
const proxy = await Proxy.start(ledger.url);
after(async () => {
  await proxy.stop();
  await ledger.stop();
});

/** @param {string} path */
async function bytesAt(path) {
  const answer = await fetch(path);
  return Buffer.from(await answer.arrayBuffer());
}

/** The body of a submission. */
async function submission() {
  const recipe = await ledger.run('sign', '--example', 'agreement');
  await writeFile(path.join(ledger.folder, 'agreement.toml'), recipe);
  await ledger.run('sign', 'agreement', 'agreement.toml', '--to', ledger.url);
  const { envelope, disclosures } = JSON.parse(await readFile(path.join(ledger.folder, 'agreement.signed.json'), 'utf8'));
  return JSON.stringify({ envelope, disclosures });
}

/** @param {string} url @param {string} body */
function publish(url, body) {
  return fetch(`${url}/api/v1/statements`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

test('without a rule everything goes through unchanged', async () => {
  assert.deepEqual(await bytesAt(`${proxy.url}/log.policy`), await bytesAt(`${ledger.url}/log.policy`));
});

test('one bit of the answers that match is another', async () => {
  const [before, other] = [await bytesAt(`${ledger.url}/log.policy`), await bytesAt(`${ledger.url}/openapi.json`)];
  proxy.flip(/log\.policy/, () => 3);
  const after = await bytesAt(`${proxy.url}/log.policy`);
  const unlike = [...after].flatMap((byte, place) => (byte === before[place] ? [] : [[place, byte ^ (before[place] ?? 0)]]));
  assert.deepEqual(unlike, [[3, 1]]);
  assert.deepEqual(await bytesAt(`${proxy.url}/openapi.json`), other);
  proxy.clear();
});

test('a lost answer was given: the statement is on record, and publishing again says which entry', async () => {
  const body = await submission();
  proxy.drop(/api\/v1\/statements/);
  await assert.rejects(publish(proxy.url, body));
  const again = await publish(proxy.url, body);
  assert.equal(again.status, 200, 'it is not new');
  proxy.clear();
});

test('a cut request never reaches the ledger', async () => {
  const sizeOf = async () => (await bytesAt(`${ledger.url}/checkpoint`)).toString().split('\n')[1];
  const before = await sizeOf();
  proxy.cut(/api\/v1\/statements/);
  await assert.rejects(publish(proxy.url, '{}'));
  assert.equal(await sizeOf(), before);
  assert.equal(proxy.asked.at(-1), 'POST /api/v1/statements');
  proxy.clear();
});

test('a killed ledger is gone, and comes back with what it had', async () => {
  const before = await bytesAt(`${ledger.url}/api/v1/entries`);
  await ledger.kill();
  await assert.rejects(bytesAt(`${ledger.url}/checkpoint`));
  await ledger.restart();
  const { entries } = JSON.parse((await bytesAt(`${ledger.url}/api/v1/entries`)).toString());
  assert.deepEqual(entries, JSON.parse(before.toString()).entries);
});
