// The bundle: an entry, its proof and its words in one file that verifies without the ledger (protocol §8).

import { b64, unb64 } from "./encoding.js";
import { Fault } from "./fault.js";
import { canonical, hasKeys, isObject, parse } from "./json.js";

/** @import { Bytes } from "./encoding.js" */
/** @import { Json } from "./json.js" */
/** Encoded disclosures: those that are public, and in the person's own copy those that are sealed.
 * @typedef {{ disclosures: string[], leaf: Bytes, proof: string, sealed: string[] }} Bundle */

/** One line feed at the end is allowed, as editors leave it. @param {Bytes} bytes @returns {Bundle} */
export function readBundle(bytes) {
  const json = parse(bytes[bytes.length - 1] === 10 ? bytes.subarray(0, -1) : bytes);
  if (!isObject(json)) return refuse("not an object");
  const hasSealed = "sealed" in json;
  if (!hasKeys(json, "disclosures", "entry", "proof", ...(hasSealed ? ["sealed"] : []))) {
    return refuse("its keys");
  }
  const sealed = hasSealed ? texts(json.sealed) : [];
  if (!sealed || (hasSealed && !sealed.length)) return refuse("its sealed words");
  const disclosures = texts(json.disclosures) ?? refuse("its disclosures");
  const leaf = unb64(json.entry) ?? refuse("its entry");
  const proof = typeof json.proof === "string" ? json.proof : refuse("its proof");
  return { disclosures, leaf, proof, sealed };
}

/** The text of the file. @param {Bundle} bundle */
export const writeBundle = ({ disclosures, leaf, proof, sealed }) =>
  canonical({ disclosures, entry: b64(leaf), proof, sealed: sealed.length ? sealed : undefined });

/** The file a bundle is kept in. @param {string} origin @param {number} index */
export const fileName = (origin, index) =>
  `${origin.replace(/[^a-z0-9.-]/g, "-")}-${index}.onrecord.json`;

/** @param {string} what @returns {never} */
function refuse(what) {
  throw new Fault(`not a bundle: ${what}`);
}

/** @param {Json | undefined} json @returns {string[] | undefined} */
function texts(json) {
  if (Array.isArray(json) && json.every((text) => typeof text === "string")) return json;
}
