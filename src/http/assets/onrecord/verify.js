// A bundle held against a trust policy, without the ledger (protocol §8). Every check is made that can be
// made, so that the verdict tells all that is wrong and not only the first; it is the one of
// `onrecord verify --json`. It looks at one entry: whether the ledger kept its rules, an audit shows.

import { readBundle } from "./bundle.js";
import {
  checkDisclosures, checkLogSignature, checkSignatures, checkStatement, checkTimes, failed, notChecked,
  verified,
} from "./checks.js";
import { statementId } from "./envelope.js";
import { Fault, Refusal } from "./fault.js";
import { readLeaf } from "./leaf.js";
import { BadProof, leafHash, verifyInclusion } from "./merkle.js";
import { judge } from "./policy.js";
import { readProof } from "./proof.js";
import { readContent } from "./statement.js";
import { toMillis, toSeconds } from "./time.js";

/** @import { Bundle } from "./bundle.js" */
/** @import { Check, Outcome } from "./checks.js" */
/** @import { Bytes } from "./encoding.js" */
/** @import { Entry } from "./leaf.js" */
/** @import { Judgement, Policy } from "./policy.js" */
/** @import { Proof } from "./proof.js" */
/** @import { Content } from "./statement.js" */
/** What could be read of a bundle. `refused`: why its statement is none.
 * @typedef {{ bundle?: Bundle, entry?: Entry, proof?: Proof, fault?: string, content?: Content,
 *   refused?: string, judgement?: Judgement }} Parts */
/** @typedef {{ claimed_at?: string, admitted_at?: string, not_before_size?: number,
 *   existed_by?: string }} Bounds */
/** As schemas/verdict.json; `about` tells which entry it is of, where that much can be read.
 * @typedef {{ verdict: Outcome, checks: Check[], not_checked: string[], bounds: Bounds,
 *   about?: { index: number, id: string, kind?: string, origin?: string } }} Verdict */

const LAST_MOMENT = 253_402_300_799n;
/** What no bundle ever shows. */
const NEVER_CHECKED = [
  "whether the words are true",
  "whether a key is a certain person's or organization's",
  "what happened after this checkpoint, such as answers, withdrawals or erasures",
  "whether the ledger kept its rules for all other entries, which an audit shows",
];
/** Without these nothing verifies. The fields of a kind that is not known, and witnesses that the policy does
 * not ask for, are no reason to doubt the rest. */
const isEssential = (/** @type {Check} */ { name }) =>
  name !== "statement" && name !== "witness_quorum";

/** @param {Bytes} bytes @param {Policy} policy @returns {Promise<Verdict>} */
export async function verifyBundle(bytes, policy) {
  const parts = readParts(bytes);
  const { entry, proof, content } = parts;
  if (proof) parts.judgement = await judge(policy, proof.checkpoint);
  const checks = [
    parts.fault ? failed("bytes", parts.fault)
      : verified("bytes", "bundle, entry and proof are well formed"),
    parts.refused ? failed("statement", parts.refused)
      : content ? checkStatement(content, proof?.checkpoint.origin) : notChecked("statement"),
    ...(entry && content ? await checkSignatures(content, entry.envelope) : [notChecked("signature")]),
    await checkInclusion(parts),
    proof && parts.judgement ? checkLogSignature(parts.judgement, proof.checkpoint)
      : notChecked("log_signature"),
    checkQuorum(parts.judgement),
    parts.bundle && content ? await checkDisclosures(content, parts.bundle) : notChecked("disclosures"),
    entry && content ? checkTimes(content, entry) : notChecked("time_bounds"),
  ];
  const about = entry && {
    index: entry.index,
    id: await statementId(entry.envelope),
    ...(content?.kind && { kind: content.kind }),
    ...(proof && { origin: proof.checkpoint.origin }),
  };
  return {
    verdict: outcome(checks),
    checks,
    not_checked: listNotChecked(parts),
    bounds: boundsOf(parts),
    ...(about && { about }),
  };
}

/** @param {Check[]} checks @returns {Outcome} */
function outcome(checks) {
  if (checks.some(({ result }) => result === "failed")) return "failed";
  const isOpen = checks.some((check) => isEssential(check) && check.result !== "verified");
  return isOpen ? "not_checked" : "verified";
}

/** @param {Bytes} bytes @returns {Parts} */
function readParts(bytes) {
  /** @type {Parts} */
  const parts = {};
  /** @template T @param {string} name @param {() => T} read @returns {T | undefined} */
  const attempt = (name, read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      parts.fault ??= `${name}: ${error.message}`;
    }
  };
  const bundle = attempt("not_a_bundle", () => readBundle(bytes));
  if (!bundle) return parts;
  const entry = attempt("not_an_entry", () => readLeaf(bundle.leaf));
  const proof = attempt("not_a_proof", () => readOwnProof(bundle.proof));
  Object.assign(parts, { bundle, entry, proof });
  try {
    if (entry) parts.content = readContent(entry.envelope);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    parts.refused = error.message;
  }
  return parts;
}

/** Nothing vouches for the extra data that a proof may have, so that a bundle has none.
 * @param {string} text */
function readOwnProof(text) {
  const proof = readProof(text);
  if (proof.extra) throw new Fault("a bundle's proof has no extra data");
  return proof;
}

/** @param {Parts} parts @returns {Promise<Check>} */
async function checkInclusion({ bundle, entry, proof, judgement }) {
  const name = "inclusion";
  if (!bundle || !proof) return notChecked(name);
  const { index, path, checkpoint: { size, root } } = proof;
  if (entry && entry.index !== index) {
    const detail = `the proof is of entry ${index}, the entry is number ${entry.index}`;
    return failed(name, `proof_of_another_entry: ${detail}`);
  }
  try {
    await verifyInclusion(index, size, await leafHash(bundle.leaf), path, root);
    return verified(name, `entry ${index} of ${size}`);
  } catch (error) {
    if (!(error instanceof BadProof)) throw error;
    if (error.why === "short") {
      return failed(name, "inclusion_hash_missing: the proof has too few hashes");
    }
    if (error.why !== "root") {
      const detail = "the proof has too many hashes, or its tree has no such entry";
      return failed(name, `inclusion_hash_added: ${detail}`);
    }
    // What the log's own key did not sign is what was changed; else it is what should lead there.
    return failed(name, judgement?.log === "bad"
      ? "root_changed: the root is not the one the log signed"
      : "entry_changed: the entry, or a hash of its proof, is not the one logged");
  }
}

/** @param {Judgement | undefined} judgement */
function checkQuorum(judgement) {
  const name = "witness_quorum";
  if (!judgement) return notChecked(name);
  const { witnesses, quorum } = judgement;
  const bad = witnesses.find(({ finding }) => finding === "bad");
  if (bad) {
    const detail = `the cosignature under ${bad.name} is not by its key`;
    return failed(name, `witness_signature_bad: ${detail}`);
  }
  if (quorum === "none_asked") return notChecked(name, "the policy asks for no witness");
  if (quorum === "not_met") {
    return failed(name, "quorum_not_met: too few witnesses cosigned the checkpoint");
  }
  const count = witnesses.filter(({ finding }) => finding === "seen").length;
  return verified(name, `cosigned by ${count} of ${witnesses.length}`);
}

/** @param {Parts} parts @returns {Bounds} */
function boundsOf({ entry, content, judgement }) {
  const { claimed_at: claimed, seen } = content?.fields ?? {};
  const existedBy = judgement?.existedBy;
  return {
    ...(claimed && { claimed_at: claimed }),
    ...(entry && { admitted_at: toMillis(entry.time) }),
    ...(seen && { not_before_size: seen.size }),
    ...(existedBy && existedBy <= LAST_MOMENT && { existed_by: toSeconds(Number(existedBy) * 1000) }),
  };
}

/** @param {Parts} parts @returns {string[]} */
function listNotChecked({ content, judgement }) {
  const list = [...NEVER_CHECKED];
  if (content?.type === "unknown_kind") {
    list.push(`the rules of the kind \`${content.kind}\`, which is not known`);
  }
  if (content?.type === "unknown_type") list.push("what the payload says and who signed it");
  for (const { name, id } of judgement?.unknown ?? []) {
    list.push(`the line under the checkpoint by ${name} (key ${id}), not in the policy`);
  }
  for (const { name, finding } of judgement?.witnesses ?? []) {
    if (finding === "unknown_type") list.push(`the cosignature by ${name}, of a type that is not known`);
  }
  return list;
}
