// Tiles: up to 256 hashes, of which the nodes above follow, or up to 256 entries, and where they are
// served (C2SP tlog-tiles, protocol §7). That they are true shows by a proof made from them.

import { Fault } from "./fault.js";
import { nodeHash } from "./merkle.js";

/** @import { Bytes } from "./encoding.js" */
/** @import { Nodes } from "./merkle.js" */
/** The level of hashes, or the entries themselves. @typedef {number | "entries"} Kind */

const WIDTH = 256;

/** `tile/<L>/<N>[.p/<W>]`, without a slash in front.
 * @param {Kind} kind @param {number} index @param {number} [width] of a partial tile */
export function tilePath(kind, index, width = WIDTH) {
  const groups = String(index % 1000).padStart(3, "0");
  let path = groups;
  for (let rest = Math.floor(index / 1000); rest; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, "0")}/${path}`;
  }
  return `tile/${kind}/${path}${width < WIDTH ? `.p/${width}` : ""}`;
}

/** How many hashes or entries the tile has in a tree of that size; 0 when the tree does not reach it.
 * @param {Kind} kind @param {number} index @param {number} size */
export function widthIn(kind, index, size) {
  const count = kind === "entries" ? size : Math.floor(size / WIDTH ** kind);
  return Math.min(Math.max(count - index * WIDTH, 0), WIDTH);
}

/** @param {Bytes} tile @param {number} width @returns {Bytes[]} */
export function readHashes(tile, width) {
  if (tile.length !== 32 * width) throw bad(tile, width);
  return Array.from({ length: width }, (_, place) => tile.slice(32 * place, 32 * place + 32));
}

/** The leaves of an entry bundle. @param {Bytes} tile @param {number} width @returns {Bytes[]} */
export function readEntries(tile, width) {
  const entries = [];
  let at = 0;
  while (entries.length < width && at + 2 <= tile.length) {
    const [high = 0, low = 0] = tile.subarray(at, at + 2);
    const end = at + 2 + high * 256 + low;
    entries.push(tile.slice(at + 2, end));
    at = end;
  }
  if (entries.length < width || at !== tile.length) throw bad(tile, width);
  return entries;
}

/** @param {Bytes} tile @param {number} width */
const bad = (tile, width) => new Fault(`these ${tile.length} bytes are not a tile of ${width}`);

/**
 * The nodes of the tree of that size, read from its tiles; each tile is asked for once.
 * @param {number} size
 * @param {(level: number, index: number, width: number) => Promise<Bytes[]>} hashes of a tile
 * @returns {Nodes}
 */
export function nodesOf(size, hashes) {
  /** @type {Map<string, Promise<Bytes[]>>} */
  const tiles = new Map();
  return async (level, index) => {
    const [tileLevel, height] = [level >> 3, level & 7];
    const inTile = WIDTH / 2 ** height;
    const tileIndex = Math.floor(index / inTile);
    const width = widthIn(tileLevel, tileIndex, size);
    const key = tilePath(tileLevel, tileIndex, width);
    const tile = tiles.get(key) ?? hashes(tileLevel, tileIndex, width);
    tiles.set(key, tile);
    const first = (index % inTile) * 2 ** height;
    let row = (await tile).slice(first, first + 2 ** height);
    if (row.length < 2 ** height) throw new Fault(`${key} is narrower than the tree needs`);
    while (row.length > 1) {
      const pairs = row.filter((_, place) => place % 2 === 0);
      row = await Promise.all(pairs.map((left, pair) => nodeHash(left, /** @type {Bytes} */ (row[2 * pair + 1]))));
    }
    return /** @type {Bytes} */ (row[0]);
  };
}
