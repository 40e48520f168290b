// The review of a statement: what everyone will read, what is sealed, what stays for ever.

import { text as textOf } from "../../onrecord/encoding.js";
import { code, when } from "../elements.js";
import { membersOf, payloadOf, readWords } from "../publish/agreement.js";
import { at, fact } from "../publish/page.js";
import { commitmentsRow, wordRow } from "../publish/review.js";
import { say } from "../strings.js";

/** @import { Statement } from "../publish/kept.js" */

const TOKENS = ["by", "desired_outcome", "extent", "outcome", "reason", "resolved", "stage", "verdict"];
const DAYS = ["effective", "expected_final_by", "expires", "occurred_on", "since"];
/** Members that have a row of their own, or none. */
const SHOWN_APART =
  ["_sd", "_sd_alg", "claimed_at", "commitments", "kind", "log", "nonce", "sealed", "signers", "thread"];

/** @param {Statement} statement */
export async function showReview(statement) {
  const [open, sealed] = await Promise.all([readWords(statement.public), readWords(statement.sealed)]);
  const members = membersOf(statement);
  at("review-public").replaceChildren(...open.map(wordRow));
  at("public-section").hidden = !open.length;
  at("review-sealed").replaceChildren(...sealed.map(wordRow));
  at("sealed-section").hidden = !sealed.length;
  at("review-forever").replaceChildren(...forever(members));
  at("review-bytes").textContent = textOf(payloadOf(statement));
  const final = at("final");
  if (final) final.hidden = members.kind !== "erasure";
  at("permanent").checked = false;
}

/** @param {Record<string, any>} members of the payload */
function forever(members) {
  const own = Object.entries(members).filter(([name]) => !SHOWN_APART.includes(name));
  return [
    fact(say("add-script-kind"), say(`kind-${members.kind}`)),
    ...(members.thread ? [fact(say("add-script-thread"), code(members.thread))] : []),
    ...(members.commitments ? [commitmentsRow(members.commitments)] : []),
    ...own.map(([name, value]) => fact(say(`field-${name}`), ...shown(name, value))),
    fact(say("publish-script-ledger"), code(members.log)),
    fact(say("publish-script-key"), code(members.signers[0])),
    fact(say("publish-script-day-signed"), when(members.claimed_at)),
    ...(members._sd.length ? [fact(say("publish-script-digests"), ...members._sd.map(code))] : []),
  ];
}

/** @param {string} name @param {any} value @returns {(Node | string)[]} */
function shown(name, value) {
  if (TOKENS.includes(name)) return [say(`token-${name}-${value}`)];
  if (DAYS.includes(name)) return [when(value)];
  if (typeof value === "boolean") return [say(value ? "answer-yes" : "answer-no")];
  return Array.isArray(value) ? value.map((one) => code(String(one))) : [code(String(value))];
}
