// Checkpoints: a log's name, its size and its root, signed as a note, and the cosignatures of witnesses
// under it (C2SP tlog-checkpoint, tlog-cosignature; protocol §7).

import { ORIGIN } from "./domain.js";
import { unb64, utf8 } from "./encoding.js";
import { verify } from "./ed25519.js";
import { Fault } from "./fault.js";
import { names, readNote } from "./note.js";

/** @import { Bytes } from "./encoding.js" */
/** @import { Note, NoteSignature, VerifierKey } from "./note.js" */
/** @typedef {{ origin: string, size: number, root: Bytes, note: Note }} Checkpoint */

const FORM = "a checkpoint is three lines: origin, size and root";

/** A decimal number without sign or leading zeros; none beyond 2^53 − 1, as in entries (protocol §1).
 * @param {string} text @returns {number | undefined} */
export function readDecimal(text) {
  const number = Number(text);
  if (/^(0|[1-9][0-9]*)$/.test(text) && Number.isSafeInteger(number)) return number;
}

/** @param {string} text of the signed note @returns {Checkpoint} */
export function readCheckpoint(text) {
  const note = readNote(text);
  const [origin = "", sizeLine = "", rootLine, end, ...more] = note.text.split("\n");
  const [size, root] = [readDecimal(sizeLine), unb64(rootLine, 32)];
  if (end !== "" || more.length || size === undefined || !root) throw new Fault(FORM);
  if (!ORIGIN.test(origin)) {
    throw new Fault("not an origin in lower-case ASCII form, such as ledger.example");
  }
  if (size === 0) throw new Fault("a tree without leaves has no checkpoint");
  return { origin, size, root, note };
}

/** Checks the signature of the log: every line that names the key must be good.
 * @param {Checkpoint} checkpoint @param {VerifierKey} key
 * @returns {Promise<"signed" | "other_log" | "missing" | "bad">} */
export async function verifyLogSignature({ origin, note }, key) {
  if (key.type !== 1 || key.name !== origin) return "other_log";
  const lines = note.signatures.filter((line) => names(line, key));
  const checks = lines.map((line) => verify(key.publicKey, utf8(note.text), line.bytes));
  if (!(await Promise.all(checks)).every(Boolean)) return "bad";
  return lines.length ? "signed" : "missing";
}

/** The time a line that names this witness's key vouches for, in seconds since 1970; nothing when the key
 * did not make it. @param {Checkpoint} checkpoint @param {NoteSignature} line @param {VerifierKey} key
 * @returns {Promise<bigint | undefined>} */
export async function verifyCosignature({ note }, { bytes }, key) {
  if (key.type !== 4 || bytes.length !== 72) return;
  const time = new DataView(bytes.buffer).getBigUint64(0);
  const message = utf8(`cosignature/v1\ntime ${time}\n${note.text}`);
  if (time < 2n ** 63n && (await verify(key.publicKey, message, bytes.slice(8)))) return time;
}
