// The draft on this device: what was typed, and what was prepared and signed of it, until the receipt is
// there. Never a private key: that is in the backup.

/** @import { Bytes } from "../../onrecord/encoding.js" */
/** @typedef {{ values: Record<string, string>, sealed: string[] }} Answers */
/** What is to be signed: the payload in base64, encoded disclosures, and who signs.
 * @typedef {{ did: string, payload: string, public: string[], sealed: string[] }} Statement */
/** `of`: the answers that the statement was made of; `isBackedUp`: a backup of it was made; `submission`: it
 * was signed; `receipt`: its bundle, verified, with the sealed words.
 * @typedef {{ answers: Answers, at: string, of?: string, statement?: Statement, isBackedUp?: boolean,
 *   submission?: string, receipt?: string }} Draft */

const NAME = "onrecord-publish";

/** @param {Pick<Storage, "getItem">} storage @param {string} [name] of the draft
 * @returns {Draft | undefined} */
export function load(storage, name = NAME) {
  try {
    const draft = JSON.parse(storage.getItem(name) ?? "null");
    if (draft?.answers?.values && Array.isArray(draft.answers.sealed)) return draft;
  } catch {
    // What cannot be read is no draft; storage may also be forbidden.
  }
}

/** Whether there was room. @param {Pick<Storage, "setItem">} storage @param {Draft} draft @param {string} [name] */
export function save(storage, draft, name = NAME) {
  try {
    storage.setItem(name, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** @param {Pick<Storage, "removeItem">} storage @param {string} [name] */
export function forget(storage, name = NAME) {
  try {
    storage.removeItem(name);
  } catch {
    // Nothing was kept where storage is forbidden.
  }
}
