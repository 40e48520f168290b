// What is stated about an agreement, made of the answers of its page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { disclose } from "../../src/http/assets/onrecord/disclosure.js";
import { generate } from "../../src/http/assets/onrecord/ed25519.js";
import { problemsOf } from "../../src/http/assets/pages/add/problems.js";
import { prepareFollowUp } from "../../src/http/assets/pages/add/statement.js";
import { membersOf, readWords } from "../../src/http/assets/pages/publish/agreement.js";

const thread = `sha256:${"1".repeat(64)}`;
const re = `sha256:${"2".repeat(64)}`;
const { did } = await generate();
const log = "ledger.example/log";
const evidence_hash_2 = JSON.stringify({
  bytes: 3, label: "a.pdf", media_type: "application/pdf", salt: "AAAAAAAAAAAAAAAAAAAAAA", sha256: "0".repeat(64),
});
const [first, second] = [await disclose("title", "Refund"), await disclose("narrative", "Said")];
const digests = [first.digest, second.digest].sort();
const words = { word_1_1: `${re} ${digests[1]}`, word_1_2: `${re} ${digests[0]}` };

/** The answers of each kind, and the fields that they make. @type {Record<string, [Record<string, string>, object]>} */
const KINDS = {
  breach: [
    { number_1: "1", number_3: "3", since: "2026-11-01", desired_outcome: "refund", text: "two\r\nlines", evidence_hash_2 },
    { thread, commitment_numbers: [1, 3], since: "2026-11-01", desired_outcome: "refund" },
  ],
  fulfilment: [
    { number_2: "2", extent: "partial", occurred_on: "2026-11-02", text: "Half" },
    { thread, commitment_numbers: [2], extent: "partial", occurred_on: "2026-11-02" },
  ],
  assessment: [
    { resolved: "partly", satisfaction: "4", again: "no" }, { thread, resolved: "partly", satisfaction: 4, again: false },
  ],
  amendment: [
    {
      domain_1: "acme.example", effective: "2026-12-10", text: "They asked for more time",
      commitment_1: "Half", by_1: "1", due_1: "2026-12-20", commitment_2: " ", by_2: "1", commitment_3: "I wait", by_3: "signer",
    },
    {
      thread, by: "unilateral", effective: "2026-12-10",
      commitments: [{ by: "acme.example", due: "2026-12-20" }, { by: "signer" }],
    },
  ],
  termination: [{ effective: "2026-12-01" }, { thread, effective: "2026-12-01" }],
  withdrawal: [{}, { thread }],
  reveal: [words, { re, digests }],
  erasure: [{ ...words, reason: "privacy" }, { re, digests, reason: "privacy" }],
};

for (const [kind, [given, expected]] of Object.entries(KINDS)) {
  test(`the answers make a statement of kind ${kind}`, async () => {
    const answers = { values: { ...given, kind }, sealed: [] };
    assert.deepEqual(problemsOf(answers), []);
    const revealed = kind === "reveal" ? [first, second] : [];
    const members = membersOf(await prepareFollowUp(answers, { log, thread, did, revealed }));
    const { _sd, _sd_alg, claimed_at, kind: made, log: at, nonce, signers, ...fields } = members;
    assert.deepEqual([made, at, signers, fields], [kind, log, [did], expected]);
  });
}

test("words stand under the kind's own names, evidence without gaps, and sealed ones are not sent", async () => {
  const answers = { values: { ...KINDS.breach?.[0], kind: "breach" }, sealed: ["text"] };
  const made = await prepareFollowUp(answers, { log, thread, did });
  const [open, sealed] = [await readWords(made.public), await readWords(made.sealed)];
  assert.deepEqual(open.map(({ name }) => name), ["evidence_1"]);
  assert.deepEqual(sealed.map(({ name, value }) => [name, value]), [["narrative", "two\nlines"]]);
});

test("an amendment's commitments stand without gaps, each sealed or not as it was chosen", async () => {
  const answers = { values: { ...KINDS.amendment?.[0], kind: "amendment" }, sealed: ["commitment_3"] };
  const made = await prepareFollowUp(answers, { log, thread, did });
  const [open, sealed] = [await readWords(made.public), await readWords(made.sealed)];
  assert.deepEqual(open.map(({ name, value }) => [name, value]), [["commitment_1", "Half"], ["note", "They asked for more time"]]);
  assert.deepEqual(sealed.map(({ name, value }) => [name, value]), [["commitment_2", "I wait"]]);
});

test("answers of another kind than the chosen one are not part of the statement", async () => {
  const answers = { values: { ...KINDS.breach?.[0], kind: "assessment", resolved: "no" }, sealed: [] };
  const made = await prepareFollowUp(answers, { log, thread, did });
  assert.deepEqual((await readWords(made.public)).map(({ name }) => name), ["note"]);
  assert.equal(membersOf(made).since, undefined);
  const erasure = { values: { ...KINDS.breach?.[0], ...words, kind: "erasure", reason: "privacy" }, sealed: [] };
  assert.deepEqual((await prepareFollowUp(erasure, { log, thread, did })).public, []);
});

/** What an organization answers, and the fields that it makes. @type {[Record<string, string>, object, string[]][]} */
const ANSWERS = [
  [
    { kind: "countersignature", re_countersignature: re, verdict: "confirmed", reason: "other", text: "" },
    { re, verdict: "confirmed" }, [],
  ],
  [
    { kind: "countersignature", re_countersignature: re, re_response: thread, verdict: "declined", reason: "duplicate", text: "It is" },
    { re, verdict: "declined", reason: "duplicate" }, ["note"],
  ],
  [{ kind: "response", re_response: re, stage: "acknowledged", outcome: "refund", text: "Seen" }, { re, stage: "acknowledged" }, ["note"]],
  [
    { kind: "response", re_response: re, stage: "in_progress", expected_final_by: "2026-12-24", text: "Soon", delay_reason: "Snow" },
    { re, stage: "in_progress", expected_final_by: "2026-12-24" }, ["delay_reason", "note"],
  ],
  [{ kind: "response", re_response: re, stage: "final", outcome: "refund", text: "Paid" }, { re, stage: "final", outcome: "refund" }, ["note"]],
  [
    { kind: "fulfilment", number_1: "1", extent: "full", occurred_on: "2026-11-02" },
    { commitment_numbers: [1], extent: "full", occurred_on: "2026-11-02" }, [],
  ],
  [{ kind: "termination", effective: "2026-12-31", text: "It ends" }, { effective: "2026-12-31" }, ["note"]],
  [
    { kind: "offer", title: "Instead", commitment_1: "We repair it", price: "EUR 5", expires: "2026-12-31", text: "Left over" },
    { expires: "2026-12-31" }, ["commitment_1", "price", "title"],
  ],
];

test("what an organization states names its domain, and holds nothing that does not belong to what was chosen", async () => {
  for (const [values, fields, names] of ANSWERS) {
    const answers = { values, sealed: [] };
    assert.deepEqual(problemsOf(answers), [], values.kind);
    const made = await prepareFollowUp(answers, { log, thread, domain: "acme.example", did });
    const { _sd, _sd_alg, claimed_at, kind, log: on, nonce, signers, ...own } = membersOf(made);
    assert.deepEqual(own, { domain: "acme.example", thread, ...fields });
    assert.deepEqual([(await readWords(made.public)).map(({ name }) => name).sort(), made.sealed], [names, []]);
  }
});

test("what is missing is named with its field", () => {
  const of = (/** @type {Record<string, string>} */ values) => problemsOf({ values, sealed: [] }).map(({ field }) => field);
  assert.deepEqual(of({}), ["kind"]);
  assert.deepEqual(of({ kind: "breach" }), ["since", "desired_outcome", "numbers"]);
  assert.deepEqual(of({ kind: "fulfilment", number_1: "1", occurred_on: "2026-02-30" }), ["occurred_on", "extent"]);
  assert.deepEqual(of({ kind: "assessment" }), ["resolved"]);
  assert.deepEqual(of({ kind: "amendment" }), ["effective", "commitment_1"]);
  const wrong = { domain_1: "acme.example", commitment_2: "Half of ___", by_2: "2", due_2: "soon", effective: "2026-12-10" };
  assert.deepEqual(of({ kind: "amendment", ...wrong }), ["commitment_2", "by_2", "due_2"]);
  assert.deepEqual(of({ kind: "countersignature" }), ["verdict"]);
  assert.deepEqual(of({ kind: "countersignature", verdict: "declined" }), ["reason"]);
  assert.deepEqual(of({ kind: "response" }), ["stage", "text"]);
  assert.deepEqual(of({ kind: "response", stage: "in_progress", text: "Soon" }), ["expected_final_by"]);
  assert.deepEqual(of({ kind: "response", stage: "final", text: "Done" }), ["outcome"]);
  assert.deepEqual(of({ kind: "offer" }), ["expires", "title", "commitment_1"]);
  const twoLines = { title: "a\nb", commitment_1: "c\nd", expires: "2026-12-31" };
  assert.deepEqual(of({ kind: "offer", ...twoLines }), ["title"]);
  assert.deepEqual(of({ kind: "reveal" }), ["words"]);
  assert.deepEqual(of({ kind: "erasure", reason: "other", ...words, word_2_1: `${thread} x` }), ["words"]);
  assert.deepEqual(of({ kind: "breach", number_1: "1", since: "2026-11-01", desired_outcome: "refund", evidence_label_1: "a" }), ["evidence_pick_1"]);
});

test("a character that no ledger takes is named with its field", () => {
  const values = { ...KINDS.breach?.[0], kind: "breach", text: "a\u0007", evidence_label_2: "a\u202e" };
  const fields = problemsOf({ values, sealed: [] }).map(({ field }) => field);
  assert.deepEqual(fields, ["text", "evidence_label_2"]);
});
