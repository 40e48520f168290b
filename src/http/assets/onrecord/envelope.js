// The DSSE 1.0.2 envelope around a statement, and the id that it gives the statement (protocol §3).

import { b64, concat, hex, unb64, utf8 } from "./encoding.js";
import { sha256 } from "./hash.js";
import { hasKeys } from "./json.js";

/** @import { Bytes } from "./encoding.js" */
/** Signatures stand in the order of the statement's signers; `keyid` is a hint that verifiers ignore.
 * @typedef {{ payloadType: string, payload: Bytes, signatures: { keyid: string, signature: Bytes }[] }}
 * Envelope */

export const STATEMENT_TYPE = "application/vnd.onrecord.statement.v1+json";

/** The bytes that are signed. @param {string} payloadType @param {Bytes} payload */
export const pae = (payloadType, payload) =>
  concat(
    utf8(`DSSEv1 ${utf8(payloadType).length} ${payloadType} ${payload.length} `),
    payload,
  );

/** `sha256:` and hex; it never covers signatures. @param {Envelope} envelope */
export const statementId = async ({ payloadType, payload }) =>
  `sha256:${hex(await sha256(pae(payloadType, payload)))}`;

/** @param {unknown} json @returns {Envelope | undefined} */
export function readEnvelope(json) {
  if (!hasKeys(json, "payload", "payloadType", "signatures")) return;
  const { payloadType, signatures: list } = json;
  const payload = unb64(json.payload);
  if (typeof payloadType !== "string" || !payload || !Array.isArray(list)) return;
  const signatures = [];
  for (const one of list) {
    const signature = hasKeys(one, "keyid", "sig") && unb64(one.sig, 64);
    if (!signature || typeof one.keyid !== "string") return;
    signatures.push({ keyid: one.keyid, signature });
  }
  return { payloadType, payload, signatures };
}

/** @param {Envelope} envelope */
export const envelopeJson = ({ payloadType, payload, signatures }) => ({
  payload: b64(payload),
  payloadType,
  signatures: signatures.map(({ keyid, signature }) => ({ keyid, sig: b64(signature) })),
});
