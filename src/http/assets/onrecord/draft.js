// Making a statement: the client's side of the formats (protocol §3, §4). What is prepared here passes
// every check that a ledger makes without its state.

import { b64url, utf8 } from "./encoding.js";
import { envelopeJson, pae, STATEMENT_TYPE } from "./envelope.js";
import { fingerprintOf, sign as signBytes } from "./ed25519.js";
import { freshSalt } from "./disclosure.js";
import { canonical } from "./json.js";
import { checkWords } from "./sent_words.js";
import { readStatement } from "./statement.js";
import { atTheMinute, toSeconds } from "./time.js";
import { carriesWordsOfItsTarget } from "./words.js";

/** @import { Bytes } from "./encoding.js" */
/** @import { Disclosure } from "./disclosure.js" */
/** @import { Envelope } from "./envelope.js" */
/** @import { PrivateKey } from "./ed25519.js" */
/** @import { Statement } from "./statement.js" */
/**
 * `public` are the words that everyone may read (for a `reveal`: those it reveals), `sealed` those of which
 * only the name becomes public; `fields` are the kind's own.
 * @typedef {{ kind: string, log: string, signers: string[], fields: Record<string, unknown>,
 *   public?: Disclosure[], sealed?: Disclosure[], seen?: { root: string, size: number },
 *   claimedAt?: number, nonce?: Bytes }} Draft
 */
/** @typedef {{ payload: Bytes, statement: Statement, public: Disclosure[], sealed: Disclosure[] }} Prepared */

/** Throws the refusal that a ledger would give. @param {Draft} draft @returns {Prepared} */
export function prepare({
  kind, log, signers, fields, public: open = [], sealed = [], seen,
  claimedAt = Date.now(), nonce = freshSalt(),
}) {
  const committed = [...(carriesWordsOfItsTarget(kind) ? [] : open), ...sealed];
  const payload = utf8(canonical({
    ...fields,
    _sd: committed.map(({ digest }) => digest).sort(),
    _sd_alg: "sha-256",
    claimed_at: toSeconds(atTheMinute(claimedAt)),
    kind,
    log,
    nonce: b64url(nonce),
    sealed: sealed.length
      ? Object.fromEntries(sealed.map(({ name, digest }) => [name, digest]))
      : undefined,
    seen,
    signers: [...signers].sort(),
  }));
  const statement = readStatement(payload);
  checkWords(statement, open);
  return { payload, statement, public: open, sealed };
}

/** @param {{ payload: Bytes }} prepared @param {PrivateKey[]} keys of all signers, in any order
 * @returns {Promise<Envelope>} */
export async function sign({ payload }, keys) {
  const message = pae(STATEMENT_TYPE, payload);
  const sorted = [...keys].sort((a, b) => (a.did < b.did ? -1 : 1));
  const signatures = sorted.map(async (key) => ({
    keyid: await fingerprintOf(key.publicKey),
    signature: await signBytes(key, message),
  }));
  return { payloadType: STATEMENT_TYPE, payload, signatures: await Promise.all(signatures) };
}

/** The body of `POST /api/v1/statements`. @param {Envelope} envelope @param {Disclosure[]} open */
export const submission = (envelope, open) =>
  JSON.stringify({
    envelope: envelopeJson(envelope),
    disclosures: open.map(({ encoded }) => encoded),
  });
