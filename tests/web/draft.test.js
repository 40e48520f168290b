// Making a statement: what is prepared is what a ledger admits, and what it would refuse is refused here.

import assert from "node:assert/strict";
import { test } from "node:test";

import { describeEvidence, disclose, readDisclosure } from "../../src/http/assets/onrecord/disclosure.js";
import { prepare, sign, submission } from "../../src/http/assets/onrecord/draft.js";
import { fromSeed } from "../../src/http/assets/onrecord/ed25519.js";
import { b64, hex, text, unb64url, utf8 } from "../../src/http/assets/onrecord/encoding.js";
import { Refusal } from "../../src/http/assets/onrecord/fault.js";
import { digestOf, sha256 } from "../../src/http/assets/onrecord/hash.js";
import { bytesOf, vectors } from "./kept.js";

const salt = new Uint8Array(16).fill(5);
const ana = await fromSeed(bytesOf(vectors.keys.ana.seed));
const words = [await disclose("title", "Refund", salt), await disclose("commitment_1", "120 EUR", salt)];

/** @returns {import("../../src/http/assets/onrecord/draft.js").Draft} */
const agreement = () => ({
  kind: "agreement",
  log: vectors.origin,
  signers: [ana.did],
  fields: { basis: "spoken", commitments: [{ by: "acme.example" }], lang: "en", offers: "closed", subjects: ["acme.example"] },
  public: words,
});

/** @param {Partial<import("../../src/http/assets/onrecord/draft.js").Draft>} change @param {string} reason */
const refusedFor = (change, reason) =>
  assert.throws(() => prepare({ ...agreement(), ...change }), (error) => error instanceof Refusal && error.reason === reason, reason);

test("the vectors' agreement is prepared and signed byte for byte", async () => {
  const { statement, envelope, disclosures, sealed } = vectors.entries[1];
  const { kind, log, signers, nonce, claimed_at: claimedAt, seen } = statement;
  const fields = Object.fromEntries(["agreed_on", "basis", "commitments", "lang", "offers", "subjects"].map((name) => [name, statement[name]]));
  // What is sealed need not be canonical, so that these words are taken as they are.
  const hidden = await Promise.all(Object.entries(statement.sealed).map(async ([name, digest]) => {
    const encoded = sealed[(await Promise.all(sealed.map(digestOf))).indexOf(digest)];
    return { encoded, digest: /** @type {string} */ (digest), name, value: "" };
  }));
  const prepared = prepare({
    kind, log, signers, fields, public: await Promise.all(disclosures.map(readDisclosure)), sealed: hidden, seen,
    claimedAt: Date.parse(claimedAt), nonce: /** @type {any} */ (unb64url(nonce)),
  });
  assert.equal(b64(prepared.payload), envelope.payload);
  const body = JSON.parse(submission(await sign(prepared, [ana]), prepared.public));
  assert.deepEqual(body, { envelope, disclosures });
});

test("seconds are zeroed, the nonce is fresh and sets are put in order", () => {
  const { statement } = prepare({ ...agreement(), claimedAt: Date.UTC(2026, 10, 23, 9, 8, 59, 999) });
  assert.equal(statement.fields.claimed_at, "2026-11-23T09:08:00Z");
  const again = prepare(agreement());
  assert.notEqual(again.statement.fields.nonce, statement.fields.nonce);
  assert.deepEqual(again.statement.fields._sd, words.map(({ digest }) => digest).sort());
});

test("words are made in NFC with a fresh salt", async () => {
  const word = await disclose("narrative", "Cafe\u0301\n");
  assert.equal(word.value, "Café");
  assert.notEqual(word.encoded, (await disclose("narrative", "Café")).encoded);
  assert.equal(text(/** @type {any} */ (unb64url((await disclose("title", "a", salt)).encoded))), '["BQUFBQUFBQUFBQUFBQUFBQ","title","a"]');
  const terms = await disclose("terms", { url: "https://acme.example/e\u0301", title: "x", sha256: "0".repeat(64) }, salt);
  assert.deepEqual({ ...(/** @type {any} */ (terms.value)) }, { sha256: "0".repeat(64), title: "x", url: "https://acme.example/é" });
});

test("evidence is described by a hash over its salt and then the file", async () => {
  const value = await describeEvidence(new Blob(["a photograph"], { type: "image/jpeg" }), "The router", salt);
  const sha = hex(await sha256(salt, utf8("a photograph")));
  assert.deepEqual(value, { bytes: 12, label: "The router", media_type: "image/jpeg", salt: "BQUFBQUFBQUFBQUFBQUFBQ", sha256: sha });
  const sealed = [await disclose("evidence_1", value)];
  assert.equal(Object.keys(prepare({ ...agreement(), sealed }).statement.fields.sealed)[0], "evidence_1");
});

test("what a ledger would refuse is refused before it is signed", async () => {
  const { fields } = agreement();
  refusedFor({ kind: "pledge" }, "unknown_kind");
  refusedFor({ fields: { ...fields, more: 1 } }, "unknown_field");
  refusedFor({ fields: { ...fields, lang: undefined } }, "missing_field");
  refusedFor({ fields: { ...fields, lang: null } }, "bad_field");
  refusedFor({ fields: { ...fields, subjects: ["b.example", "acme.example"] } }, "bad_field");
  refusedFor({ fields: { ...fields, agreed_on: "2026-02-30" } }, "bad_field");
  refusedFor({ fields: { ...fields, subjects: ["localhost"] } }, "bad_domain");
  refusedFor({ fields: { ...fields, subjects: ["other.example"] } }, "bad_domain");
  refusedFor({ public: words.slice(1) }, "missing_disclosure");
  refusedFor({ public: [...words, await disclose("commitment_2", "more")] }, "disclosure_unknown");
  refusedFor({ public: [...words, await disclose("title", "again")] }, "disclosure_duplicate");
  refusedFor({ public: [...words, await disclose("signer_name", "Ana\u202e")] }, "bad_text");
  refusedFor({ public: [...words, await disclose("signer_name", "Ana\nMaria")] }, "bad_text");
  refusedFor({ public: [...words, await disclose("signer_name", 7)] }, "bad_field");
  refusedFor({ public: [...words, await disclose("evidence_2", await describeEvidence(new Blob([]), "x"))] }, "missing_disclosure");
  refusedFor({ public: [...words, await disclose("terms", { sha256: "0".repeat(64), title: "x", url: "http://a.example" })] }, "bad_field");
  const many = await Promise.all(Array.from({ length: 7 }, () => disclose("narrative", "x".repeat(11_000))));
  refusedFor({ public: [...words, ...many] }, "too_large");
  await assert.rejects(disclose("narrative", "x".repeat(13_000)), { reason: "too_large" });
  await assert.rejects(disclose("narrative", null), { reason: "bad_field" });
  await assert.rejects(disclose("narrative", 1.5), { reason: "bad_field" });
  await assert.rejects(disclose("title", "x", new Uint8Array(15)), { reason: "bad_field" });
});

test("a reveal carries its target's words and commits to none of its own", async () => {
  const [word] = words;
  const re = vectors.entries[1].id;
  const digests = [word?.digest];
  const reveal = { ...agreement(), kind: "reveal", fields: { digests, re }, public: words.slice(0, 1) };
  assert.deepEqual(prepare(reveal).statement.fields._sd, []);
  refusedFor({ ...reveal, public: [] }, "disclosure_unreferenced");
  refusedFor({ ...reveal, public: words }, "disclosure_unreferenced");
});

test("several signers sign in the order of their names", async () => {
  const other = await fromSeed(new Uint8Array(32).fill(77));
  const prepared = prepare({ ...agreement(), signers: [ana.did, other.did].sort().reverse() });
  const { signatures } = await sign(prepared, [other, ana]);
  assert.equal(signatures.length, 2);
  const keyids = (await sign(prepared, [ana, other])).signatures.map(({ keyid }) => keyid);
  assert.deepEqual(signatures.map(({ keyid }) => keyid), keyids);
});
