// A card in a frame on another site: runs the checks, of an entry also that the card shows the words that were signed.
// The frame may be one without an origin, so that nothing is kept.

import { byId } from "../pages/elements.js";
import { withWordsShown } from "../pages/shown_words.js";
import { say } from "../pages/strings.js";
import { checkHere, readEntry, unchecked } from "./check.js";
import { FreshCheck } from "./fresh.js";
import { View } from "./view.js";

const proof = byId("proof");
const { entry = "", root = "", badge } = proof.dataset;
const address = readEntry(entry);
const ledger = new URL(`${root}/`, location.href);

const fresh = new FreshCheck(run, (shown) => view.show(shown));
const view = new View(say, document.documentElement.lang, ledger.host + ledger.pathname.slice(0, -1), fresh.again);
proof.replaceChildren(view.whole);
void fresh.start();

async function run() {
  if (!address && !badge) return unchecked("no-entry");
  return checkHere(ledger.href, address, {
    badge,
    review: async (check, bundle) => (check.name === "disclosures" ? withWordsShown(check, bundle) : check),
  });
}
