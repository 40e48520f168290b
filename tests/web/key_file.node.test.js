// Key files between these modules, the command line and openssl. Not for browsers: it runs programs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { fromPkcs8, generate, toPkcs8 } from "../../src/http/assets/onrecord/ed25519.js";
import { open, seal } from "../../src/http/assets/onrecord/key_file.js";

const folder = mkdtempSync(join(tmpdir(), "onrecord-web-"));
after(() => rmSync(folder, { recursive: true }));
const onrecord = new URL("../../target/debug/onrecord", import.meta.url).pathname;
const passphrase = "a long enough passphrase";

/** @param {string} name @param {string} text */
function write(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

test("the command line signs with a key that was sealed here", async () => {
  const key = await generate();
  const path = write("own.key", await seal(key, passphrase));
  const shown = execFileSync(onrecord, ["key", "show", "--json", path], { encoding: "utf8" });
  assert.equal(JSON.parse(shown).did, key.did);
});

test("openssl opens a key that was sealed here, and one that openssl sealed opens here", async () => {
  const key = await generate();
  const path = write("pem.key", await seal(key, passphrase));
  const pass = write("pass", passphrase);
  const plain = execFileSync("openssl", ["pkey", "-in", path, "-passin", `file:${pass}`, "-outform", "DER"]);
  assert.deepEqual(new Uint8Array(plain), await toPkcs8(key));
  const der = write("plain.der", "");
  writeFileSync(der, plain);
  const pem = execFileSync("openssl", [
    "pkcs8", "-topk8", "-inform", "DER", "-in", der, "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA256", "-iter", "600000",
    "-passout", `file:${pass}`,
  ], { encoding: "utf8" });
  const opened = await open(`onrecord key ${key.did}\n${pem}`, passphrase);
  assert.equal(opened.did, key.did);
  assert.equal((await fromPkcs8(await toPkcs8(opened))).did, key.did);
  assert.ok(readFileSync(path, "utf8").startsWith("onrecord key did:key:z6Mk"));
});
