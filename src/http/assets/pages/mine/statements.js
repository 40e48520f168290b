// What a backup holds, and what this ledger has of it. It asks for each statement by its id and shows nothing.

import { statementId, STATEMENT_TYPE } from "../../onrecord/envelope.js";
import { Problem } from "../../onrecord/ledger.js";
import { isRecent, membersOf, payloadOf, readWords } from "../publish/agreement.js";

/** @import { Disclosure } from "../../onrecord/disclosure.js" */
/** @import { Ledger } from "../../onrecord/ledger.js" */
/** @import { Backup } from "../publish/backup.js" */
/** @typedef {Backup["statements"][number]} Statement */
/**
 * A statement of the backup. `name`: its entry's, as in addresses, where it is on record. `elsewhere`: it is meant
 * for another ledger. `open`: it is not on record and can be still; `late`: it was signed too long ago for that.
 * @typedef {{ statement: Statement, id: string, kind: string, log: string, subjects: string[], claimedAt: string,
 *   public: Disclosure[], sealed: Disclosure[], state: "on_record" | "elsewhere" | "open" | "late" | "not_reached",
 *   index?: number, name?: string }} Found
 */

/** @param {Statement} statement @param {Pick<Ledger, "bytes">} ledger @param {string} log its origin
 * @returns {Promise<Found>} */
export async function find(statement, ledger, log) {
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
    const entry = JSON.parse(new TextDecoder().decode(await ledger.bytes(`api/v1/statements/${id}`)));
    const index = Number(entry.index);
    return { ...found, state: "on_record", index, name: `${index}-${String(entry.leaf_hash).slice(0, 32)}` };
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
