// The words sent with a statement: what each may be, and whether they and `_sd` cover each other (protocol
// §4). A verifier does not ask this again: words were looked at when they were admitted.

import { shorten, unb64url, unhex } from "./encoding.js";
import { Refusal, throwLeast } from "./fault.js";
import { hasKeys, isObject } from "./json.js";
import { forbiddenIn } from "./text.js";
import { carriesWordsOfItsTarget, formOf, refuseSealed, requiredNames, sealedOf } from "./words.js";

/** @import { Disclosure } from "./disclosure.js" */
/** @import { Json } from "./json.js" */
/** @import { Statement } from "./statement.js" */
/** @import { WordForm } from "./words.js" */

const ENCODED_TOTAL_MAX = 96 * 1024;
const EVIDENCE_MAX = 8;

/** Checks the words sent with a statement, and that no others are missing. Throws the refusal that a ledger
 * would give. @param {Statement} statement @param {Disclosure[]} words */
export function checkWords(statement, words) {
  /** @type {Refusal[]} */
  const refusals = [];
  const total = words.reduce((sum, { encoded }) => sum + encoded.length, 0);
  if (total > ENCODED_TOTAL_MAX) {
    const detail = `the disclosures have ${total} of ${ENCODED_TOTAL_MAX} characters`;
    refusals.push(new Refusal("too_large", detail));
  }
  if (carriesWordsOfItsTarget(statement.kind)) {
    refusals.push(...refuseCarried(statement, words));
  } else {
    refusals.push(...refuseCover(statement, words), ...refuseNames(statement, words));
    for (const word of words) refusals.push(...refuseValue(word, formOf(statement, word.name)));
  }
  throwLeast(refusals);
}

/** The digests sent and those sealed are disjoint and together are `_sd`.
 * @param {Statement} statement @param {Disclosure[]} words */
function refuseCover(statement, words) {
  const refusals = refuseSealed(statement);
  const unreferenced = (/** @type {string} */ detail) =>
    refusals.push(new Refusal("disclosure_unreferenced", detail));
  const all = /** @type {string[]} */ (statement.fields._sd);
  const sealed = sealedOf(statement).map(([, digest]) => digest);
  for (const { name, digest } of words) {
    if (!all.includes(digest)) unreferenced(`\`${shorten(name)}\` is not in \`_sd\``);
    else if (sealed.includes(digest)) {
      unreferenced(`\`${shorten(name)}\` is sent although it is sealed`);
    }
  }
  const here = [...sealed, ...words.map(({ digest }) => digest)];
  const absent = all.find((digest) => !here.includes(digest));
  if (absent) unreferenced(`${absent} in \`_sd\` is neither sent nor sealed`);
  return refusals;
}

/** @param {Statement} statement @param {Disclosure[]} words */
function refuseNames(statement, words) {
  const refusals = [];
  const names = new Set();
  for (const name of [...words.map(({ name }) => name), ...sealedOf(statement).map(([name]) => name)]) {
    const detail = `\`${shorten(name)}\``;
    if (names.has(name)) refusals.push(new Refusal("disclosure_duplicate", detail));
    names.add(name);
    if (!formOf(statement, name)) refusals.push(new Refusal("disclosure_unknown", detail));
  }
  const missing = requiredNames(statement).filter((name) => !names.has(name));
  for (let number = 2; number <= EVIDENCE_MAX; number++) {
    const before = `evidence_${number - 1}`;
    if (names.has(`evidence_${number}`) && !names.has(before)) missing.push(before);
  }
  return [...refusals, ...missing.map((name) => new Refusal("missing_disclosure", `\`${name}\``))];
}

/** A reveal has no words of its own: it carries exactly those of its `digests`.
 * @param {Statement} statement @param {Disclosure[]} words */
function refuseCarried({ fields }, words) {
  const refusals = [];
  const sent = new Set(words.map(({ digest }) => digest));
  const named = /** @type {string[]} */ (fields.digests);
  const isSame = sent.size === named.length && named.every((digest) => sent.has(digest));
  if (!isSame || fields._sd.length || fields.sealed) {
    const detail = "exactly the words of `digests` are sent, and `_sd` is empty";
    refusals.push(new Refusal("disclosure_unreferenced", detail));
  }
  if (sent.size !== words.length) {
    refusals.push(new Refusal("disclosure_duplicate", "a word is sent twice"));
  }
  return refusals;
}

const RULES = {
  line: "must be a string",
  lines: "must be a string",
  terms: "must be {sha256, title, url}, the url with https",
  evidence: "must be {bytes, label, media_type, salt, sha256}",
};

/** @param {Disclosure} word @param {WordForm | undefined} form */
function refuseValue({ name, value }, form) {
  if (!form) return [];
  const isGood = form === "terms" ? isTerms(value)
    : form === "evidence" ? isEvidence(value) : typeof value === "string";
  if (!isGood) return [new Refusal("bad_field", `\`${name}\` ${RULES[form]}`)];
  // Every text inside a map is one line.
  const texts = isObject(value) ? Object.keys(value).sort().map((key) => value[key]) : [value];
  const refusals = [];
  for (const text of texts.filter((text) => typeof text === "string")) {
    const char = forbiddenIn(text, form !== "lines");
    const detail = `\`${name}\`: the character ${char} is not allowed here`;
    if (char) refusals.push(new Refusal("bad_text", detail));
  }
  return refusals;
}

/** @param {Json} value */
const isTerms = (value) =>
  hasKeys(value, "sha256", "title", "url") && !!unhex(value.sha256, 32) &&
  typeof value.title === "string" && `${value.url}`.startsWith("https://");

/** @param {Json} value */
function isEvidence(value) {
  if (!hasKeys(value, "bytes", "label", "media_type", "salt", "sha256")) return false;
  const { bytes, label, media_type: type, salt, sha256 } = value;
  const length = unb64url(salt)?.length ?? 0;
  return Number.isSafeInteger(bytes) && Number(bytes) >= 0 && typeof label === "string" &&
    typeof type === "string" && length >= 16 && length <= 32 && !!unhex(sha256, 32);
}
