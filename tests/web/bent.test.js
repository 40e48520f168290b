// Bundles that a log did sign, of entries that should not be.

import assert from "node:assert/strict";
import { test } from "node:test";

import { writeBundle } from "../../src/http/assets/onrecord/bundle.js";
import { disclose } from "../../src/http/assets/onrecord/disclosure.js";
import { prepare, sign } from "../../src/http/assets/onrecord/draft.js";
import { fromSeed, sign as signBytes } from "../../src/http/assets/onrecord/ed25519.js";
import { b64, concat, hex, text, utf8 } from "../../src/http/assets/onrecord/encoding.js";
import { envelopeJson } from "../../src/http/assets/onrecord/envelope.js";
import { sha256 } from "../../src/http/assets/onrecord/hash.js";
import { canonical } from "../../src/http/assets/onrecord/json.js";
import { leafHash } from "../../src/http/assets/onrecord/merkle.js";
import { policyOfLog } from "../../src/http/assets/onrecord/policy.js";
import { writeProof } from "../../src/http/assets/onrecord/proof.js";
import { verifyBundle } from "../../src/http/assets/onrecord/verify.js";

/** @import { Disclosure } from "../../src/http/assets/onrecord/disclosure.js" */
/** @import { Envelope } from "../../src/http/assets/onrecord/envelope.js" */

const ORIGIN = "ledger.example/bent";
const NOW = Date.UTC(2026, 10, 20, 12);
const ana = await fromSeed(new Uint8Array(32).fill(1));
const log = await fromSeed(new Uint8Array(32).fill(2));
const coded = concat(Uint8Array.of(1), log.publicKey);
const id = (await sha256(utf8(`${ORIGIN}\n`), coded)).slice(0, 4);
const policy = await policyOfLog(`${ORIGIN}+${hex(id)}+${b64(coded)}`);

const words = [await disclose("title", "Refund"), await disclose("commitment_1", "120 EUR")];
const sealed = [await disclose("narrative", "By phone")];
const prepared = prepare({
  kind: "agreement", log: ORIGIN, signers: [ana.did], public: words, sealed, claimedAt: NOW,
  fields: { basis: "spoken", commitments: [{ by: "acme.example" }], lang: "en", offers: "closed", subjects: ["acme.example"] },
});

/** What is found of an envelope that is the only entry of a ledger.
 * @param {Envelope} envelope @param {{ time?: number, open?: Disclosure[], hidden?: Disclosure[] }} [kept] */
async function finding(envelope, { time = NOW, open = words, hidden = sealed } = {}) {
  const leaf = utf8(canonical({
    envelope: envelopeJson(envelope), index: 0, links: {}, time: new Date(time).toISOString(),
  }));
  const note = `${ORIGIN}\n1\n${b64(await leafHash(leaf))}\n`;
  const signature = b64(concat(id, await signBytes(log, utf8(note))));
  const proof = writeProof(0, [], `${note}\n\u2014 ${ORIGIN} ${signature}\n`);
  const encoded = (/** @type {Disclosure[]} */ list) => list.map((word) => word.encoded);
  const bundle = writeBundle({ disclosures: encoded(open), leaf, proof, sealed: encoded(hidden) });
  const { verdict, checks } = await verifyBundle(utf8(bundle), policy);
  return checks.find(({ result }) => result === "failed")?.detail.split(":")[0] ?? verdict;
}

/** The statement with another text in it, signed. @param {string} from @param {string} to */
async function altered(from, to) {
  const payload = text(prepared.payload);
  assert.ok(payload.includes(from));
  return sign({ payload: utf8(payload.replace(from, to)) }, [ana]);
}

test("what was prepared and signed here verifies once a log holds it", async () => {
  const envelope = await sign(prepared, [ana]);
  assert.equal(await finding(envelope), "verified");
  assert.equal(await finding(envelope, { open: [], hidden: [] }), "verified");
});

test("a sealed word must have the name it is sealed under", async () => {
  assert.equal(await finding(await altered('"narrative"', '"signer_name"')), "disclosure_altered");
});

test("two words of one name fail, although both are committed to", async () => {
  const again = await disclose("title", "Another");
  const all = [...words, again, ...sealed].map(({ digest }) => digest).sort();
  const before = [...words, ...sealed].map(({ digest }) => digest).sort();
  const envelope = await altered(canonical(before), canonical(all));
  assert.equal(await finding(envelope), "verified");
  assert.equal(await finding(envelope, { open: [...words, again] }), "disclosure_repeated");
});

test("a claimed time that the ledger should not have admitted fails", async () => {
  const envelope = await sign(prepared, [ana]);
  const at = (/** @type {number} */ time) => finding(envelope, { time });
  const [minutes, days] = [60_000, 86_400_000];
  assert.equal(await at(NOW + 30 * days), "verified");
  assert.equal(await at(NOW + 30 * days + 1), "claimed_too_old");
  assert.equal(await at(NOW - 10 * minutes), "verified");
  assert.equal(await at(NOW - 10 * minutes - 1), "claimed_in_future");
});

test("a statement signed by another key, by too few or meant for nobody to sign fails", async () => {
  const other = await fromSeed(new Uint8Array(32).fill(3));
  assert.equal(await finding(await sign(prepared, [other])), "bad_signature");
  assert.equal(await finding({ ...(await sign(prepared, [ana])), signatures: [] }), "signers_mismatch");
  const nobody = await altered(`"signers":["${ana.did}"]`, '"signers":[]');
  assert.equal(await finding({ ...nobody, signatures: [] }), "signers_mismatch");
});

test("a payload of another type is not checked", async () => {
  const envelope = { payloadType: "application/vnd.onrecord.statement.v9+json", payload: utf8("{}"), signatures: [] };
  assert.equal(await finding(envelope, { open: [], hidden: [] }), "not_checked");
});
