// A disclosure: one salted word of a statement (protocol §4, after RFC 9901). Its digest is what the
// statement signs; without the disclosure the digest tells nothing.

import { b64url, hex, unb64url, utf8 } from "./encoding.js";
import { Refusal } from "./fault.js";
import { digestOf, sha256 } from "./hash.js";
import { canonical, isObject, parse } from "./json.js";
import { normalized } from "./text.js";

/** @import { Bytes } from "./encoding.js" */
/** @import { Json } from "./json.js" */
/** `encoded` is what is sent and kept, `digest` the member of `_sd`.
 * @typedef {{ encoded: string, digest: string, name: string, value: Json }} Disclosure */

const ENCODED_MAX = 16 * 1024;

export const freshSalt = () => crypto.getRandomValues(new Uint8Array(16));

/**
 * Makes a disclosure of a word, its texts in NFC.
 * @param {string} name @param {Json} value a text, an integer, a boolean or a flat object of those
 * @param {Bytes} [salt] 16 to 32 random bytes
 */
export const disclose = (name, value, salt = freshSalt()) =>
  readDisclosure(b64url(utf8(canonical([b64url(salt), name, inNfc(value)]))));

/** @param {Json} value @returns {Json} */
function inNfc(value) {
  if (typeof value === "string") return normalized(value);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inNfc(member)]));
}

/** Throws the refusal that a ledger would give. @param {string} encoded @returns {Promise<Disclosure>} */
export async function readDisclosure(encoded) {
  if (encoded.length > ENCODED_MAX) {
    const detail = `a disclosure has ${encoded.length} of ${ENCODED_MAX} characters`;
    throw new Refusal("too_large", detail);
  }
  const bytes = unb64url(encoded);
  if (!bytes) throw new Refusal("bad_base64", "a disclosure is not base64url");
  const parts = parseParts(bytes);
  const [salt, name, value] = Array.isArray(parts) && parts.length === 3 ? parts : [];
  const length = unb64url(salt)?.length ?? 0;
  if (length < 16 || length > 32 || typeof name !== "string" || !isWord(value)) {
    throw new Refusal("bad_field", "a disclosure is not [salt, name, value]");
  }
  return { encoded, digest: await digestOf(encoded), name, value };
}

/** @param {Bytes} bytes */
function parseParts(bytes) {
  try {
    return parse(bytes);
  } catch (error) {
    throw new Refusal("not_canonical", `a disclosure: ${/** @type {Error} */ (error).message}`);
  }
}

/** @param {Json | undefined} value @returns {value is Json} */
const isWord = (value) =>
  isObject(value) ? Object.values(value).every(isScalar) : isScalar(value);

/** @param {Json | undefined} value */
const isScalar = (value) =>
  typeof value === "string" || typeof value === "boolean" || Number.isSafeInteger(value);

/**
 * The value of `evidence_n` for a file, which stays where it is: its hash covers a salt and then the file.
 * @param {Blob} file @param {string} label @param {Bytes} [salt]
 */
export async function describeEvidence(file, label, salt = freshSalt()) {
  const digest = await sha256(salt, new Uint8Array(await file.arrayBuffer()));
  return {
    bytes: file.size,
    label,
    media_type: file.type || "application/octet-stream",
    salt: b64url(salt),
    sha256: hex(digest),
  };
}
