// The claim of a domain, made of the answers of its page, and what the domain publishes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { generate } from "../../src/http/assets/onrecord/ed25519.js";
import { documentOf, recordOf } from "../../src/http/assets/pages/claim/document.js";
import { prepareClaim, problemsOf } from "../../src/http/assets/pages/claim/statement.js";
import { membersOf, readWords } from "../../src/http/assets/pages/publish/agreement.js";

const { did } = await generate();
const of = { log: "ledger.example/log", domain: "acme.example", did };

/** @param {Record<string, string>} values */
const answers = (values) => ({ values, sealed: [] });

test("a claim holds the days and the names that were given, and nothing else", async () => {
  const given = answers({ response_days: "3", final_days: "20", legal_name: "Acme Ltd.", contact: "post@acme.example" });
  const made = await prepareClaim(given, of);
  const { domain, response_days: first, final_days: final, kind } = membersOf(made);
  assert.deepEqual([kind, domain, first, final], ["claim", "acme.example", 3, 20]);
  assert.deepEqual((await readWords(made.public)).map(({ name }) => name), ["legal_name", "contact"]);
  const bare = membersOf(await prepareClaim(answers({}), of));
  assert.deepEqual([bare.response_days, bare.final_days, bare._sd], [undefined, undefined, []]);
});

test("days out of bounds and lines that cannot be on record are named with their fields", () => {
  const fields = (/** @type {Record<string, string>} */ values) => problemsOf(answers(values)).map(({ field }) => field);
  assert.deepEqual(fields({}), []);
  assert.deepEqual(fields({ response_days: "90", final_days: "365" }), []);
  assert.deepEqual(fields({ response_days: "91", final_days: "366" }), ["response_days", "final_days"]);
  assert.deepEqual(fields({ response_days: "0", final_days: "soon" }), ["response_days", "final_days"]);
  assert.deepEqual(fields({ response_days: "1.5", final_days: "-3" }), ["response_days", "final_days"]);
  assert.deepEqual(fields({ legal_name: "a\u202e", contact: "two\nlines" }), ["legal_name", "contact"]);
});

test("the document names every key once, ascending, and holds for a year", () => {
  const now = Date.UTC(2026, 10, 22, 10, 30, 15, 250);
  const text = documentOf({ domain: "acme.example", keys: ["did:key:z6Mkb", "did:key:z6Mka", "did:key:z6Mkb"], log: of.log, now });
  assert.deepEqual(JSON.parse(text), {
    domain: "acme.example",
    expires: "2027-11-22T10:30:15Z",
    keys: ["did:key:z6Mka", "did:key:z6Mkb"],
    logs: ["ledger.example/log"],
  });
  assert.equal(recordOf("did:key:z6Mka"), "v=onr1; key=did:key:z6Mka");
});
