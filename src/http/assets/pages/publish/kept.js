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

/** @param {Pick<Storage, "getItem">} storage @returns {Draft | undefined} */
export function load(storage) {
  try {
    const draft = JSON.parse(storage.getItem(NAME) ?? "null");
    if (draft?.answers?.values && Array.isArray(draft.answers.sealed)) return draft;
  } catch {
    // What cannot be read is no draft; storage may also be forbidden.
  }
}

/** Whether there was room. @param {Pick<Storage, "setItem">} storage @param {Draft} draft */
export function save(storage, draft) {
  try {
    storage.setItem(NAME, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** @param {Pick<Storage, "removeItem">} storage */
export function forget(storage) {
  try {
    storage.removeItem(NAME);
  } catch {
    // Nothing was kept where storage is forbidden.
  }
}
