// From the answers about an agreement to a statement that is ready to be signed (protocol §5). It knows no page.

import { b64 } from "../../onrecord/encoding.js";
import { disclose } from "../../onrecord/disclosure.js";
import { prepare } from "../../onrecord/draft.js";
import { EVIDENCE_MAX, rows } from "../publish/problems.js";

/** @import { Disclosure } from "../../onrecord/disclosure.js" */
/** @import { Word } from "../publish/agreement.js" */
/** @import { Answers, Statement } from "../publish/kept.js" */

const NUMBERS_MAX = 16;
/** Kinds that all signers sign together. */
export const BY_ALL = ["termination", "withdrawal", "reveal"];
const WITH_EVIDENCE = ["breach", "fulfilment"];
const WITH_WORDS_OF_ANOTHER = ["reveal", "erasure"];

/** The words of another entry that were chosen: that entry's statement and their digests, ascending.
 * @param {Answers} answers */
export function chosenWords({ values }) {
  const chosen = Object.entries(values).filter(([name]) => name.startsWith("word_"));
  const pairs = chosen.map(([, value]) => value.split(" "));
  return { of: [...new Set(pairs.map(([re = ""]) => re))], digests: pairs.map(([, digest = ""]) => digest).sort() };
}

/** The kind's own clear fields, which stay on record for ever. @param {Answers} answers @param {string} thread */
export function fieldsOf(answers, thread) {
  const { values } = answers;
  const commitment_numbers = rows(answers, "number_", NUMBERS_MAX);
  const { of: [re], digests } = chosenWords(answers);
  /** @type {Record<string, Record<string, unknown>>} */
  const kinds = {
    breach: { thread, commitment_numbers, since: values.since, desired_outcome: values.desired_outcome },
    fulfilment: { thread, commitment_numbers, extent: values.extent, occurred_on: values.occurred_on },
    assessment: {
      thread,
      resolved: values.resolved,
      ...(values.satisfaction && { satisfaction: Number(values.satisfaction) }),
      ...(values.again && { again: values.again === "yes" }),
    },
    termination: { thread, effective: values.effective },
    withdrawal: { thread },
    reveal: { re, digests },
    erasure: { re, digests, reason: values.reason },
  };
  return kinds[values.kind ?? ""] ?? {};
}

/** Its own words, in the order in which they are read. Evidence is numbered without gaps.
 * @param {Answers} answers @returns {Word[]} */
export function wordsOf(answers) {
  const { values, sealed } = answers;
  const kind = values.kind ?? "";
  if (WITH_WORDS_OF_ANOTHER.includes(kind)) return [];
  const text = values.text?.trim().replace(/\r\n/g, "\n");
  /** @type {Word[]} */
  const words = [];
  if (text) {
    words.push({ name: kind === "breach" ? "narrative" : "note", value: text, isSealed: sealed.includes("text") });
  }
  const evidence = WITH_EVIDENCE.includes(kind) ? rows(answers, "evidence_hash_", EVIDENCE_MAX) : [];
  for (const [place, n] of evidence.entries()) {
    const value = JSON.parse(values[`evidence_hash_${n}`] ?? "{}");
    const label = values[`evidence_label_${n}`]?.trim() || value.label;
    words.push({ name: `evidence_${place + 1}`, value: { ...value, label }, isSealed: sealed.includes(`evidence_${n}`) });
  }
  return words;
}

/** Throws the refusal that a ledger would give. `revealed` are the words that a reveal makes public.
 * @param {Answers} answers
 * @param {{ log: string, thread: string, did: string, revealed?: Disclosure[] }} by @returns {Promise<Statement>} */
export async function prepareFollowUp(answers, { log, thread, did, revealed = [] }) {
  const kind = answers.values.kind ?? "";
  const made = await Promise.all(wordsOf(answers).map(async ({ name, value, isSealed }) =>
    ({ isSealed, word: await disclose(name, value) })));
  const of = (/** @type {boolean} */ isSealed) =>
    made.filter((one) => one.isSealed === isSealed).map(({ word }) => word);
  const prepared = prepare({
    kind, log, signers: [did], fields: fieldsOf(answers, thread), public: [...of(false), ...revealed], sealed: of(true),
  });
  return {
    did,
    payload: b64(prepared.payload),
    public: prepared.public.map(({ encoded }) => encoded),
    sealed: prepared.sealed.map(({ encoded }) => encoded),
  };
}
