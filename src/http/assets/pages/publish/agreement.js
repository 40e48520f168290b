// From the answers to a statement that is ready to be signed (protocol §3–5).

import { b64, text as textOf, unb64 } from "../../onrecord/encoding.js";
import { disclose, readDisclosure } from "../../onrecord/disclosure.js";
import { prepare } from "../../onrecord/draft.js";
import { domainOf } from "./lookalikes.js";
import { COMMITMENTS_MAX, EVIDENCE_MAX, rows, SUBJECTS_MAX } from "./problems.js";

/** @import { Bytes } from "../../onrecord/encoding.js" */
/** @import { Json } from "../../onrecord/json.js" */
/** @import { Answers, Statement } from "./kept.js" */
/** @typedef {{ name: string, value: Json, isSealed: boolean }} Word */

/** A day less than a ledger allows. */
const CLAIMED_AGO_MAX = 29 * 86_400_000;

/** The words, in the order in which they are read. Commitments and evidence are numbered without gaps.
 * @param {Answers} answers @returns {Word[]} */
export function wordsOf(answers) {
  const { values, sealed } = answers;
  /** @type {Word[]} */
  const words = [];
  const add = (/** @type {string} */ name, /** @type {Json | undefined} */ value, field = name) => {
    if (value) words.push({ name, value, isSealed: sealed.includes(field) });
  };
  const text = (/** @type {string} */ field) => values[field]?.trim().replace(/\r\n/g, "\n");
  add("title", text("title"));
  for (const [place, n] of rows(answers, "commitment_", COMMITMENTS_MAX).entries()) {
    add(`commitment_${place + 1}`, text(`commitment_${n}`), `commitment_${n}`);
  }
  add("signer_name", text("signer_name"));
  add("narrative", text("narrative"));
  for (const [place, n] of rows(answers, "evidence_hash_", EVIDENCE_MAX).entries()) {
    const value = JSON.parse(values[`evidence_hash_${n}`] ?? "{}");
    const label = text(`evidence_label_${n}`) || value.label;
    add(`evidence_${place + 1}`, { ...value, label }, `evidence_${n}`);
  }
  return words;
}

/** The clear fields, which stay on record for ever. @param {Answers} answers */
export function fieldsOf(answers) {
  const { values } = answers;
  const domain = (/** @type {string | number} */ n) => domainOf(values[`domain_${n}`] ?? "") ?? "";
  const commitments = rows(answers, "commitment_", COMMITMENTS_MAX).map((n) => {
    const [by = "", due] = [values[`by_${n}`], values[`due_${n}`]?.trim()];
    return { by: by === "signer" ? by : domain(by), ...(due && { due }) };
  });
  const subjects = rows(answers, "domain_", SUBJECTS_MAX).map(domain);
  return {
    ...(values.agreed_on && { agreed_on: values.agreed_on }),
    basis: values.basis,
    commitments,
    lang: values.language?.trim(),
    offers: values.offers,
    subjects: [...new Set(subjects)].sort(),
  };
}

/** Throws the refusal that a ledger would give. @param {Answers} answers
 * @param {{ log: string, did: string, seen?: { root: string, size: number } }} by
 * @returns {Promise<Statement>} */
export async function prepareAgreement(answers, { log, did, seen }) {
  const made = await Promise.all(wordsOf(answers).map(async ({ name, value, isSealed }) =>
    ({ isSealed, word: await disclose(name, value) })));
  const of = (/** @type {boolean} */ isSealed) =>
    made.filter((one) => one.isSealed === isSealed).map(({ word }) => word);
  const words = { public: of(false), sealed: of(true) };
  const prepared = prepare({
    kind: "agreement", log, signers: [did], fields: fieldsOf(answers), ...words, ...(seen && { seen }),
  });
  return {
    did,
    payload: b64(prepared.payload),
    public: prepared.public.map(({ encoded }) => encoded),
    sealed: prepared.sealed.map(({ encoded }) => encoded),
  };
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
