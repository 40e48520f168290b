// The tree of RFC 6962: proofs made from a tree lead to its root, and no others do.

import assert from "node:assert/strict";
import { test } from "node:test";

import { hex, utf8 } from "../../src/http/assets/onrecord/encoding.js";
import {
  BadProof, leafHash, nodeHash, proveConsistency, proveInclusion, root, verifyConsistency, verifyInclusion,
} from "../../src/http/assets/onrecord/merkle.js";
import { bytesOf, decoded } from "./kept.js";

/** @import { Bytes } from "../../src/http/assets/onrecord/encoding.js" */

const MOST = 17;

/** Complete subtrees by level, worked out by their definition. @type {Bytes[][]} */
const levels = [await Promise.all(Array.from({ length: MOST }, (_, index) => leafHash(utf8(`leaf ${index}`))))];
for (let below = levels[0] ?? []; below.length > 1; below = levels[levels.length - 1] ?? []) {
  const pairs = below.slice(0, below.length & ~1).filter((_, place) => place % 2 === 0);
  levels.push(await Promise.all(pairs.map((left, pair) => nodeHash(left, /** @type {Bytes} */ (below[2 * pair + 1])))));
}

/** @param {number} level @param {number} index */
const node = async (level, index) => /** @type {Bytes} */ (levels[level]?.[index]);
const roots = await Promise.all(Array.from({ length: MOST }, (_, index) => root(index + 1, node)));
/** @param {number} size */
const rootOf = (size) => /** @type {Bytes} */ (roots[size - 1]);

/** @param {Bytes} hash */
const changed = (hash) => hash.map((byte, place) => (place === 7 ? byte ^ 1 : byte));
/** @param {Promise<void>} check */
const refuses = (check) => assert.rejects(check, BadProof);

test("a node's hash and the roots are those of RFC 6962", async () => {
  const [empty, abc] = [new Uint8Array(), utf8("abc")];
  assert.equal(hex(await leafHash(empty)), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  const pair = await nodeHash(await leafHash(empty), await leafHash(abc));
  const two = await root(2, async (level, index) => (level ? pair : leafHash(index ? abc : empty)));
  assert.equal(hex(two), hex(pair));
  assert.equal(hex(rootOf(3)), hex(await nodeHash(await node(1, 0), await node(0, 2))));
});

test("every leaf of every tree is proven, and nothing else by the same path", async () => {
  for (let size = 1; size <= MOST; size++) {
    for (let index = 0; index < size; index++) {
      const leaf = await node(0, index);
      const path = await proveInclusion(index, size, node);
      await verifyInclusion(index, size, leaf, path, rootOf(size));
      await refuses(verifyInclusion(index, size, changed(leaf), path, rootOf(size)));
      await refuses(verifyInclusion(index, size, leaf, path, changed(rootOf(size))));
      await refuses(verifyInclusion(size, size, leaf, path, rootOf(size)));
      await refuses(verifyInclusion(index, size, leaf, [...path, leaf], rootOf(size)));
      if (path.length) await refuses(verifyInclusion(index, size, leaf, path.slice(1), rootOf(size)));
      if (size > 1) await refuses(verifyInclusion((index + 1) % size, size, leaf, path, rootOf(size)));
      for (let place = 0; place < path.length; place++) {
        const other = path.map((hash, at) => (at === place ? changed(hash) : hash));
        await refuses(verifyInclusion(index, size, leaf, other, rootOf(size)));
      }
    }
  }
});

test("every tree is proven to begin every larger one, and no changed proof shows it", async () => {
  for (let size = 1; size <= MOST; size++) {
    for (let old = 1; old <= size; old++) {
      const path = await proveConsistency(old, size, node);
      const [before, after] = [rootOf(old), rootOf(size)];
      await verifyConsistency(old, before, size, after, path);
      await refuses(verifyConsistency(old, changed(before), size, after, path));
      await refuses(verifyConsistency(old, before, size, changed(after), path));
      await refuses(verifyConsistency(old, before, size, after, [...path, before]));
      if (path.length) await refuses(verifyConsistency(old, before, size, after, path.slice(1)));
      for (let place = 0; place < path.length; place++) {
        const other = path.map((hash, at) => (at === place ? changed(hash) : hash));
        await refuses(verifyConsistency(old, before, size, after, other));
      }
    }
  }
});

test("there is no proof for sizes of which none exists", async () => {
  await refuses(verifyConsistency(0, rootOf(1), 1, rootOf(1), []));
  await refuses(verifyConsistency(2, rootOf(2), 1, rootOf(1), []));
  assert.throws(() => proveInclusion(3, 3, node), BadProof);
  assert.throws(() => proveConsistency(0, 3, node), BadProof);
});

test("lengths beyond the operators on bits are worked out right", async () => {
  const size = 2 ** 53 - 1;
  const leaf = await node(0, 0);
  for (const [index, length] of /** @type {[number, number][]} */ ([[0, 53], [size - 1, 52], [2 ** 52, 53]])) {
    const path = Array.from({ length }, () => leaf);
    await assert.rejects(verifyInclusion(index, size, leaf, path, leaf), { why: "root" });
    await assert.rejects(verifyInclusion(index, size, leaf, path.slice(1), leaf), { why: "short" });
  }
});

const shared = await publicProofs();

/** The proofs of transparency-dev/merkle, where they are beside the project. They are not part of it. */
async function publicProofs() {
  if ("document" in globalThis) return;
  const { readFile } = await import("node:fs/promises");
  const folder = process.env.ONRECORD_SHARED ?? new URL("../../../shared", import.meta.url).pathname;
  const read = async (/** @type {string} */ name) => JSON.parse(await readFile(`${folder}/vectors/rfc6962/${name}.json`, "utf8"));
  return { inclusion: await read("inclusion").catch(() => undefined), consistency: await read("consistency").catch(() => undefined) };
}

/** @param {any} value base64 @param {boolean} [isRoot] which in some cases is a word */
function hashOf(value, isRoot = false) {
  const bytes = decoded(value ?? "") ?? bytesOf("");
  if (bytes.length === 32) return bytes;
  if (!isRoot) throw new BadProof("root");
  return Uint8Array.from({ length: 32 }, (_, place) => bytes[place] ?? 0);
}

/** @param {any} cases @param {(one: any, path: Bytes[]) => Promise<void>} verify */
async function asStated(cases, verify) {
  assert.equal(cases.length, 98);
  for (const one of cases) {
    const check = async () => verify(one, (one.proof ?? []).map((/** @type {any} */ hash) => hashOf(hash)));
    if (one.wantErr) await assert.rejects(check, BadProof, one.file);
    else await check();
  }
}

test("the 98 public inclusion proofs verify as stated", { skip: !shared?.inclusion }, () =>
  asStated(shared?.inclusion, (one, path) =>
    verifyInclusion(one.leafIdx, one.treeSize, hashOf(one.leafHash), path, hashOf(one.root))));

test("the 98 public consistency proofs verify as stated", { skip: !shared?.consistency }, () =>
  asStated(shared?.consistency, (one, path) =>
    verifyConsistency(one.size1, hashOf(one.root1, true), one.size2, hashOf(one.root2, true), path)));
