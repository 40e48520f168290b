// The tree of RFC 6962 §2.1: leaf and node hashes, roots, inclusion and consistency proofs, made from any
// store of complete subtrees and verified from nothing but their own hashes (protocol §7). It holds no tree.

import { equal } from "./encoding.js";
import { Fault } from "./fault.js";
import { sha256 } from "./hash.js";

/** @import { Bytes } from "./encoding.js" */
/** The root of the complete subtree over the leaves `index · 2^level` up to `(index + 1) · 2^level`.
 * @typedef {(level: number, index: number) => Promise<Bytes>} Nodes */

const WORDS = {
  sizes: "no proof exists for these sizes",
  short: "the proof has too few hashes",
  long: "the proof has too many hashes",
  root: "the hashes of the proof do not lead to the root",
};

/** The proof has the wrong number of hashes or does not lead to the root. */
export class BadProof extends Fault {
  /** @param {keyof typeof WORDS} why */
  constructor(why) {
    super(WORDS[why]);
    this.why = why;
  }
}

/** @param {Bytes} leaf */
export const leafHash = (leaf) => sha256(Uint8Array.of(0), leaf);

/** @param {Bytes} left @param {Bytes} right */
export const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

/** Checks that a leaf with this hash is at `index` of the tree with this size and root; throws BadProof.
 * @param {number} index @param {number} size @param {Bytes} leaf @param {Bytes[]} path @param {Bytes} root */
export async function verifyInclusion(index, size, leaf, path, root) {
  if (index >= size) throw new BadProof("sizes");
  checkLength(path, inclusionLength(index, size));
  let [place, last] = [index, size - 1];
  let hash = leaf;
  for (const sibling of path) {
    [place, last] = climb(place, last);
    hash = await (place % 2 ? nodeHash(sibling, hash) : nodeHash(hash, sibling));
    [place, last] = [half(place), half(last)];
  }
  if (!equal(hash, root)) throw new BadProof("root");
}

/** Checks that the tree with the first size and root is the beginning of that with the second; throws
 * BadProof, always when `old` is 0.
 * @param {number} old @param {Bytes} oldRoot @param {number} size @param {Bytes} root @param {Bytes[]} path */
export async function verifyConsistency(old, oldRoot, size, root, path) {
  if (old === 0 || old > size) throw new BadProof("sizes");
  checkLength(path, consistencyLength(old, size));
  let [place, last] = [old - 1, size - 1];
  while (place % 2) [place, last] = [half(place), half(last)];
  // The old tree is a node of the new one exactly when its size is a power of two.
  const [start = oldRoot, ...siblings] = place && old < size ? path : [oldRoot, ...path];
  let [oldHash, hash] = [start, start];
  for (const sibling of siblings) {
    [place, last] = climb(place, last);
    if (place % 2) oldHash = await nodeHash(sibling, oldHash);
    hash = await (place % 2 ? nodeHash(sibling, hash) : nodeHash(hash, sibling));
    [place, last] = [half(place), half(last)];
  }
  if (!equal(oldHash, oldRoot) || !equal(hash, root)) throw new BadProof("root");
}

/** The root of the tree over the first `size` leaves, at least 1. @param {number} size @param {Nodes} node */
export const root = (size, node) => rangeRoot(0, size, node);

/** The hashes from the sibling of leaf `index` up to the child of the root. It must be in the tree.
 * @param {number} index @param {number} size @param {Nodes} node */
export function proveInclusion(index, size, node) {
  if (index >= size) throw new BadProof("sizes");
  return siblings(index, index + 1, size, node);
}

/** The proof that the tree of `old` leaves, at least 1, is the beginning of that of `size` leaves.
 * @param {number} old @param {number} size @param {Nodes} node */
export function proveConsistency(old, size, node) {
  if (old === 0 || old > size) throw new BadProof("sizes");
  return siblings(old - 1, old, size, node, true);
}

/** Walks down from the root to the leaf `index`, or to the largest subtree that ends at `stop`.
 * @param {number} index @param {number} stop @param {number} size @param {Nodes} node
 * @param {boolean} [consistency] @returns {Promise<Bytes[]>} */
async function siblings(index, stop, size, node, consistency = false) {
  const path = [];
  let [start, end] = [0, size];
  while (consistency ? end !== stop : end - start > 1) {
    const split = start + powerBelow(end - start);
    if (index < split) {
      path.push(rangeRoot(split, end, node));
      end = split;
    } else {
      path.push(rangeRoot(start, split, node));
      start = split;
    }
  }
  // What is left is a subtree of both trees. Where it is the whole old tree, the verifier has its root.
  if (consistency && start > 0) path.push(rangeRoot(start, end, node));
  return Promise.all(path.reverse());
}

/** @param {number} start @param {number} end @param {Nodes} node @returns {Promise<Bytes>} */
async function rangeRoot(start, end, node) {
  const count = end - start;
  let [complete, level] = [1, 0];
  while (complete * 2 <= count) [complete, level] = [complete * 2, level + 1];
  const left = node(level, start / complete);
  if (count === complete) return left;
  const right = rangeRoot(start + complete, end, node);
  return nodeHash(...(await Promise.all([left, right])));
}

/** Numbers up to 2^53 are beyond the operators on bits. @param {number} number */
const half = (number) => Math.floor(number / 2);

/** A node without a right sibling is its parent: it climbs until it is a right child or has one.
 * @param {number} place @param {number} last @returns {[number, number]} */
function climb(place, last) {
  while (place === last && place % 2 === 0) [place, last] = [half(place), half(last)];
  return [place, last];
}

/** @param {Bytes[]} path @param {number} expected */
function checkLength(path, expected) {
  if (path.length !== expected) throw new BadProof(path.length < expected ? "short" : "long");
}

/** One hash a level up to where the path meets the right edge, and above that one for each complete
 * subtree to its left. @param {number} index @param {number} size */
function inclusionLength(index, size) {
  let length = 0;
  let [place, last] = [index, size - 1];
  for (; place !== last; [place, last] = [half(place), half(last)]) length++;
  for (; place; place = half(place)) length += place % 2;
  return length;
}

/** Those that prove the newest subtree of the old tree, and that subtree itself unless it is the whole old
 * tree. @param {number} old @param {number} size */
function consistencyLength(old, size) {
  if (old === size) return 0;
  let [place, last] = [old - 1, size - 1];
  while (place % 2) [place, last] = [half(place), half(last)];
  return inclusionLength(place, last + 1) + (place ? 1 : 0);
}

/** The largest power of two below `count`, which is at least 2. @param {number} count */
function powerBelow(count) {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}
