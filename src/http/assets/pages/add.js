// The page on which a signer of an agreement, or an organization, states something about it.

import { problemsOf } from "./add/problems.js";
import { readAnswers } from "./publish/form.js";
import { readEvidence, showEvidence } from "./publish/evidence.js";
import { at } from "./publish/page.js";
import { run } from "./signing/form.js";

const form = at("questions");
const { thread = "", domain, signers } = form.dataset;
/** What the address begins with has a draft of its own. */
const begun = [...new URLSearchParams(location.search)].filter(([name]) => name !== "lang").map(([, value]) => value);

/** Those who may sign: for an organization its keys, else those who signed what it is about. */
function signersOf() {
  const { kind = "" } = readAnswers().values;
  const chosen = ["reveal", "erasure"].includes(kind) ? form.querySelector("#words input:checked") : undefined;
  return (chosen?.dataset.signers ?? signers).split(" ");
}

void run({
  name: ["onrecord-add", thread, ...begun].join("-"),
  stranger: domain ? "add-script-not-speaking" : "add-script-not-signer",
  signers: signersOf,
  signing: async () => (await import("./add/signing.js")).signing,
  problemsOf,
  warned: ["amended", "said", "evidence"],
  restored: () => domain || showEvidence(),
  picked: (field) => field.id.startsWith("evidence_pick_") && readEvidence(field),
});
