// The vectors that an independent implementation made: every format reads and writes them byte for byte.

import assert from "node:assert/strict";
import { test } from "node:test";

import { readBundle, writeBundle } from "../../src/http/assets/onrecord/bundle.js";
import { checkKeys, checkSignatures, checkStatement } from "../../src/http/assets/onrecord/checks.js";
import { readCheckpoint } from "../../src/http/assets/onrecord/checkpoint.js";
import { readDisclosure } from "../../src/http/assets/onrecord/disclosure.js";
import { fromSeed } from "../../src/http/assets/onrecord/ed25519.js";
import { hex, text } from "../../src/http/assets/onrecord/encoding.js";
import { envelopeJson, readEnvelope, statementId } from "../../src/http/assets/onrecord/envelope.js";
import { sign } from "../../src/http/assets/onrecord/draft.js";
import { Refusal } from "../../src/http/assets/onrecord/fault.js";
import { digestOf } from "../../src/http/assets/onrecord/hash.js";
import { canonical, hasKeys, parse } from "../../src/http/assets/onrecord/json.js";
import { readLeaf } from "../../src/http/assets/onrecord/leaf.js";
import { leafHash, root } from "../../src/http/assets/onrecord/merkle.js";
import { readProof, writeProof } from "../../src/http/assets/onrecord/proof.js";
import { readContent, readStatement } from "../../src/http/assets/onrecord/statement.js";
import { nodesOf } from "../../src/http/assets/onrecord/tile.js";
import { checkWords } from "../../src/http/assets/onrecord/sent_words.js";
import { readJson } from "./files.js";
import { bytesOf, decoded, fileOf, Served, vectors } from "./kept.js";

const refused = await readJson("vectors/refused_submissions.json");

test("every leaf reads, has its hash, and its envelope reads and writes", async () => {
  for (const [index, entry] of vectors.entries.entries()) {
    const leaf = decoded(entry.leaf);
    assert.equal(hex(await leafHash(leaf)), entry.leaf_hash);
    const read = readLeaf(leaf);
    assert.equal(read.index, index);
    assert.deepEqual(envelopeJson(read.envelope), entry.envelope);
    assert.equal(await statementId(read.envelope), entry.id);
    assert.equal(text(read.envelope.payload), canonical(entry.statement));
    assert.equal(canonical(parse(leaf)), text(leaf));
  }
});

test("the root over the first entries is the one of the checkpoint of that size", async () => {
  for (const [index, entry] of vectors.entries.entries()) {
    const size = index + 1;
    const node = nodesOf(size, new Served().hashes);
    const checkpoint = readCheckpoint(entry.checkpoint);
    assert.equal(checkpoint.size, size);
    assert.equal(hex(await root(size, node)), entry.root);
    assert.equal(hex(checkpoint.root), entry.root);
  }
});

test("every known kind reads, and its words are those it commits to", async () => {
  let known = 0;
  for (const entry of vectors.entries) {
    const envelope = readEnvelope(entry.envelope);
    assert.ok(envelope);
    const content = readContent(envelope);
    assert.equal(content.kind, entry.statement.kind);
    assert.equal(content.type === "known", content.kind !== "pledge", content.kind);
    if (content.type !== "known") continue;
    known += 1;
    // A reveal is sent with the words of its target; what stays sealed need not be canonical.
    const { kind, fields } = content;
    const sent = [];
    for (const word of kind === "reveal" ? vectors.entries[1].sealed : entry.disclosures) {
      if (kind !== "reveal" || fields.digests.includes(await digestOf(word))) sent.push(await readDisclosure(word));
    }
    assert.ok(kind !== "reveal" || sent.length > 0);
    checkWords(content, sent);
  }
  assert.equal(known, 10);
});

test("signing a vector's payload with its keys gives its envelope", async () => {
  const seeds = /** @type {any[]} */ (Object.values(vectors.keys));
  const keys = await Promise.all(seeds.map(({ seed }) => fromSeed(bytesOf(seed))));
  for (const { envelope, statement } of vectors.entries) {
    const signers = keys.filter(({ did }) => statement.signers.includes(did));
    const made = await sign({ payload: decoded(envelope.payload) }, signers.reverse());
    assert.deepEqual(envelopeJson(made), envelope);
  }
});

test("bundles and proofs are written as they were read", () => {
  for (const kept of vectors.bundles) {
    const bundle = readBundle(fileOf(kept));
    assert.equal(writeBundle(bundle), canonical(kept));
    const { index, path } = readProof(bundle.proof);
    const checkpoint = bundle.proof.slice(bundle.proof.indexOf("\n\n") + 2);
    assert.equal(writeProof(index, path, checkpoint), bundle.proof);
  }
});

/** What a client can find out about a submission without the ledger's state. @param {any} submission */
async function refusal({ envelope: json, disclosures }) {
  if (!hasKeys(json, "payload", "payloadType", "signatures")) return "malformed_json";
  if (json.payloadType !== "application/vnd.onrecord.statement.v1+json") return "bad_payload_type";
  const envelope = readEnvelope(json);
  if (!envelope) return "bad_base64";
  try {
    const statement = readStatement(envelope.payload);
    const content = { type: /** @type {const} */ ("known"), ...statement };
    const checks = [
      checkStatement(content, refused.origin),
      ...(await checkSignatures(content, envelope)),
      ...(await checkKeys(content, envelope)),
    ];
    const bad = checks.find(({ result }) => result === "failed");
    if (bad) return bad.detail.split(":")[0];
    checkWords(statement, await Promise.all(disclosures.map(readDisclosure)));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.reason;
  }
}

test("every submission that is refused for what it says itself is refused here for the same reason", async () => {
  /** Found by the ledger alone: it knows other entries, its clock, and asks for the keyid. */
  const itsOwn = ["seen_mismatch", "claimed_too_old", "thread_unknown"];
  let compared = 0;
  for (const [place, { reason, submission }] of refused.cases.entries()) {
    if (itsOwn.includes(reason)) continue;
    const found = await refusal(submission);
    assert.equal(found, reason, `case ${place}`);
    compared += 1;
  }
  assert.ok(compared >= 30);
});
