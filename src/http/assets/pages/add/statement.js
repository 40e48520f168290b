// From the answers about an agreement to a statement that is ready to be signed (protocol §5). It knows no page.

import { prepare } from "../../onrecord/draft.js";
import { commitmentsOf, discloseAll, evidenceOf, promised, statementOf, textIn } from "../publish/agreement.js";
import { COMMITMENTS_MAX, rows } from "../publish/problems.js";

/** @import { Disclosure } from "../../onrecord/disclosure.js" */
/** @import { Answers, Statement } from "../publish/kept.js" */

/** Kinds that all signers sign together. */
export const BY_ALL = ["amendment", "termination", "withdrawal", "reveal"];
/** Kinds to which a signer adds evidence. */
const WITH_EVIDENCE = ["breach", "fulfilment"];
const WITH_WORDS_OF_ANOTHER = ["reveal", "erasure"];

/** The words of another entry that were chosen: that entry's statement and their digests, ascending.
 * @param {Answers} answers */
export function chosenWords({ values }) {
  const chosen = Object.entries(values).filter(([name]) => name.startsWith("word_"));
  const pairs = chosen.map(([, value]) => value.split(" "));
  return { of: [...new Set(pairs.map(([re = ""]) => re))], digests: pairs.map(([, digest = ""]) => digest).sort() };
}

/** The kind's own clear fields, which stay on record for ever. `domain`: the organization that states it, where one does.
 * @param {Answers} answers @param {{ thread: string, domain?: string | undefined }} by */
export function fieldsOf(answers, { thread, domain }) {
  const { values } = answers;
  const side = domain ? { domain, thread } : { thread };
  const commitment_numbers = rows(answers, "number_", COMMITMENTS_MAX);
  const { of: [re], digests } = chosenWords(answers);
  /** @type {Record<string, Record<string, unknown>>} */
  const kinds = {
    breach: { thread, commitment_numbers, since: values.since, desired_outcome: values.desired_outcome },
    fulfilment: { ...side, commitment_numbers, extent: values.extent, occurred_on: values.occurred_on },
    assessment: {
      thread,
      resolved: values.resolved,
      ...(values.satisfaction && { satisfaction: Number(values.satisfaction) }),
      ...(values.again && { again: values.again === "yes" }),
    },
    amendment: { thread, by: "unilateral", commitments: commitmentsOf(answers), effective: values.effective },
    termination: { ...side, effective: values.effective },
    withdrawal: { thread },
    reveal: { re, digests },
    erasure: { re, digests, reason: values.reason },
    countersignature: {
      ...side,
      re: values.re_countersignature,
      verdict: values.verdict,
      ...(values.verdict === "declined" && { reason: values.reason }),
    },
    response: {
      ...side,
      re: values.re_response,
      stage: values.stage,
      ...(values.stage === "in_progress" && { expected_final_by: values.expected_final_by }),
      ...(values.stage === "final" && { outcome: values.outcome }),
    },
    offer: { ...side, expires: values.expires },
  };
  return kinds[values.kind ?? ""] ?? {};
}

/** Its own words, in the order in which they are read. @param {Answers} answers */
export function wordsOf(answers) {
  const { kind = "" } = answers.values;
  if (WITH_WORDS_OF_ANOTHER.includes(kind)) return [];
  return [
    ...(kind === "amendment" ? promised(answers) : []),
    ...(kind === "offer" ? ["title", "commitment_1", "price"].flatMap((name) => textIn(answers, name)) : []),
    ...(kind === "offer" ? [] : textIn(answers, "text", kind === "breach" ? "narrative" : "note")),
    ...(kind === "response" ? textIn(answers, "delay_reason") : []),
    ...(WITH_EVIDENCE.includes(kind) ? evidenceOf(answers) : []),
  ];
}

/** Throws the refusal that a ledger would give. `revealed` are the words that a reveal makes public.
 * @param {Answers} answers
 * @param {{ log: string, thread: string, domain?: string | undefined, did: string, revealed?: Disclosure[] }} by
 * @returns {Promise<Statement>} */
export async function prepareFollowUp(answers, { log, thread, domain, did, revealed = [] }) {
  const { kind = "" } = answers.values;
  const words = await discloseAll(wordsOf(answers));
  return statementOf(did, prepare({
    kind, log, signers: [did], fields: fieldsOf(answers, { thread, domain }), ...words, public: [...words.public, ...revealed],
  }));
}
