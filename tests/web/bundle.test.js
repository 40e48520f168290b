// Bundles: the good ones verify, the bad ones fail for the reason stated, and any changed byte fails.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fileName } from "../../src/http/assets/onrecord/bundle.js";
import { concat, utf8 } from "../../src/http/assets/onrecord/encoding.js";
import { verifyBundle } from "../../src/http/assets/onrecord/verify.js";
import { readJson } from "./files.js";
import { fileOf, logAlone, logAndWitness, ownCopy, vectors } from "./kept.js";

/** @import { Bytes } from "../../src/http/assets/onrecord/encoding.js" */

const refused = await readJson("vectors/refused_bundles.json");

/** The name of what was found. @param {unknown} bundle */
async function finding(bundle) {
  const { checks } = await verifyBundle(fileOf(bundle), logAlone);
  return checks.find(({ result }) => result === "failed")?.detail.split(":")[0];
}

test("every bundle of the vectors verifies, with and without its witness", async () => {
  for (const [index, bundle] of vectors.bundles.entries()) {
    for (const policy of [logAlone, logAndWitness]) {
      const { verdict, about } = await verifyBundle(fileOf(bundle), policy);
      assert.equal(verdict, "verified");
      assert.equal(about?.id, vectors.entries[index].id);
    }
  }
});

test("every refused bundle fails for the reason stated", async () => {
  assert.equal(refused.cases.length, 6);
  for (const { bundle, reason } of refused.cases) assert.equal(await finding(bundle), reason);
});

test("any subset of the words verifies, and the own copy as well", async () => {
  const own = ownCopy();
  assert.equal((await verifyBundle(fileOf(own), logAlone)).verdict, "verified");
  for (const word of own.disclosures) {
    const disclosures = own.disclosures.filter((/** @type {string} */ other) => other !== word);
    assert.equal(await finding({ ...own, disclosures }), undefined);
  }
  const [revealed, ...sealed] = own.sealed;
  assert.equal(await finding({ ...own, disclosures: [...own.disclosures, revealed], sealed }), undefined);
});

test("words in the wrong place fail", async () => {
  const own = ownCopy();
  const [first] = own.disclosures;
  assert.equal(await finding({ ...own, sealed: [first] }), "disclosure_altered");
  assert.equal(await finding({ ...own, disclosures: [first, first] }), "disclosure_repeated");
  const others = vectors.bundles[5].disclosures;
  assert.equal(await finding({ ...own, disclosures: others }), "disclosure_altered");
  assert.equal(await finding({ ...own, disclosures: [""] }), "disclosure_altered");
});

/** Every place but those that the step leaves out, each with another of its bits changed.
 * @param {Bytes} good @param {number} step @param {number} first */
async function requireThatChangesFail(good, step, first) {
  for (let place = first; place < good.length; place += step) {
    const changed = good.slice();
    changed[place] = (changed[place] ?? 0) ^ (1 << place % 8);
    const { verdict } = await verifyBundle(changed, logAndWitness);
    assert.equal(verdict, "failed", `byte ${place}`);
  }
}

test("every byte of a bundle counts", async () => {
  const good = fileOf(ownCopy());
  assert.equal((await verifyBundle(good, logAndWitness)).verdict, "verified");
  await requireThatChangesFail(good, 1, 0);
});

test("a byte added, removed or cut off fails, but for a line feed at the end", async () => {
  const good = fileOf(ownCopy());
  const after = (/** @type {string} */ more) => verifyBundle(concat(good, utf8(more)), logAndWitness);
  assert.equal((await after("\n")).verdict, "verified");
  for (const more of ["\n\n", " ", "\r\n", "}", "\0"]) assert.equal((await after(more)).verdict, "failed");
  for (let place = 0; place < good.length; place += 7) {
    const [before, rest] = [good.slice(0, place), good.slice(place)];
    for (const changed of [before, concat(before, rest.slice(1)), concat(before, utf8("0"), rest)]) {
      assert.equal((await verifyBundle(changed, logAndWitness)).verdict, "failed", `byte ${place}`);
    }
  }
});

test("a bundle of a log that the policy does not know is not checked, rather than failed", async () => {
  const { readPolicy } = await import("../../src/http/assets/onrecord/policy.js");
  const { verdict, checks } = await verifyBundle(fileOf(ownCopy()), await readPolicy("quorum none\n"));
  assert.equal(verdict, "not_checked");
  assert.equal(checks.find(({ name }) => name === "log_signature")?.result, "not_checked");
});

test("a file name holds nothing that a file system refuses", () => {
  assert.equal(fileName("localhost:8080/1a2b3c4d", 7), "localhost-8080-1a2b3c4d-7.onrecord.json");
});
