// From the answers to the receipt. The key is opened here and stays in memory; nothing leaves the device before
// the person read what will be signed and says so.

import { fileName, readBundle } from "../../onrecord/bundle.js";
import { hex, utf8 } from "../../onrecord/encoding.js";
import { statementId, STATEMENT_TYPE } from "../../onrecord/envelope.js";
import { KeyFileError, didIn } from "../../onrecord/key_file.js";
import { readLeaf } from "../../onrecord/leaf.js";
import { Ledger, Problem } from "../../onrecord/ledger.js";
import { leafHash } from "../../onrecord/merkle.js";
import { isRecent, payloadOf, readWords } from "../publish/agreement.js";
import { BACKUP_NAME, openKey, readBackup, withStatement, writeBackup } from "../publish/backup.js";
import { keptKey } from "../publish/kept_key.js";
import { at, clearProblems, saveFile, showProblems } from "../publish/page.js";
import { readReceipt, signStatement } from "../publish/receipt.js";
import { say } from "../strings.js";
import { showReview } from "./review.js";
import { BY_ALL, chosenWords, prepareFollowUp, wordsOf } from "./statement.js";

/** @import { Disclosure } from "../../onrecord/disclosure.js" */
/** @import { PrivateKey } from "../../onrecord/ed25519.js" */
/** @import { Backup } from "../publish/backup.js" */
/** @import { Draft } from "../publish/kept.js" */
/** @typedef {{ draft: Draft, keep: () => void, go: (step: string) => void, log: string, url: string, thread: string,
 *   signersOf: (draft: Draft) => string[] }} Flow */

/** In memory only. @type {{ key?: PrivateKey, backup?: Backup | undefined, passphrase?: string }} */
const held = {};

/** @param {string} field @param {string} id @param {Record<string, unknown>} [values] */
const refuse = (field, id, values) => showProblems([{ field, text: say(id, values) }]);

/** Opens the key, prepares the statement and shows it. @param {Flow} flow */
export async function openReview(flow) {
  const { draft } = flow;
  const signers = flow.signersOf(draft);
  const { kind = "" } = draft.answers.values;
  if (BY_ALL.includes(kind) && signers.length > 1) return refuse("kind", "add-script-all-signers");
  if (draft.answers.values.key === "kept") {
    const key = await keptKey();
    if (!key || !signers.includes(key.did)) return refuse("key", "add-script-not-signer");
    if (kind === "reveal" || wordsOf(draft.answers).some(({ isSealed }) => isSealed)) {
      return refuse("key", "add-script-kept-seals");
    }
    delete held.backup;
    held.key = key;
  } else if (!await openBackup(signers)) return;
  const revealed = kind === "reveal" ? await revealedOf(draft) : [];
  if (!revealed || !held.key) return;
  const of = JSON.stringify([draft.answers, held.key.did]);
  // What was signed is sent again as it is, because signing it once more would make another statement.
  if (draft.of !== of || !draft.statement || (!draft.submission && !isRecent(draft.statement))) {
    const { log, thread } = flow;
    draft.statement = await prepareFollowUp(draft.answers, { log, thread, did: held.key.did, revealed });
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

/** Whether the file holds a key of one of them, which is held then. @param {string[]} signers */
async function openBackup(signers) {
  const file = at("backup").files[0];
  if (!file) return void refuse("backup", "publish-error-file");
  const passphrase = at("passphrase").value;
  try {
    const backup = await readBackup(await file.text(), passphrase);
    const did = backup.keyFiles.map(didIn).find((did) => signers.includes(did));
    const key = did && await openKey(backup, did, passphrase);
    if (!key) return void refuse("backup", "add-script-not-signer");
    Object.assign(held, { key, backup, passphrase });
    return true;
  } catch (error) {
    refuse("backup", `publish-error-${error instanceof KeyFileError ? error.why : "file-unread"}`);
  }
}

/** The sealed words that were chosen, out of the backup. @param {Draft} draft
 * @returns {Promise<Disclosure[] | undefined>} */
async function revealedOf({ answers }) {
  const { of: [re], digests } = chosenWords(answers);
  for (const statement of held.backup?.statements ?? []) {
    const id = await statementId({ payloadType: STATEMENT_TYPE, payload: payloadOf(statement), signatures: [] });
    if (id !== re) continue;
    const words = await readWords(statement.sealed);
    const found = words.filter(({ digest }) => digests.includes(digest));
    if (found.length === digests.length) return found;
  }
  const names = digests.map((digest) => at("words").querySelector(`[data-digest="${digest}"]`)?.dataset.name);
  refuse("backup", "add-script-not-held", { name: names.join(", ") });
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
  at("done-entry").href = `${url}/e/${index}-${hex(await leafHash(leaf)).slice(0, 32)}${search}`;
  at("save-receipt").onclick = () => saveFile(fileName(log, index), receipt);
  at("save-backup").closest("li").hidden = !held.backup;
  at("save-backup").onclick = () => statement && saveBackup({ ...statement, bundle: receipt });
  clearProblems();
  go("done");
}
