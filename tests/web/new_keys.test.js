// The keys that an entry names: believed where the policy vouches for the entry.

import assert from "node:assert/strict";
import { test } from "node:test";

import { writeBundle } from "../../src/http/assets/onrecord/bundle.js";
import { readCheckpoint } from "../../src/http/assets/onrecord/checkpoint.js";
import { prepare, sign } from "../../src/http/assets/onrecord/draft.js";
import { fromSeed, sign as signBytes } from "../../src/http/assets/onrecord/ed25519.js";
import { b64, concat, hex, utf8 } from "../../src/http/assets/onrecord/encoding.js";
import { envelopeJson } from "../../src/http/assets/onrecord/envelope.js";
import { sha256 } from "../../src/http/assets/onrecord/hash.js";
import { canonical } from "../../src/http/assets/onrecord/json.js";
import { leafHash } from "../../src/http/assets/onrecord/merkle.js";
import { policyOfLog } from "../../src/http/assets/onrecord/policy.js";
import { writeProof } from "../../src/http/assets/onrecord/proof.js";
import { namedKeys } from "../../src/http/assets/pages/new_keys.js";
import { fileOf, logAlone, Served, vectors } from "./kept.js";

/** @import { Bytes } from "../../src/http/assets/onrecord/encoding.js" */

const ORIGIN = "ledger.example/keys";
const NOW = Date.UTC(2026, 10, 20, 12);

/** A key of the log. @param {number} seed */
async function keyOf(seed) {
  const key = await fromSeed(new Uint8Array(32).fill(seed));
  const coded = concat(Uint8Array.of(1), key.publicKey);
  const id = (await sha256(utf8(`${ORIGIN}\n`), coded)).slice(0, 4);
  return { key, id, vkey: `${ORIGIN}+${hex(id)}+${b64(coded)}` };
}

const [old, next] = [await keyOf(2), await keyOf(3)];
const operator = await fromSeed(new Uint8Array(32).fill(1));
const vkeys = [old.vkey, next.vkey].sort();

/** A ledger whose only entry names both keys, and whose checkpoint that key signed.
 * @param {{ key: import("../../src/http/assets/onrecord/ed25519.js").PrivateKey, id: Bytes }} by */
async function ledgerBy({ key, id }) {
  const prepared = prepare({
    kind: "log_keys", log: ORIGIN, signers: [operator.did], public: [], sealed: [], claimedAt: NOW, fields: { vkeys },
  });
  const envelope = envelopeJson(await sign(prepared, [operator]));
  const leaf = utf8(canonical({ envelope, index: 0, links: {}, time: new Date(NOW).toISOString() }));
  const hash = await leafHash(leaf);
  const text = `${ORIGIN}\n1\n${b64(hash)}\n`;
  const note = `${text}\n\u2014 ${ORIGIN} ${b64(concat(id, await signBytes(key, utf8(text))))}\n`;
  const bundle = utf8(writeBundle({ disclosures: [], leaf, proof: writeProof(0, [], note), sealed: [] }));
  return {
    bytes: async () => bundle,
    checkpoint: async () => readCheckpoint(note),
    hashes: async () => [hash],
    policy: async () => policyOfLog(next.vkey),
  };
}

test("an entry under a believed key tells the keys that follow", async () => {
  const believed = await policyOfLog(old.vkey);
  assert.deepEqual(await namedKeys(await ledgerBy(old), believed), vkeys);
  assert.deepEqual(await namedKeys(await ledgerBy(next), believed), [], "signed by the new key alone");
  const other = await leafHash(utf8("another"));
  assert.deepEqual(await namedKeys({ ...await ledgerBy(old), hashes: async () => [other] }, believed), []);
});

test("another statement tells none", async () => {
  const served = Object.assign(new Served(), { bytes: async () => fileOf(vectors.bundles[1]) });
  assert.deepEqual(await namedKeys(served, logAlone), []);
});
