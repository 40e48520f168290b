// The form: what is answered, and which of its parts belong to what was chosen.

import { showRows } from "../publish/form.js";
import { at } from "../publish/page.js";

/** @import { Answers } from "../publish/kept.js" */

/** @returns {Iterable<any>} */
const fields = () => at("questions").elements;

/** @param {Answers} answers */
export function writeAnswers({ values, sealed }) {
  for (const field of fields()) {
    // Who is in the agreement is no answer.
    if (!field.name || field.name.startsWith("domain_")) continue;
    if (field.name === "sealed[]") field.checked = sealed.includes(field.value);
    else if (field.type === "radio" || field.type === "checkbox") {
      field.checked = !field.disabled && values[field.name] === field.value;
    } else field.value = values[field.name] ?? (field.options?.[0]?.value ?? "");
  }
  showRows();
}

/** Shows what belongs to the chosen kind and key. @param {Answers} answers */
export function showParts({ values }) {
  const kind = values.kind ?? "";
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-for]"))) {
    const { for: kinds = "", ifAnswer = "" } = part.dataset;
    const [name = "", value] = ifAnswer.split("=");
    part.hidden = !kinds.split(" ").includes(kind) || (!!name && values[name] !== value);
  }
  // Only what is sealed can be revealed.
  for (const word of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-sealed=false]"))) {
    word.hidden = kind === "reveal";
    const box = word.querySelector("input");
    if (box && kind === "reveal") box.checked = false;
  }
  const isKept = values.key === "kept";
  at("backup-fields").hidden = isKept;
  // What is sealed has to be in a backup, and none is open when the key on this device signs.
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-seal]"))) {
    const box = part.querySelector("input");
    if (box && isKept) box.checked = false;
    part.hidden = isKept;
  }
}
