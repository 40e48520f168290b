// Tiles: where they are, what is in them, and the nodes that follow from them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { concat, hex, utf8 } from "../../src/http/assets/onrecord/encoding.js";
import { Fault } from "../../src/http/assets/onrecord/fault.js";
import { leafHash, nodeHash, proveInclusion, root, verifyInclusion } from "../../src/http/assets/onrecord/merkle.js";
import { nodesOf, readEntries, readHashes, tilePath, widthIn } from "../../src/http/assets/onrecord/tile.js";

/** @import { Bytes } from "../../src/http/assets/onrecord/encoding.js" */

/** Leaves that differ from all others, so that a large tree takes few hashes. */
const SPECIAL = [0, 255, 256, 65_535, 65_536, 69_999];
/** @type {Map<string, Promise<Bytes>>} */
const nodes = new Map();

/** @param {number} level @param {number} index @returns {Promise<Bytes>} */
function nodeOf(level, index) {
  const isSpecial = SPECIAL.some((leaf) => Math.floor(leaf / 2 ** level) === index);
  const key = isSpecial ? `${level} ${index}` : `${level}`;
  const below = () => Promise.all([nodeOf(level - 1, 2 * index), nodeOf(level - 1, 2 * index + 1)]);
  const node = nodes.get(key) ?? (level ? below().then((pair) => nodeHash(...pair)) : leafHash(utf8(key)));
  nodes.set(key, node);
  return node;
}

test("the examples of the standard are written as it says", () => {
  assert.equal(tilePath(0, 1_234_067), "tile/0/x001/x234/067");
  assert.equal(tilePath("entries", 0, 255), "tile/entries/000.p/255");
  assert.equal(tilePath(1, 1000, 256), "tile/1/x001/000");
  assert.equal(tilePath(0, 999, 1), "tile/0/999.p/1");
  const widths = (/** @type {number} */ level, /** @type {number[]} */ ...indices) => indices.map((index) => widthIn(level, index, 70_000));
  assert.deepEqual(widths(0, 0, 272, 273, 274), [256, 256, 112, 0]);
  assert.deepEqual(widths(1, 0, 1, 2), [256, 17, 0]);
  assert.deepEqual(widths(2, 0, 1), [1, 0]);
  assert.equal(widthIn("entries", 3, 1000), 232);
});

test("a tile holds exactly the hashes and entries of its width", () => {
  const hashes = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  assert.deepEqual(readHashes(concat(...hashes), 2), hashes);
  for (const width of [1, 3]) assert.throws(() => readHashes(concat(...hashes), width), Fault);
  const bundle = concat(Uint8Array.of(0, 3), utf8("abc"), Uint8Array.of(0, 0), Uint8Array.of(1, 0), new Uint8Array(256));
  assert.deepEqual(readEntries(bundle, 3).map(({ length }) => length), [3, 0, 256]);
  for (const width of [2, 4]) assert.throws(() => readEntries(bundle, width), Fault);
  assert.throws(() => readEntries(bundle.slice(0, -1), 3), Fault);
  assert.throws(() => readEntries(concat(bundle, Uint8Array.of(0)), 3), Fault);
});

test("proofs from the tiles of a tree of several levels lead to the root over its leaves", async () => {
  const size = 70_000;
  const expected = await root(size, nodeOf);
  for (const index of SPECIAL) {
    /** @type {string[]} */
    const asked = [];
    const node = nodesOf(size, async (level, tile, width) => {
      asked.push(tilePath(level, tile, width));
      return Promise.all(Array.from({ length: width }, (_, place) => nodeOf(8 * level, 256 * tile + place)));
    });
    const path = await proveInclusion(index, size, node);
    await verifyInclusion(index, size, await node(0, index), path, expected);
    assert.equal(hex(await root(size, node)), hex(expected));
    assert.equal(new Set(asked).size, asked.length, "each tile once");
    assert.ok(asked.length <= 5, `${asked}`);
  }
});

test("a tile narrower than its name says is a mismatch", async () => {
  const node = nodesOf(300, async () => [new Uint8Array(32)]);
  await assert.rejects(node(0, 5), Fault);
  await assert.rejects(node(7, 0), Fault);
});
