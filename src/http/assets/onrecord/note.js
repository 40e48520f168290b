// A signed note: text, and lines that say who signed it; and the keys of those who sign (C2SP
// signed-note). Nothing is verified here but the form.

import { equal, hex, unb64, unhex, utf8 } from "./encoding.js";
import { isWeak } from "./ed25519.js";
import { Fault } from "./fault.js";
import { sha256 } from "./hash.js";

/** @import { Bytes } from "./encoding.js" */
/** `id` is 8 hex digits. @typedef {{ name: string, id: string, bytes: Bytes }} NoteSignature */
/** The text with its last line break. @typedef {{ text: string, signatures: NoteSignature[] }} Note */
/** `type`: 1 signs notes, 4 cosigns checkpoints, any other is known by name and id alone.
 * @typedef {{ name: string, id: string, type: number, publicKey: Bytes }} VerifierKey */

const SIGNATURES_MAX = 64;
const LENGTH_MAX = 256 * 1024;
const FORM = "a note is a text, an empty line and lines of signatures, each ended by a line break";
const COUNT = `a note has 1 to ${SIGNATURES_MAX} signatures`;

/** @param {string} name */
const isName = (name) => name !== "" && !/[\p{White_Space}+\u0000-\u001f]/u.test(name);

/** @param {string} note @returns {Note} */
export function readNote(note) {
  if (utf8(note).length > LENGTH_MAX) throw new Fault("the note is too long");
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) {
    throw new Fault("a note has no control characters but line breaks");
  }
  const end = note.lastIndexOf("\n\n") + 1;
  const rest = note.slice(end + 1);
  if (!end) throw new Fault(FORM);
  if (rest === "") throw new Fault(COUNT);
  if (!rest.endsWith("\n")) throw new Fault(FORM);
  const lines = rest.slice(0, -1).split("\n");
  if (lines.length > SIGNATURES_MAX) throw new Fault(COUNT);
  return { text: note.slice(0, end), signatures: lines.map(readSignature) };
}

/** @param {string} line @param {number} place @returns {NoteSignature} */
function readSignature(line, place) {
  const [, name = "", coded] = /^\u2014 ([^ ]*) (.*)$/u.exec(line) ?? [];
  const bytes = unb64(coded);
  if (!bytes || bytes.length < 5 || !isName(name)) {
    throw new Fault(`line ${place + 1} of the signatures is not a signature`);
  }
  return { name, id: hex(bytes.slice(0, 4)), bytes: bytes.slice(4) };
}

/** Whether a line says that this key made it. Only verifying shows that it did.
 * @param {NoteSignature} signature @param {VerifierKey} key */
export const names = (signature, key) => signature.name === key.name && signature.id === key.id;

/** Reads `name+id+base64`. @param {string} text @returns {Promise<VerifierKey>} */
export async function readVerifierKey(text) {
  const [, name, id = "", coded] = /^([^+]*)\+([^+]*)\+([^]*)$/.exec(text) ?? [];
  if (name === undefined) throw new Fault("not a verifier key, name+id+base64");
  if (!isName(name)) throw new Fault("not the name of a key");
  const [idBytes, bytes] = [unhex(id, 4), unb64(coded)];
  const type = bytes?.[0];
  if (!idBytes || !bytes || type === undefined) {
    throw new Fault("not a verifier key, name+id+base64");
  }
  // Ids of other types are not worked out as these are.
  if ([1, 4, 6].includes(type)) {
    const expected = (await sha256(utf8(`${name}\n`), bytes)).slice(0, 4);
    if (!equal(expected, idBytes)) {
      throw new Fault("the id of the verifier key does not follow from its name and key");
    }
  }
  const publicKey = bytes.slice(1);
  if ((type === 1 || type === 4) && isWeak(publicKey)) {
    throw new Fault("the verifier key is not a good Ed25519 key");
  }
  return { name, id, type, publicKey };
}
