// The words of a statement, as far as a stranger without them can tell: which names its kind has, and
// whether what is sealed is committed to (protocol §4). The words themselves are looked at in sent_words.js.

import { shorten } from "./encoding.js";
import { Refusal, throwLeast } from "./fault.js";
import { findKind } from "./kinds.js";

/** @import { Kind } from "./kinds.js" */
/** @import { Statement } from "./statement.js" */
/** @typedef {"line" | "lines" | "terms" | "evidence"} WordForm */

/** Whether the words sent with it are its target's. @param {string} kind */
export const carriesWordsOfItsTarget = (kind) => kind === "reveal";

/** The sealed words: names and digests. @param {Statement} statement */
export const sealedOf = ({ fields }) => /** @type {[string, string][]} */ (
  Object.entries(fields.sealed ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
);

/** @param {Statement} statement */
const commitmentNames = ({ kind, fields }) =>
  findKind(kind)?.commitments
    ? /** @type {unknown[]} */ (fields.commitments).map((_, place) => `commitment_${place + 1}`)
    : [];

/** What may stand under a name, if the statement has that name at all.
 * @param {Statement} statement @param {string} name @returns {WordForm | undefined} */
export function formOf(statement, name) {
  const { words, evidence } = /** @type {Kind} */ (findKind(statement.kind));
  if (commitmentNames(statement).includes(name)) return "lines";
  if (evidence && /^evidence_[1-8]$/.test(name)) return "evidence";
  return Object.hasOwn(words, name) ? words[name] : words[`${name}?`];
}

/** @param {Statement} statement */
export function requiredNames(statement) {
  const { words } = /** @type {Kind} */ (findKind(statement.kind));
  const names = Object.keys(words).filter((name) => !name.endsWith("?"));
  return [...names, ...commitmentNames(statement)];
}

/** Checks what a stranger without the words can. Throws the refusal that a ledger would give.
 * @param {Statement} statement */
export function checkCommitmentsToWords(statement) {
  const refusals = refuseSealed(statement);
  const sealed = sealedOf(statement).map(([name]) => name);
  const open = requiredNames(statement).filter((name) => !sealed.includes(name)).length;
  if (Math.max(statement.fields._sd.length - sealed.length, 0) < open) {
    refusals.push(new Refusal("missing_disclosure", "fewer digests than required words"));
  }
  throwLeast(refusals);
}

/** @param {Statement} statement */
export function refuseSealed(statement) {
  const refusals = [];
  const digests = new Set();
  for (const [name, digest] of sealedOf(statement)) {
    if (!statement.fields._sd.includes(digest)) {
      const detail = `\`${name}\` is sealed but not in \`_sd\``;
      refusals.push(new Refusal("disclosure_unreferenced", detail));
    }
    if (digests.has(digest)) {
      const detail = `\`${name}\` is sealed under another name`;
      refusals.push(new Refusal("disclosure_duplicate", detail));
    }
    digests.add(digest);
    if (!formOf(statement, name)) {
      refusals.push(new Refusal("disclosure_unknown", `\`${shorten(name)}\` is sealed`));
    }
  }
  return refusals;
}
