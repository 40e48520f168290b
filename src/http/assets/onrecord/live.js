// The chain of checks of one entry, from its statement up to the ledger's checkpoint, each made here from
// what the ledger serves: bundle, tiles, checkpoint and policy (protocol §6, §7).

import { readBundle } from "./bundle.js";
import {
  checkDisclosures, checkKeys, checkLogSignature, checkSignatures, checkStatement, failed, notChecked,
  verified,
} from "./checks.js";
import { equal, hex, unb64 } from "./encoding.js";
import { Fault, Refusal } from "./fault.js";
import { readLeaf } from "./leaf.js";
import { leafHash, proveInclusion, verifyInclusion } from "./merkle.js";
import { judge } from "./policy.js";
import { readContent } from "./statement.js";
import { nodesOf } from "./tile.js";

/** @import { Check } from "./checks.js" */
/** @import { Checkpoint } from "./checkpoint.js" */
/** @import { Bytes } from "./encoding.js" */
/** @import { Ledger } from "./ledger.js" */
/** @import { Nodes } from "./merkle.js" */
/** @import { Policy } from "./policy.js" */

/**
 * Yields `statement`, `signature`, `key`, `disclosures`, `inclusion`, `log_signature` and `prev`, each once
 * and as soon as it is known. What could not be fetched is not checked; only a mismatch fails.
 * @param {Pick<Ledger, "bundle" | "checkpoint" | "policy" | "hashes">} ledger
 * @param {{ index: number, hash: string, policy?: Policy }} entry `hash`: the first hex digits of its leaf
 *   hash, as in links to its page
 * @returns {AsyncGenerator<Check, void>}
 */
export async function* checkEntry(ledger, { index, hash, policy }) {
  const served = keep(ledger.bundle(index).then(readServed));
  const signed = keep(ledger.checkpoint().catch(rename("not_a_checkpoint")));
  const trusted = keep(policy ? Promise.resolve(policy) : ledger.policy().catch(rename("not_a_policy")));
  const tree = keep(readable(signed).then((checkpoint) => ({
    checkpoint,
    node: nodesOf(checkpoint.size, (...tile) => ledger.hashes(...tile).catch(rename("tile_mismatch"))),
  })));
  const content = keep(readable(served.then(({ entry }) => readContent(entry.envelope))));

  yield attempt("statement", async () => {
    const { entry, leaf } = await served;
    if (!hex(leaf).startsWith(hash) || entry.index !== index) {
      throw new Fault("entry_changed: the ledger serves another entry than this address names");
    }
    const origin = await signed.then((checkpoint) => checkpoint.origin, () => undefined);
    return checkStatement(readContent(entry.envelope), origin);
  });
  yield attempt("signature", async () => {
    const { entry } = await readable(served);
    return together(await checkSignatures(await content, entry.envelope));
  });
  yield attempt("key", async () => {
    const { entry } = await readable(served);
    return together(await checkKeys(await content, entry.envelope));
  });
  yield attempt("disclosures", async () =>
    checkDisclosures(await content, (await readable(served)).bundle));
  yield attempt("inclusion", async () => {
    const { leaf } = await readable(served);
    const detail = "entry_changed: the entry is not the one in the ledger's tiles";
    return checkInTree("inclusion", index, leaf, await tree, detail);
  });
  yield attempt("log_signature", async () => {
    const checkpoint = await signed;
    return checkLogSignature(await judge(await trusted, checkpoint), checkpoint);
  });
  yield attempt("prev", async () => {
    const { prev } = (await readable(served)).entry.links;
    if (index === 0 && prev === undefined) return verified("prev", "no entry stands before entry 0");
    const detail = "prev_link_broken: it does not follow the entry before it";
    const before = unb64(prev, 32);
    if (index === 0 || !before) throw new Fault(detail);
    return checkInTree("prev", index - 1, before, await tree, detail);
  });
}

/** Its failure is reported where it is waited for. @template T @param {Promise<T>} promise */
function keep(promise) {
  promise.catch(() => {});
  return promise;
}

/** What one check reports as failed keeps the others from being made. @template T @param {Promise<T>} promise */
const readable = (promise) =>
  promise.catch((error) => {
    throw error instanceof Fault ? new Error("it could not be read") : error;
  });

/** @param {string} name of what was found @returns {(error: unknown) => never} */
const rename = (name) => (error) => {
  const isNamed = !(error instanceof Fault) || error instanceof Refusal;
  throw isNamed ? error : new Fault(`${name}: ${error.message}`);
};

/** @param {string} name @param {() => Promise<Check>} check @returns {Promise<Check>} */
const attempt = (name, check) =>
  check().catch((error) => (error instanceof Fault ? failed : notChecked)(name, error.message));

/** @param {Bytes} bytes */
async function readServed(bytes) {
  try {
    const bundle = readBundle(bytes);
    return { bundle, entry: readLeaf(bundle.leaf), leaf: await leafHash(bundle.leaf) };
  } catch (error) {
    return rename("not_an_entry")(error);
  }
}

/** One line of several: the worst result, with what all of that result say. @param {Check[]} checks */
function together(checks) {
  const [first] = ["failed", "not_checked", "verified"].map((result) =>
    checks.filter((check) => check.result === result)).filter(({ length }) => length);
  if (!first?.[0]) throw new Fault("signers_mismatch: nobody signed");
  return { ...first[0], detail: first.map(({ detail }) => detail).join("; ") };
}

/** Holds a leaf hash against the tiles, and these against the checkpoint.
 * @param {string} name @param {number} index @param {Bytes} leaf
 * @param {{ checkpoint: Checkpoint, node: Nodes }} tree @param {string} mismatch */
async function checkInTree(name, index, leaf, { checkpoint: { size, root }, node }, mismatch) {
  if (index >= size) return notChecked(name, `the checkpoint of ${size} entries does not cover it yet`);
  if (!equal(await node(0, index), leaf)) throw new Fault(mismatch);
  const path = await proveInclusion(index, size, node);
  await verifyInclusion(index, size, leaf, path, root).catch(() => {
    throw new Fault("root_mismatch: the tiles do not lead to the root of the checkpoint");
  });
  return verified(name, `entry ${index} of ${size}`);
}
