// The page on which an organization claims its domain: it makes a key, writes what the domain publishes, and signs.

import { documentOf, recordOf } from "./claim/document.js";
import { problemsOf } from "./claim/statement.js";
import { at, saveFile } from "./publish/page.js";
import { run } from "./signing/form.js";
import { say } from "./strings.js";

const form = at("questions");
const { domain, log, keys } = form.dataset;
const load = () => import("./claim/signing.js");

/** Shows what names this key and those that the domain lists already. @param {string} did */
function showDocument(did) {
  const text = documentOf({ domain, keys: [...keys.split(" ").filter(Boolean), did], log, now: Date.now() });
  at("document").textContent = text;
  at("record").textContent = recordOf(did);
  at("save-document").onclick = () => saveFile("onrecord.json", text);
  at("published").hidden = false;
  at("published-none").hidden = true;
}

at("make").addEventListener("submit", async (/** @type {Event} */ event) => {
  event.preventDefault();
  at("make-key").disabled = true;
  const did = await (await load()).makeKey(domain);
  if (did) {
    showDocument(did);
    at("made").textContent = say("claim-script-made", { file: `${domain}.key` });
  }
  at("make-key").disabled = false;
});

/** Shows the document for the key whose file was chosen. @param {any} field */
async function picked(field) {
  const file = field.id === "backup" && field.files[0];
  const did = file && (await load()).keyIn(await file.text());
  if (did) showDocument(did);
}

void run({
  name: `onrecord-claim-${domain}`,
  stranger: "claim-script-no-key",
  signers: () => [],
  signing: async () => (await load()).signing,
  problemsOf,
  warned: [],
  picked,
});
