// Signing, publishing, and the receipt, which is believed only after it was verified here.

import { readBundle, writeBundle } from "../../onrecord/bundle.js";
import { sign, submission } from "../../onrecord/draft.js";
import { equal, utf8 } from "../../onrecord/encoding.js";
import { readLeaf } from "../../onrecord/leaf.js";
import { verifyBundle } from "../../onrecord/verify.js";
import { payloadOf, readWords } from "./agreement.js";

/** @import { Bytes } from "../../onrecord/encoding.js" */
/** @import { PrivateKey } from "../../onrecord/ed25519.js" */
/** @import { Policy } from "../../onrecord/policy.js" */
/** @import { Statement } from "./kept.js" */

/** What is sent: the signed statement and its public words. @param {Statement} statement
 * @param {PrivateKey} key */
export async function signStatement(statement, key) {
  const envelope = await sign({ payload: payloadOf(statement) }, [key]);
  return submission(envelope, await readWords(statement.public));
}

/** The person's own copy of a bundle, with the sealed words; or the name of the check that it fails.
 * Witnesses may not have seen the newest checkpoint yet, so that none are asked for.
 * @param {Bytes} bytes @param {Statement} statement @param {Policy} policy
 * @returns {Promise<{ receipt: string, index: number } | { failed: string }>} */
export async function readReceipt(bytes, statement, policy) {
  const withoutWitnesses = { ...policy, quorum: undefined };
  const answer = await verifyBundle(bytes, withoutWitnesses);
  const bad = answer.checks.find(({ name, result }) =>
    result !== "verified" && name !== "witness_quorum");
  if (bad) return { failed: bad.name };
  const bundle = readBundle(bytes);
  const { envelope, index } = readLeaf(bundle.leaf);
  if (!equal(envelope.payload, payloadOf(statement))) return { failed: "statement" };
  const receipt = writeBundle({ ...bundle, sealed: statement.sealed });
  const own = await verifyBundle(utf8(receipt), withoutWitnesses);
  if (own.verdict !== "verified") return { failed: "disclosures" };
  return { receipt, index };
}
