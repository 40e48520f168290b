// A proof that a leaf is in a log, as one text: place, hashes and the checkpoint they lead to (C2SP
// tlog-proof). It proves nothing before both the hashes and the checkpoint are verified.

import { b64, unb64 } from "./encoding.js";
import { readCheckpoint, readDecimal } from "./checkpoint.js";
import { Fault } from "./fault.js";

/** @import { Bytes } from "./encoding.js" */
/** @import { Checkpoint } from "./checkpoint.js" */
/** `extra` is data of whoever made the proof, which nothing vouches for.
 * @typedef {{ index: number, path: Bytes[], checkpoint: Checkpoint, extra?: Bytes }} Proof */

const FIRST_LINE = "c2sp.org/tlog-proof@v1";
const PATH_LENGTH_MAX = 64;

/** @param {string} text @returns {Proof} */
export function readProof(text) {
  const end = text.indexOf("\n\n");
  if (end < 0) throw new Fault("the proof has no empty line before its checkpoint");
  const lines = text.slice(0, end).split("\n");
  if (lines[0] !== FIRST_LINE) refuseLine(1);
  let at = 1;
  /** @type {Bytes | undefined} */
  let extra;
  if (lines[at]?.startsWith("extra ")) {
    extra = unb64(lines[at]?.slice(6));
    if (!extra?.length) refuseLine(at + 1);
    at++;
  }
  const line = lines[at];
  if (line === undefined) throw new Fault("the proof has no empty line before its checkpoint");
  const index = line.startsWith("index ") ? readDecimal(line.slice(6)) : undefined;
  if (index === undefined) return refuseLine(at + 1);
  const hashes = lines.slice(at + 1, at + 2 + PATH_LENGTH_MAX);
  const path = hashes.map((hash, place) => unb64(hash, 32) ?? refuseLine(at + 2 + place));
  const checkpoint = readCheckpoint(text.slice(end + 2));
  if (path.length > PATH_LENGTH_MAX) {
    throw new Fault(`a proof has at most ${PATH_LENGTH_MAX} hashes`);
  }
  return { index, path, checkpoint, ...(extra && { extra }) };
}

/** @param {number} number @returns {never} */
function refuseLine(number) {
  throw new Fault(`line ${number} of the proof is not what belongs there`);
}

/** @param {number} index @param {Bytes[]} path @param {string} checkpoint the text of its signed note */
export const writeProof = (index, path, checkpoint) =>
  [FIRST_LINE, `index ${index}`, ...path.map(b64), "", checkpoint].join("\n");
