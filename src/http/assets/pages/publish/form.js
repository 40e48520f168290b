// The form of the questions: what is typed into it, and how many of its rows are shown.

import { element } from "../elements.js";
import { say } from "../strings.js";
import { domainOf } from "./lookalikes.js";
import { at } from "./page.js";
import { rows, SUBJECTS_MAX } from "./problems.js";

/** @import { Answers } from "./kept.js" */

const SEALED = "sealed[]";

/** @returns {HTMLFormElement} */
const form = () => at("questions");

/** @returns {Answers} */
export function readAnswers() {
  /** @type {Answers} */
  const answers = { values: {}, sealed: [] };
  for (const [name, value] of new FormData(form())) {
    if (typeof value !== "string" || name === "at") continue;
    if (name === SEALED) answers.sealed.push(value);
    else if (value) answers.values[name] = value;
  }
  return answers;
}

/** @param {Answers} answers */
export function writeAnswers({ values, sealed }) {
  for (const field of /** @type {Iterable<any>} */ (form().elements)) {
    if (field.name === SEALED) field.checked = sealed.includes(field.value);
    else if (field.type === "radio") field.checked = field.value === (values[field.name] ?? "");
    else if (field.name && field.name !== "at" && field.name !== "go") field.value = values[field.name] ?? "";
  }
  showDebtors(values);
  showRows();
}

/** Shows the first row of each question and those that are filled in. */
export function showRows() {
  for (const row of document.querySelectorAll("[data-row]")) {
    /** @type {HTMLElement} */ (row).hidden = !isBegun(row) && row.previousElementSibling?.matches("[data-row]") === true;
  }
}

/** @param {Element} row */
const isBegun = (row) =>
  [...row.querySelectorAll("input[type=text], input[type=hidden], textarea")]
    .some((field) => /** @type {HTMLInputElement} */ (field).value.trim());

/** Shows the next row of a question, and puts the reader there. @param {string} step */
export function addRow(step) {
  const hidden = /** @type {HTMLElement | null} */ (at(step).querySelector("[data-row][hidden]"));
  if (!hidden) return;
  hidden.hidden = false;
  const first = hidden.querySelector("textarea, input:not([type=hidden], [hidden])");
  /** @type {HTMLElement | null} */ (first)?.focus();
}

/** Those who may owe a commitment: the organizations named, and the person. @param {Record<string, string>} values */
export function showDebtors(values) {
  const named = rows({ values, sealed: [] }, "domain_", SUBJECTS_MAX);
  for (const select of /** @type {Iterable<HTMLSelectElement>} */ (form().querySelectorAll("select"))) {
    const chosen = values[select.name] || select.value;
    const options = named.map((n) =>
      element("option", { value: String(n) }, domainOf(values[`domain_${n}`] ?? "") ?? ""));
    select.replaceChildren(...options, element("option", { value: "signer" }, say("publish-by-me")));
    if (named.includes(Number(chosen)) || chosen === "signer") select.value = chosen;
    if (!values[select.name]) select.value = String(named[0] ?? "signer");
  }
}

/** Puts the words of an example in where nothing is typed yet. */
export function fillInExample() {
  const chosen = /** @type {HTMLInputElement | null} */ (form().querySelector("[name=example]:checked"));
  const { values } = readAnswers();
  const isBegun = values.title || Object.keys(values).some((name) => name.startsWith("commitment_"));
  if (!chosen?.value || isBegun) return;
  at("title").value = say(`publish-example-${chosen.value}-title`);
  for (const [place, by] of (chosen.dataset.by ?? "").split(" ").entries()) {
    const n = place + 1;
    at(`commitment_${n}`).value = say(`publish-example-${chosen.value}-${n}`);
    const select = at(`by_${n}`);
    select.replaceChildren(element("option", { value: by }, by));
    select.closest("[data-row]").hidden = false;
  }
}
