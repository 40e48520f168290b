// A person's backup: one text file with the key files of protocol §2, which the command line and `openssl`
// open, and below them one encrypted block with the statements they are for. One passphrase opens all of it.

import { b64, concat, unb64, utf8, text as textOf } from "../../onrecord/encoding.js";
import { didIn, KeyFileError, open, seal } from "../../onrecord/key_file.js";

/** @import { Bytes } from "../../onrecord/encoding.js" */
/** @import { PrivateKey } from "../../onrecord/ed25519.js" */
/** @import { Statement } from "./kept.js" */
/** The newest first. `bundle`: the receipt, once there is one.
 * @typedef {{ keyFiles: string[], statements: (Statement & { bundle?: string })[] }} Backup */

export const BACKUP_NAME = "onrecord-backup.txt";
const ROUNDS = 600_000;
const BEGIN = "-----BEGIN ONRECORD BACKUP-----";
const END = "-----END ONRECORD BACKUP-----";
const FORM = new RegExp(`^([^]*)${BEGIN}\\s+([\\w+/=\\s]+?)\\s*${END}\\s*$`);
const SALT = 16;
const VECTOR = 12;

/** @param {string} passphrase @param {Bytes} salt @param {KeyUsage} use */
async function cipherKey(passphrase, salt, use) {
  const from = await crypto.subtle
    .importKey("raw", utf8(passphrase), "PBKDF2", false, ["deriveKey"]);
  const by = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(by, from, { name: "AES-GCM", length: 256 }, false, [use]);
}

/** The file's text. The block vouches for the key files above it.
 * @param {Backup} backup @param {string} passphrase */
export async function writeBackup({ keyFiles, statements }, passphrase) {
  const head = keyFiles.join("");
  const salt = crypto.getRandomValues(new Uint8Array(SALT));
  const iv = crypto.getRandomValues(new Uint8Array(VECTOR));
  const key = await cipherKey(passphrase, salt, "encrypt");
  const by = { name: "AES-GCM", iv, additionalData: utf8(head) };
  const sealed = await crypto.subtle.encrypt(by, key, utf8(JSON.stringify({ statements })));
  const lines = b64(concat(salt, iv, new Uint8Array(sealed))).match(/.{1,64}/g) ?? [];
  return `${head}${[BEGIN, ...lines, END, ""].join("\n")}`;
}

/** A key file of the command line is a backup without statements. Throws KeyFileError.
 * @param {string} text @param {string} passphrase @returns {Promise<Backup>} */
export async function readBackup(text, passphrase) {
  const lines = text.replace(/\r\n/g, "\n");
  if (!lines.includes(BEGIN) && !lines.includes(END)) {
    await open(lines, passphrase);
    return { keyFiles: [lines], statements: [] };
  }
  const [, head = "", block = ""] = FORM.exec(lines) ?? [];
  const bytes = unb64(block.replace(/\s/g, ""));
  const keyFiles = head.split(/(?=^onrecord key )/m);
  if (!head || !bytes) throw new KeyFileError("malformed");
  keyFiles.forEach(didIn);
  const key = await cipherKey(passphrase, bytes.slice(0, SALT), "decrypt");
  const by = { name: "AES-GCM", iv: bytes.slice(SALT, SALT + VECTOR), additionalData: utf8(head) };
  const plain = await crypto.subtle.decrypt(by, key, bytes.slice(SALT + VECTOR))
    .catch(() => { throw new KeyFileError("wrong_passphrase"); });
  return { keyFiles, ...JSON.parse(textOf(new Uint8Array(plain))) };
}

/** The key of that did, if the backup has it. @param {Backup} backup @param {string} did
 * @param {string} passphrase @returns {Promise<PrivateKey | undefined>} */
export async function openKey({ keyFiles }, did, passphrase) {
  const file = keyFiles.find((file) => didIn(file) === did);
  if (file) return open(file, passphrase);
}

/** The backup with one more statement, and its key where it is a new one.
 * @param {Backup} backup @param {Statement & { bundle?: string }} statement
 * @param {PrivateKey} key @param {string} passphrase @returns {Promise<Backup>} */
export async function withStatement({ keyFiles, statements }, statement, key, passphrase) {
  const isThere = keyFiles.some((file) => didIn(file) === key.did);
  return {
    keyFiles: isThere ? keyFiles : [await seal(key, passphrase), ...keyFiles],
    statements: [statement, ...statements.filter(({ payload }) => payload !== statement.payload)],
  };
}

/** @type {Backup} */
export const EMPTY = { keyFiles: [], statements: [] };
