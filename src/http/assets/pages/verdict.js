// A verdict on a page: what it comes to, what failed, every check, the times it shows, and what no check shows.

import { failedNames, item, mark } from "./check_list.js";
import { code, element, english, when } from "./elements.js";
import { compose, say } from "./strings.js";

/** @import { Outcome } from "../onrecord/checks.js" */
/** @import { Bounds, Verdict } from "../onrecord/verify.js" */

/** What no bundle ever shows, in the reader's language: the first sentences of every verdict's `not_checked`. */
export const LIMITS = ["words", "key", "after", "rules"];

/** What it comes to, as a heading. @param {Outcome} outcome @param {Element} list of checks */
export function headline(outcome, list) {
  const heading = element("h2", { tabindex: "-1" }, mark(outcome, "outcome"));
  const text = say(`checks-${outcome}`, { names: failedNames(list) });
  return [heading, element("p", { class: "lead" }, text)];
}

/** @param {Verdict} verdict @returns {Node[]} */
export function render({ verdict, checks, bounds, about, not_checked }) {
  const list = element("ul", { class: "checks" }, ...checks.map(item));
  return [
    ...headline(verdict, list),
    ...(about ? [element("p", {}, sentenceAbout(about))] : []),
    list,
    ...times(bounds),
    element("h3", {}, say("verdict-limits")),
    limits(not_checked.slice(LIMITS.length)),
  ];
}

/** @param {NonNullable<Verdict["about"]>} about */
function sentenceAbout({ index, id, kind = "", origin }) {
  const of = { index: String(index), kind: code(kind), id: code(id), origin: code(origin ?? "") };
  return compose(origin === undefined ? "verdict-about-entry" : "verdict-about", of);
}

/** @param {Bounds} bounds */
function times({ claimed_at, admitted_at, not_before_size, existed_by }) {
  const rows = [
    ...(claimed_at ? [["claimed", when(claimed_at)]] : []),
    ...(admitted_at ? [["admitted", when(admitted_at)]] : []),
    ...(not_before_size === undefined ? [] : [["not-before", String(not_before_size)]]),
    ...(existed_by ? [["existed", when(existed_by)]] : []),
  ].map(([name, value = ""]) => element("div", {},
    element("dt", {}, say(`verdict-${name}`)), element("dd", {}, value)));
  return rows.length ? [element("dl", { class: "facts" }, ...rows)] : [];
}

/** @param {string[]} more in English, as the command line says them */
function limits(more) {
  const own = LIMITS.map((name) => element("li", {}, say(`verdict-limit-${name}`)));
  return element("ul", {}, ...own, ...more.map((text) => element("li", {}, english(text))));
}
