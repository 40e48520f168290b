// What the publish page warns of before words become public.

import assert from "node:assert/strict";
import { test } from "node:test";

import { findPersonal, mask } from "../../src/http/assets/pages/publish/personal.js";

/** @param {string} text */
const kinds = (text) => findPersonal(text).map(({ what }) => what);

test("what looks like personal data is found by its form and its check digits", () => {
  for (const [text, what] of [
    ["write to ana.b@mail.example.org today", "email"],
    ["ana@bücher.example", "email"],
    ["call +34 612 345 678.", "phone"],
    ["call 030/1234567", "phone"],
    ["call (555) 010-1234", "phone"],
    ["اتصل على +٩٧١ ٥٠ ١٢٣ ٤٥٦٧", "phone"],
    ["card 4111 1111 1111 1111", "card"],
    ["card 5500-0000-0000-0004", "card"],
    ["to DE89 3704 0044 0532 0130 00", "iban"],
    ["to gb82west12345698765432", "iban"],
    ["my SSN is 078-05-1120", "national_id"],
    ["DNI 12345678Z", "national_id"],
    ["NIE X1234567L", "national_id"],
    ["NINO QQ 12 34 56 C is none, AB 12 34 56 C is", "national_id"],
  ]) {
    assert.deepEqual(kinds(text ?? ""), [what], text);
  }
});

test("amounts, dates, order numbers and wrong check digits are left alone", () => {
  for (const text of [
    "Refund of EUR 1,234.00 by 2026-12-31",
    "between 2026-11-01 and 2026-12-31",
    "on 31.12.2026 at 10:30",
    "order 4111111111111112",
    "DE89 3704 0044 0532 0130 01",
    "DNI 12345678A",
    "room 1204, 3 keys, 120 days",
    "acme.example promised 12.5 %",
  ]) {
    assert.deepEqual(kinds(text), [], text);
  }
});

test("masking takes out all of it and nothing else", () => {
  const text = "Ask ana@mail.example or +34 612 345 678, not DE89 3704 0044 0532 0130 00.";
  assert.equal(mask(text), "Ask ••• or •••, not •••.");
  assert.deepEqual(findPersonal(mask(text)), []);
  assert.equal(mask("EUR 120 by 2026-12-01"), "EUR 120 by 2026-12-01");
});
