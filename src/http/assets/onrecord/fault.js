// What the readers and checks here throw: bytes that are not what they have to be. Any other error means
// that something could not be done, such as a fetch, and says nothing about the bytes.

/** The message is a sentence, the same that the command line prints. */
export class Fault extends Error {}

/** The reasons of protocol §12 that can be found without the ledger's state, in their order. */
const ORDER =
  "malformed_json too_large bad_payload_type bad_base64 not_canonical unknown_kind unknown_field \
missing_field bad_field bad_domain wrong_log weak_key signers_mismatch bad_signature claimed_in_future \
claimed_too_old seen_mismatch disclosure_unreferenced disclosure_duplicate disclosure_unknown \
missing_disclosure bad_text".split(" ");

/** Why a ledger would not admit a statement. */
export class Refusal extends Fault {
  /** @param {string} reason of protocol §12 @param {string} detail */
  constructor(reason, detail) {
    super(`${reason}: ${detail}`);
    this.reason = reason;
    this.detail = detail;
  }
}

/** Throws the refusal that the protocol reports where several hold. @param {Refusal[]} refusals */
export function throwLeast(refusals) {
  const order = (/** @type {Refusal} */ refusal) => ORDER.indexOf(refusal.reason);
  const [least] = refusals.sort((a, b) => order(a) - order(b));
  if (least) throw least;
}
