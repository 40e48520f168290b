// Signatures at the edges of the strict rule, held against the verdicts of the Rust suite `web`.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  didOf, fingerprintOf, fromSeed, generate, isWeak, publicKeyOf, sign, verify,
} from "../../src/http/assets/onrecord/ed25519.js";
import { hex, unhex, utf8 } from "../../src/http/assets/onrecord/encoding.js";
import { readJson } from "./files.js";

/** @import { Bytes } from "../../src/http/assets/onrecord/encoding.js" */

const { wycheproof, made } = await readJson("target/signatures.json");
const { keys } = await readJson("vectors/ledger.json");

/** @param {string} text */
const bytes = (text) => /** @type {Bytes} */ (unhex(text, text.length / 2));

/** @param {any[]} cases */
async function agreeOnAll(cases) {
  for (const { key, message, signature, weak, holds } of cases) {
    const what = `key ${key}, signature ${signature}, message ${message}`;
    assert.equal(isWeak(bytes(key)), weak, what);
    assert.equal(await verify(bytes(key), bytes(message), bytes(signature)), holds, what);
  }
}

test("every Wycheproof case is judged as Rust judges it", async () => {
  assert.ok(wycheproof.length >= 150);
  await agreeOnAll(wycheproof);
});

test("keys and R of small order, not canonical or off the curve are judged as Rust judges them", async () => {
  assert.ok(made.length > 500);
  await agreeOnAll(made);
});

test("a key has the did and the fingerprint of the vectors, and they lead back to it", async () => {
  for (const { seed, did, keyid } of /** @type {any[]} */ (Object.values(keys))) {
    const key = await fromSeed(bytes(seed));
    assert.equal(key.did, did);
    assert.equal(await fingerprintOf(key.publicKey), keyid);
    assert.equal(hex(/** @type {Bytes} */ (publicKeyOf(did))), hex(key.publicKey));
  }
});

test("any other spelling of a did is none", () => {
  const { did } = keys.ana;
  const others = [
    "", "did:key:z", did.slice(0, -1), `${did}1`, did.replace("z6Mk", "z16Mk"), did.replace("z6Mk", "z6Mj"),
    did.replace("did:key:z", "did:kez:z"), did.toUpperCase(), `${did.slice(0, -1)}0`, ` ${did}`,
    didOf(new Uint8Array(33)), didOf(new Uint8Array(31)),
  ];
  for (const other of others) assert.equal(publicKeyOf(other), undefined, other);
  assert.equal(publicKeyOf(undefined), undefined);
});

test("what a new key signs verifies, under that key and for those bytes only", async () => {
  const [key, other] = [await generate(), await generate()];
  const signature = await sign(key, utf8("agreed"));
  assert.equal(await verify(key.publicKey, utf8("agreed"), signature), true);
  assert.equal(await verify(key.publicKey, utf8("agreee"), signature), false);
  assert.equal(await verify(other.publicKey, utf8("agreed"), signature), false);
  assert.equal(await verify(key.publicKey, utf8("agreed"), signature.slice(1)), false);
});
