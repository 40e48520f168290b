// The page that verifies: a bundle by itself, or an entry of this ledger from its tiles. It can ask no other
// ledger, which the page's policy forbids it.

import { together } from "../onrecord/checks.js";
import { item } from "./check_list.js";
import { byId, code, element } from "./elements.js";
import { readAddress } from "./entry_address.js";
import { ThisLedger, checkLive, sentenceOf } from "./live_checks.js";
import { say } from "./strings.js";
import { forget, storageHere, under } from "./trust.js";
import { headline } from "./verdict.js";
import { NotTaken, offerChecks } from "./verify_form.js";

/** @import { Check } from "../onrecord/checks.js" */
/** @import { Verdict } from "../onrecord/verify.js" */
/** @import { Trust } from "./trust.js" */

const newKeys = () => import("./new_keys.js");
const ledger = new ThisLedger(byId("verify-here").dataset, newKeys);
let trust = ledger.trust();
void showKey();
byId("forget").addEventListener("click", () => {
  const storage = storageHere();
  if (storage) forget(storage, ledger.origin);
  trust = ledger.trust();
  void showKey();
});
offerChecks({ ownPolicy: async () => (await trust).policy, review, checkLink });

/** Which key stands behind "this ledger's own policy". */
async function showKey() {
  const known = await trust.catch(() => undefined);
  const shown = known ? sentenceOf(known) : say("trust-unknown");
  byId("policy-own-key").replaceChildren(shown);
  byId("forget").hidden = known?.state !== "same" && known?.state !== "changed";
}

/** A bundle of this ledger, when its key is another than before, fails whatever else holds.
 * @param {Verdict} verdict */
async function review(verdict) {
  if (verdict.about?.origin !== ledger.origin) return verdict;
  const known = await trust;
  const checks = verdict.checks.map((check) => under(check, known));
  return known.state === "changed" ? { ...verdict, checks, verdict: together(checks) } : verdict;
}

/** @param {string} pasted @param {Element} outcome */
async function checkLink(pasted, outcome) {
  const address = readAddress(pasted, ledger.url);
  if (address === "no_entry") throw new NotTaken("no-entry-address");
  if (address === "elsewhere") {
    const command = element("pre", { translate: "no", dir: "ltr" }, code(`onrecord verify ${pasted}`));
    throw new NotTaken("elsewhere", command);
  }
  const list = element("ul", { class: "checks" });
  outcome.replaceChildren(list);
  /** @type {Check[]} */
  const made = [];
  for await (const check of checkLive(ledger, { ...address, trust })) {
    made.push(check);
    list.append(item(check));
  }
  outcome.prepend(...headline(together(made), list));
}
