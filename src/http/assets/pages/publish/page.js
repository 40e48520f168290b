// What the scripts of pages on which a person signs show and point at: rows of what was answered, problems above
// their fields, files to save. It knows no agreement.

import { element } from "../elements.js";

/** @param {string} id @returns {any} the element, whatever kind it is */
export const at = (id) => document.getElementById(id);

/** What a person wrote, as it was written. @param {string} term @param {Node | string} value */
export const row = (term, value) =>
  element("div", {}, element("dt", {}, term), element("dd", { dir: "auto", class: "words" }, value));

/** What was chosen, or what a machine writes. @param {string} term @param {(Node | string)[]} values one a line */
export const fact = (term, ...values) =>
  element("div", {}, element("dt", {}, term), element("dd", {},
    values.length === 1 ? values[0] ?? "" : element("ul", { class: "plain" }, ...values.map((value) => element("li", {}, value)))));

export function clearProblems() {
  for (const old of document.querySelectorAll("p.error")) old.remove();
  for (const field of document.querySelectorAll("[aria-invalid]")) {
    const about = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => !id.endsWith("-error"));
    field.removeAttribute("aria-invalid");
    if (about.join("")) field.setAttribute("aria-describedby", about.join(" "));
    else field.removeAttribute("aria-describedby");
  }
  at("errors").hidden = true;
}

/** @param {{ field: string }} one @param {{ field: string }} other */
const inPageOrder = ({ field: one }, { field: other }) => {
  const [first, second] = [at(one), at(other)];
  return first && second && first.compareDocumentPosition(second) & Node.DOCUMENT_POSITION_PRECEDING ? 1 : -1;
};

/** Above their fields, and in a list that has the focus, in the order of the page. An empty field name is of the
 * page as a whole. @param {{ field: string, text: string }[]} problems */
export function showProblems(problems) {
  clearProblems();
  const links = [...problems].sort(inPageOrder).map(({ field, text }) => {
    const target = at(field);
    if (!target) return element("li", {}, text);
    const error = element("p", { class: "error", id: `${field}-error` }, text);
    if (target.matches("fieldset, section")) target.querySelector("legend, h2").after(error);
    else {
      target.before(error);
      target.setAttribute("aria-invalid", "true");
      const about = `${target.getAttribute("aria-describedby") ?? ""} ${error.id}`;
      target.setAttribute("aria-describedby", about.trim());
    }
    return element("li", {}, element("a", { href: `#${field}` }, text));
  });
  const summary = at("errors");
  summary.querySelector("ul").replaceChildren(...links);
  summary.hidden = false;
  summary.focus();
}

/** Has the browser save a text as a file. @param {string} name @param {string} text */
export function saveFile(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
