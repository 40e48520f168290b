// What of the answers about an agreement cannot be stated: the field, and the message that says why.

import { forbiddenIn } from "../../onrecord/text.js";
import { isDate } from "../../onrecord/time.js";
import { problemsOfCommitments, problemsOfEvidence } from "../publish/problems.js";
import { chosenWords, fieldsOf } from "./statement.js";

/** @import { Answers } from "../publish/kept.js" */

/** @param {Answers} answers @returns {{ field: string, why: string }[]} `why` is the id of the message */
export function problemsOf(answers) {
  /** @type {{ field: string, why: string }[]} */
  const problems = [];
  const { values } = answers;
  const add = (/** @type {boolean} */ isWrong, /** @type {string} */ field, /** @type {string} */ why) =>
    isWrong && problems.push({ field, why });
  if (!values.kind) return [{ field: "kind", why: "publish-error-choose" }];
  const fields = fieldsOf(answers, { thread: "" });
  for (const name of ["since", "occurred_on", "effective", "expires", "expected_final_by"]) {
    add(name in fields && !isDate(values[name] ?? ""), name, "publish-error-day");
  }
  for (const name of ["desired_outcome", "extent", "resolved", "verdict", "reason", "stage", "outcome"]) {
    add(name in fields && !values[name], name, "publish-error-choose");
  }
  if ("commitment_numbers" in fields) {
    const { commitment_numbers: numbers } = /** @type {{ commitment_numbers: number[] }} */ (fields);
    add(!numbers.length, "numbers", "add-script-numbers");
  }
  if ("digests" in fields) {
    const { of } = chosenWords(answers);
    add(!of.length, "words", "add-script-words");
    add(of.length > 1, "words", "add-script-one-entry");
    return problems;
  }
  const needed = { response: ["text"], offer: ["title", "commitment_1"] }[values.kind] ?? [];
  for (const name of needed) add(!values[name]?.trim(), name, "publish-error-missing");
  const lines = values.kind === "amendment" ? [] : ["title", "price", "delay_reason"];
  for (const name of lines) add(!!forbiddenIn(values[name]?.trim() ?? "", true), name, "publish-error-character");
  for (const name of values.kind === "offer" ? ["commitment_1"] : ["text"]) {
    add(!!forbiddenIn(values[name]?.trim() ?? "", false), name, "publish-error-character");
  }
  const rows = [
    ...("commitments" in fields ? problemsOfCommitments(answers) : []),
    ...(["breach", "fulfilment"].includes(values.kind) ? problemsOfEvidence(answers) : []),
  ];
  return [...problems, ...rows.map(({ field, why }) => ({ field, why: `publish-error-${why}` }))];
}
