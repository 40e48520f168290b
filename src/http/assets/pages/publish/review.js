// The review: what everyone will read, what is sealed, what stays for ever, and the very bytes.

import { text as textOf } from "../../onrecord/encoding.js";
import { code, element, when } from "../elements.js";
import { say } from "../strings.js";
import { membersOf, payloadOf, wordsOf } from "./agreement.js";
import { unicodeOf } from "./lookalikes.js";
import { at, fact, row } from "./page.js";

/** @import { Word } from "./agreement.js" */
/** @import { Answers, Statement } from "./kept.js" */

/** @param {Answers} answers @param {Statement} statement */
export function showReview(answers, statement) {
  const words = wordsOf(answers);
  const list = (/** @type {boolean} */ isSealed) =>
    words.filter((word) => word.isSealed === isSealed).map(wordRow);
  at("review-public").replaceChildren(...list(false));
  at("review-sealed").replaceChildren(...list(true));
  at("sealed-section").hidden = !list(true).length;
  at("review-forever").replaceChildren(...forever(membersOf(statement)));
  at("review-bytes").textContent = textOf(payloadOf(statement));
  at("permanent").checked = false;
}

/** @param {Pick<Word, "name" | "value">} word */
export function wordRow({ name, value }) {
  const [kind, number] = name.split(/_(?=\d)/);
  const label = say(`word-${kind}`, { number });
  if (typeof value === "string") return row(label, value);
  const { label: shows, media_type: type, bytes, sha256 } = /** @type {Record<string, string>} */ (value);
  return row(label, `${shows}\n${type}, ${bytes}\n${sha256}`);
}

/** @param {{ by: string, due?: string }[]} commitments of the payload */
export const commitmentsRow = (commitments) =>
  fact(say("publish-script-commitments"), ...commitments.map(({ by, due }, place) =>
    element("span", {}, `${place + 1}: `, element("bdi", {}, by === "signer" ? say("publish-script-by-signer") : by),
      ...(due ? [" · ", when(due)] : []))));

/** @param {any} fields of the payload */
function forever(fields) {
  const shown = (/** @type {string} */ ascii) => {
    const unicode = unicodeOf(ascii);
    return unicode === ascii ? ascii : say("publish-script-unicode", { ascii, unicode });
  };
  return [
    fact(say("field-subjects"), ...fields.subjects.map((/** @type {string} */ name) => element("bdi", {}, shown(name)))),
    commitmentsRow(fields.commitments),
    fact(say("field-basis"), say(`token-basis-${fields.basis}`)),
    ...(fields.agreed_on ? [fact(say("field-agreed_on"), when(fields.agreed_on))] : []),
    fact(say("field-lang"), code(fields.lang)),
    fact(say("field-offers"), say(`token-offers-${fields.offers}`)),
    fact(say("publish-script-ledger"), code(fields.log)),
    fact(say("publish-script-key"), code(fields.signers[0])),
    fact(say("publish-script-day-signed"), when(fields.claimed_at)),
    fact(say("publish-script-digests"), ...fields._sd.map(code)),
  ];
}
