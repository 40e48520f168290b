// The statement: the payload of an envelope, read by the table of its kind (protocol §3, §5).

import { shorten } from "./encoding.js";
import { STATEMENT_TYPE } from "./envelope.js";
import { Refusal, throwLeast } from "./fault.js";
import { refuseField } from "./fields.js";
import { isObject, JsonError, parse } from "./json.js";
import { COMMON, findKind, OUTLINE } from "./kinds.js";
import { checkCommitmentsToWords } from "./words.js";

/** @import { Bytes } from "./encoding.js" */
/** @import { Envelope } from "./envelope.js" */
/** @import { Json } from "./json.js" */
/** @import { Form } from "./kinds.js" */
/** The members of the payload, of those forms that the table gives them. @typedef {any} Fields */
/** @typedef {{ kind: string, fields: Fields }} Statement */
/** Of a kind that is not known only the common fields are known to be good; of another payload type nothing
 * is known. @typedef {Statement & { type: "known" | "unknown_kind" | "unknown_type" }} Content */

const PAYLOAD_MAX = 24 * 1024;

/** Throws the refusal that a ledger would give. @param {Bytes} payload @returns {Statement} */
export function readStatement(payload) {
  if (payload.length > PAYLOAD_MAX) {
    const detail = `the payload has ${payload.length} of ${PAYLOAD_MAX} bytes`;
    throw new Refusal("too_large", detail);
  }
  const json = parsePayload(payload);
  const name = isObject(json) ? json.kind : undefined;
  if (name === undefined) throw new Refusal("missing_field", "`kind`");
  if (typeof name !== "string") throw new Refusal("bad_field", "`kind` must be a string");
  const kind = findKind(name);
  if (!kind) throw new Refusal("unknown_kind", `no kind is called \`${shorten(name)}\``);
  const fields = /** @type {Fields} */ (json);
  const tables = { ...COMMON, ...kind.fields };
  const unknown = Object.keys(fields).sort()
    .filter((key) => !Object.hasOwn(tables, key) && !Object.hasOwn(tables, `${key}?`))
    .map((key) => new Refusal("unknown_field", `\`${shorten(key)}\``));
  throwLeast([...unknown, ...refuseFields(fields, tables)]);
  checkTogether(name, fields);
  return { kind: name, fields };
}

/** Reads what an envelope holds as far as its kind allows. @param {Envelope} envelope @returns {Content} */
export function readContent({ payloadType, payload }) {
  if (payloadType !== STATEMENT_TYPE) {
    return { type: "unknown_type", kind: "", fields: { signers: [], _sd: [] } };
  }
  try {
    const statement = readStatement(payload);
    checkCommitmentsToWords(statement);
    return { type: "known", ...statement };
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== "unknown_kind") throw error;
  }
  const fields = /** @type {Fields} */ (parsePayload(payload));
  if (refuseFields(fields, OUTLINE).length) {
    throw new Refusal("bad_field", "a field that every statement has");
  }
  return { type: "unknown_kind", kind: fields.kind, fields };
}

/** @param {Bytes} payload */
function parsePayload(payload) {
  try {
    return parse(payload);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const reason = error.tooDeep ? "bad_field" : "not_canonical";
    throw new Refusal(reason, `the payload is ${error.message}`);
  }
}

/** @param {Record<string, Json>} fields @param {Record<string, Form>} table */
function refuseFields(fields, table) {
  const refusals = [];
  for (const [row, form] of Object.entries(table)) {
    const name = row.replace("?", "");
    const value = fields[name];
    if (value === undefined) {
      if (name === row) refusals.push(new Refusal("missing_field", `\`${name}\``));
    } else {
      const refusal = refuseField(name, form, value);
      if (refusal) refusals.push(refusal);
    }
  }
  return refusals;
}

/** How fields hang together, where their forms alone do not tell. @param {string} kind @param {Fields} fields */
function checkTogether(kind, fields) {
  if (kind === "agreement") {
    for (const { by } of fields.commitments) {
      if (by !== "signer" && !fields.subjects.includes(by)) {
        throw new Refusal("bad_domain", `\`commitments\`: ${by} is not among the subjects`);
      }
    }
  }
  for (const [name, other, value] of findKind(kind)?.onlyIf ?? []) {
    const [belongs, stands] = [fields[other] === value, fields[name] !== undefined];
    const where = `where \`${other}\` is ${value}`;
    if (belongs && !stands) throw new Refusal("missing_field", `\`${name}\` belongs ${where}`);
    if (!belongs && stands) throw new Refusal("bad_field", `\`${name}\` belongs only ${where}`);
  }
  if (kind === "moderation" && fields.decision === "erased" && !fields.digests.length) {
    throw new Refusal("bad_field", "`digests`: what is erased is named");
  }
  if (kind === "amendment" && fields.by === "mutual" && fields.domain !== undefined) {
    throw new Refusal("bad_field", "`domain` has no place in a mutual amendment");
  }
}
