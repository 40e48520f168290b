// From the answers to the receipt: review, backup, signature, publication. Loaded when the questions are
// answered. Nothing leaves the device before the backup was opened and the person says so.

import { generate, toPkcs8 } from "../../onrecord/ed25519.js";
import { leafHash } from "../../onrecord/merkle.js";
import { statementId } from "../../onrecord/envelope.js";
import { readLeaf } from "../../onrecord/leaf.js";
import { fileName, readBundle } from "../../onrecord/bundle.js";
import { hex, utf8 } from "../../onrecord/encoding.js";
import { KeyFileError } from "../../onrecord/key_file.js";
import { Ledger, Problem } from "../../onrecord/ledger.js";
import { say } from "../strings.js";
import { isRecent, prepareAgreement } from "./agreement.js";
import { BACKUP_NAME, EMPTY, openKey, readBackup, withStatement, writeBackup } from "./backup.js";
import { keep as keepKey, keptKey } from "./kept_key.js";
import { at, clearProblems, saveFile, showProblems } from "./page.js";
import { readReceipt, signStatement } from "./receipt.js";
import { showReview } from "./review.js";
import { showSheet } from "./sheet.js";

/** @import { PrivateKey } from "../../onrecord/ed25519.js" */
/** @import { Backup } from "./backup.js" */
/** @import { Draft, Statement } from "./kept.js" */
/** `keep` saves the draft on the device, `go` shows a step.
 * @typedef {{ draft: Draft, keep: () => void, go: (step: string) => void, log: string, url: string }} Flow */

const PASSPHRASE_LEAST = 12;

/** In memory only. `fresh` was made here and can be exported; `kept` is the device's, where that one was chosen.
 * @type {{ fresh?: PrivateKey | undefined, kept?: PrivateKey | undefined, proven?: PrivateKey, backup?: Backup,
 *   passphrase?: string }} */
const held = {};

/** Prepares the statement, unless the one there is of the same answers and its key is at hand, and shows it.
 * @param {Flow} flow */
export async function review({ draft, keep, log }) {
  const of = JSON.stringify(draft.answers);
  held.kept = wantsKept(draft) ? await keptKey() : undefined;
  const { did } = draft.statement ?? {};
  const isAtHand = draft.isBackedUp || (did && [held.fresh?.did, held.kept?.did].includes(did));
  const isReady = draft.statement && draft.of === of && isAtHand &&
    (draft.submission || isRecent(draft.statement));
  if (!isReady) {
    held.fresh = held.kept ? undefined : await generate();
    delete held.proven;
    const signer = held.kept ?? /** @type {PrivateKey} */ (held.fresh);
    draft.statement = await prepareAgreement(draft.answers, { log, did: signer.did });
    draft.of = of;
    delete draft.isBackedUp;
    delete draft.submission;
    keep();
  }
  if (draft.statement) showReview(draft.answers, draft.statement);
}

/** Whether the key is one that stays on this device. @param {Draft} draft */
const wantsKept = ({ answers }) => answers.values.key === "kept";

/** Shows how far the backup is. @param {Flow} flow */
export function showBackup({ draft }) {
  at("make").hidden = !!draft.isBackedUp && !held.fresh && !held.kept;
  at("prove").hidden = !draft.isBackedUp;
  const isProven = held.proven && held.proven.did === draft.statement?.did;
  const button = at("sign").querySelector("[type=submit]");
  button.disabled = !isProven && !draft.submission;
  button.textContent = say(draft.submission ? "publish-script-publish-again" : "publish-script-sign");
  at("sign-state").textContent = say(`publish-script-${isProven ? "proven" : "not-proven"}`);
}

/** Makes the backup, with what an older one holds, and has the browser save it. @param {Flow} flow */
export async function makeBackup(flow) {
  const { draft, keep } = flow;
  const passphrase = at("passphrase").value;
  const file = at("old").files[0];
  if (passphrase.length < PASSPHRASE_LEAST && !file) {
    return showProblems([{ field: "passphrase", text: say("publish-error-passphrase") }]);
  }
  const { statement } = draft;
  if (!statement) return;
  // The browser does not give out the key that is kept here, so that only an older backup has it.
  if (!held.fresh && !file) return showProblems([{ field: "old", text: say("publish-error-kept-key") }]);
  const old = file ? await opened("old", file, passphrase) : EMPTY;
  if (!old) return;
  const key = held.fresh ?? await openKey(old, statement.did, passphrase);
  if (!key) return showProblems([{ field: "old", text: say("publish-error-kept-key") }]);
  const backup = await withStatement(old, statement, key, passphrase);
  saveFile(BACKUP_NAME, await writeBackup(backup, passphrase));
  draft.isBackedUp = true;
  keep();
  clearProblems();
  showBackup(flow);
  at("sign-state").textContent = say("publish-script-made");
  at("saved").focus();
}

/** Opens the backup that was saved, and takes the key to sign with from it. @param {Flow} flow */
export async function proveBackup(flow) {
  const file = at("saved").files[0];
  if (!file) return showProblems([{ field: "saved", text: say("publish-error-file") }]);
  const passphrase = at("again").value;
  const backup = await opened("saved", file, passphrase);
  const { statement } = flow.draft;
  if (!backup || !statement) return;
  const holds = backup.statements.some(({ payload }) => payload === statement.payload);
  const key = holds ? await openKey(backup, statement.did, passphrase) : undefined;
  if (!key) return showProblems([{ field: "saved", text: say("publish-error-not-this") }]);
  Object.assign(held, { proven: key, backup, passphrase });
  clearProblems();
  showBackup(flow);
  if (wantsKept(flow.draft) && !await keepKey(key, await toPkcs8(key))) {
    at("sign-state").textContent = say("publish-script-key-not-kept");
  }
  at("sign").querySelector("[type=submit]").focus();
}

/** @param {string} field @param {File} file @param {string} passphrase */
async function opened(field, file, passphrase) {
  try {
    return await readBackup(await file.text(), passphrase);
  } catch (error) {
    const why = error instanceof KeyFileError ? error.why : "file-unread";
    showProblems([{ field, text: say(`publish-error-${why}`) }]);
  }
}

/** Signs, publishes and verifies the receipt. The signed statement is kept until then, because publishing it
 * again is safe and signing it again is not the same. @param {Flow} flow */
export async function signAndPublish(flow) {
  const { draft, keep, url } = flow;
  const { statement } = draft;
  if (!statement) return;
  at("sign").querySelector("[type=submit]").disabled = true;
  at("sign").setAttribute("aria-busy", "true");
  at("sign-state").textContent = say("publish-script-signing");
  const problem = (/** @type {string} */ text) => showProblems([{ field: "", text }]);
  try {
    if (!draft.submission && held.proven) {
      draft.submission = await signStatement(statement, held.proven);
      keep();
    }
    const ledger = new Ledger(url);
    const { bundle } = await ledger.publish(draft.submission ?? "");
    const found = await readReceipt(bundle, statement, await ledger.policy());
    if ("failed" in found) {
      problem(say("publish-script-receipt", { check: found.failed }));
    } else {
      draft.receipt = found.receipt;
      keep();
      clearProblems();
      await showDone(flow);
      flow.go("done");
    }
  } catch (error) {
    if (error instanceof Problem && error.status < 500 && error.status !== 429) {
      problem(say("publish-script-refused", { detail: error.detail }));
      // What is refused once is refused again; other answers make another statement.
      delete draft.submission;
      keep();
    } else {
      problem(say("publish-script-unreachable"));
    }
  }
  at("sign").removeAttribute("aria-busy");
  showBackup(flow);
}

/** What the person leaves with. @param {Flow} flow */
export async function showDone({ draft, url, log }) {
  const { receipt = "", statement } = draft;
  const { leaf } = readBundle(utf8(receipt));
  const { index, time, envelope } = readLeaf(leaf);
  const name = `${index}-${hex(await leafHash(leaf)).slice(0, 32)}`;
  showSheet(draft, { url, name, index, time, id: await statementId(envelope) });
  at("save-receipt").onclick = () => saveFile(fileName(log, index), receipt);
  const { backup, proven, passphrase } = held;
  at("save-backup").closest("li").hidden = !backup;
  at("save-backup").onclick = async () => {
    if (!backup || !proven || !passphrase || !statement) return;
    const whole = await withStatement(backup, { ...statement, bundle: receipt }, proven, passphrase);
    saveFile(BACKUP_NAME, await writeBackup(whole, passphrase));
  };
}
