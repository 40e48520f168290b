// A page with one form, of which a statement is made, signed and published. What is typed stays on the device.

import { addRow, readAnswers } from "../publish/form.js";
import { forget, load, save } from "../publish/kept.js";
import { keptKey } from "../publish/kept_key.js";
import { at, clearProblems, showProblems } from "../publish/page.js";
import { warn } from "../publish/warnings.js";
import { say } from "../strings.js";
import { showParts, writeAnswers } from "./parts.js";

/** @import { Answers, Draft } from "../publish/kept.js" */

/** What happens from the answers to the receipt, loaded when it is needed.
 * @typedef {{ openReview: (flow: Flow) => unknown, showStatement: (flow: Flow) => unknown,
 *   signAndPublish: (flow: Flow) => unknown, showDone: (flow: Flow) => unknown }} Signing */
/** `signers`: whose key may sign, everybody's where none is named; `stranger`: what others are told.
 * @typedef {{ draft: Draft, keep: () => void, go: (step: string) => void, log: string, url: string,
 *   signers: () => string[], stranger: string }} Flow */
/** `name`: of the draft that is kept; `warned`: parts in which people write; `restored`: is told when answers are back.
 * @typedef {{ name: string, stranger: string, signers: () => string[], signing: () => Promise<Signing>,
 *   problemsOf: (answers: Answers) => { field: string, why: string }[], warned: string[],
 *   restored?: () => unknown, picked?: (field: any) => unknown }} Page */

/** @param {Page} page */
export async function run({ name, stranger, signers, signing, problemsOf, warned, restored, picked }) {
  const form = at("questions");
  const { log, root } = form.dataset;
  /** @type {Draft} */
  let draft = { answers: readAnswers(), at: "questions" };
  /** @type {Flow} */
  const flow = { get draft() { return draft; }, keep, go, log, url: location.origin + root, signers, stranger };

  function keep() {
    if (!save(localStorage, draft, name)) at("sign-state").textContent = say("publish-script-not-kept");
  }

  /** @param {string} step */
  function go(step) {
    draft.at = step;
    for (const part of ["questions", "review", "done"]) at(part).hidden = part !== step;
    for (const part of document.querySelectorAll("[data-beside]")) {
      const { dataset } = /** @type {HTMLElement} */ (part);
      /** @type {HTMLElement} */ (part).hidden = dataset.beside !== step;
    }
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
    if (warned.map(at).some((part) => part && !part.hidden && warn(part))) return;
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
    await picked?.(target);
    readForm();
  });
  for (const more of form.querySelectorAll("[id^=more-]")) on(more, "click", () => addRow(more.id.slice("more-".length)));
  on(at("review"), "submit", async () => (await signing()).signAndPublish(flow));
  on(at("back"), "click", () => {
    clearProblems();
    go("questions");
  });
  on(at("another"), "click", () => {
    forget(localStorage, name);
    location.reload();
  });

  for (const part of document.querySelectorAll("[data-plain]")) /** @type {HTMLElement} */ (part).hidden = true;
  const found = load(localStorage, name);
  if (at("key-kept")) await offerKept(signers());
  if (found) {
    draft = found;
    writeAnswers(found.answers);
    if (at("key-kept") && !form.querySelector("[name=key]:checked")) at("key-backup").checked = true;
    restored?.();
    at("resumed").hidden = false;
  }
  showParts(readAnswers());
  // Nobody types into a form that is still being filled in.
  for (const part of document.querySelectorAll("[data-script]")) /** @type {HTMLElement} */ (part).hidden = false;
  if (found?.receipt) await (await signing()).showDone(flow);
  else if (found?.submission) await (await signing()).showStatement(flow);
}

/** Lets the key that this device keeps sign, where it may. @param {string[]} signers */
async function offerKept(signers) {
  const key = await keptKey();
  const maySign = !!key && signers.includes(key.did);
  at("kept-choice").hidden = !maySign;
  at("backup-choice").hidden = !maySign;
  at("key-kept").disabled = !maySign;
  if (maySign) at("key-kept").checked = true;
}
