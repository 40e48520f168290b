// What of the answers to a question cannot stand in an agreement, as the server judges it for who goes on
// without a script: the field, and the message that says why.

import { isDate } from "../../onrecord/time.js";
import { forbiddenIn } from "../../onrecord/text.js";
import { domainOf } from "./lookalikes.js";

/** @import { Answers } from "./kept.js" */
/** @typedef {{ field: string, why: string }} Problem */

const LANGUAGE = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/;
const BLANK = "___";
export const SUBJECTS_MAX = 8;
export const COMMITMENTS_MAX = 16;
export const EVIDENCE_MAX = 8;

/** Rows of that beginning that are filled in. @param {Answers} answers @param {string} beginning
 * @param {number} most */
export const rows = ({ values }, beginning, most) =>
  Array.from({ length: most }, (_, place) => place + 1).filter((n) => values[beginning + n]?.trim());

/** A list of problems that names each field once. @param {Answers} answers */
function judge({ values }) {
  /** @type {Problem[]} */
  const problems = [];
  const value = (/** @type {string} */ field) => values[field]?.trim() ?? "";
  const add = (/** @type {boolean} */ isWrong, /** @type {string} */ field, /** @type {string} */ why) =>
    isWrong && !problems.some((problem) => problem.field === field) && problems.push({ field, why });
  const text = (/** @type {string} */ field, oneLine = true) => {
    add(value(field).includes(BLANK), field, "blank");
    add(!!forbiddenIn(value(field), oneLine), field, "character");
  };
  return { problems, value, add, text };
}

/** Of a list of commitments. @param {Answers} answers */
export function problemsOfCommitments(answers) {
  const { problems, value, add, text } = judge(answers);
  const filled = rows(answers, "commitment_", COMMITMENTS_MAX);
  add(!filled.length, "commitment_1", "missing");
  for (const n of filled) {
    const [by, due] = [value(`by_${n}`), value(`due_${n}`)];
    text(`commitment_${n}`, false);
    add(by !== "signer" && !domainOf(value(`domain_${by}`)), `by_${n}`, "missing");
    add(!!due && !isDate(due) && !isDate(`${due}-01`), `due_${n}`, "due");
  }
  return problems;
}

/** Of the files that show something. @param {Answers} answers */
export function problemsOfEvidence(answers) {
  const { problems, value, add, text } = judge(answers);
  for (let n = 1; n <= EVIDENCE_MAX; n++) {
    add(!!value(`evidence_label_${n}`) && !value(`evidence_hash_${n}`), `evidence_pick_${n}`, "file");
    text(`evidence_label_${n}`);
  }
  return problems;
}

/** @param {Answers} answers @param {string} step */
export function problemsOf(answers, step) {
  const { problems, value, add, text } = judge(answers);
  if (step === "who") {
    const filled = rows(answers, "domain_", SUBJECTS_MAX);
    add(!filled.length, "domain_1", "missing");
    for (const n of filled) add(!domainOf(value(`domain_${n}`)), `domain_${n}`, "domain");
  }
  if (step === "what") {
    add(!value("title"), "title", "missing");
    text("title");
    problems.push(...problemsOfCommitments(answers));
  }
  if (step === "when") {
    add(!value("basis"), "basis", "choose");
    add(!!value("agreed_on") && !isDate(value("agreed_on")), "agreed_on", "day");
  }
  if (step === "evidence") problems.push(...problemsOfEvidence(answers));
  if (step === "appear") {
    text("signer_name");
    add(!LANGUAGE.test(value("language")), "language", "language");
  }
  if (step === "offers") add(!value("offers"), "offers", "choose");
  if (step === "more") text("narrative", false);
  return problems;
}
