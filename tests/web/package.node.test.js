// The core as others get it from npm: what is packed, its types, and the examples of its README against a ledger.
// Not for browsers: it runs programs.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";

const source = new URL("../../src/http/assets/onrecord", import.meta.url).pathname;
const onrecord = new URL("../../target/debug/onrecord", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "onrecord-package-"));
const installed = join(folder, "node_modules/onrecord");
const server = spawn(onrecord, ["serve", "--data", "data", "--listen", "127.0.0.1:0"], { cwd: folder });
after(async () => {
  server.kill();
  await once(server, "exit");
  rmSync(folder, { recursive: true });
});
const [line] = await once(createInterface(server.stdout), "line");
const [, url = ""] = /listening on (\S+)/.exec(line) ?? [];

mkdirSync(installed, { recursive: true });
const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", folder, source], { encoding: "utf8" });
execFileSync("tar", ["xzf", packed.trim(), "--strip-components=1", "-C", installed], { cwd: folder });
write("package.json", '{ "type": "module" }');

const [verifying = "", checking = "", publishing = ""] = [
  ...readFileSync(join(installed, "README.md"), "utf8").matchAll(/^```js\n(.*?)^```$/gms),
].map(([, example = ""]) => example);

/** @param {string} name @param {string} text */
function write(name, text) {
  writeFileSync(join(folder, name), text);
}

/** Runs an example as it is written, but for the ledger it names. @param {string} name @param {string} example */
function run(name, example) {
  write(name, example.replace("https://ledger.example", url));
  return execFileSync(process.execPath, [name], { cwd: folder, encoding: "utf8" });
}

/** What TypeScript says of files that use the package as the README tells. @param {...string} texts */
function complaints(...texts) {
  const files = texts.map((_, place) => `use${place}.ts`);
  for (const [place, name] of files.entries()) write(name, texts[place] ?? "");
  write("tsconfig.json", JSON.stringify({
    compilerOptions: {
      strict: true, noEmit: true, skipLibCheck: true, allowJs: true, maxNodeModuleJsDepth: 3,
      module: "nodenext", target: "es2022", lib: ["es2022", "dom", "dom.iterable", "dom.asynciterable"],
      types: ["node"], typeRoots: [new URL("node_modules/@types", import.meta.url).pathname],
    },
    files,
  }));
  const tsc = new URL("node_modules/typescript/bin/tsc", import.meta.url).pathname;
  try {
    return execFileSync(process.execPath, [tsc, "-p", "."], { cwd: folder, encoding: "utf8" });
  } catch (error) {
    return String(/** @type {{ stdout: string }} */ (error).stdout);
  }
}

test("every module is packed, with the licence and nothing else", () => {
  const beside = ["LICENSE", "README.md", "package.json"];
  const modules = readdirSync(source).filter((name) => name.endsWith(".js"));
  assert.deepEqual(readdirSync(installed).sort(), [...modules, ...beside].sort());
  const own = new URL("../../LICENSE", import.meta.url);
  assert.equal(readFileSync(join(installed, "LICENSE"), "utf8"), readFileSync(own, "utf8"));
});

test("the examples of the README publish, verify and check an entry as they are written", async () => {
  assert.equal(run("publishing.js", publishing), "");
  write("ledger.policy", await (await fetch(`${url}/log.policy`)).text());
  assert.match(run("verifying.js", verifying), /^verified\n.*^disclosures verified 2 public, 1 sealed/ms);
  const { leaf_hash: hash } = await (await fetch(`${url}/api/v1/entries/1`)).json();
  const checked = run("checking.js", checking.replace(/[0-9a-f]{32}/, hash.slice(0, 32)));
  assert.match(checked, /^inclusion verified entry 1 of 2$/m);
  assert.doesNotMatch(checked, /failed|not_checked/);
});

test("TypeScript takes the types from the modules", () => {
  assert.equal(complaints(verifying, checking, publishing), "");
  const wrong = complaints(verifying.replace('await readFile("agreement.onrecord.json")', '"agreement.onrecord.json"'));
  assert.match(wrong, /TS2345: Argument of type 'string'/);
});
