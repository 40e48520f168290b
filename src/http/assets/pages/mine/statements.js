// What a backup holds, and what this ledger has of it. It asks for each statement by its id, and for the agreement that
// one is about, and shows nothing.

import { statementId, STATEMENT_TYPE } from "../../onrecord/envelope.js";
import { Problem } from "../../onrecord/ledger.js";
import { isRecent, membersOf, payloadOf, readWords } from "../publish/agreement.js";

/** @import { Disclosure } from "../../onrecord/disclosure.js" */
/** @import { Bytes } from "../../onrecord/encoding.js" */
/** @import { Ledger } from "../../onrecord/ledger.js" */
/** @import { Backup } from "../publish/backup.js" */
/** @typedef {Backup["statements"][number]} Statement */
/**
 * A statement of the backup. `name`: its entry's, as in addresses, where it is on record; `thread`: that of the
 * agreement it is about, unless the ledger did not say. `elsewhere`: it is meant for another ledger. `open`: it is not
 * on record and can be still; `late`: it was signed too long ago for that.
 * @typedef {{ statement: Statement, id: string, kind: string, log: string, subjects: string[], claimedAt: string,
 *   public: Disclosure[], sealed: Disclosure[], state: "on_record" | "elsewhere" | "open" | "late" | "not_reached",
 *   index?: number, name?: string, thread?: string | undefined }} Found
 */
/** An entry of the ledger. `thread`: the id of the agreement it is about, its own for an agreement; some have none.
 * @typedef {{ index: number, name: string, thread?: string | undefined }} Entry */
/** Gives the entry of a statement. @typedef {(id: string) => Promise<Entry>} EntryOf */

/** Asks a ledger for the entries of statements, once for each.
 * @param {Pick<Ledger, "bytes">} ledger @returns {EntryOf} */
export function entriesOf(ledger) {
  /** @type {Map<string, Promise<Entry>>} */
  const asked = new Map();
  return (id) => {
    const entry = asked.get(id) ?? ledger.bytes(`api/v1/statements/${id}`).then(readEntry);
    asked.set(id, entry);
    return entry;
  };
}

/** @param {Bytes} bytes @returns {Entry} */
function readEntry(bytes) {
  const { index, leaf_hash: hash, urls } = JSON.parse(new TextDecoder().decode(bytes));
  return { index, name: `${index}-${hash.slice(0, 32)}`, thread: urls.thread?.split("/").pop() };
}

/** @param {Statement} statement @param {EntryOf} entryOf @param {string} log origin of the ledger
 * @returns {Promise<Found>} */
export async function find(statement, entryOf, log) {
  const members = membersOf(statement);
  const id = await statementId({ payloadType: STATEMENT_TYPE, payload: payloadOf(statement), signatures: [] });
  const found = {
    statement,
    id,
    kind: String(members.kind),
    log: String(members.log),
    subjects: members.subjects ?? [],
    claimedAt: String(members.claimed_at),
    public: await readWords(statement.public),
    sealed: await readWords(statement.sealed),
  };
  if (found.log !== log) return { ...found, state: "elsewhere" };
  try {
    const { index, name, thread } = await entryOf(id);
    const agreement = thread && await entryOf(thread).catch(() => undefined);
    return { ...found, state: "on_record", index, name, thread: agreement ? agreement.name : undefined };
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 404) return { ...found, state: "not_reached" };
    return { ...found, state: isRecent(statement) ? "open" : "late" };
  }
}

/** Its title, where its kind has one. @param {Found} found */
export function titleOf({ public: open, sealed }) {
  const title = [...open, ...sealed].find(({ name }) => name === "title")?.value;
  return typeof title === "string" ? title : undefined;
}
