// The leaf: one entry as the ledger appends it, and the hash chains it belongs to (protocol §6).

import { isDomain } from "./domain.js";
import { unb64 } from "./encoding.js";
import { publicKeyOf } from "./ed25519.js";
import { readEnvelope } from "./envelope.js";
import { Fault } from "./fault.js";
import { hasKeys, isObject, parse } from "./json.js";
import { momentWithMillis } from "./time.js";

/** @import { Bytes } from "./encoding.js" */
/** @import { Envelope } from "./envelope.js" */
/** @import { Json } from "./json.js" */
/** The place in one chain; the first entry of a chain has `seq` 0 alone. Hashes are in base64.
 * @typedef {{ seq: number, index?: number, prev?: string }} Link */
/** @typedef {{ prev?: string, thread?: Link, subjects?: Record<string, Link>,
 *   signers?: Record<string, Link> }} Links */
/** `time` in milliseconds since 1970. Nothing in the envelope is verified.
 * @typedef {{ envelope: Envelope, index: number, links: Links, time: number }} Entry */

const LEAF_MAX = 65_535;

/** @param {Bytes} leaf @returns {Entry} */
export function readLeaf(leaf) {
  if (leaf.length > LEAF_MAX) throw new Fault(`longer than ${LEAF_MAX} bytes`);
  const json = parse(leaf);
  if (!hasKeys(json, "envelope", "index", "links", "time")) refuse("keys");
  const envelope = readEnvelope(json.envelope) ?? refuse("envelope");
  if (!isCount(json.index)) refuse("index");
  if (!areLinks(json.links)) refuse("links");
  const time = momentWithMillis(json.time) ?? refuse("time");
  return { envelope, index: Number(json.index), links: /** @type {Links} */ (json.links), time };
}

/** @type {(what: string) => never} */
function refuse(what) {
  throw new Fault(`not an entry: its ${what}`);
}

/** @param {unknown} value */
const isCount = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

/** @param {unknown} value */
const isHash = (value) => !!unb64(value, 32);

/** @param {unknown} json */
const areLinks = (json) =>
  isObject(json) && Object.entries(json).every(([key, value]) =>
    key === "prev" ? isHash(value)
      : key === "thread" ? isLink(value)
        : key === "subjects" ? isMap(value, isDomain)
          : key === "signers" && isMap(value, (did) => !!publicKeyOf(did)));

/** @param {Json} json @param {(key: string) => boolean} isKey */
const isMap = (json, isKey) =>
  isObject(json) && Object.keys(json).length > 0 &&
  Object.entries(json).every(([key, link]) => isKey(key) && isLink(link));

/** @param {Json} json */
const isLink = (json) =>
  hasKeys(json, "seq") ? json.seq === 0
    : hasKeys(json, "index", "prev", "seq") && isCount(json.index) && isHash(json.prev) &&
      isCount(json.seq) && json.seq !== 0;
