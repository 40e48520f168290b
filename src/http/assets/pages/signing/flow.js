// From answers that are complete to the receipt. The key is opened here and stays in memory; nothing leaves the device
// before the person read what will be signed and says so.

import { fileName, readBundle } from "../../onrecord/bundle.js";
import { hex, utf8 } from "../../onrecord/encoding.js";
import { KeyFileError, didIn } from "../../onrecord/key_file.js";
import { readLeaf } from "../../onrecord/leaf.js";
import { Ledger, Problem } from "../../onrecord/ledger.js";
import { leafHash } from "../../onrecord/merkle.js";
import { isRecent } from "../publish/agreement.js";
import { BACKUP_NAME, openKey, readBackup, withStatement, writeBackup } from "../publish/backup.js";
import { keptKey } from "../publish/kept_key.js";
import { at, clearProblems, saveFile, showProblems } from "../publish/page.js";
import { readReceipt, signStatement } from "../publish/receipt.js";
import { say } from "../strings.js";
import { showReview } from "./review.js";

/** @import { PrivateKey } from "../../onrecord/ed25519.js" */
/** @import { Backup } from "../publish/backup.js" */
/** @import { Statement } from "../publish/kept.js" */
/** @import { Flow } from "./form.js" */

/** In memory only. @type {{ key?: PrivateKey, backup?: Backup | undefined, passphrase?: string }} */
const held = {};

/** @param {string} field @param {string} id @param {Record<string, unknown>} [values] */
export const refuse = (field, id, values) => showProblems([{ field, text: say(id, values) }]);

/** Opens the key that was chosen, of one who may sign. Whether it is there. @param {Flow} flow */
export async function open({ draft, signers, stranger }) {
  const allowed = signers();
  const isAllowed = (/** @type {string} */ did) => !allowed.length || allowed.includes(did);
  if (draft.answers.values.key === "kept") {
    const key = await keptKey();
    if (!key || !allowed.includes(key.did)) return void refuse("key", stranger);
    delete held.backup;
    held.key = key;
    return held;
  }
  const file = at("backup").files[0];
  if (!file) return void refuse("backup", "publish-error-file");
  const passphrase = at("passphrase").value;
  try {
    const backup = await readBackup(await file.text(), passphrase);
    const did = backup.keyFiles.map(didIn).find(isAllowed);
    const key = did && await openKey(backup, did, passphrase);
    if (!key) return void refuse("backup", stranger);
    return Object.assign(held, { key, backup, passphrase });
  } catch (error) {
    refuse("backup", `publish-error-${error instanceof KeyFileError ? error.why : "file-unread"}`);
  }
}

/** Prepares the statement, unless that was done with these answers and this key, and shows it.
 * @param {Flow} flow @param {(did: string) => Promise<Statement>} prepare */
export async function review(flow, prepare) {
  const { draft } = flow;
  if (!held.key) return;
  const of = JSON.stringify([draft.answers, held.key.did]);
  // What was signed is sent again as it is, because signing it once more would make another statement.
  if (draft.of !== of || !draft.statement || (!draft.submission && !isRecent(draft.statement))) {
    draft.statement = await prepare(held.key.did);
    draft.of = of;
    delete draft.submission;
  }
  await showStatement(flow);
}

/** @param {Flow} flow */
export async function showStatement({ draft, keep, go }) {
  if (!draft.statement) return;
  clearProblems();
  await showReview(draft.statement);
  at("sign").textContent = say(draft.submission ? "publish-script-publish-again" : "publish-script-sign");
  at("sign-state").textContent = "";
  keep();
  go("review");
}

/** Signs, publishes and verifies the receipt. @param {Flow} flow */
export async function signAndPublish(flow) {
  const { draft, keep, url } = flow;
  const { statement } = draft;
  if (!at("permanent").checked) return refuse("permanent", "publish-error-permanent");
  if (!statement) return;
  if (!draft.submission && !isRecent(statement)) return refuse("", "add-script-late");
  at("sign").disabled = true;
  at("sign-state").textContent = say("publish-script-signing");
  try {
    if (!draft.submission && held.key) {
      if (statement.sealed.length) await saveBackup(statement);
      draft.submission = await signStatement(statement, held.key);
      keep();
    }
    const ledger = new Ledger(url);
    const { bundle } = await ledger.publish(draft.submission ?? "");
    const found = await readReceipt(bundle, statement, await ledger.policy());
    if ("failed" in found) refuse("", "publish-script-receipt", { check: found.failed });
    else {
      draft.receipt = found.receipt;
      keep();
      await showDone(flow);
    }
  } catch (error) {
    if (error instanceof Problem && error.status < 500 && error.status !== 429) {
      refuse("", "publish-script-refused", { detail: error.detail });
      delete draft.submission;
      keep();
    } else refuse("", "publish-script-unreachable");
  }
  at("sign").disabled = false;
  at("sign").textContent = say(draft.submission ? "publish-script-publish-again" : "publish-script-sign");
  at("sign-state").textContent = "";
}

/** The backup with this statement in it. What is sealed is nowhere else, so that it is saved before anything leaves.
 * @param {Backup["statements"][number]} statement */
async function saveBackup(statement) {
  const { backup, key, passphrase } = held;
  if (!backup || !key || !passphrase) return;
  held.backup = await withStatement(backup, statement, key, passphrase);
  saveFile(BACKUP_NAME, await writeBackup(held.backup, passphrase));
}

/** What the person leaves with. @param {Flow} flow */
export async function showDone({ draft, url, log, go }) {
  const { receipt = "", statement } = draft;
  const { leaf } = readBundle(utf8(receipt));
  const { index } = readLeaf(leaf);
  const { search } = new URL(at("done-entry").href);
  const lang = new URLSearchParams(search).get("lang");
  at("done-entry").href =
    `${url}/e/${index}-${hex(await leafHash(leaf)).slice(0, 32)}${lang ? `?lang=${lang}` : ""}`;
  at("save-receipt").onclick = () => saveFile(fileName(log, index), receipt);
  const again = at("save-backup");
  if (again) {
    again.closest("li").hidden = !held.backup;
    again.onclick = () => statement && saveBackup({ ...statement, bundle: receipt });
  }
  clearProblems();
  go("done");
}
