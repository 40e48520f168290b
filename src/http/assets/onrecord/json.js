// Canonical JSON (RFC 8785). The reader refuses, at the first byte that differs, every text that is not
// the canonical form of one value; so it knows no duplicate keys and no white space.

import { text, utf8 } from "./encoding.js";
import { Fault } from "./fault.js";

/** @import { Bytes } from "./encoding.js" */
/** @typedef {null | boolean | number | string | Json[] | { [key: string]: Json }} Json */

const DEPTH_MAX = 32;
const NOT_JSON = "not JSON";
const NOT_CANONICAL = "not canonical JSON (RFC 8785)";
const TOO_DEEP = "nested too deep";

/** The bytes are not canonical JSON. */
export class JsonError extends Fault {
  /** @param {string} what @param {number} at offset in bytes */
  constructor(what, at) {
    super(`${what} at byte ${at}`);
    this.tooDeep = what === TOO_DEEP;
  }
}

/** The canonical form. Members that are undefined are left out. @param {unknown} value @returns {string} */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`)}}`;
}

/** Whether the value is an object with exactly these keys. @param {unknown} value @param {string[]} keys
 * @returns {value is { [key: string]: Json }} */
export const hasKeys = (value, ...keys) =>
  isObject(value) && Object.keys(value).length === keys.length && keys.every((key) => key in value);

/** @param {unknown} value @returns {value is { [key: string]: Json }} */
export const isObject = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** Objects come without a prototype. @param {Bytes} bytes @returns {Json} */
export function parse(bytes) {
  const valid = validUntil(bytes);
  if (valid < bytes.length) throw new JsonError(NOT_JSON, valid);
  const reader = new Reader(bytes);
  const value = reader.value();
  if (reader.at < bytes.length) reader.refuse();
  return value;
}

/** Where the first byte stands that is not UTF-8, or the length. @param {Bytes} bytes */
function validUntil(bytes) {
  const again = utf8(text(bytes));
  let at = bytes.findIndex((byte, place) => byte !== again[place]);
  if (at < 0) at = bytes.length;
  // The mark that stands for bytes that are none may begin like them.
  while (((again[at] ?? 0) & 0xc0) === 0x80) at--;
  return at;
}

class Reader {
  at = 0;
  depth = 0;

  /** @param {Bytes} bytes */
  constructor(bytes) {
    this.bytes = bytes;
  }

  /** @param {string} [what] @param {number} [at] @returns {never} */
  refuse(what, at = this.at) {
    // White space is where most other writers differ from the canonical form.
    const isSpace = [9, 10, 13, 32].includes(this.bytes[this.at] ?? 0);
    throw new JsonError(what ?? (isSpace ? NOT_CANONICAL : NOT_JSON), at);
  }

  /** @param {string} char */
  take(char) {
    const found = this.bytes[this.at] === char.charCodeAt(0);
    if (found) this.at++;
    return found;
  }

  /** @param {string} char */
  expect(char) {
    if (!this.take(char)) this.refuse();
  }

  /** @param {number} from @param {number} [to] */
  slice(from, to = this.at) {
    return text(this.bytes.subarray(from, to));
  }

  /** @returns {Json} */
  value() {
    const first = this.slice(this.at, this.at + 1);
    if (first === '"') return this.string();
    if (first === "{") return this.nested("}", Object.create(null), this.member);
    if (first === "[") return this.nested("]", /** @type {Json[]} */ ([]), this.element);
    if (/^[-0-9]/.test(first)) return this.number();
    for (const word of [true, false, null]) {
      if (this.slice(this.at, this.at + `${word}`.length) === `${word}`) {
        this.at += `${word}`.length;
        return word;
      }
    }
    return this.refuse();
  }

  /**
   * @template {Json} T
   * @param {string} close @param {T} into @param {(into: T, last: string) => string} read
   */
  nested(close, into, read) {
    if (this.depth === DEPTH_MAX) this.refuse(TOO_DEEP);
    this.depth++;
    this.at++;
    let last = "";
    if (!this.take(close)) {
      do last = read.call(this, into, last);
      while (!this.take(close) && (this.expect(","), true));
    }
    this.depth--;
    return into;
  }

  /** @param {Json[]} list */
  element(list) {
    list.push(this.value());
    return "";
  }

  /** Keys ascend by their UTF-16 code units. @param {{ [key: string]: Json }} map @param {string} last */
  member(map, last) {
    const at = this.at;
    const key = this.string();
    if (key in map) this.refuse(NOT_JSON, at);
    if (key < last) this.refuse(NOT_CANONICAL, at);
    this.expect(":");
    map[key] = this.value();
    return key;
  }

  string() {
    this.expect('"');
    let out = "";
    for (let from = this.at; ; ) {
      const byte = this.bytes[this.at] ?? 0;
      if (byte < 0x20) this.refuse(NOT_JSON);
      if (byte !== 0x22 && byte !== 0x5c) {
        this.at++;
        continue;
      }
      out += this.slice(from);
      if (this.take('"')) return out;
      out += this.escape();
      from = this.at;
    }
  }

  /** The character of an escape, provided that the canonical form escapes it, and in this way. */
  escape() {
    const isUnicode = this.bytes[this.at + 1] === 0x75;
    const end = this.at + (isUnicode ? 6 : 2);
    if (end > this.bytes.length) this.refuse(NOT_JSON);
    const token = `"${this.slice(this.at, end)}"`;
    let char = "";
    try {
      char = JSON.parse(token);
    } catch {
      this.refuse(isUnicode ? NOT_CANONICAL : NOT_JSON);
    }
    if (char > "\\" || JSON.stringify(char) !== token) this.refuse(NOT_CANONICAL);
    this.at = end;
    return char;
  }

  number() {
    const from = this.at;
    while (/^[-+.eE0-9]/.test(this.slice(this.at, this.at + 1))) this.at++;
    const token = this.slice(from);
    if (String(Number(token)) !== token) this.refuse(NOT_CANONICAL, from);
    return Number(token);
  }
}
