// Key files: those of the command line open here, and what is sealed here opens again. Whether the command
// line and openssl open them, key_file.node.test.js asks them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fromSeed, generate, sign, verify } from "../../src/http/assets/onrecord/ed25519.js";
import { utf8 } from "../../src/http/assets/onrecord/encoding.js";
import { didIn, KeyFileError, open, seal } from "../../src/http/assets/onrecord/key_file.js";
import { readJson } from "./files.js";

const file = await readJson("target/key_file.json");
const random = { salt: new Uint8Array(16).fill(1), vector: new Uint8Array(16).fill(2) };

/** @param {string} why */
const because = (why) => (/** @type {unknown} */ error) => error instanceof KeyFileError && error.why === why;

test("the command line's key file opens, and the same key, salt and vector give the same text", async () => {
  const key = await open(file.text, file.passphrase);
  assert.equal(key.did, file.did);
  assert.equal(didIn(file.text), file.did);
  assert.equal(await seal(key, file.passphrase, random), file.text);
});

test("a new key comes back from its file and signs", async () => {
  const key = await generate();
  const opened = await open(await seal(key, "correct horse"), "correct horse");
  assert.equal(opened.did, key.did);
  assert.ok(await verify(key.publicKey, utf8("agreed"), await sign(opened, utf8("agreed"))));
});

test("a wrong passphrase, an altered file and another form are told apart", async () => {
  await assert.rejects(open(file.text, "another"), because("wrong_passphrase"));
  const other = await fromSeed(new Uint8Array(32).fill(3));
  await assert.rejects(open(file.text.replace(file.did, other.did), file.passphrase), because("another_key"));
  const others = [
    "", "onrecord key", file.text.slice(1), file.text.replace("ENCRYPTED ", ""), file.text.replace(file.did, "did:key:z6Mk"),
    file.text.replaceAll("ENCRYPTED PRIVATE", "PRIVATE"), file.text.replace(/\n[^\n]+\n-----END/, "\n-----END"), `${file.text}x`,
    file.text.replace(/^M/m, "N"), file.text.replace(/.*\n/, ""),
  ];
  for (const text of others) await assert.rejects(open(text, file.passphrase), because("malformed"), text);
});

test("line breaks of another system and space around are no harm", async () => {
  const windows = `${file.text.replaceAll("\n", "\r\n")}\r\n`;
  assert.equal((await open(windows, file.passphrase)).did, file.did);
});

test("fewer rounds than the protocol allows do not open", async () => {
  const der = atob(file.text.split("\n").slice(2, -2).join(""));
  const weak = btoa(der.replace("\x02\x03\x09\x27\xc0", "\x02\x03\x01\x27\xc0"));
  const text = [...file.text.split("\n").slice(0, 2), ...(weak.match(/.{1,64}/g) ?? []), ...file.text.split("\n").slice(-2)].join("\n");
  assert.notEqual(text, file.text);
  await assert.rejects(open(text, file.passphrase), because("malformed"));
});
