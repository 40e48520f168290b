// A key of the log that followed one that is believed: the operator named it in an entry of the tree that a believed key
// signs. Loaded only where the ledger's policy names a key that this device does not remember.

import { readBundle } from "../onrecord/bundle.js";
import { readLeaf } from "../onrecord/leaf.js";
import { checkEntry } from "../onrecord/live.js";
import { readContent } from "../onrecord/statement.js";

/** @import { Ledger } from "../onrecord/ledger.js" */
/** @import { Policy } from "../onrecord/policy.js" */

/** The keys that the ledger's newest `log_keys` names; none where the policy does not vouch for it.
 * @param {Pick<Ledger, "bytes" | "checkpoint" | "hashes" | "policy">} ledger
 * @param {Policy} policy @returns {Promise<string[]>} */
export async function namedKeys(ledger, policy) {
  const bytes = await ledger.bytes("api/v1/log-keys");
  const { index, envelope } = readLeaf(readBundle(bytes).leaf);
  const served = { ...ledger, bundle: async () => bytes };
  for await (const { result } of checkEntry(served, { index, hash: "", policy })) {
    if (result !== "verified") return [];
  }
  const { kind, fields } = readContent(envelope);
  return kind === "log_keys" ? fields.vkeys : [];
}
