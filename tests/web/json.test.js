// Canonical JSON: what the writer writes the reader reads, and it reads nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "../../src/http/assets/onrecord/encoding.js";
import { canonical, JsonError, parse } from "../../src/http/assets/onrecord/json.js";

const read = (/** @type {string} */ text) => parse(utf8(text));

test("values come back from their canonical form", () => {
  const values = [
    null, true, false, 0, -1, 9007199254740991, 1.5, 1e21, 1e-7, "", "a\"\\\b\t\n\f\r\u0001\u001f\u007f\u2028é😀\ufeff", [], [[], [1]],
    { "": 1, "1": 2, "10": 3, "9": 4, a: { b: [] }, "é": 1, "\u{10000}": 1, "\uffff": 2 },
  ];
  for (const value of values) {
    const text = canonical(value);
    assert.equal(canonical(read(text)), text);
    assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(read(text))));
  }
  assert.equal(canonical({ b: 1, a: undefined, "\u{10000}": 1, "\uffff": 2 }), '{"b":1,"\u{10000}":1,"\uffff":2}');
});

test("a member named like a method of objects is a member", () => {
  const value = /** @type {any} */ (read('{"__proto__":{"x":1},"constructor":2,"toString":3}'));
  assert.deepEqual(Object.keys(value), ["__proto__", "constructor", "toString"]);
  assert.equal(Object.getPrototypeOf(value), null);
});

test("every other spelling is refused, at the byte where it differs", () => {
  const others = {
    "": 0, " 1": 0, "1 ": 1, "[1, 2]": 3, '{"a" :1}': 4, '{"b":1,"a":2}': 7, '{"a":1,"a":2}': 7, "[1,]": 3, "{,}": 1, "01": 0, "-0": 0,
    "1.0": 0, "1e5": 0, "+1": 0, ".5": 0, "1.": 0, "NaN": 0, "tru": 0, '"\\u0041"': 1, '"\\/"': 1, '"\\u001F"': 1, '"\\u0009"': 1, '"\\x"': 1,
    '"\\ud83d\\ude00"': 1, '"\\ud800"': 1, '"a\tb"': 2, '"a': 2, "é": 0, '"é" ': 4, "[": 1, "{\"a\"}": 4, "1,": 1, "9007199254740993": 0,
  };
  for (const [text, at] of Object.entries(others)) {
    assert.throws(() => read(text), (error) => error instanceof JsonError && error.message.endsWith(` at byte ${at}`), text);
  }
});

test("bytes that are not UTF-8 are refused where they begin", () => {
  for (const [bytes, at] of /** @type {[number[], number][]} */ ([
    [[0xff], 0], [[0x22, 0x61, 0xc3, 0x22], 2], [[0x22, 0xef, 0xbf, 0xbd, 0xef, 0xbf], 4], [[0x22, 0xed, 0xa0, 0x80, 0x22], 1],
    [[0x22, 0xc0, 0xaf, 0x22], 1], [[0x22, 0xf4, 0x90, 0x80, 0x80], 1],
  ])) {
    assert.throws(() => parse(Uint8Array.from(bytes)), { message: `not JSON at byte ${at}` });
  }
});

test("nesting has a bound, and it is told apart", () => {
  assert.ok(read("[".repeat(32) + "]".repeat(32)));
  assert.throws(() => read("[".repeat(33) + "]".repeat(33)), (error) => error instanceof JsonError && error.tooDeep);
});
