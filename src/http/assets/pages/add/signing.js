// From the answers about an agreement to the receipt.

import { statementId, STATEMENT_TYPE } from "../../onrecord/envelope.js";
import { payloadOf, readWords } from "../publish/agreement.js";
import { at } from "../publish/page.js";
import { open, refuse, review, showDone, showStatement, signAndPublish } from "../signing/flow.js";
import { BY_ALL, chosenWords, prepareFollowUp, wordsOf } from "./statement.js";

/** @import { Disclosure } from "../../onrecord/disclosure.js" */
/** @import { Backup } from "../publish/backup.js" */
/** @import { Draft } from "../publish/kept.js" */
/** @import { Flow } from "../signing/form.js" */

/** Opens the key, prepares the statement and shows it. @param {Flow} flow */
async function openReview(flow) {
  const { draft, log } = flow;
  const { kind = "", key } = draft.answers.values;
  const { thread = "", domain } = at("questions").dataset;
  const revealed = kind === "reveal";
  if (!domain && BY_ALL.includes(kind) && flow.signers().length > 1) return refuse("kind", "add-script-all-signers");
  const held = await open(flow);
  if (!held) return;
  if (key === "kept" && (revealed || wordsOf(draft.answers).some(({ isSealed }) => isSealed))) {
    return refuse("key", "add-script-kept-seals");
  }
  const words = revealed ? await revealedOf(draft, held.backup) : [];
  if (words) await review(flow, (did) => prepareFollowUp(draft.answers, { log, thread, domain, did, revealed: words }));
}

/** The sealed words that were chosen, out of the backup. @param {Draft} draft @param {Backup | undefined} backup
 * @returns {Promise<Disclosure[] | undefined>} */
async function revealedOf({ answers }, backup) {
  const { of: [re], digests } = chosenWords(answers);
  for (const statement of backup?.statements ?? []) {
    const id = await statementId({ payloadType: STATEMENT_TYPE, payload: payloadOf(statement), signatures: [] });
    if (id !== re) continue;
    const words = await readWords(statement.sealed);
    const found = words.filter(({ digest }) => digests.includes(digest));
    if (found.length === digests.length) return found;
  }
  const names = digests.map((digest) => at("words").querySelector(`[data-digest="${digest}"]`)?.dataset.name);
  refuse("backup", "add-script-not-held", { name: names.join(", ") });
}

export const signing = { openReview, showDone, showStatement, signAndPublish };
