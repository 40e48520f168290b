// Signatures at the edges of the strict rule, held against the verdicts of the Rust suite `web`.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  didOf, fingerprintOf, fromSeed, generate, isWeak, publicKeyOf, sign, verify,
} from "../../src/http/assets/onrecord/ed25519.js";
import { concat, hex, unhex, utf8 } from "../../src/http/assets/onrecord/encoding.js";
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

/** @param {Bytes[]} parts */
async function sha512(...parts) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-512", concat(...parts)));
  return BigInt(`0x${hex(bytes.reverse())}`);
}

test("a signature that satisfies the equation with an R of small order is refused", async () => {
  const L = 2n ** 252n + 27742317777372353535851937790883648493n;
  const seed = new Uint8Array(32).fill(7);
  const { publicKey } = await fromSeed(seed);
  const [message, identity] = [utf8("agreed"), Uint8Array.of(1, ...new Uint8Array(31))];
  // The private scalar of RFC 8032 §5.1.5; with R the neutral point, S = k·a satisfies S·B = R + k·A.
  const half = new Uint8Array(await crypto.subtle.digest("SHA-512", seed)).slice(0, 32).reverse();
  const scalar = (BigInt.asUintN(254, BigInt(`0x${hex(half)}`)) & ~7n) | (2n ** 254n);
  const k = await sha512(identity, publicKey, message);
  const s = (k * scalar) % L;
  const signature = concat(identity, bytes(s.toString(16).padStart(64, "0")).reverse());
  const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  assert.equal(await crypto.subtle.verify("Ed25519", key, signature, message), true, "the platform accepts it");
  assert.equal(await verify(publicKey, message, signature), false);
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
