// The chain of checks of an entry page, over the vectors' ledger served whole, changed and not at all.

import assert from "node:assert/strict";
import { test } from "node:test";

import { readCheckpoint } from "../../src/http/assets/onrecord/checkpoint.js";
import { disclose } from "../../src/http/assets/onrecord/disclosure.js";
import { b64, hex, utf8 } from "../../src/http/assets/onrecord/encoding.js";
import { FetchError, Ledger, Problem } from "../../src/http/assets/onrecord/ledger.js";
import { checkEntry } from "../../src/http/assets/onrecord/live.js";
import { leafHash } from "../../src/http/assets/onrecord/merkle.js";
import { readPolicy } from "../../src/http/assets/onrecord/policy.js";
import { bytesOf, decoded, fileOf, logAlone, Served, vectors } from "./kept.js";

const NAMES = ["statement", "signature", "key", "disclosures", "inclusion", "log_signature", "prev"];

/** The results by name, in order. @param {any} served @param {number} [index] @param {string} [hash] */
async function results(served, index = 5, hash = vectors.entries[index].leaf_hash.slice(0, 32)) {
  /** @type {Record<string, string>} */
  const found = {};
  for await (const { name, result, detail } of checkEntry(served, { index, hash })) {
    assert.ok(!(name in found) && detail);
    found[name] = result === "failed" ? `failed ${detail.split(":")[0]}` : result;
  }
  assert.deepEqual(Object.keys(found), NAMES);
  return found;
}

const good = Object.fromEntries(NAMES.map((name) => [name, "verified"]));

/** @param {Partial<Served>} parts */
const servedWith = (parts) => Object.assign(new Served(), parts);
const unreachable = async () => { throw new FetchError("the network is gone"); };

test("every entry of the vectors holds, and each tile is fetched once", async () => {
  for (const [index, entry] of vectors.entries.entries()) {
    const served = new Served();
    const isKnown = vectors.bundles[index] && entry.statement.kind !== "pledge";
    const expected = isKnown ? good : { ...good, statement: "not_checked" };
    assert.deepEqual(await results(served, index), expected, entry.statement.kind);
    assert.deepEqual(served.asked, [[0, 0, 11]]);
  }
});

test("what cannot be fetched is not checked, and keeps only what rests on it from being checked", async () => {
  const nothing = Object.fromEntries(NAMES.map((name) => [name, "not_checked"]));
  assert.deepEqual(await results(servedWith({ bundle: unreachable })), { ...nothing, log_signature: "verified" });
  const open = { inclusion: "not_checked", prev: "not_checked" };
  assert.deepEqual(await results(servedWith({ hashes: unreachable })), { ...good, ...open });
  assert.deepEqual(
    await results(servedWith({ checkpoint: unreachable })),
    { ...good, ...open, log_signature: "not_checked" },
  );
  assert.deepEqual(
    await results(servedWith({ policy: unreachable })),
    { ...good, log_signature: "not_checked" },
  );
});

test("an entry that another address names fails", async () => {
  const found = await results(new Served(), 5, "0".repeat(32));
  assert.deepEqual(found, { ...good, statement: "failed entry_changed" });
  const served = servedWith({ bundle: async () => fileOf(vectors.bundles[5]) });
  const moved = await results(served, 4, vectors.entries[5].leaf_hash.slice(0, 32));
  assert.equal(moved.statement, "failed entry_changed");
});

/** What comes of the agreement with something in its leaf replaced, under the address that the leaf then has.
 * @param {RegExp} part @param {string} by */
async function resultsWith(part, by) {
  const leaf = new TextDecoder().decode(decoded(vectors.bundles[1].entry));
  const changed = leaf.replace(part, by);
  assert.notEqual(changed, leaf);
  const hash = hex(await leafHash(utf8(changed)));
  const bundle = async () => fileOf({ ...vectors.bundles[1], entry: btoa(changed) });
  return results(servedWith({ bundle }), 1, hash);
}

test("a signature, a key and a word that are not what the statement says fail, each by its name", async () => {
  const unlogged = { ...good, inclusion: "failed entry_changed" };
  const [, another = ""] = /"sig":"([^"]+)/.exec(new TextDecoder().decode(decoded(vectors.bundles[2].entry))) ?? [];
  assert.deepEqual(await resultsWith(/(?<="sig":")[^"]+/, another), { ...unlogged, signature: "failed bad_signature" });
  const keyid = `SHA256:${"A".repeat(43)}`;
  assert.deepEqual(await resultsWith(/(?<="keyid":")[^"]+/, keyid), { ...unlogged, key: "failed bad_signature" });
  const word = await disclose("title", "Another");
  const bundle = async () => fileOf({ ...vectors.bundles[1], disclosures: [word.encoded] });
  const found = await results(servedWith({ bundle }), 1);
  assert.match(String(found.disclosures), /^failed/);
  assert.deepEqual({ ...found, disclosures: "verified" }, good);
});

test("a statement that is meant for another ledger than the checkpoint's fails", async () => {
  const text = vectors.cosigned_checkpoint.replaceAll("ledger.example/2026", "ledger.example/2027");
  const { statement } = await results(servedWith({ checkpoint: async () => readCheckpoint(text) }));
  assert.equal(statement, "failed wrong_log");
});

test("a leaf that is not the one in the tiles fails, whatever else of it holds", async () => {
  const changed = vectors.bundles[5].entry.replace(/.$/, "").length;
  assert.ok(changed);
  const leaf = new TextDecoder().decode(decoded(vectors.bundles[5].entry));
  const later = leaf.replace(/\.\d{3}Z"\}$/, '.999Z"}');
  assert.notEqual(later, leaf);
  const bundle = async () => fileOf({ ...vectors.bundles[5], entry: btoa(later) });
  assert.deepEqual(await results(servedWith({ bundle })), {
    ...good, statement: "failed entry_changed", inclusion: "failed entry_changed",
  });
});

test("any changed byte of the tile fails inclusion or the link to the entry before", async () => {
  for (let place = 0; place < vectors.entries.length; place++) {
    const served = new Served();
    const { hashes } = served;
    served.hashes = async (level, index, width) => {
      const tile = await hashes(level, index, width);
      return tile.map((hash, at) => (at === place ? hash.map((byte, b) => (b === place ? byte ^ 1 : byte)) : hash));
    };
    const expected = place === 5
      ? { inclusion: "failed entry_changed", prev: "failed root_mismatch" }
      : place === 4
        ? { inclusion: "failed root_mismatch", prev: "failed prev_link_broken" }
        : { inclusion: "failed root_mismatch", prev: "failed root_mismatch" };
    assert.deepEqual(await results(served), { ...good, ...expected }, `hash ${place}`);
  }
});

test("a tile that is no tile fails, since that is no fault of the network", async () => {
  const fetch = async () => new Response(new Uint8Array(33));
  const { hashes } = new Ledger("http://ledger.example", { fetch });
  const found = await results(servedWith({ hashes }));
  assert.deepEqual(found, { ...good, inclusion: "failed tile_mismatch", prev: "failed tile_mismatch" });
});

test("a checkpoint with another root, another signature or no form fails", async () => {
  const text = vectors.cosigned_checkpoint;
  const other = b64(bytesOf(vectors.entries[3].root));
  const moved = text.replace(/\n11\n.*\n/, `\n11\n${other}\n`);
  const checkpoint = (/** @type {string} */ changed) => servedWith({ checkpoint: async () => readCheckpoint(changed) });
  assert.deepEqual(await results(checkpoint(moved)), {
    ...good, inclusion: "failed root_mismatch", log_signature: "failed log_signature_bad", prev: "failed root_mismatch",
  });
  const unsigned = text.replace("\u2014 ledger.example/2026", "\u2014 ledger.example/2027");
  assert.deepEqual(await results(checkpoint(unsigned)), { ...good, log_signature: "failed log_signature_missing" });
  assert.deepEqual(await results(checkpoint(text.replace("\n11\n", "\nx\n"))), {
    ...good, inclusion: "not_checked", log_signature: "failed not_a_checkpoint", prev: "not_checked",
  });
});

test("a checkpoint that does not cover the entry yet leaves it unchecked", async () => {
  const checkpoint = async () => readCheckpoint(vectors.entries[2].checkpoint);
  assert.deepEqual(await results(servedWith({ checkpoint })), { ...good, inclusion: "not_checked", prev: "not_checked" });
});

test("a bundle that is none fails once, and what rests on it is not checked", async () => {
  const bundle = async () => fileOf({ entry: 7 });
  const nothing = Object.fromEntries(NAMES.map((name) => [name, "not_checked"]));
  assert.deepEqual(await results(servedWith({ bundle })), {
    ...nothing, statement: "failed not_an_entry", log_signature: "verified",
  });
});

test("a policy may be given instead of the ledger's, and one that does not know the log checks nothing", async () => {
  const hash = vectors.entries[5].leaf_hash;
  /** @param {import("../../src/http/assets/onrecord/policy.js").Policy} policy @param {Partial<Served>} parts */
  const logSignature = async (policy, parts) => {
    const checks = [];
    for await (const check of checkEntry(servedWith(parts), { index: 5, hash, policy })) checks.push(check);
    return checks.find(({ name }) => name === "log_signature")?.result;
  };
  assert.equal(await logSignature(await readPolicy("quorum none\n"), {}), "not_checked");
  assert.equal(await logSignature(logAlone, { policy: unreachable }), "verified");
});

/** @param {Response | Error} answer */
const ledgerThat = (answer) =>
  new Ledger("http://ledger.example/", {
    fetch: async () => { if (answer instanceof Error) throw answer; return answer; },
  });

test("the client tells a refusal from an answer of somebody else and from none", async () => {
  const problem = { type: "/problems/rate_limited", title: "Too many", detail: "Wait" };
  const headers = { "content-type": "application/problem+json", "retry-after": "7" };
  const refused = ledgerThat(new Response(JSON.stringify(problem), { status: 429, headers }));
  await assert.rejects(refused.publish("{}"), (error) =>
    error instanceof Problem && error.reason === "rate_limited" && error.retryAfter === 7 && error.status === 429);
  const portal = ledgerThat(new Response("<p>Log in", { headers: { "content-type": "text/html" } }));
  await assert.rejects(portal.checkpoint(), FetchError);
  await assert.rejects(ledgerThat(new Response("", { status: 502 })).policy(), FetchError);
  await assert.rejects(ledgerThat(new TypeError("fetch failed")).bundle(1), FetchError);
});

test("publishing tells a new entry from one that was there, and gives the bundle's bytes", async () => {
  for (const [status, newly] of /** @type {[number, boolean][]} */ ([[201, true], [200, false]])) {
    /** @type {any[]} */
    const asked = [];
    const ledger = new Ledger("http://ledger.example/", {
      fetch: async (...request) => { asked.push(...request); return new Response("abc", { status }); },
    });
    const answer = await ledger.publish("{}");
    assert.equal(answer.newly, newly);
    assert.deepEqual([...answer.bundle], [97, 98, 99]);
    assert.equal(asked[0], "http://ledger.example/api/v1/statements");
    assert.equal(asked[1].method, "POST");
  }
});
