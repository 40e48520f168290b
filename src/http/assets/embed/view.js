// What an embed shows of its checks, the same in the card and in the element: a state in words and by its mark, what
// it means and what it does not, which ledger it was held against, and on demand every check.

import { element, localeOf } from "../pages/elements.js";

/** @import { Check } from "../onrecord/checks.js" */
/** @import { Shown } from "./fresh.js" */
/** A message in the reader's language. @typedef {(id: string, values?: Record<string, string>) => string} Say */

export class View {
  /** @param {Say} say @param {string} lang @param {string} host of the ledger @param {() => void} again */
  constructor(say, lang, host, again) {
    this.say = say;
    this.lang = lang;
    this.counts = element("div", {});
    this.status = element("div", { role: "status" });
    this.button = element("button", { type: "button", class: "secondary" }, say("proof-again"));
    this.button.addEventListener("click", again);
    this.details = element("details", {}, element("summary", {}, say("proof-details")));
    this.list = element("ul", {});
    this.key = element("p", { class: "quiet" });
    this.details.append(this.list, this.key);
    const ledger = element("p", { class: "quiet" }, say("proof-ledger", { host }));
    this.whole = element("div", {}, this.counts, this.status, ledger, this.button, this.details);
  }

  /** @param {Shown} shown */
  show(shown) {
    const { state, found: { checks, keys, counted } } = shown;
    const isChecking = state === "checking";
    this.whole.setAttribute("aria-busy", String(isChecking));
    const mark = element("p", { class: `state ${state.replace("_", "-")}` }, this.say(`proof-state-${state}`));
    this.status.replaceChildren(mark, element("p", { class: "meaning" }, this.#meaning(shown)));
    // Counts are as old as the check that came with them, and are gone with it.
    const counts = isChecking || state === "stale" ? undefined : counted;
    this.counts.replaceChildren(...(counts ? [
      element("p", { class: "counts" }, counts.text),
      element("p", { class: "quiet" }, this.say("proof-counts", { index: String(counts.index) })),
    ] : []));
    this.button.hidden = isChecking || state === "verified";
    this.details.hidden = isChecking || !checks.length;
    this.list.replaceChildren(...checks.map((check) => element("li", {}, this.#line(check))));
    this.key.textContent = keys.length ? this.say("proof-key", { key: keys.join(" ") }) : "";
  }

  /** @param {Shown} shown */
  #meaning({ state, found: { why = "incomplete", checks }, at }) {
    if (state === "failed") {
      const names = checks.filter(({ result }) => result === "failed").map(({ name }) => this.say(`check-name-${name}`));
      return this.say("proof-means-failed", { names: names.join(this.say("list-separator")) });
    }
    if (state === "not_checked") return this.say(`proof-why-${why}`);
    const form = new Intl.DateTimeFormat(localeOf(this.lang), { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
    return this.say(`proof-means-${state}`, { time: `${form.format(at)} UTC` });
  }

  /** @param {Check} check */
  #line({ name, result }) {
    return `${this.say(`check-name-${name}`)}: ${this.say(`proof-state-${result}`)}`;
  }
}
