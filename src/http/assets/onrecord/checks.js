// The checks of one entry that need no tree: each with its name, its result and a sentence, all of them
// those of `onrecord verify --json` (protocol §8).

import { fingerprintOf, isWeak, publicKeyOf, verify } from "./ed25519.js";
import { shorten, text, unb64url } from "./encoding.js";
import { pae } from "./envelope.js";
import { digestOf } from "./hash.js";
import { moment, toMillis, toSeconds } from "./time.js";
import { carriesWordsOfItsTarget } from "./words.js";

/** @import { Bundle } from "./bundle.js" */
/** @import { Checkpoint } from "./checkpoint.js" */
/** @import { Envelope } from "./envelope.js" */
/** @import { Entry } from "./leaf.js" */
/** @import { Judgement } from "./policy.js" */
/** @import { Content } from "./statement.js" */
/** Failed means a mismatch and nothing else. @typedef {"verified" | "failed" | "not_checked"} Outcome */
/** @typedef {{ name: string, result: Outcome, detail: string }} Check */

const CLAIMED_AHEAD_MAX = 10 * 60_000;
const CLAIMED_AGO_MAX = 30 * 86_400_000;
const TYPE_UNKNOWN = "the payload's type is not known";

/** @param {string} name @param {string} detail @returns {Check} */
export const verified = (name, detail) => ({ name, result: "verified", detail });
/** @param {string} name @param {string} detail which begins with the name of what was found @returns {Check} */
export const failed = (name, detail) => ({ name, result: "failed", detail });
/** @param {string} name @param {string} [detail] @returns {Check} */
export const notChecked = (name, detail = "it could not be read") =>
  ({ name, result: "not_checked", detail });

/** What checks come to: a failed one decides, then one that could not be made.
 * @param {Check[]} checks @returns {Outcome} */
export function together(checks) {
  for (const result of /** @type {const} */ (["failed", "not_checked"])) {
    if (checks.some((check) => check.result === result)) return result;
  }
  return "verified";
}

/** @param {Content} content @param {string} [origin] of the checkpoint, where there is one */
export function checkStatement({ type, kind, fields }, origin) {
  const name = "statement";
  if (type !== "unknown_type" && origin !== undefined && fields.log !== origin) {
    return failed(name, "wrong_log: the statement is meant for another ledger");
  }
  const signers = /** @type {string[]} */ (fields.signers);
  if (type === "unknown_type") return notChecked(name, TYPE_UNKNOWN);
  const isSet = signers.every((signer, place) => !place || (signers[place - 1] ?? "") < signer);
  if (!signers.length || !isSet) {
    return failed(name, "signers_mismatch: `signers` is not an ascending set of at least one");
  }
  if (type === "unknown_kind") {
    return notChecked(name, `no rules are known for the kind \`${kind}\``);
  }
  return verified(name, `a well-formed \`${kind}\` for this ledger`);
}

/** One for each signer. @param {Content} content @param {Envelope} envelope @returns {Promise<Check[]>} */
export async function checkSignatures({ type, fields }, { payloadType, payload, signatures }) {
  const name = "signature";
  if (type === "unknown_type") {
    return [notChecked(name, "the payload's type does not tell who signs")];
  }
  const signers = /** @type {string[]} */ (fields.signers);
  if (signers.length !== signatures.length) {
    const detail = `${signatures.length} signatures for ${signers.length} signers`;
    return [failed(name, `signers_mismatch: ${detail}`)];
  }
  const message = pae(payloadType, payload);
  return Promise.all(signatures.map(async ({ signature }, place) => {
    const signer = signers[place] ?? "";
    const key = publicKeyOf(signer);
    if (!key || isWeak(key)) return failed(name, `weak_key: ${signer} is a key anyone could sign for`);
    return (await verify(key, message, signature))
      ? verified(name, `signed by ${signer}`)
      : failed(name, `bad_signature: the signature is not by ${signer}`);
  }));
}

/** That each signer's key is one whose signatures count, and the one that the envelope names. A verdict on a
 * bundle ignores these names, as verifiers do. @param {Content} content @param {Envelope} envelope */
export const checkKeys = ({ fields }, { signatures }) =>
  Promise.all(/** @type {string[]} */ (fields.signers).map(async (did, place) => {
    const key = publicKeyOf(did);
    if (!key || isWeak(key)) return failed("key", `weak_key: ${did} is a key anyone could sign for`);
    const fingerprint = await fingerprintOf(key);
    return fingerprint === signatures[place]?.keyid
      ? verified("key", `${fingerprint} is the fingerprint of ${did}`)
      : failed("key", `bad_signature: the keyid is not the fingerprint of ${did}`);
  }));

/** @param {Judgement} judgement @param {Checkpoint} checkpoint */
export function checkLogSignature({ log, logKey }, { origin }) {
  const name = "log_signature";
  switch (log) {
    case "signed":
      return verified(name, `by key ${logKey} of ${origin}`);
    case "unknown_log":
      return notChecked(name, `the policy has no key of ${origin}`);
    case "missing":
      return failed(name, "log_signature_missing: no key of the log signed the checkpoint");
    default:
      return failed(name, "log_signature_bad: the signature under the log's name is not by its key");
  }
}

/** A word is known by its digest. Its JSON need not be canonical: that was asked when it was admitted, and
 * what is sealed was never shown to anyone who could ask. @param {string} encoded */
async function readWord(encoded) {
  let name;
  try {
    const parts = JSON.parse(text(/** @type {any} */ (unb64url(encoded))));
    const [salt, said] = Array.isArray(parts) && parts.length === 3 ? parts : [];
    const isText = typeof salt === "string" && typeof said === "string";
    if (isText && !/[\p{Cs}\ufffd]/u.test(salt + said)) name = said;
  } catch {
    // Not the form of a word, so that it has no name.
  }
  return { digest: await digestOf(encoded), name };
}

/** @param {Content} content @param {Bundle} bundle @returns {Promise<Check>} */
export async function checkDisclosures(content, { disclosures, sealed }) {
  const name = "disclosures";
  const { type, kind, fields } = content;
  const here = disclosures.length + sealed.length;
  if (type === "unknown_type") {
    return here ? notChecked(name, TYPE_UNKNOWN) : verified(name, "the bundle has no words");
  }
  const revealed = type === "known" && carriesWordsOfItsTarget(kind) ? fields.digests : [];
  const digests = [...fields._sd, ...revealed];
  const under = new Map(Object.entries(fields.sealed ?? {}).map(([word, digest]) => [digest, word]));
  const seen = new Set();
  for (const [place, encoded] of [...disclosures, ...sealed].entries()) {
    const word = await readWord(encoded);
    const label = shorten(word.name ?? "word without a name");
    const isSealed = place >= disclosures.length;
    const isCommitted = under.has(word.digest)
      ? word.name === under.get(word.digest)
      : !isSealed && word.name !== undefined && digests.includes(word.digest);
    if (!isCommitted) {
      return failed(name, `disclosure_altered: the statement does not commit to this ${label}`);
    }
    if (seen.has(word.digest) || seen.has(word.name)) {
      return failed(name, `disclosure_repeated: ${label} is there twice`);
    }
    seen.add(word.digest).add(word.name);
  }
  const missing = Math.max(digests.length - here, 0);
  const detail = `${disclosures.length} public, ${sealed.length} sealed, ${missing} not in this file`;
  return verified(name, detail);
}

/** @param {Content} content @param {Entry} entry */
export function checkTimes({ fields }, { index, time }) {
  const name = "time_bounds";
  const claimed = moment(fields.claimed_at);
  if (claimed !== undefined && claimed > time + CLAIMED_AHEAD_MAX) {
    const detail = `\`claimed_at\` is ahead of the ledger's clock, ${toSeconds(time)}`;
    return failed(name, `claimed_in_future: ${detail}`);
  }
  if (claimed !== undefined && claimed + CLAIMED_AGO_MAX < time) {
    return failed(name, `claimed_too_old: \`claimed_at\` is over 30 days before ${toSeconds(time)}`);
  }
  if (fields.seen?.size > index) {
    return failed(name, "seen_mismatch: `seen` names a ledger that has this very entry");
  }
  return verified(name, `admitted at ${toMillis(time)}, by the ledger's clock`);
}
