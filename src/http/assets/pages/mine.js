// The page on which a person finds again what they put on record: from their backup, which is opened here.

import { fileName } from "../onrecord/bundle.js";
import { toPkcs8 } from "../onrecord/ed25519.js";
import { KeyFileError } from "../onrecord/key_file.js";
import { Ledger, Problem } from "../onrecord/ledger.js";
import { code, element, when } from "./elements.js";
import { entriesOf, find, titleOf } from "./mine/statements.js";
import { openKey, readBackup } from "./publish/backup.js";
import { forgetKey, keep, keptKey } from "./publish/kept_key.js";
import { at, clearProblems, saveFile, showProblems } from "./publish/page.js";
import { readReceipt, signStatement } from "./publish/receipt.js";
import { wordRow } from "./publish/review.js";
import { say } from "./strings.js";

/** @import { Backup } from "./publish/backup.js" */
/** @import { Found } from "./mine/statements.js" */

const form = at("open");
const { root, log } = form.dataset;
const ledger = new Ledger(location.origin + root);
/** Of the backup that is open. @type {{ backup: Backup, passphrase: string } | undefined} */
let opened;

for (const part of document.querySelectorAll("[data-script]")) /** @type {HTMLElement} */ (part).hidden = false;
void showKept();

form.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  void busy(openBackup);
});
at("forget").addEventListener("click", () => void forgetKey().then(showKept));

/** Nothing is changed by what fails here, so that it can be tried again. @param {() => Promise<unknown>} work */
async function busy(work) {
  clearProblems();
  at("mine").setAttribute("aria-busy", "true");
  await work().catch((error) => problem(describe(error)));
  at("mine").removeAttribute("aria-busy");
}

/** @param {string} text @param {string} [field] */
const problem = (text, field = "") => showProblems([{ field, text }]);

/** @param {unknown} error */
function describe(error) {
  if (!(error instanceof Problem)) return say("mine-script-not-reached");
  return say("mine-script-refused", { detail: error.detail });
}

async function openBackup() {
  const file = at("backup").files[0];
  if (!file) return problem(say("publish-error-file"), "backup");
  const passphrase = at("passphrase").value;
  try {
    opened = { backup: await readBackup(await file.text(), passphrase), passphrase };
  } catch (error) {
    const why = error instanceof KeyFileError ? error.why : "file-unread";
    return problem(say(`publish-error-${why}`), "backup");
  }
  await showAll();
  at("list-heading").focus();
}

async function showAll() {
  if (!opened) return;
  const { statements } = opened.backup;
  const entryOf = entriesOf(ledger);
  const found = await Promise.all(statements.map((statement) => find(statement, entryOf, log)));
  at("list").replaceChildren(...found.map(card));
  at("none").hidden = found.length > 0;
  at("found").hidden = false;
}

/** @param {Found} found */
function card(found) {
  const title = titleOf(found) ?? say(`kind-${found.kind}`);
  const { public: open, sealed } = found;
  const rows = [...open, ...sealed].filter(({ name }) => name !== "title").map(wordRow);
  const words = element("details", {}, element("summary", {}, say("mine-script-words")), element("dl", { class: "facts" }, ...rows));
  const facts = [say(`kind-${found.kind}`), ...found.subjects].join(" · ");
  return element("li", { class: "card" },
    element("p", { class: "eyebrow" }, element("bdi", {}, facts), " · ", when(found.claimedAt)),
    element("h3", { dir: "auto" }, title),
    element("p", {}, state(found)),
    ...(rows.length ? [words] : []),
    ...actions(found));
}

/** @param {Found} found */
function state({ state, log, index }) {
  const isOn = state === "on_record";
  const mark = element("span", { class: isOn ? "state public" : "state" }, say(`mine-script-state-${state}`, { index, log }));
  return mark;
}

/** What can be done with it. @param {Found} found @returns {HTMLElement[]} */
function actions(found) {
  if (found.state === "open") return [...consent(found)];
  if (found.state !== "on_record") return [];
  const link = (/** @type {string} */ path, /** @type {string} */ id) => {
    const { search } = new URL(form.action);
    return element("li", {}, element("a", { href: `${root}${path}${search}` }, say(id)));
  };
  const { name, thread } = found;
  const links = [link(`/e/${name}`, "mine-script-entry")];
  if (thread) {
    const isAgreement = thread === name;
    links.push(
      link(`/t/${thread}`, isAgreement ? "mine-script-thread" : "mine-script-its-thread"),
      link(`/t/${thread}/add`, isAgreement ? "mine-script-add" : "mine-script-its-add"));
  }
  return [
    element("ul", { class: "links" }, ...links),
    element("div", { class: "actions" },
      button("mine-script-receipt", () => saveReceipt(found)), button("mine-script-keep-key", () => keepKeyOf(found))),
  ];
}

/** @param {string} id of its text @param {() => Promise<unknown>} act */
function button(id, act) {
  const made = element("button", { type: "button", class: "secondary" }, say(id));
  made.addEventListener("click", () => void busy(act));
  return made;
}

/** What is not on record yet becomes public only for who says so. @param {Found} found */
function* consent(found) {
  const id = `permanent-${found.id.slice(-8)}`;
  const box = /** @type {HTMLInputElement} */ (element("input", { type: "checkbox", id }));
  yield element("p", { class: "choice" }, box, element("label", { for: id }, say("publish-permanent")));
  yield element("div", { class: "actions" }, button("publish-script-sign", async () => {
    if (!box.checked) return problem(say("publish-error-permanent"), id);
    await publish(found);
  }));
}

/** @param {Found} found */
async function keyOf({ statement }) {
  const key = opened && await openKey(opened.backup, statement.did, opened.passphrase);
  if (!key) problem(say("publish-error-not-this"));
  return key;
}

/** The receipt as this ledger gives it now, or else as the backup has it. @param {Found} found */
async function saveReceipt({ statement, index = 0 }) {
  const fresh = await Promise.all([ledger.bundle(index), ledger.policy()])
    .then(([bytes, policy]) => readReceipt(bytes, statement, policy))
    .catch((error) => {
      if (statement.bundle) return { receipt: statement.bundle };
      throw error;
    });
  if ("failed" in fresh) return problem(say("mine-script-receipt-failed", { check: fresh.failed }));
  saveFile(fileName(log, index), fresh.receipt);
}

/** @param {Found} found */
async function publish(found) {
  const key = await keyOf(found);
  if (!key) return;
  const { bundle } = await ledger.publish(await signStatement(found.statement, key));
  const receipt = await readReceipt(bundle, found.statement, await ledger.policy());
  await showAll();
  if ("failed" in receipt) return problem(say("mine-script-receipt-failed", { check: receipt.failed }));
  saveFile(fileName(log, receipt.index), receipt.receipt);
}

/** @param {Found} found */
async function keepKeyOf(found) {
  const key = await keyOf(found);
  if (!key) return;
  if (!await keep(key, await toPkcs8(key))) return problem(say("mine-script-not-kept"));
  await showKept();
  at("kept").scrollIntoView({ block: "nearest" });
}

async function showKept() {
  const key = await keptKey();
  at("kept").hidden = !key;
  if (key) at("kept-key").replaceChildren(code(key.did));
}
