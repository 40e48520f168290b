// Which key of this ledger's log is believed: the one that the ledger's own policy named at the first contact
// from this device, which is remembered here. A ledger that names another key later is not believed, unless one that is
// remembered signed for the entry that names it. It is the habit of the command line too; only a policy from elsewhere
// says more about whose key it is.

import { b64, concat } from "../onrecord/encoding.js";
import { Fault } from "../onrecord/fault.js";
import { readVerifierKey } from "../onrecord/note.js";
import { readPolicy } from "../onrecord/policy.js";

/** @import { Check } from "../onrecord/checks.js" */
/** @import { VerifierKey } from "../onrecord/note.js" */
/** @import { Policy } from "../onrecord/policy.js" */
/** `vkeys` are the keys believed, `since` when they were first seen here. `unremembered`: this device keeps
 * nothing, so that every contact is the first.
 * @typedef {{ policy: Policy, origin: string, vkeys: string[], since?: string,
 *   state: "first" | "same" | "changed" | "unremembered" }} Trust */
/** @typedef {{ vkeys: string[], since: string }} Memory */

/** @param {string} origin of the log */
const place = (origin) => `onrecord key of ${origin}`;

/** The text of a verifier key, as in policies. @param {VerifierKey} key */
export const vkeyOf = ({ name, id, type, publicKey }) =>
  `${name}+${id}+${b64(concat(Uint8Array.of(type), publicKey))}`;

/**
 * @param {string} text of the ledger's policy
 * @param {string} origin of its log
 * @param {Pick<Storage, "getItem" | "setItem"> | undefined} storage of this device
 * @param {Date} now
 * @param {(believed: Policy) => Promise<string[]>} followed gives the keys that the operator named, where a believed one
 *   signed for that
 * @returns {Promise<Trust>}
 */
export async function trustIn(text, origin, storage, now, followed) {
  const policy = await readPolicy(text);
  const logs = policy.logs.filter(({ name }) => name === origin);
  if (!logs.length) throw new Fault(`not_a_policy: it names no key of ${origin}`);
  const remembered = await recall(storage, origin);
  if (!remembered) {
    const memory = { vkeys: logs.map(vkeyOf), since: now.toISOString() };
    const state = remember(storage, origin, memory) ? "first" : "unremembered";
    return { policy: { ...policy, logs }, origin, state, ...memory };
  }
  const { keys, since } = remembered;
  const believed = { ...policy, logs: keys };
  const vkeys = keys.map(vkeyOf);
  const added = logs.filter((key) => !vkeys.includes(vkeyOf(key)));
  const isSame = added.length < logs.length;
  if (isSame && added.length) {
    // What cannot be had now is asked for again the next time.
    const named = await followed(believed).catch(() => /** @type {string[]} */ ([]));
    for (const key of added.filter((key) => named.includes(vkeyOf(key)))) {
      vkeys.push(vkeyOf(key));
      keys.push(key);
    }
    remember(storage, origin, { vkeys, since });
  }
  return { policy: believed, origin, vkeys, since, state: isSame ? "same" : "changed" };
}

/** Forgets the key of a log, so that the next contact is the first. @param {Storage} storage
 * @param {string} origin */
export const forget = (storage, origin) => storage.removeItem(place(origin));

/** A check under this trust: the signature of a log whose key is another than before does not hold.
 * @param {Check} check @param {Trust} trust @returns {Check} */
export function under(check, { state, since }) {
  if (check.name !== "log_signature" || state !== "changed") return check;
  const detail = `log_key_changed: this device remembers another key since ${since}`;
  return { ...check, result: "failed", detail };
}

/** The storage of this device, where the browser lets the page have one. @returns {Storage | undefined} */
export function storageHere() {
  try {
    return globalThis.localStorage;
  } catch {
    // Browsers may forbid it: nothing is remembered then.
  }
}

/** What cannot be read was not written here, and counts as nothing.
 * @param {Pick<Storage, "getItem"> | undefined} storage @param {string} origin */
async function recall(storage, origin) {
  try {
    /** @type {Memory} */
    const { vkeys, since } = JSON.parse(storage?.getItem(place(origin)) ?? "");
    const keys = await Promise.all(vkeys.map(readVerifierKey));
    if (keys.length && keys.every(({ name }) => name === origin)) return { keys, since: String(since) };
  } catch {
    // As above.
  }
}

/** @param {Pick<Storage, "setItem"> | undefined} storage @param {string} origin @param {Memory} memory */
function remember(storage, origin, memory) {
  try {
    storage?.setItem(place(origin), JSON.stringify(memory));
    return storage !== undefined;
  } catch {
    return false;
  }
}
