// Trust policies: what is read, what is not, and when a quorum is met.

import assert from "node:assert/strict";
import { test } from "node:test";

import { readCheckpoint } from "../../src/http/assets/onrecord/checkpoint.js";
import { fromSeed, sign } from "../../src/http/assets/onrecord/ed25519.js";
import { b64, concat, hex, utf8 } from "../../src/http/assets/onrecord/encoding.js";
import { Fault } from "../../src/http/assets/onrecord/fault.js";
import { sha256 } from "../../src/http/assets/onrecord/hash.js";
import { readVerifierKey } from "../../src/http/assets/onrecord/note.js";
import { judge, readPolicy } from "../../src/http/assets/onrecord/policy.js";
import { vectors } from "./kept.js";

const ORIGIN = "log.example";

/** @param {string} name @param {number} type @param {number} seed */
async function signer(name, type, seed) {
  const key = await fromSeed(new Uint8Array(32).fill(seed));
  const coded = concat(Uint8Array.of(type), key.publicKey);
  const id = (await sha256(utf8(`${name}\n`), coded)).slice(0, 4);
  return { name, key, id, vkey: `${name}+${hex(id)}+${b64(coded)}` };
}

const log = await signer(ORIGIN, 1, 1);
const witnesses = await Promise.all([2, 3, 4].map((seed) => signer(`witness.example/${seed}`, 4, seed)));
const text = `${ORIGIN}\n7\n${b64(new Uint8Array(32))}\n`;

/** @param {Awaited<ReturnType<typeof signer>>} by */
async function logLine(by) {
  return `\u2014 ${by.name} ${b64(concat(by.id, await sign(by.key, utf8(text))))}\n`;
}

/** @param {number} place @param {number} time @param {number} [signedTime] */
async function witnessLine(place, time, signedTime = time) {
  const by = /** @type {Awaited<ReturnType<typeof signer>>} */ (witnesses[place]);
  const stamp = new Uint8Array(8);
  new DataView(stamp.buffer).setBigUint64(0, BigInt(time));
  const signature = await sign(by.key, utf8(`cosignature/v1\ntime ${signedTime}\n${text}`));
  return `\u2014 ${by.name} ${b64(concat(by.id, stamp, signature))}\n`;
}

const [w0, w1, w2] = witnesses.map(({ vkey }) => vkey);
const head = `log ${log.vkey}\nwitness a ${w0}\nwitness b ${w1} https://b.example\nwitness c ${w2}\n`;

/** @param {string} rest @param {string[]} lines */
async function judged(rest, ...lines) {
  const note = [text, "\n", await logLine(log), ...lines].join("");
  return judge(await readPolicy(head + rest), readCheckpoint(note));
}

test("a group has witnessed when enough of its members have, and the earliest such time counts", async () => {
  const two = "group g 2 a b c\nquorum g\n";
  assert.equal((await judged(two, await witnessLine(0, 100))).quorum, "not_met");
  const found = await judged(two, await witnessLine(0, 300), await witnessLine(1, 100), await witnessLine(2, 200));
  assert.deepEqual([found.log, found.quorum, found.existedBy], ["signed", "met", 200n]);
  const all = await judged("group g all a b\ngroup h any g c\nquorum h\n", await witnessLine(0, 300), await witnessLine(1, 100));
  assert.equal(all.existedBy, 300n);
  const twice = await judged("quorum a\n", await witnessLine(0, 300), await witnessLine(0, 100));
  assert.equal(twice.existedBy, 100n);
});

test("a time of zero never counts, and a line that is not by its key is bad", async () => {
  const untimed = await judged("quorum a\n", await witnessLine(0, 0));
  assert.deepEqual([untimed.quorum, untimed.witnesses[0]?.finding], ["not_met", "untimed"]);
  const moved = await judged("quorum a\n", await witnessLine(0, 100, 99), await witnessLine(0, 100));
  assert.deepEqual([moved.quorum, moved.witnesses[0]?.finding], ["not_met", "bad"]);
});

test("lines of nobody the policy knows are listed and count for nothing", async () => {
  const other = await signer("other.example", 1, 9);
  const { unknown, quorum } = await judged("quorum none\n", await logLine(other), await witnessLine(1, 5));
  assert.deepEqual(unknown.map(({ name }) => name), ["other.example"]);
  assert.equal(quorum, "none_asked");
});

test("one origin may have several log keys, and a bad line under any of them spoils the note", async () => {
  const next = await signer(ORIGIN, 1, 8);
  const note = (/** @type {string[]} */ ...lines) => readCheckpoint([text, "\n", ...lines].join(""));
  const policy = await readPolicy(`log ${log.vkey}\nlog ${next.vkey}\nquorum none\n`);
  assert.equal((await judge(policy, note(await logLine(log)))).log, "signed");
  assert.equal((await judge(policy, note(await logLine(next)))).logKey, hex(next.id));
  const forged = (await logLine(log)).replace(/ \S+\n$/, ` ${b64(concat(next.id, new Uint8Array(64)))}\n`);
  assert.equal((await judge(policy, note(await logLine(log), forged))).log, "bad");
});

test("what is not quite a policy is refused, with its line", async () => {
  const faults = {
    "": "line 1 of the policy: the quorum is missing",
    "quorum none\nquorum none\n": "line 2 of the policy: the quorum is given twice",
    "quorum g\n": "line 1 of the policy: no line above defines that name",
    "log\n": "line 1 of the policy: too few or too many words",
    "logs x\n": "line 1 of the policy: it begins with none of log, witness, group and quorum",
    "# a\n\nlog a+b\n": "line 3 of the policy: not a verifier key, name+id+base64",
    [`log ${w0}\n`]: "line 1 of the policy: a key of that type does not belong on this line",
    [`witness a ${log.vkey}\n`]: "line 1 of the policy: a key of that type does not belong on this line",
    [`${head}witness d ${w0}\n`]: "line 5 of the policy: that key is given twice",
    [`${head}group a any b\n`]: "line 5 of the policy: that name is taken",
    [`${head}group none any b\n`]: "line 5 of the policy: that name is taken",
    [`${head}group g 3 a b\n`]: "line 5 of the policy: a group needs any, all or a number of its members",
    [`${head}group g 0 a b\n`]: "line 5 of the policy: a group needs any, all or a number of its members",
    [`${head}group g any a a\n`]: "line 5 of the policy: that name is in a group already",
    [`${head}group g any g\n`]: "line 5 of the policy: no line above defines that name",
    "quorum none\r\n": "line 1 of the policy: a control character",
  };
  for (const [file, message] of Object.entries(faults)) {
    await assert.rejects(readPolicy(file), (error) => error instanceof Fault && error.message === message, message);
  }
});

test("a verifier key has the id that follows from it, and a good key", async () => {
  const key = await readVerifierKey(vectors.log_vkey);
  assert.deepEqual([key.name, key.type], ["ledger.example/2026", 1]);
  const go = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  assert.equal((await readVerifierKey(go)).id, "c74f20a3");
  const others = ["", "a", "a+00000000", "a+00000000+", "a+0+AQ==", go.replace("Peter", "peter"), go.replace("c74f", "c74e"), go.replace("c74f", "C74F"), go.replace("Peter", "P ter"), go.replace("+ARpc", "+BBpc")];
  for (const other of others) await assert.rejects(readVerifierKey(other), Fault, other);
  const weak = concat(Uint8Array.of(1), new Uint8Array(32));
  const id = hex((await sha256(utf8("a\n"), weak)).slice(0, 4));
  await assert.rejects(readVerifierKey(`a+${id}+${b64(weak)}`), { message: "the verifier key is not a good Ed25519 key" });
});
