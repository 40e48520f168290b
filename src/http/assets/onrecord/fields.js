// How each form of field is read (protocol §3, §5). A wrong type or value is `bad_field`, a name that is
// no domain is `bad_domain`.

import { ORIGIN, isDomain } from "./domain.js";
import { publicKeyOf } from "./ed25519.js";
import { unb64, unb64url, utf8 } from "./encoding.js";
import { Refusal } from "./fault.js";
import { hasKeys, isObject } from "./json.js";
import { isDate, moment } from "./time.js";

/** @import { Form } from "./kinds.js" */
/** @import { Json } from "./json.js" */
/** @typedef {(value: Json | undefined) => boolean} Test */

const NOT_A_DOMAIN = "not a domain name in lower-case ASCII form, such as acme.example";

/** @param {number} least @param {number} most @returns {Test} */
const integer = (least, most) => (value) =>
  Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;

/** @param {Json | undefined} value @returns {value is string} */
const isString = (value) => typeof value === "string";
/** @param {RegExp} form @returns {Test} */
const matches = (form) => (value) => isString(value) && form.test(value);

/** @type {Test} */
const isText = (value) =>
  isString(value) && value !== "" && utf8(value).length <= 255;
/** @type {Test} */
const isDigest = (value) => !!unb64url(value, 32);
/** @type {Test} */
const isKey = (value) => !!publicKeyOf(value);
/** @type {Test} */
const isSize = integer(1, Number.MAX_SAFE_INTEGER);

/** @param {Test} test @param {number} least @param {number} most
 * @returns {(value: Json | undefined) => value is Json[]} */
const list = (test, least, most) => /** @returns {value is Json[]} */ (value) =>
  Array.isArray(value) && value.length >= least && value.length <= most && value.every(test);

/** Unique and ascending. @param {Test} test @param {number} least @param {number} most @returns {Test} */
const set = (test, least, most) => (value) =>
  list(test, least, most)(value) &&
  value.every((member, place) => !place || /** @type {any} */ (value[place - 1]) < /** @type {any} */ (member));

/** @type {Test} */
function isCommitment(value) {
  if (!hasKeys(value, "by", "due") && !hasKeys(value, "by")) return false;
  const { by, due } = value;
  return (by === "signer" || isDomain(by)) &&
    (due === undefined || isDate(due) || (typeof due === "string" && isDate(`${due}-01`)));
}

/** @param {string[]} keys @returns {Test} */
const checkpoint = (...keys) => (value) =>
  hasKeys(value, ...keys) && !!unb64(value.root, 32) && isSize(value.size) &&
  (keys.length < 3 || isText(value.origin));

/** Every form with its test and what it must be. @type {Record<string, [Test, string]>} */
const FORMS = {
  text: [isText, "a string"],
  boolean: [(value) => typeof value === "boolean", "true or false"],
  time: [(value) => moment(value) !== undefined, "a time, YYYY-MM-DDTHH:MM:SSZ"],
  date: [isDate, "a day that exists, YYYY-MM-DD"],
  language: [
    matches(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/),
    "a language tag, as pt-BR",
  ],
  nonce: [(value) => !!unb64url(value, 16), "the base64url of 16 bytes"],
  id: [matches(/^sha256:[0-9a-f]{64}$/), "a statement id, sha256:…"],
  signers: [list(isKey, 0, 4), "a set of 1 to 4 did:key"],
  keys: [set(isKey, 1, 64), "an ascending set of did:key"],
  observedKeys: [set(isKey, 0, 64), "an ascending set of did:key"],
  sha256: [matches(/^[0-9a-f]{64}$/), "64 lower-case hex digits"],
  words: [set(isDigest, 0, 64), "an ascending set of base64url digests"],
  digests: [set(isDigest, 1, 64), "an ascending set of base64url digests"],
  sealed: [
    (value) => isObject(value) && list(isDigest, 1, 16)(Object.values(value)),
    "1 to 16 names with base64url digests",
  ],
  seen: [checkpoint("root", "size"), "{root, size}"],
  predecessor: [checkpoint("origin", "root", "size"), "{origin, root, size}"],
  origin: [matches(ORIGIN), "an origin"],
  logKeys: [set(isString, 1, 8), "an ascending set of 1 to 8 keys"],
  numbers: [set(integer(1, 16), 1, 16), "an ascending set of numbers"],
  commitments: [list(isCommitment, 1, 16), "1 to 16 of {by, due}"],
  domains: [
    set(isString, 1, 8),
    "an ascending set of 1 to 8 domain names",
  ],
};

/** @param {Form} form @returns {[Test, string]} */
function ruleOf(form) {
  if (typeof form === "string") {
    const [test, rule] = /** @type {[Test, string]} */ (FORMS[form]);
    return [test, `must be ${rule}`];
  }
  const [first, second] = form;
  if (typeof first === "number") {
    return [integer(first, Number(second)), "must be an integer in its bounds"];
  }
  return [(value) => form.includes(/** @type {never} */ (value)), "is no word allowed there"];
}

/** Why the value may not stand in a field of that form. @param {string} name @param {Form} form
 * @param {Json} value @returns {Refusal | undefined} */
export function refuseField(name, form, value) {
  const bad = (/** @type {string} */ rule) => new Refusal("bad_field", `\`${name}\` ${rule}`);
  if (value === null) return bad("is null: leave the key out");
  if (form !== "domain") {
    const [test, rule] = ruleOf(form);
    if (!test(value)) return bad(rule);
  } else if (typeof value !== "string") {
    return new Refusal("bad_field", "a domain name must be a string");
  }
  if (form === "domain" || form === "domains") {
    const names = Array.isArray(value) ? value : [value];
    if (!names.every(isDomain)) return new Refusal("bad_domain", NOT_A_DOMAIN);
  }
}
