// Strict base64, base64url and hex, and UTF-8 (protocol §1). A decoder gives undefined for any text that
// its encoder would not have written.

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** @param {string} text */
export const utf8 = (text) => encoder.encode(text);

/** What is not UTF-8 becomes U+FFFD. @param {Bytes} bytes */
export const text = (bytes) => decoder.decode(bytes);

/** @param {Bytes[]} parts @returns {Bytes} */
export function concat(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @param {Bytes} a @param {Bytes} b */
export const equal = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);

/** Standard base64 with padding. @param {Bytes} bytes */
export function b64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** @param {unknown} text @param {number} [length] in bytes @returns {Bytes | undefined} */
export function unb64(text, length) {
  if (typeof text !== "string" || !/^[\w+/=]*$/.test(text)) return;
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    if (b64(bytes) === text && (length ?? bytes.length) === bytes.length) return bytes;
  } catch {
    // Not base64 of any kind, which undefined says.
  }
}

/** base64url without padding. @param {Bytes} bytes */
export const b64url = (bytes) =>
  b64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** @param {unknown} text @param {number} [length] in bytes @returns {Bytes | undefined} */
export function unb64url(text, length) {
  if (typeof text !== "string" || !/^[\w-]*$/.test(text)) return;
  const standard = text.replaceAll("-", "+").replaceAll("_", "/");
  return unb64(standard + "=".repeat(-text.length & 3), length);
}

/** Lower-case hexadecimal. @param {Bytes} bytes */
export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

/** @param {unknown} text @param {number} length in bytes @returns {Bytes | undefined} */
export function unhex(text, length) {
  if (typeof text !== "string" || text.length !== 2 * length || !/^[0-9a-f]*$/.test(text)) return;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** A foreign text as sentences show it. @param {string} text */
export const shorten = (text) => [...text].slice(0, 40).join("");
