// Bundles bent in every way: the verdict is, word for word, the one that `onrecord verify --json` prints.

import assert from "node:assert/strict";
import { test } from "node:test";

import { unb64 } from "../../src/http/assets/onrecord/encoding.js";
import { readPolicy } from "../../src/http/assets/onrecord/policy.js";
import { verifyBundle } from "../../src/http/assets/onrecord/verify.js";
import { readJson } from "./files.js";

/** @import { Bytes } from "../../src/http/assets/onrecord/encoding.js" */

const { cases } = await readJson("target/verdicts.json");

test("every verdict is the one of the command line, in names, results and words", async () => {
  assert.ok(cases.length > 500);
  const policies = new Map();
  for (const { bundle, policy, verdict } of cases) {
    if (!policies.has(policy)) policies.set(policy, await readPolicy(policy));
    const { about, ...found } = await verifyBundle(/** @type {Bytes} */ (unb64(bundle)), policies.get(policy));
    assert.deepEqual(found, verdict, `${policy}${atob(bundle)}`);
    assert.equal(about === undefined, found.bounds.admitted_at === undefined);
  }
});
