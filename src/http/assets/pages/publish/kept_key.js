// The key that a person chose to keep on this device, for agreements that may be linked and for what follows
// them. The browser signs with it and gives it to nobody, not even to this page: what restores it is the backup.

/** @import { PrivateKey } from "../../onrecord/ed25519.js" */

const NAME = "onrecord";
const STORE = "keys";
const KEPT = "kept";

/** Runs one request on the store. @template T
 * @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} ask @returns {Promise<T>} */
async function within(mode, ask) {
  /** @type {IDBDatabase} */
  const database = await answerOf(() => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    return opening;
  });
  try {
    return await answerOf(() => ask(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

/** @template T @param {() => IDBRequest<T>} ask @returns {Promise<T>} */
const answerOf = (ask) =>
  new Promise((resolve, reject) => {
    const request = ask();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** The key, if one was kept here. Nothing is where the browser lets pages keep nothing.
 * @returns {Promise<PrivateKey | undefined>} */
export const keptKey = () => within("readonly", (store) => store.get(KEPT)).catch(() => undefined);

/** Keeps a key that can be exported, in a form that cannot. Whether there was room.
 * @param {PrivateKey} privateKey @param {Uint8Array<ArrayBuffer>} pkcs8 the same key */
export async function keep({ did, publicKey }, pkcs8) {
  try {
    const key = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]);
    await within("readwrite", (store) => store.put({ did, publicKey, key }, KEPT));
    return true;
  } catch {
    return false;
  }
}

/** Takes the key off this device. */
export const forgetKey = () => within("readwrite", (store) => store.delete(KEPT)).catch(() => undefined);
