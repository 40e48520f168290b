// Warnings beside what was typed: personal data, and domain names that may pass for others. They are shown
// once and never hold anybody up twice.

import { element } from "../elements.js";
import { say } from "../strings.js";
import { domainOf, warningsOf } from "./lookalikes.js";
import { findPersonal, mask } from "./personal.js";

/** What was shown already, so that going on again goes on. */
const shown = new Set();

/** Whether there is something to warn of that was not shown yet. @param {HTMLElement} section */
export function warn(section) {
  let isNew = false;
  for (const old of section.querySelectorAll(".warning")) old.remove();
  const fields = /** @type {Iterable<HTMLInputElement>} */ (section.querySelectorAll("input[type=text], textarea"));
  for (const field of fields) {
    // A warning that nobody sees would hold a person up without a word.
    if (field.closest("[hidden]")) continue;
    const isDomain = field.name.startsWith("domain_");
    const warnings = isDomain ? ofDomain(field) : ofWords(field);
    if (!warnings) continue;
    field.after(warnings);
    const known = `${field.name} ${field.value}`;
    if (!shown.has(known) && !isNew) {
      isNew = true;
      field.focus();
    }
    shown.add(known);
  }
  return isNew;
}

/** @param {HTMLInputElement} field */
function ofDomain(field) {
  const ascii = domainOf(field.value);
  const texts = ascii ? warningsOf(ascii).map((why) => say(`publish-script-domain-${why}`, { ascii })) : [];
  return texts.length ? box(texts) : undefined;
}

/** @param {HTMLInputElement} field */
function ofWords(field) {
  const kinds = new Set(findPersonal(field.value).map(({ what }) => what));
  if (!kinds.size) return;
  const button = element("button", { type: "button", class: "secondary" }, say("publish-script-mask"));
  const warning = box([...kinds].map((what) => say(`publish-script-looks-like-${what}`)), button);
  button.addEventListener("click", () => {
    field.value = mask(field.value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    warning.remove();
    field.focus();
  });
  return warning;
}

/** @param {string[]} texts @param {HTMLElement[]} more */
function box(texts, ...more) {
  const paragraphs = [...texts, say("publish-script-go-on")].map((text) => element("p", {}, text));
  return element("div", { class: "warning", role: "status" }, ...paragraphs, ...more);
}
