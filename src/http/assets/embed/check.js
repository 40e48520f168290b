// One run of the checks of an entry, made in this browser from what a ledger serves, under the key that the
// ledger's own policy names at this visit. Nothing is remembered, and nothing is told to anyone.

import { together } from "../onrecord/checks.js";
import { Ledger, Problem } from "../onrecord/ledger.js";
import { checkEntry } from "../onrecord/live.js";

/** @import { Check, Outcome } from "../onrecord/checks.js" */
/** @import { Bytes } from "../onrecord/encoding.js" */
/** Why not everything was checked. `insecure`: the browser gives pages that came over plain http no cryptography.
 * @typedef {"insecure" | "unreachable" | "no-entry" | "incomplete"} Why */
/** What a run came to. `keys`: names and ids of the ledger's own keys; `says`: what the ledger says of a thread or an
 * organization, and which entry of it was checked.
 * @typedef {{ result: Outcome, why?: Why, checks: Check[], keys: string[], says?: { text: string, index: number } }} Found */
/** @typedef {{ index: number, hash: string }} Address */

const ADDRESS = /^(0|[1-9][0-9]{0,15})-([0-9a-f]{32})$/;

/** Reads `{index}-{hash}`. @param {string} text @returns {Address | undefined} */
export function readEntry(text) {
  const [, index = "", hash = ""] = ADDRESS.exec(text.trim()) ?? [];
  if (hash && Number.isSafeInteger(Number(index))) return { index: Number(index), hash };
}

/** What was not checked at all. @param {Why} why @returns {Found} */
export const unchecked = (why) => ({ result: "not_checked", why, checks: [], keys: [] });

/**
 * @param {string} url of the ledger
 * @param {Address} address
 * @param {(check: Check, bundle: Promise<Bytes>) => Promise<Check>} [review] what else a check has to hold for
 * @returns {Promise<Found>}
 */
export async function checkHere(url, { index, hash }, review = async (check) => check) {
  if (!globalThis.crypto?.subtle) return unchecked("insecure");
  let isReachable = true;
  /** @type {typeof globalThis.fetch} */
  const fetch = (asked, how) =>
    globalThis.fetch(asked, { ...how, credentials: "omit", referrerPolicy: "no-referrer" }).catch((error) => {
      isReachable = false;
      throw error;
    });
  const ledger = new Ledger(url, { fetch });
  const [bundle, policy] = [ledger.bundle(index), ledger.policy()];
  for (const promise of [bundle, policy]) promise.catch(() => {});
  const { checkpoint, hashes } = ledger;
  const served = { bundle: () => bundle, policy: () => policy, checkpoint, hashes };
  /** @type {Check[]} */
  const checks = [];
  for await (const check of checkEntry(served, { index, hash })) checks.push(await review(check, bundle));
  const result = together(checks);
  const keys = await policy.then(({ logs }) => logs.map(({ name, id }) => `${name}+${id}`), () => []);
  if (result !== "not_checked") return { result, checks, keys };
  return { result, why: isReachable ? "incomplete" : "unreachable", checks, keys };
}

/**
 * Asks what the ledger says of a thread or an organization, and checks its agreement, or the newest entry that names it.
 * @param {string} url of the ledger
 * @param {string} facts the path of what it says, below that
 * @param {Address} [agreement] of a thread; of an organization the ledger names the entry
 * @returns {Promise<Found>}
 */
export async function checkStanding(url, facts, agreement) {
  if (!globalThis.crypto?.subtle) return unchecked("insecure");
  /** @type {{ text: string, index: number, leaf_hash: string }} */
  let said;
  try {
    said = await (await new Ledger(url).ask(facts, { credentials: "omit", referrerPolicy: "no-referrer" })).json();
  } catch (error) {
    return unchecked(error instanceof Problem ? "no-entry" : "unreachable");
  }
  const { text, index } = said;
  const address = agreement ?? readEntry(`${index}-${said.leaf_hash.slice(0, 32)}`);
  if (!address) return unchecked("incomplete");
  return { ...(await checkHere(url, address)), says: { text, index: address.index } };
}
