// The backup: one passphrase opens all of it, and nothing in it can be changed unnoticed.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { generate } from "../../src/http/assets/onrecord/ed25519.js";
import { KeyFileError } from "../../src/http/assets/onrecord/key_file.js";
import {
  EMPTY, openKey, readBackup, withStatement, writeBackup,
} from "../../src/http/assets/pages/publish/backup.js";

const PASSPHRASE = "correct horse battery";
const [first, second] = [await generate(), await generate()];
const statement = (/** @type {string} */ did, /** @type {string} */ payload) =>
  ({ did, payload, public: ["cHVibGlj"], sealed: ["c2VhbGVk"] });
const one = await withStatement(EMPTY, statement(first.did, "b25l"), first, PASSPHRASE);
const text = await writeBackup(one, PASSPHRASE);

/** @param {string} text @param {string} passphrase */
const whyNot = (text, passphrase) =>
  readBackup(text, passphrase).then(() => "opened", (error) => error instanceof KeyFileError && error.why);

test("a backup opens with its passphrase alone", async () => {
  const opened = await readBackup(text, PASSPHRASE);
  assert.deepEqual(opened, one);
  const key = await openKey(opened, first.did, PASSPHRASE);
  assert.deepEqual(key?.publicKey, first.publicKey);
  assert.equal(await openKey(opened, second.did, PASSPHRASE), undefined);
  assert.equal(await whyNot(text, "another passphrase"), "wrong_passphrase");
  assert.deepEqual(await readBackup(text.replaceAll("\n", "\r\n"), PASSPHRASE), one);
});

test("a backup holds nothing in the clear", () => {
  for (const word of ["cHVibGlj", "c2VhbGVk", "b25l", PASSPHRASE]) assert.ok(!text.includes(word), word);
});

test("another agreement joins the ones there, with a new key or with one that is kept", async () => {
  const two = await withStatement(one, statement(second.did, "dHdv"), second, PASSPHRASE);
  const three = await withStatement(two, statement(first.did, "dGhyZWU="), first, PASSPHRASE);
  const opened = await readBackup(await writeBackup(three, PASSPHRASE), PASSPHRASE);
  assert.deepEqual(opened.statements.map(({ payload }) => payload), ["dGhyZWU=", "dHdv", "b25l"]);
  assert.equal(opened.keyFiles.length, 2);
  for (const key of [first, second]) assert.ok(await openKey(opened, key.did, PASSPHRASE));
  const again = await withStatement(three, { ...statement(first.did, "b25l"), bundle: "{}" }, first, PASSPHRASE);
  assert.equal(again.statements.length, 3);
  assert.equal(again.statements[0]?.bundle, "{}");
});

test("what was altered or is no backup does not open", async () => {
  const [head = "", block = ""] = text.split("-----BEGIN ONRECORD BACKUP-----\n");
  const other = await withStatement(EMPTY, statement(second.did, "dHdv"), second, PASSPHRASE);
  const foreign = `${other.keyFiles.join("")}-----BEGIN ONRECORD BACKUP-----\n${block}`;
  assert.equal(await whyNot(foreign, PASSPHRASE), "wrong_passphrase");
  const place = text.length - 60;
  const flipped = text.slice(0, place) + (text[place] === "A" ? "B" : "A") + text.slice(place + 1);
  assert.equal(await whyNot(flipped, PASSPHRASE), "wrong_passphrase");
  for (const none of ["", "a text", `${head}${head}`, `-----BEGIN ONRECORD BACKUP-----\n${block}`, `x\n${text}`]) {
    assert.equal(await whyNot(none, PASSPHRASE), "malformed", none.slice(0, 20));
  }
});

test("a key file of the command line is a backup without statements, which its passphrase opens", async () => {
  const [keyFile = ""] = one.keyFiles;
  assert.deepEqual(await readBackup(keyFile, PASSPHRASE), { keyFiles: [keyFile], statements: [] });
  assert.equal(await whyNot(keyFile, "another passphrase"), "wrong_passphrase");
});

test("openssl opens the key in a backup", async () => {
  const folder = await mkdtemp(join(tmpdir(), "backup-"));
  const file = join(folder, "backup.txt");
  await writeFile(file, text);
  const { stdout } = await promisify(execFile)("openssl",
    ["pkey", "-in", file, "-passin", `pass:${PASSPHRASE}`, "-noout", "-text"]);
  await rm(folder, { recursive: true });
  assert.match(stdout, /ED25519 Private-Key/i);
});
