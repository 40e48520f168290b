// The page of an entry: turns its list of checks from "not checked yet" into what this browser finds.

import { together } from "../onrecord/checks.js";
import { failedNames, show } from "./check_list.js";
import { byId } from "./elements.js";
import { ThisLedger, checkLive, sentenceOf } from "./live_checks.js";
import { say } from "./strings.js";
import { withWordsShown } from "./shown_words.js";

/** @import { Check } from "../onrecord/checks.js" */

const newKeys = () => import("./new_keys.js");
const section = byId("checks");
const summary = byId("checks-summary");
section.setAttribute("aria-busy", "true");
void run().finally(() => section.removeAttribute("aria-busy"));

async function run() {
  const { index: number, leafHash: hash = "" } = section.dataset;
  const index = Number(number);
  const ledger = new ThisLedger(section.dataset, newKeys);
  const [trust, bundle] = [ledger.trust(), ledger.bundle(index)];
  for (const promise of [trust, bundle]) promise.catch(() => {});
  const list = /** @type {Element} */ (section.querySelector(".checks"));
  /** @type {Check[]} */
  const made = [];
  for await (const found of checkLive(ledger, { index, hash, bundle, trust })) {
    const check = found.name === "disclosures" ? await withWordsShown(found, bundle) : found;
    made.push(check);
    const item = list.querySelector(`[data-check="${check.name}"]`);
    if (item) show(item, check);
  }
  const result = together(made);
  summary.textContent = say(`checks-${result}`, { names: failedNames(list) });
  const known = await trust.catch(() => undefined);
  if (known) byId("checks-key").replaceChildren(sentenceOf(known));
}
