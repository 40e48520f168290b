// The chain of checks of an entry of this ledger, made in this browser from what the ledger serves, under the
// key that this device remembers.

import { Ledger } from "../onrecord/ledger.js";
import { checkEntry } from "../onrecord/live.js";
import { code, when } from "./elements.js";
import { compose } from "./strings.js";
import { storageHere, trustIn, under } from "./trust.js";

/** @import { Check } from "../onrecord/checks.js" */
/** @import { Bytes } from "../onrecord/encoding.js" */
/** @import { Trust } from "./trust.js" */

/** This ledger, as the pages of it say where and which it is. */
export class ThisLedger extends Ledger {
  /**
   * @param {DOMStringMap} said by an element of the page: `root` and `origin`
   * @param {() => Promise<typeof import("./new_keys.js")>} load what is needed where a key followed another
   */
  constructor({ root = "", origin = "" }, load) {
    super(globalThis.location.origin + root);
    this.origin = origin;
    this.load = load;
  }

  /** Which key is believed. @returns {Promise<Trust>} */
  trust = async () =>
    trustIn(await this.text("log.policy"), this.origin, storageHere(), new Date(), async (believed) =>
      (await this.load()).namedKeys(this, believed));
}

/**
 * Yields each check as soon as it is made.
 * @param {ThisLedger} ledger
 * @param {{ index: number, hash: string, bundle?: Promise<Bytes>, trust: Promise<Trust> }} entry `bundle` where
 *   it was asked for already
 * @returns {AsyncGenerator<Check, void>}
 */
export async function* checkLive(ledger, { index, hash, bundle, trust }) {
  const served = {
    bundle: () => bundle ?? ledger.bundle(index),
    checkpoint: ledger.checkpoint,
    hashes: ledger.hashes,
    policy: async () => (await trust).policy,
  };
  const known = await trust.catch(() => undefined);
  for await (const check of checkEntry(served, { index, hash })) yield known ? under(check, known) : check;
}

/** Which key was believed, in a sentence. @param {Trust} trust */
export const sentenceOf = ({ state, vkeys, since }) =>
  compose(`trust-${state}`, { key: code(vkeys.join(" ")), since: since ? when(since) : "" });
