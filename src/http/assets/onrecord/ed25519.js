// Ed25519 by the strict rule (protocol §2): the platform checks the cofactorless equation, and in front
// of it stand S < L and that A and R are canonical and not of small order. Keys are named by `did:key`.

import { b64, concat, hex, unb64url, unhex } from "./encoding.js";
import { sha256 } from "./hash.js";

/** @import { Bytes } from "./encoding.js" */
/** @typedef {{ did: string, publicKey: Bytes, key: CryptoKey }} PrivateKey */

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/** PKCS#8 of an Ed25519 key up to its 32 bytes (RFC 8410). */
const PKCS8 = /** @type {Bytes} */ (unhex("302e020100300506032b657004220420", 16));
/** The head of an OpenSSH public key up to its 32 bytes. */
const SSH = /** @type {Bytes} */ (unhex("0000000b7373682d6564323535313900000020", 19));

/** @param {Bytes} publicKey 32 bytes */
export function didOf(publicKey) {
  let digits = "";
  for (let number = BigInt(`0xed01${hex(publicKey)}`); number; number /= 58n) {
    digits = BASE58[Number(number % 58n)] + digits;
  }
  return `did:key:z${digits}`;
}

/** The 32 bytes of a key, which need not be a good one. @param {unknown} did @returns {Bytes | undefined} */
export function publicKeyOf(did) {
  if (typeof did !== "string" || did.length > 57) return;
  let number = 0n;
  for (const digit of did.slice(9)) number = number * 58n + BigInt(BASE58.indexOf(digit));
  const key = unhex(number.toString(16).slice(4), 32);
  return key && didOf(key) === did ? key : undefined;
}

/** The OpenSSH fingerprint, `keyid` of an envelope's signature. @param {Bytes} publicKey */
export const fingerprintOf = async (publicKey) =>
  `SHA256:${b64(await sha256(SSH, publicKey)).replaceAll("=", "")}`;

/** @param {Bytes} bytes */
const little = (bytes) => BigInt(`0x${hex(bytes.slice().reverse())}`);

/** The y of an encoded point. @param {Bytes} point */
const yOf = (point) => BigInt.asUintN(255, little(point));

/**
 * y is 0 at order 4, ±1 at 1 and 2; a point of order 8 doubles to one with y = 0, so that
 * d·y⁴ + 2y² − 1 = 0, where d = −121665/121666.
 * @param {bigint} y
 */
const hasSmallOrder = (y) =>
  (y * (y * y - 1n) * (121665n * y ** 4n - 243332n * y * y + 121666n)) % P === 0n;

/** Whether x² = (y² − 1)/(d·y² + 1) has a root, by Euler's criterion. @param {bigint} y */
function isOnCurve(y) {
  let base = ((y * y - 1n) * (121666n - 121665n * y * y) * 121666n) % P;
  let power = 1n;
  for (let rest = (P - 1n) / 2n; rest; rest >>= 1n) {
    if (rest & 1n) power = (power * base) % P;
    base = (base * base) % P;
  }
  return (power + P) % P !== P - 1n;
}

/** Whether no signature by the key may count: not canonical, no point, or of small order.
 * @param {Bytes} publicKey */
export function isWeak(publicKey) {
  const y = yOf(publicKey);
  return publicKey.length !== 32 || y >= P || hasSmallOrder(y) || !isOnCurve(y);
}

/** @param {Bytes} publicKey @param {Bytes} message @param {Bytes} signature */
export async function verify(publicKey, message, signature) {
  if (signature.length !== 64 || isWeak(publicKey)) return false;
  const r = yOf(signature.subarray(0, 32));
  if (r >= P || hasSmallOrder(r) || little(signature.subarray(32)) >= L) return false;
  const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, signature, message);
}

/** @param {PrivateKey} privateKey @param {Bytes} message @returns {Promise<Bytes>} */
export const sign = async ({ key }, message) =>
  new Uint8Array(await crypto.subtle.sign("Ed25519", key, message));

/** A new key, which can be exported into a key file. */
export async function generate() {
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const key = await fromSeed(seed);
  seed.fill(0);
  return key;
}

/** @param {Bytes} seed 32 bytes */
export const fromSeed = (seed) => fromPkcs8(concat(PKCS8, seed));

/** @param {Bytes} der @returns {Promise<PrivateKey>} */
export async function fromPkcs8(der) {
  const key = await crypto.subtle.importKey("pkcs8", der, "Ed25519", true, ["sign"]);
  const { x } = await crypto.subtle.exportKey("jwk", key);
  const publicKey = /** @type {Bytes} */ (unb64url(x, 32));
  return { did: didOf(publicKey), publicKey, key };
}

/** Version 1, without the public half: what every importer accepts. @param {PrivateKey} privateKey */
export async function toPkcs8({ key }) {
  const { d } = await crypto.subtle.exportKey("jwk", key);
  return concat(PKCS8, /** @type {Bytes} */ (unb64url(d, 32)));
}
