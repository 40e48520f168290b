// A list of checks on a page: each item turns from "not checked yet" to how the check came out, by icon and
// word, with what a failure means and the sentence that the command line prints of it.

import { element, english } from "./elements.js";
import { say } from "./strings.js";

/** @import { Check, Outcome } from "../onrecord/checks.js" */

/** The mark of a result: an icon, by the style sheet, and words: of one check, or of all that was checked.
 * @param {Outcome} result @param {"result" | "outcome"} of */
export const mark = (result, of = "result") =>
  element("span", { class: `state ${result.replace("_", "-")}` }, say(`${of}-${result}`));

/** Shows in an item of the list how its check came out. @param {Element} item @param {Check} check */
export function show(item, { result, detail }) {
  item.querySelector(".state")?.replaceWith(mark(result));
  for (const old of item.querySelectorAll(".failure, .detail")) old.remove();
  if (result === "failed") item.append(element("p", { class: "failure" }, meaning(detail)));
  item.append(element("p", { class: "quiet detail" }, english(detail)));
}

/** What was found, by the name that the sentence begins with: that of a rule of statements if it is none of ours.
 * @param {string} detail */
function meaning(detail) {
  const id = `check-failed-${detail.split(":", 1)[0]}`;
  const text = say(id);
  return text === id ? say("check-failed-refused") : text;
}

/** An item for a check. @param {Check} check */
export function item(check) {
  const state = element("span", { class: "state" });
  const head = element("div", { class: "check-head" }, element("h3", {}, say(`check-name-${check.name}`)), state);
  const says = element("p", { class: "quiet" }, say(`check-meaning-${check.name}`));
  const made = element("li", { "data-check": check.name }, head, says);
  show(made, check);
  return made;
}

/** The names of the checks in a list that failed, each once, as a list in a sentence. @param {Element} list */
export function failedNames(list) {
  const items = [...list.children].filter((item) => item.querySelector(".state.failed"));
  const names = items.map((item) => item.querySelector("h3")?.textContent ?? "");
  return [...new Set(names)].join(say("list-separator"));
}
