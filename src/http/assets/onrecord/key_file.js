// A private key at rest (protocol §2): an encrypted PKCS#8 PEM under a line that names its did:key.
// `openssl pkey` and the command line open what is written here, and the other way round.

import { b64, concat, equal, hex, unb64, unhex, utf8 } from "./encoding.js";
import { fromPkcs8, publicKeyOf, toPkcs8 } from "./ed25519.js";
import { Fault } from "./fault.js";

/** @import { Bytes } from "./encoding.js" */
/** @import { PrivateKey } from "./ed25519.js" */
/** @typedef {{ salt: Bytes, rounds: number, vector: Bytes, data: Bytes }} Sealed */

/** Rounds of PBKDF2: the least the protocol allows, and the most that do not hold a reader for minutes. */
const ROUNDS = 600_000;
const ROUNDS_MAX = 100_000_000;
const LABEL = "ENCRYPTED PRIVATE KEY-----";
const FORM = new RegExp(
  `^onrecord key (\\S+)[^\\S\\n]*\\n\\s*-----BEGIN ${LABEL}\\s+([\\w+/=\\s]+?)\\s*-----END ${LABEL}\\s*$`,
);
const WORDS = {
  malformed: "not a key file: it must hold an Ed25519 key as PKCS#8 PEM",
  wrong_passphrase: "the passphrase does not open this key file",
  another_key: "the key file was altered: it holds another key than its first line names",
};

/** Why a key file does not open. */
export class KeyFileError extends Fault {
  /** @param {keyof typeof WORDS} why */
  constructor(why) {
    super(WORDS[why]);
    this.why = why;
  }
}

/**
 * The text of a key file. Takes about a third of a second, on purpose.
 * @param {PrivateKey} privateKey one that may be exported
 * @param {string} passphrase
 * @param {{ salt?: Bytes, vector?: Bytes }} [random] 16 bytes each
 */
export async function seal(privateKey, passphrase, { salt = fresh(), vector = fresh() } = {}) {
  const key = await cipherKey(passphrase, salt, ROUNDS, "encrypt");
  const plain = await toPkcs8(privateKey);
  const data = await crypto.subtle.encrypt({ name: "AES-CBC", iv: vector }, key, plain);
  const coded = b64(encode({ salt, rounds: ROUNDS, vector, data: new Uint8Array(data) }));
  const lines = coded.match(/.{1,64}/g) ?? [];
  return [`onrecord key ${privateKey.did}`, `-----BEGIN ${LABEL}`, ...lines, `-----END ${LABEL}`, ""]
    .join("\n");
}

/** Whose key a file holds, by its first line. @param {string} text */
export const didIn = (text) => split(text).did;

/** @param {string} text @param {string} passphrase @returns {Promise<PrivateKey>} */
export async function open(text, passphrase) {
  const { did, salt, rounds, vector, data } = split(text);
  const key = await cipherKey(passphrase, salt, rounds, "decrypt");
  const opened = await crypto.subtle
    .decrypt({ name: "AES-CBC", iv: vector }, key, data)
    .then((plain) => fromPkcs8(new Uint8Array(plain)))
    .catch(() => { throw new KeyFileError("wrong_passphrase"); });
  // CBC does not notice tampering, so the key must be the one that the first line names.
  if (opened.did !== did) throw new KeyFileError("another_key");
  return opened;
}

const fresh = () => crypto.getRandomValues(new Uint8Array(16));

/** @param {string} passphrase @param {Bytes} salt @param {number} iterations @param {KeyUsage} use */
async function cipherKey(passphrase, salt, iterations, use) {
  const from = await crypto.subtle
    .importKey("raw", utf8(passphrase), "PBKDF2", false, ["deriveKey"]);
  const by = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(by, from, { name: "AES-CBC", length: 256 }, false, [use]);
}

/** @param {string} text @returns {Sealed & { did: string }} */
function split(text) {
  const [, did, pem] = FORM.exec(text) ?? [];
  const der = pem && unb64(pem.replace(/\s/g, ""));
  const sealed = der && decode(der);
  if (!did || !publicKeyOf(did) || !sealed) throw new KeyFileError("malformed");
  return { did, ...sealed };
}

/** EncryptedPrivateKeyInfo with PBES2 of PBKDF2-HMAC-SHA256 and AES-256-CBC (RFC 8018).
 * @param {Sealed} sealed */
function encode({ salt, rounds, vector, data }) {
  const count = rounds.toString(16);
  const padded = count.padStart(count.length + (count.length % 2), "0");
  const integer = `${parseInt(padded.slice(0, 2), 16) > 127 ? "00" : ""}${padded}`;
  const prf = sequence(oid("2a864886f70d0209"), tagged(5, new Uint8Array()));
  const kdf = sequence(tagged(4, salt), tagged(2, bytesOf(integer)), prf);
  const scheme = sequence(
    sequence(oid("2a864886f70d01050c"), kdf),
    sequence(oid("60864801650304012a"), tagged(4, vector)),
  );
  return sequence(sequence(oid("2a864886f70d01050d"), scheme), tagged(4, data));
}

/** Finds the four values by their places; that everything around them is as it must be shows by writing
 * them again. @param {Bytes} der @returns {Sealed | undefined} */
function decode(der) {
  const [info] = tree(der);
  const at = (/** @type {number[]} */ ...path) =>
    path.reduce((/** @type {any} */ node, place) => node?.[place], info);
  const [salt, count, vector, data] = [at(0, 1, 0, 1, 0), at(0, 1, 0, 1, 1), at(0, 1, 1, 1), at(1)];
  if (![salt, count, vector, data].every((part) => part instanceof Uint8Array)) return;
  const sealed = { salt, rounds: Number(`0x${hex(count)}`), vector, data };
  const { rounds } = sealed;
  if (rounds >= ROUNDS && rounds <= ROUNDS_MAX && equal(encode(sealed), der)) return sealed;
}

/** Sequences as lists, everything else as its bytes. @param {Bytes} der @returns {unknown[]} */
function tree(der) {
  const nodes = [];
  for (let at = 0; at + 2 <= der.length; ) {
    const [tag = 0, first = 0] = der.subarray(at, at + 2);
    const more = first < 0x80 ? 0 : first & 3;
    const length = more ? Number(`0x${hex(der.subarray(at + 2, at + 2 + more)) || 0}`) : first;
    const body = der.subarray(at + 2 + more, at + 2 + more + length);
    nodes.push(tag === 0x30 ? tree(body) : body);
    at += 2 + more + length;
  }
  return nodes;
}

/** @param {string} digits */
const bytesOf = (digits) => /** @type {Bytes} */ (unhex(digits, digits.length / 2));
/** @param {string} digits */
const oid = (digits) => tagged(6, bytesOf(digits));
/** @param {Bytes[]} parts */
const sequence = (...parts) => tagged(0x30, ...parts);

/** @param {number} tag @param {Bytes[]} parts @returns {Bytes} */
function tagged(tag, ...parts) {
  const body = concat(...parts);
  const length = body.length;
  const head = length < 128 ? [length] : length < 256 ? [129, length] : [130, length >> 8, length & 255];
  return concat(Uint8Array.of(tag, ...head), body);
}
