// The form that takes a bundle and says what it is held against. Files are read here and sent nowhere.

import { text } from "../onrecord/encoding.js";
import { Fault } from "../onrecord/fault.js";
import { readPolicy } from "../onrecord/policy.js";
import { verifyBundle } from "../onrecord/verify.js";
import { byId, element, english } from "./elements.js";
import { say } from "./strings.js";
import { render } from "./verdict.js";

/** @import { Bytes } from "../onrecord/encoding.js" */
/** @import { Policy } from "../onrecord/policy.js" */
/** @import { Verdict } from "../onrecord/verify.js" */

/** As the command line: a bundle of the largest entry with all its words is well below this. */
const BUNDLE_BYTES_MAX = 1024 * 1024;
const POLICY_BYTES_MAX = 64 * 1024;

/** Why nothing was checked: the end of a message's id, and what more there is to say of it. */
export class NotTaken extends Error {
  /** @param {string} id @param {Node | string} [more] */
  constructor(id, more) {
    super(id);
    this.more = more;
  }
}

/**
 * What can be checked here.
 * @typedef {object} Offer
 * @property {() => Promise<Policy>} ownPolicy what a bundle is held against unless a file is chosen
 * @property {(verdict: Verdict) => Promise<Verdict>} [review] of a verdict under `ownPolicy`
 * @property {(pasted: string, outcome: Element) => Promise<void>} [checkLink] shows there what it finds
 */

/** Shows the form, which is hidden until a script runs. @param {Offer} offer */
export function offerChecks(offer) {
  const form = /** @type {HTMLFormElement} */ (byId("verify-form"));
  const bundle = /** @type {HTMLInputElement} */ (byId("bundle"));
  const link = /** @type {HTMLInputElement | null} */ (document.getElementById("link"));
  byId("verify-here").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void answer(() => check(offer, bundle, link));
  });
  bundle.addEventListener("change", () => {
    if (link) link.value = "";
    if (bundle.files?.length) form.requestSubmit();
  });
  link?.addEventListener("input", () => {
    bundle.value = "";
  });
  byId("policy-file").addEventListener("change", () => {
    /** @type {HTMLInputElement} */ (byId("policy-chosen")).checked = true;
  });
  takeDrops(form, bundle);
}

/** A file may be dropped anywhere on the page. @param {HTMLFormElement} form @param {HTMLInputElement} bundle */
function takeDrops(form, bundle) {
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const files = event.dataTransfer?.files;
    if (!files?.length) return;
    bundle.files = files;
    form.requestSubmit();
  });
}

/** Shows what a check comes to, or why it could not be made. @param {() => Promise<Node[]>} work */
async function answer(work) {
  const outcome = byId("outcome");
  outcome.setAttribute("aria-busy", "true");
  outcome.replaceChildren();
  const nodes = await work().catch(explain);
  if (nodes.length) outcome.replaceChildren(...nodes);
  outcome.removeAttribute("aria-busy");
  outcome.querySelector("h2")?.focus();
}

/** @param {unknown} error @returns {Node[]} */
function explain(error) {
  const isOwn = error instanceof NotTaken;
  const more = isOwn ? error.more : english(error instanceof Error ? error.message : String(error));
  return [
    element("h2", { tabindex: "-1" }, say("verify-script-not-done")),
    element("p", {}, say(`verify-script-${isOwn ? error.message : "cannot-here"}`)),
    ...(more === undefined ? [] : [element("p", {}, more)]),
  ];
}

/** @param {Offer} offer @param {HTMLInputElement} bundle @param {HTMLInputElement | null} link
 * @returns {Promise<Node[]>} */
async function check({ ownPolicy, review, checkLink }, bundle, link) {
  const [file] = bundle.files ?? [];
  const pasted = link?.value.trim() ?? "";
  if (!file && pasted && checkLink) {
    await checkLink(pasted, byId("outcome"));
    return [];
  }
  if (!file) throw new NotTaken("nothing-given");
  const bytes = await read(file, BUNDLE_BYTES_MAX);
  const chosen = await chosenPolicy();
  const verdict = await verifyBundle(bytes, chosen ?? await ownPolicy());
  return render(chosen || !review ? verdict : await review(verdict));
}

/** The policy in the file, when one is to be used. */
async function chosenPolicy() {
  if (!(/** @type {HTMLInputElement} */ (byId("policy-chosen")).checked)) return;
  const [file] = /** @type {HTMLInputElement} */ (byId("policy-file")).files ?? [];
  if (!file) throw new NotTaken("no-policy-given");
  const bytes = await read(file, POLICY_BYTES_MAX);
  return readPolicy(text(bytes)).catch((error) => {
    if (!(error instanceof Fault)) throw error;
    throw new NotTaken("not-a-policy", english(error.message));
  });
}

/** @param {File} file @param {number} bytesMax @returns {Promise<Bytes>} */
async function read(file, bytesMax) {
  if (file.size > bytesMax) throw new NotTaken("too-large");
  const bytes = await file.arrayBuffer().catch(() => {
    throw new NotTaken("unreadable");
  });
  return new Uint8Array(bytes);
}
