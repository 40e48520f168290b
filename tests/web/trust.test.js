// Which key of a ledger's log a page believes: the first one it saw on this device.

import assert from "node:assert/strict";
import { test } from "node:test";

import { concat, hex, utf8 } from "../../src/http/assets/onrecord/encoding.js";
import { fromSeed } from "../../src/http/assets/onrecord/ed25519.js";
import { sha256 } from "../../src/http/assets/onrecord/hash.js";
import { forget, trustIn as trustInKeys, under, vkeyOf } from "../../src/http/assets/pages/trust.js";

const ORIGIN = "a.example/2026";
const EARLY = new Date("2026-11-20T10:00:00Z");
const LATE = new Date("2026-12-24T10:00:00Z");

/** @param {number} seed @param {string} [name] */
async function vkey(seed, name = ORIGIN) {
  const { publicKey } = await fromSeed(new Uint8Array(32).fill(seed));
  const id = hex((await sha256(utf8(`${name}\n`), concat(Uint8Array.of(1), publicKey))).slice(0, 4));
  return vkeyOf({ name, id, type: 1, publicKey });
}

/** @param {string[]} vkeys */
const policyOf = (...vkeys) => [...vkeys.map((key) => `log ${key}\n`), "quorum none\n"].join("");

/** @import { Policy } from "../../src/http/assets/onrecord/policy.js" */

/** What of a `Storage` the pages use. */
function memory() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return /** @type {Storage} */ (/** @type {unknown} */ ({
    kept,
    getItem: (/** @type {string} */ name) => kept.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ value) => void kept.set(name, value),
    removeItem: (/** @type {string} */ name) => void kept.delete(name),
  }));
}

const [one, two, foreign] = await Promise.all([vkey(1), vkey(2), vkey(3, "b.example")]);

/** Where nothing followed.
 * @param {[string, string, Pick<Storage, "getItem" | "setItem"> | undefined, Date]} args */
const trustIn = (...args) => trustInKeys(...args, async () => []);

test("the key of the first contact is believed from then on", async () => {
  const storage = memory();
  const first = await trustIn(policyOf(one), ORIGIN, storage, EARLY);
  assert.deepEqual([first.state, first.vkeys, first.since], ["first", [one], EARLY.toISOString()]);
  const second = await trustIn(policyOf(two, one), ORIGIN, storage, LATE);
  assert.deepEqual([second.state, second.vkeys, second.since], ["same", [one], EARLY.toISOString()]);
  assert.deepEqual(second.policy.logs.map(vkeyOf), [one]);
});

test("a ledger that names another key is not believed, and its log signature fails", async () => {
  const storage = memory();
  await trustIn(policyOf(one), ORIGIN, storage, EARLY);
  const changed = await trustIn(policyOf(two), ORIGIN, storage, LATE);
  assert.deepEqual([changed.state, changed.vkeys], ["changed", [one]]);
  assert.deepEqual(changed.policy.logs.map(vkeyOf), [one]);
  const check = { name: "log_signature", result: /** @type {const} */ ("verified"), detail: "by a key" };
  assert.equal(under(check, changed).result, "failed");
  assert.match(under(check, changed).detail, /^log_key_changed: .* 2026-11-20T10:00:00\.000Z$/);
  const other = { ...check, name: "inclusion" };
  assert.equal(under(other, changed), other);
  forget(storage, ORIGIN);
  const again = await trustIn(policyOf(two), ORIGIN, storage, LATE);
  assert.deepEqual([again.state, again.vkeys], ["first", [two]]);
  assert.equal(under(check, again), check);
});

test("keys of other logs in the policy are not believed", async () => {
  const { policy, vkeys } = await trustIn(policyOf(foreign, one), ORIGIN, memory(), EARLY);
  assert.deepEqual([vkeys, policy.logs.map(vkeyOf)], [[one], [one]]);
  await assert.rejects(trustIn(policyOf(foreign), ORIGIN, memory(), EARLY), /names no key of a\.example/);
});

test("what is damaged or cannot be kept counts as not remembered", async () => {
  const storage = memory();
  await trustIn(policyOf(one), ORIGIN, storage, EARLY);
  const name = /** @type {any} */ (storage).kept.keys().next().value;
  for (const damaged of ["", "{", "null", "{}", '{"vkeys":[]}', '{"vkeys":["x"]}', JSON.stringify({ vkeys: [foreign] })]) {
    storage.setItem(name, damaged);
    const { state, vkeys } = await trustIn(policyOf(two), ORIGIN, storage, LATE);
    assert.deepEqual([state, vkeys], ["first", [two]], damaged);
  }
  const full = { getItem: () => null, setItem: () => { throw new Error("full"); } };
  assert.equal((await trustIn(policyOf(one), ORIGIN, full, LATE)).state, "unremembered");
  assert.equal((await trustIn(policyOf(one), ORIGIN, undefined, LATE)).state, "unremembered");
});

test("a key that followed a remembered one is believed from then on, and no other", async () => {
  const storage = memory();
  await trustIn(policyOf(one), ORIGIN, storage, EARLY);
  /** @type {string[][]} */
  const asked = [];
  const followed = (/** @type {string[]} */ ...named) => async (/** @type {Policy} */ { logs }) => {
    asked.push(logs.map(vkeyOf));
    return named;
  };
  const failing = async () => { throw new Error("away"); };
  for (const follow of [failing, followed(), followed(foreign)]) {
    const { state, vkeys } = await trustInKeys(policyOf(one, two), ORIGIN, storage, LATE, follow);
    assert.deepEqual([state, vkeys], ["same", [one]]);
  }
  const both = await trustInKeys(policyOf(one, two), ORIGIN, storage, LATE, followed(one, two));
  assert.deepEqual([both.state, both.vkeys, both.since], ["same", [one, two], EARLY.toISOString()]);
  assert.deepEqual(both.policy.logs.map(vkeyOf), [one, two]);
  assert.deepEqual(asked, [[one], [one], [one]]);
  // Now nothing has to be asked any more, and the old key may go.
  const later = await trustInKeys(policyOf(two), ORIGIN, storage, LATE, failing);
  assert.deepEqual([later.state, later.vkeys], ["same", [one, two]]);
  const none = await trustInKeys(policyOf(await vkey(9)), ORIGIN, storage, LATE, followed(await vkey(9)));
  assert.deepEqual([none.state, none.vkeys], ["changed", [one, two]]);
});
