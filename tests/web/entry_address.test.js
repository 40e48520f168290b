// Addresses of entries, as people paste them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { readAddress } from "../../src/http/assets/pages/entry_address.js";

const HASH = "00112233445566778899aabbccddeeff";
const LEDGER = "https://a.example/2026";

test("an entry is found in every address it has", () => {
  const entry = { index: 41, hash: HASH };
  for (const path of [`e/41-${HASH}`, `t/41-${HASH}`, `e/41-${HASH}.json`, `badge/41-${HASH}.svg`, `embed/41-${HASH}`]) {
    for (const end of ["", "?lang=ar", "#checks"]) {
      assert.deepEqual(readAddress(` ${LEDGER}/${path}${end}\n`, LEDGER), entry, path + end);
    }
  }
  assert.deepEqual(readAddress(`41-${HASH}`, LEDGER), entry);
  for (const end of ["", "/bundle", "/proof"]) {
    assert.deepEqual(readAddress(`${LEDGER}/api/v1/entries/41${end}`, LEDGER), { index: 41, hash: "" });
  }
});

test("an entry of another ledger is told from this one's", () => {
  for (const base of ["https://b.example/2026", "http://a.example/2026", "https://a.example", "https://a.example/20262"]) {
    assert.equal(readAddress(`${base}/e/41-${HASH}`, LEDGER), "elsewhere", base);
  }
});

test("anything else is the address of no entry", () => {
  const others = [
    "", "41", HASH, `041-${HASH}`, `41-${HASH.slice(1)}`, `41-${HASH.toUpperCase()}`, `${LEDGER}/`, `${LEDGER}/o/a.example`,
    `${LEDGER}/e/041-${HASH}`, `${LEDGER}/e/9999999999999999-${HASH}`, `${LEDGER}/e/41-${HASH}/more`,
    `javascript:/e/41-${HASH}`, `file:///e/41-${HASH}`, `e/41-${HASH}`, "https://", "https://[/e/1",
  ];
  for (const text of others) assert.equal(readAddress(text, LEDGER), "no_entry", text);
});
