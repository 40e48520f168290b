// The publish page with a script: one question at a time in the page itself, the draft kept on the device.

import { at, clearProblems, showProblems } from "./publish/page.js";
import { addRow, fillInExample, readAnswers, showDebtors, writeAnswers } from "./publish/form.js";
import { forget, load, save } from "./publish/kept.js";
import { keptKey } from "./publish/kept_key.js";
import { problemsOf } from "./publish/problems.js";
import { warn } from "./publish/warnings.js";
import { readEvidence, showEvidence } from "./publish/evidence.js";
import { say } from "./strings.js";

/** @import { Draft } from "./publish/kept.js" */
/** @import { Flow } from "./publish/signing.js" */

const QUESTIONS = ["start", "who", "what", "when", "evidence", "appear", "offers", "more"];
const STEPS = [...QUESTIONS, "review", "backup", "done"];
const form = at("questions");
/** What the page says of the draft as long as there is room for it. */
const promise = at("kept").textContent;
const signing = () => import("./publish/signing.js");

/** @type {Draft} */
let draft = { answers: readAnswers(), at: "start" };
let current = "start";
/** @type {Flow} */
const flow = {
  get draft() { return draft; }, keep, go, log: form.dataset.log, url: location.origin + form.dataset.root,
};

function keep() {
  at("kept").textContent = save(localStorage, draft) ? promise : say("publish-script-not-kept");
}

/** @param {string} step */
function go(step) {
  if (step !== current) history.pushState(null, "", `#${step}`);
  show(step);
}

/** @param {string} step */
function show(step) {
  current = step;
  draft.at = step;
  for (const other of STEPS) at(other).hidden = other !== step;
  form.hidden = !QUESTIONS.includes(step);
  const number = QUESTIONS.indexOf(step);
  at("progress").hidden = number < 1;
  at("progress").textContent = say("publish-script-step", { number, total: QUESTIONS.length - 1 });
  const [, add, back] = at("go").children;
  add.hidden = !["who", "what", "evidence"].includes(step);
  back.hidden = step === "start";
  at(step).querySelector("h2")?.focus();
  scrollTo(0, 0);
}

/** Shows a step if those before it are answered, else the first that is not. @param {string} step */
async function open(step) {
  const place = STEPS.indexOf(step);
  const first = QUESTIONS.slice(0, place).find((other) => problemsOf(draft.answers, other).length);
  const target = draft.receipt ? "done" : first ?? step;
  if (target === "what") showDebtors(draft.answers.values);
  if (target === "done") await (await signing()).showDone(flow);
  else if (!QUESTIONS.includes(target)) return openReview(target);
  go(target);
  keep();
}

/** The review; and what comes after it only for who was there before and saved the backup. @param {string} step */
async function openReview(step) {
  await prepare();
  if (step !== "review" && draft.isBackedUp) return openBackup();
  go("review");
  keep();
}

async function openBackup() {
  clearProblems();
  (await signing()).showBackup(flow);
  go("backup");
  keep();
}

async function prepare() {
  form.setAttribute("aria-busy", "true");
  try {
    await (await signing()).review(flow);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

/** @param {string} go_ next, add or back */
async function answer(go_) {
  clearProblems();
  draft.answers = readAnswers();
  keep();
  if (go_ === "add") return addRow(current);
  if (go_ === "back") return open(QUESTIONS[QUESTIONS.indexOf(current) - 1] ?? "start");
  if (current === "start") fillInExample();
  draft.answers = readAnswers();
  const problems = problemsOf(draft.answers, current);
  if (problems.length) {
    return showProblems(problems.map(({ field, why }) => ({ field, text: say(`publish-error-${why}`) })));
  }
  if (warn(at(current))) return;
  return open(STEPS[STEPS.indexOf(current) + 1] ?? "review");
}

/** Nothing typed is lost by it. @param {Error} error */
const tell = (error) =>
  showProblems([{ field: "", text: say("publish-script-invalid", { detail: error.message }) }]);

/** @param {string} id @param {(button: HTMLButtonElement | null) => Promise<unknown>} act */
const onSubmit = (id, act) =>
  at(id).addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    act(/** @type {HTMLButtonElement | null} */ (event.submitter)).catch(tell);
  });

onSubmit("questions", (button) => answer(button?.value ?? "next"));
form.addEventListener("input", () => {
  draft.answers = readAnswers();
  keep();
});
form.addEventListener("change", async (/** @type {Event} */ event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.type !== "file") return;
  await readEvidence(field);
  draft.answers = readAnswers();
  keep();
});
onSubmit("review", async () => {
  if (at("permanent").checked) return openBackup();
  showProblems([{ field: "permanent", text: say("publish-error-permanent") }]);
});
onSubmit("make", async () => (await signing()).makeBackup(flow));
onSubmit("prove", async () => (await signing()).proveBackup(flow));
onSubmit("sign", async () => (await signing()).signAndPublish(flow));
for (const button of document.querySelectorAll("[data-to]")) {
  button.addEventListener("click", () => {
    clearProblems();
    open(/** @type {HTMLElement} */ (button).dataset.to ?? "start").catch(tell);
  });
}
at("anew").addEventListener("click", () => {
  delete draft.statement;
  open("review").catch(tell);
});
at("print").addEventListener("click", () => print());
at("another").addEventListener("click", startAnew);
at("resume-forget").addEventListener("click", startAnew);
at("resume-go").addEventListener("click", () => {
  at("resume").hidden = true;
  open(draft.at).catch(tell);
});
addEventListener("popstate", () => {
  const step = location.hash.slice(1) || "start";
  if (STEPS.includes(step) && step !== current) open(step).catch(tell);
});

function startAnew() {
  forget(localStorage);
  location.assign(location.pathname + location.search);
}

for (const part of document.querySelectorAll("[data-script]")) /** @type {HTMLElement} */ (part).hidden = false;
for (const part of document.querySelectorAll("[data-plain]")) /** @type {HTMLElement} */ (part).hidden = true;
keptKey().then((key) => {
  if (key) at("key-here").textContent = say("publish-script-key-here", { did: key.did });
});
const found = load(localStorage);
if (found && (found.at !== "start" || found.receipt)) {
  draft = found;
  writeAnswers(found.answers);
  showEvidence();
  at("resume").hidden = false;
} else {
  showDebtors(draft.answers.values);
}
