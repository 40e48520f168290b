// The words on a page of an entry, against those that were signed.

import assert from "node:assert/strict";
import { test } from "node:test";

import { disclose } from "../../src/http/assets/onrecord/disclosure.js";
import { differingWords } from "../../src/http/assets/pages/shown_words.js";

/** @param {string} word @param {string} textContent @param {string} [part] */
const shown = (word, textContent, part) =>
  ({ dataset: part === undefined ? { word } : { word, part }, textContent });

const signed = await Promise.all([
  disclose("title", "Refund <b>agreed</b>"),
  disclose("narrative", "one\r\ntwo\rthree"),
  disclose("terms", { sha256: "00", url: "https://a.example/" }),
]);

test("a page that shows what was signed differs in nothing", () => {
  const page = [
    shown("title", "Refund <b>agreed</b>"), shown("narrative", "one\ntwo\nthree"), shown("terms", "https://a.example/", "url"),
  ];
  assert.deepEqual(differingWords(page, [...signed, undefined]), []);
});

test("a word that is another, or that nobody signed, is named once", () => {
  const page = [
    shown("title", "Refund agreed"), shown("title", "Refund"), shown("narrative", "one\ntwo\nthree"),
    shown("terms", "https://b.example/", "url"), shown("terms", "x", "title"), shown("note", "never signed"),
  ];
  assert.deepEqual(differingWords(page, signed), ["title", "terms", "note"]);
});

test("a word may be cut short where the page says so, and is as it was signed up to there", () => {
  /** @param {string} textContent @param {Record<string, string>} [more] */
  const cut = (textContent, more = { cut: "" }) => ({ dataset: { word: "title", ...more }, textContent });
  assert.deepEqual(differingWords([cut("Refund <b>…")], signed), []);
  for (const other of [cut("Refund of…"), cut("Refund <b>"), cut("Refund <b>…", {})]) {
    assert.deepEqual(differingWords([other], signed), ["title"]);
  }
});
