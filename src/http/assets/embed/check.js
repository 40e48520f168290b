// One run of the checks of an entry, made in this browser from what a ledger serves, under the key that the
// ledger's own policy names at this visit. Nothing is remembered, and nothing is told to anyone.

import { together } from "../onrecord/checks.js";
import { Ledger } from "../onrecord/ledger.js";
import { checkEntry } from "../onrecord/live.js";

/** @import { Check, Outcome } from "../onrecord/checks.js" */
/** @import { Bytes } from "../onrecord/encoding.js" */
/** Why not everything was checked. `insecure`: the browser gives pages that came over plain http no cryptography.
 * @typedef {"insecure" | "unreachable" | "no-entry" | "incomplete"} Why */
/** What a run came to. `keys`: names and ids of the ledger's own keys; `counted`: what the ledger counts of a thread or
 * an organization, and which entry of it was checked.
 * @typedef {{ result: Outcome, why?: Why, checks: Check[], keys: string[], counted?: { text: string, index: number } }} Found */
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
 * @param {Address | undefined} named the entry; of an organization the ledger names it
 * @param {{ badge?: string | undefined, review?: (check: Check, bundle: Promise<Bytes>) => Promise<Check> }} [more] `badge`: the
 * path of the badge as JSON of a thread or an organization, whose counts are asked for; `review`: what else a check has
 * to hold for
 * @returns {Promise<Found>}
 */
export async function checkHere(url, named, { badge, review = async (check) => check } = {}) {
  if (!globalThis.crypto?.subtle) return unchecked("insecure");
  let isReachable = true;
  /** @type {typeof globalThis.fetch} */
  const fetch = (asked, how) =>
    globalThis.fetch(asked, { ...how, credentials: "omit", referrerPolicy: "no-referrer" }).catch((error) => {
      isReachable = false;
      throw error;
    });
  const ledger = new Ledger(url, { fetch });
  const counted = badge && await ledger.ask(badge).then((answer) => answer.json()).catch(() => {});
  const address = named ?? readEntry(`${counted?.index}-${String(counted?.leaf_hash).slice(0, 32)}`);
  const why = () => (isReachable ? "incomplete" : "unreachable");
  if (!address || (badge && !counted)) return unchecked(why());
  const { index } = address;
  const [bundle, policy] = [ledger.bundle(index), ledger.policy()];
  for (const promise of [bundle, policy]) promise.catch(() => {});
  const { checkpoint, hashes } = ledger;
  const served = { bundle: () => bundle, policy: () => policy, checkpoint, hashes };
  /** @type {Check[]} */
  const checks = [];
  for await (const check of checkEntry(served, address)) checks.push(await review(check, bundle));
  const result = together(checks);
  const keys = await policy.then(({ logs }) => logs.map(({ name, id }) => `${name}+${id}`), () => []);
  return {
    result,
    checks,
    keys,
    ...(result === "not_checked" && { why: why() }),
    ...(counted && { counted: { text: counted.text, index } }),
  };
}
