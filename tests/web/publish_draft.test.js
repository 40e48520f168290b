// The draft on the device, what is wrong with answers, and the statement made of them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { statementId } from "../../src/http/assets/onrecord/envelope.js";
import { generate } from "../../src/http/assets/onrecord/ed25519.js";
import { text as textOf } from "../../src/http/assets/onrecord/encoding.js";
import { Refusal } from "../../src/http/assets/onrecord/fault.js";
import {
  payloadOf, prepareAgreement, readWords, wordsOf,
} from "../../src/http/assets/pages/publish/agreement.js";
import { forget, load, save } from "../../src/http/assets/pages/publish/kept.js";
import { problemsOf } from "../../src/http/assets/pages/publish/problems.js";

/** @import { Answers } from "../../src/http/assets/pages/publish/kept.js" */

const values = {
  domain_1: "Shop.example", domain_3: "bücher.example", title: "Refund",
  commitment_1: "Refund of EUR 120", by_1: "1", due_1: "2026-12-01",
  commitment_4: "I send it back", by_4: "signer", due_4: "",
  basis: "spoken", agreed_on: "2026-11-18", language: "en", offers: "closed", narrative: "two\r\nlines",
  evidence_hash_2: JSON.stringify({
    bytes: 3, label: "a.pdf", media_type: "application/pdf", salt: "AAAAAAAAAAAAAAAAAAAAAA",
    sha256: "0".repeat(64),
  }),
};
/** @type {Answers} */
const answers = { values, sealed: ["commitment_4", "evidence_2"] };
const { did } = await generate();

const storage = (room = Infinity) => {
  /** @type {Map<string, string>} */
  const items = new Map();
  return {
    getItem: (/** @type {string} */ name) => items.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ value) => {
      if (value.length > room) throw new Error("QuotaExceededError");
      items.set(name, value);
    },
    removeItem: (/** @type {string} */ name) => items.delete(name),
  };
};

test("a draft comes back from the device as it was, until it is forgotten", () => {
  const device = storage();
  const draft = { answers, at: "what" };
  assert.equal(load(device), undefined);
  assert.equal(save(device, draft), true);
  assert.deepEqual(load(device), draft);
  forget(device);
  assert.equal(load(device), undefined);
});

test("without room, or with something else in its place, there is no draft and no error", () => {
  assert.equal(save(storage(10), { answers, at: "what" }), false);
  const device = storage();
  for (const other of ["", "{", "[]", "{\"answers\":{}}"]) {
    device.setItem("onrecord-publish", other);
    assert.equal(load(device), undefined, other);
  }
});

test("good answers have no problems, and a wrong one is named by its field", () => {
  for (const step of ["who", "what", "when", "evidence", "appear", "offers", "more"]) {
    assert.deepEqual(problemsOf(answers, step), [], step);
  }
  /** @param {string} step @param {Record<string, string>} other */
  const fields = (step, other) =>
    problemsOf({ values: { ...values, ...other }, sealed: [] }, step).map(({ field, why }) => `${field} ${why}`);
  assert.deepEqual(problemsOf({ values: {}, sealed: [] }, "who").length, 1);
  assert.deepEqual(fields("who", { domain_1: "not a domain" }), ["domain_1 domain"]);
  assert.deepEqual(fields("what", { title: "a\u202e", commitment_1: "___", due_1: "2026-13" }),
    ["title character", "commitment_1 blank", "due_1 due"]);
  assert.deepEqual(fields("what", { by_1: "2" }), ["by_1 missing"]);
  assert.deepEqual(fields("when", { basis: "", agreed_on: "2026-02-30" }), ["basis choose", "agreed_on day"]);
  assert.deepEqual(fields("evidence", { evidence_label_1: "Invoice" }), ["evidence_pick_1 file"]);
  assert.deepEqual(fields("appear", { language: "english" }), ["language language"]);
});

test("the statement has the answers, numbered without gaps, and sealed words only by their digests", async () => {
  const statement = await prepareAgreement(answers, { log: "ledger.example", did });
  const payload = JSON.parse(textOf(payloadOf(statement)));
  assert.deepEqual(payload.commitments, [{ by: "shop.example", due: "2026-12-01" }, { by: "signer" }]);
  assert.deepEqual(payload.subjects, ["shop.example", "xn--bcher-kva.example"]);
  assert.deepEqual(Object.keys(payload.sealed), ["commitment_2", "evidence_1"]);
  const open = await readWords(statement.public);
  assert.deepEqual(open.map(({ name, value }) => [name, value]),
    [["title", "Refund"], ["commitment_1", "Refund of EUR 120"], ["narrative", "two\nlines"]]);
  assert.ok(!atob(statement.payload).includes("I send it back"));
  assert.match(await statementId({ payloadType: "t", payload: payloadOf(statement), signatures: [] }), /^sha256:/);
});

test("words are listed with what becomes of them", () => {
  assert.deepEqual(wordsOf(answers).map(({ name, isSealed }) => [name, isSealed]), [
    ["title", false], ["commitment_1", false], ["commitment_2", true], ["narrative", false],
    ["evidence_1", true],
  ]);
});

test("what a ledger would refuse is refused before it is signed", async () => {
  const other = { values: { ...values, title: "two\nlines" }, sealed: [] };
  await assert.rejects(prepareAgreement(other, { log: "ledger.example", did }), Refusal);
});
