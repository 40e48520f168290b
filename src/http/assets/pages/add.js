// The page on which a signer states what became of an agreement. What is typed stays on the device.

import { problemsOf } from "./add/problems.js";
import { showParts, writeAnswers } from "./add/form.js";
import { readEvidence, showEvidence } from "./publish/evidence.js";
import { addRow, readAnswers } from "./publish/form.js";
import { forget, load, save } from "./publish/kept.js";
import { keptKey } from "./publish/kept_key.js";
import { at, clearProblems, showProblems } from "./publish/page.js";
import { warn } from "./publish/warnings.js";
import { say } from "./strings.js";

/** @import { Draft } from "./publish/kept.js" */
/** @import { Flow } from "./add/signing.js" */

const form = at("questions");
const { log, root, thread, signers } = form.dataset;
const name = `onrecord-add-${thread}`;
const signing = () => import("./add/signing.js");

/** @type {Draft} */
let draft = { answers: readAnswers(), at: "questions" };
/** @type {Flow} */
const flow = { get draft() { return draft; }, keep, go, log, url: location.origin + root, thread, signersOf };

/** Those who signed what it is about. @param {Draft} of */
function signersOf({ answers }) {
  const { kind = "" } = answers.values;
  const chosen = ["reveal", "erasure"].includes(kind) ? form.querySelector("#words input:checked") : undefined;
  return (chosen?.dataset.signers ?? signers).split(" ");
}

function keep() {
  if (!save(localStorage, draft, name)) at("sign-state").textContent = say("publish-script-not-kept");
}

/** @param {string} step */
function go(step) {
  draft.at = step;
  for (const part of ["questions", "review", "done"]) at(part).hidden = part !== step;
  at(step).querySelector("h2, legend")?.focus();
  scrollTo(0, 0);
}

function readForm() {
  showParts(readAnswers());
  draft.answers = readAnswers();
  keep();
}

async function next() {
  clearProblems();
  readForm();
  const problems = problemsOf(draft.answers);
  if (problems.length) return showProblems(problems.map(({ field, why }) => ({ field, text: say(why) })));
  if ([at("amended"), at("said"), at("evidence")].some((part) => !part.hidden && warn(part))) return;
  await (await signing()).openReview(flow);
}

/** @param {Element} element @param {string} event @param {(event: any) => unknown} act */
const on = (element, event, act) =>
  element.addEventListener(event, async (/** @type {Event} */ happened) => {
    const isWork = event === "submit";
    if (isWork) {
      happened.preventDefault();
      at("main").setAttribute("aria-busy", "true");
    }
    try {
      await act(happened);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      showProblems([{ field: "", text: say("publish-script-invalid", { detail: message }) }]);
    }
    if (isWork) at("main").removeAttribute("aria-busy");
  });

on(form, "submit", next);
on(form, "input", readForm);
on(form, "change", async ({ target }) => {
  if (target.id.startsWith("evidence_pick_")) await readEvidence(target);
  readForm();
});
for (const question of ["amended", "evidence"]) on(at(`more-${question}`), "click", () => addRow(question));
on(at("review"), "submit", async () => (await signing()).signAndPublish(flow));
on(at("back"), "click", () => {
  clearProblems();
  go("questions");
});
on(at("another"), "click", () => {
  forget(localStorage, name);
  location.reload();
});

async function begin() {
  for (const part of document.querySelectorAll("[data-plain]")) /** @type {HTMLElement} */ (part).hidden = true;
  const found = load(localStorage, name);
  const key = await keptKey();
  const isSigner = !!key && signers.split(" ").includes(key.did);
  at("kept-choice").hidden = !isSigner;
  at("backup-choice").hidden = !isSigner;
  at("key-kept").disabled = !isSigner;
  if (isSigner) at("key-kept").checked = true;
  if (found) {
    draft = found;
    writeAnswers(found.answers);
    if (!form.querySelector("[name=key]:checked")) at("key-backup").checked = true;
    showEvidence();
    at("resumed").hidden = false;
  }
  showParts(readAnswers());
  // Nobody types into a form that is still being filled in.
  for (const part of document.querySelectorAll("[data-script]")) /** @type {HTMLElement} */ (part).hidden = false;
  if (found?.receipt) await (await signing()).showDone(flow);
  else if (found?.submission) await (await signing()).showStatement(flow);
}

void begin();
