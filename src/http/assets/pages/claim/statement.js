// From the answers to the claim of a domain (protocol §5): whether they can stand, and the statement of them.

import { prepare } from "../../onrecord/draft.js";
import { forbiddenIn } from "../../onrecord/text.js";
import { discloseAll, statementOf, textIn } from "../publish/agreement.js";

/** @import { Answers, Statement } from "../publish/kept.js" */

/** Days that may be stated, at most. @type {[string, number][]} */
const DAYS = [["response_days", 90], ["final_days", 365]];
const LINES = ["legal_name", "contact"];

/** @param {Answers} answers @returns {{ field: string, why: string }[]} `why` is the id of the message */
export function problemsOf({ values }) {
  const days = DAYS.filter(([name, most]) => {
    const value = values[name] ?? "1";
    return !/^\d{1,3}$/.test(value) || Number(value) < 1 || Number(value) > most;
  });
  const lines = LINES.filter((name) => forbiddenIn(values[name]?.trim() ?? "", true));
  return [
    ...days.map(([field]) => ({ field, why: `claim-script-${field}` })),
    ...lines.map((field) => ({ field, why: "publish-error-character" })),
  ];
}

/** Throws the refusal that a ledger would give.
 * @param {Answers} answers @param {{ log: string, domain: string, did: string }} by @returns {Promise<Statement>} */
export async function prepareClaim(answers, { log, domain, did }) {
  const { values } = answers;
  const stated = DAYS.filter(([name]) => values[name]).map(([name]) => [name, Number(values[name])]);
  const words = await discloseAll(LINES.flatMap((name) => textIn(answers, name)));
  const fields = { domain, ...Object.fromEntries(stated) };
  return statementOf(did, prepare({ kind: "claim", log, signers: [did], fields, ...words }));
}
