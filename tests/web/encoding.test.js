// Encodings, times, text and names: one spelling each, and every other one refused.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isDomain } from "../../src/http/assets/onrecord/domain.js";
import { b64, b64url, hex, unb64, unb64url, unhex } from "../../src/http/assets/onrecord/encoding.js";
import { forbiddenIn, normalized } from "../../src/http/assets/onrecord/text.js";
import { atTheMinute, isDate, moment, momentWithMillis, toMillis, toSeconds } from "../../src/http/assets/onrecord/time.js";

test("bytes of every length and value come back from each encoding", () => {
  for (let length = 0; length < 300; length++) {
    const bytes = Uint8Array.from({ length }, (_, place) => (place * 7 + length) & 255);
    assert.deepEqual(unb64(b64(bytes)), bytes);
    assert.deepEqual(unb64url(b64url(bytes)), bytes);
    assert.deepEqual(unhex(hex(bytes), length), bytes);
  }
});

test("text that an encoder would not have written is no encoding", () => {
  const others = ["A", "AA", "AAA", "AB==", "AAB=", "AA==AA==", "AA= =", "AAAA\n", " AAAA", "AA__", "AA-A", "é", "A===", "=", "AAAA="];
  for (const text of others) assert.equal(unb64(text), undefined, text);
  for (const text of ["A", "AB", "AAB", "AA==", "AA+A", "AA/A", "AAAA\n", "é", "AAAAA"]) {
    assert.equal(unb64url(text), undefined, text);
  }
  for (const text of ["0", "0g", "AB", " 0", "0x"]) assert.equal(unhex(text, 1), undefined, text);
  for (const other of [undefined, null, 7, ["AAAA"], {}]) {
    assert.equal(unb64(other), undefined);
    assert.equal(unb64url(other), undefined);
    assert.equal(unhex(other, 3), undefined);
  }
  assert.equal(unb64("AAAA", 2), undefined);
  assert.equal(unhex("0000", 1), undefined);
});

test("a moment has one spelling", () => {
  for (const good of ["2026-11-20T10:01:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2028-02-29T00:00:00Z"]) {
    assert.equal(toSeconds(/** @type {number} */ (moment(good))), good);
  }
  const others = [
    "2026-11-20T10:01:00+00:00", "2026-11-20T10:01:60Z", "2026-11-20t10:01:00Z", "2026-11-20T10:01Z", "2026-02-29T10:01:00Z",
    "2026-11-20T24:00:00Z", "+026-11-20T10:01:00Z", "2026-11-20T1a:01:00Z", "2026-11-20T10:01:00.000Z",
    "2026-11-20 10:01:00Z", "2026-11-20T+1:01:00Z", "", "+002026-11-20T10:01:00Z", "2026-11-20T10:01:00z",
  ];
  for (const text of others) assert.equal(moment(text), undefined, text);
  for (const other of [undefined, null, 7, ["2026-11-20T10:01:00Z"]]) assert.equal(moment(other), undefined);
  assert.equal(toMillis(/** @type {number} */ (momentWithMillis("2026-11-20T10:10:10.001Z"))), "2026-11-20T10:10:10.001Z");
  for (const text of ["2026-11-20T10:10:10Z", "2026-11-20T10:10:10.01Z", "2026-11-20T10:10:10.+01Z", "2026-11-20T10:10:10.0011Z"]) {
    assert.equal(momentWithMillis(text), undefined, text);
  }
  assert.equal(toMillis(atTheMinute(Date.UTC(2026, 10, 23, 9, 8, 7, 6))), "2026-11-23T09:08:00.000Z");
});

test("a day must exist", () => {
  assert.ok(isDate("2028-02-29"));
  const others = ["2026-02-29", "2026-13-01", "2026-1-01", "2026-01-001", "20260101", "-026-01-01", "2026-00-10", ["2026-01-01"], undefined];
  for (const other of others) assert.ok(!isDate(other), `${other}`);
});

test("words hold assignable characters, and one line no breaks and nothing that reorders", () => {
  for (const good of ["Grüße 日本語 📦", "\ue000\u{f0000}", "a\u200db"]) assert.equal(forbiddenIn(good, true), undefined);
  assert.equal(forbiddenIn("a\tb\r\nc", false), undefined);
  const never = { "\0": "U+0000", "\u007f": "U+007F", "\u0085": "U+0085", "\ud800": "U+D800", "\ufdd0": "U+FDD0", "\ufffe": "U+FFFE", "\u{1ffff}": "U+1FFFF" };
  for (const [char, name] of Object.entries(never)) assert.equal(forbiddenIn(`a${char}b`, false), name);
  for (const char of "\t\n\r\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069") {
    assert.ok(forbiddenIn(`a${char}`, true));
    assert.equal(forbiddenIn(`a${char}`, false), undefined);
  }
});

test("what is typed becomes NFC without line breaks at its end", () => {
  assert.equal(normalized("Cafe\u0301 \n b\r\n\n"), "Café \n b");
});

test("a domain has at least two labels in lower case, the last not numeric", () => {
  for (const good of ["acme.example", "a.b", "xn--4ca.example", `${"a".repeat(63)}.b`, "1.2.c3"]) assert.ok(isDomain(good), good);
  const others = [
    "", "acme", "Acme.example", "acme.example.", ".acme", "a..b", "-a.b", "a-.b", "a_b.c", "é.example", "acme.123", "acme.0x1f",
    "acme.0x", `${"a".repeat(64)}.b`, `${"a.".repeat(126)}bc`, "a b.c", "acme.example\n", undefined, ["a.b"],
  ];
  for (const other of others) assert.ok(!isDomain(other), `${other}`);
});
