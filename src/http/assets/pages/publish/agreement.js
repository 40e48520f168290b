// From the answers to a statement that is ready to be signed (protocol §3–5).

import { b64, text as textOf, unb64 } from "../../onrecord/encoding.js";
import { disclose, readDisclosure } from "../../onrecord/disclosure.js";
import { prepare } from "../../onrecord/draft.js";
import { domainOf } from "./lookalikes.js";
import { COMMITMENTS_MAX, EVIDENCE_MAX, rows, SUBJECTS_MAX } from "./problems.js";

/** @import { Bytes } from "../../onrecord/encoding.js" */
/** @import { Prepared } from "../../onrecord/draft.js" */
/** @import { Json } from "../../onrecord/json.js" */
/** @import { Answers, Statement } from "./kept.js" */
/** @typedef {{ name: string, value: Json, isSealed: boolean }} Word */

/** A day less than a ledger allows. */
const CLAIMED_AGO_MAX = 29 * 86_400_000;

/** What stands in a field, with line breaks as they are signed. @param {Answers} answers @param {string} field */
const written = ({ values }, field) => values[field]?.trim().replace(/\r\n/g, "\n");

/** A word for each row of that beginning that is filled in, numbered without gaps.
 * @param {Answers} answers @param {"commitment" | "evidence"} name @param {string} beginning @param {number} most
 * @param {(n: number) => Json} value @returns {Word[]} */
const rowWords = (answers, name, beginning, most, value) =>
  rows(answers, beginning, most).map((n, place) =>
    ({ name: `${name}_${place + 1}`, value: value(n), isSealed: answers.sealed.includes(`${name}_${n}`) }));

/** @param {Answers} answers */
export const promised = (answers) =>
  rowWords(answers, "commitment", "commitment_", COMMITMENTS_MAX, (n) => written(answers, `commitment_${n}`) ?? "");

/** @param {Answers} answers */
export const evidenceOf = (answers) =>
  rowWords(answers, "evidence", "evidence_hash_", EVIDENCE_MAX, (n) => {
    const value = JSON.parse(answers.values[`evidence_hash_${n}`] ?? "{}");
    return { ...value, label: written(answers, `evidence_label_${n}`) || value.label };
  });

/** A text that stands alone, if there is one. @param {Answers} answers @param {string} field @param {string} [name]
 * @returns {Word[]} */
export function textIn(answers, field, name = field) {
  const value = written(answers, field);
  return value ? [{ name, value, isSealed: answers.sealed.includes(field) }] : [];
}

/** The words, in the order in which they are read. @param {Answers} answers @returns {Word[]} */
export const wordsOf = (answers) => [
  ...textIn(answers, "title"),
  ...promised(answers),
  ...textIn(answers, "signer_name"),
  ...textIn(answers, "narrative"),
  ...evidenceOf(answers),
];

/** The organization of a row, or no name. @param {Answers} answers @param {string | number} n */
const domainIn = ({ values }, n) => domainOf(values[`domain_${n}`] ?? "") ?? "";

/** Who owes each commitment, and until when. @param {Answers} answers */
export const commitmentsOf = (answers) =>
  rows(answers, "commitment_", COMMITMENTS_MAX).map((n) => {
    const [by = "", due] = [answers.values[`by_${n}`], answers.values[`due_${n}`]?.trim()];
    return { by: by === "signer" ? by : domainIn(answers, by), ...(due && { due }) };
  });

/** The clear fields, which stay on record for ever. @param {Answers} answers */
export function fieldsOf(answers) {
  const { values } = answers;
  const subjects = rows(answers, "domain_", SUBJECTS_MAX).map((n) => domainIn(answers, n));
  return {
    ...(values.agreed_on && { agreed_on: values.agreed_on }),
    basis: values.basis,
    commitments: commitmentsOf(answers),
    lang: values.language?.trim(),
    offers: values.offers,
    subjects: [...new Set(subjects)].sort(),
  };
}

/** The words of a statement in the making, with their salts. @param {Word[]} words */
export async function discloseAll(words) {
  const made = await Promise.all(words.map(async ({ name, value, isSealed }) =>
    ({ isSealed, word: await disclose(name, value) })));
  const of = (/** @type {boolean} */ isSealed) =>
    made.filter((one) => one.isSealed === isSealed).map(({ word }) => word);
  return { public: of(false), sealed: of(true) };
}

/** @param {string} did @param {Prepared} prepared @returns {Statement} */
export const statementOf = (did, { payload, public: open, sealed }) => ({
  did,
  payload: b64(payload),
  public: open.map(({ encoded }) => encoded),
  sealed: sealed.map(({ encoded }) => encoded),
});

/** Throws the refusal that a ledger would give. @param {Answers} answers
 * @param {{ log: string, did: string, seen?: { root: string, size: number } }} by
 * @returns {Promise<Statement>} */
export async function prepareAgreement(answers, { log, did, seen }) {
  const words = await discloseAll(wordsOf(answers));
  return statementOf(did, prepare({
    kind: "agreement", log, signers: [did], fields: fieldsOf(answers), ...words, ...(seen && { seen }),
  }));
}

/** The words of a statement, read again. @param {string[]} encoded */
export const readWords = (encoded) => Promise.all(encoded.map(readDisclosure));

/** @param {Statement} statement */
export const payloadOf = ({ payload }) => /** @type {Bytes} */ (unb64(payload));

/** The members of the payload. @param {Statement} statement */
export const membersOf = (statement) => JSON.parse(textOf(payloadOf(statement)));

/** Whether a ledger still takes it; what was sent already may be on record whatever its age.
 * @param {Statement} statement */
export const isRecent = (statement) =>
  Date.parse(membersOf(statement).claimed_at) > Date.now() - CLAIMED_AGO_MAX;
