// The table of kinds (protocol §5): the clear fields of each, by form, and its words. A name that ends in
// `?` may be left out. A kind once defined never changes.

/** A list is a choice of tokens, two numbers are the bounds of an integer, a name is a form of fields.js.
 * @typedef {string | string[] | [number, number]} Form */
/** `commitments`: there is a word `commitment_n` for each commitment. `evidence`: up to 8 `evidence_n`.
 * `onlyIf`: a field that is there exactly when another has a value.
 * @typedef {{ fields: Record<string, Form>, words: Record<string, "line" | "lines" | "terms">,
 *   commitments?: boolean, evidence?: boolean, onlyIf?: [string, string, string][] }} Kind */

export const OUTCOMES =
  "explanation refund credit repair replacement correction apology policy_change none".split(" ");

/** The grounds on which words are withheld or erased. */
const GROUNDS =
  "privacy defamation court_order impersonation illegal copyright spam".split(" ");

/** The fields of every statement. @type {Record<string, Form>} */
export const COMMON = {
  _sd: "words",
  _sd_alg: ["sha-256"],
  claimed_at: "time",
  kind: "text",
  log: "text",
  nonce: "nonce",
  "sealed?": "sealed",
  "seen?": "seen",
  signers: "signers",
};

/** What a stranger to a kind reads of a statement. @type {Record<string, Form>} */
export const OUTLINE = {
  _sd: "words",
  claimed_at: "time",
  "domain?": "domain",
  "kind?": "text",
  log: "text",
  "re?": "id",
  "sealed?": "sealed",
  "seen?": "seen",
  signers: "signers",
  "subjects?": "domains",
  "thread?": "id",
};

/** @type {Record<string, Kind>} */
export const KINDS = {
  acceptance: {
    fields: { re: "id", thread: "id" },
    words: { "note?": "lines" },
  },
  agreement: {
    fields: {
      "agreed_on?": "date",
      basis: ["written", "online_terms", "spoken", "chat", "statutory", "myterms"],
      commitments: "commitments",
      "imported_from?": "domain",
      lang: "language",
      offers: ["welcome", "closed"],
      subjects: "domains",
    },
    words: { title: "line", "signer_name?": "line", "narrative?": "lines", "terms?": "terms" },
    commitments: true,
    evidence: true,
  },
  amendment: {
    fields: {
      by: ["mutual", "unilateral"],
      commitments: "commitments",
      "domain?": "domain",
      effective: "date",
      thread: "id",
    },
    words: { "title?": "line", "note?": "lines" },
    commitments: true,
  },
  assessment: {
    fields: {
      "again?": "boolean",
      resolved: ["yes", "partly", "no"],
      "satisfaction?": [1, 5],
      thread: "id",
    },
    words: { "note?": "lines" },
  },
  breach: {
    fields: {
      commitment_numbers: "numbers",
      desired_outcome: OUTCOMES,
      since: "date",
      thread: "id",
    },
    words: { "narrative?": "lines" },
    evidence: true,
  },
  claim: {
    fields: { domain: "domain", "final_days?": [1, 365], "response_days?": [1, 90] },
    words: { "legal_name?": "line", "contact?": "line" },
  },
  countersignature: {
    fields: {
      domain: "domain",
      re: "id",
      "reason?": ["not_our_customer", "wrong_organization", "duplicate", "terms_differ", "other"],
      thread: "id",
      verdict: ["confirmed", "partly", "declined"],
    },
    words: { "note?": "lines" },
    onlyIf: [["reason", "verdict", "declined"]],
  },
  erasure: {
    fields: { digests: "digests", re: "id", reason: ["privacy", "mistake", "other"] },
    words: {},
  },
  fulfilment: {
    fields: {
      commitment_numbers: "numbers",
      "domain?": "domain",
      extent: ["full", "partial"],
      occurred_on: "date",
      thread: "id",
    },
    words: { "note?": "lines" },
    evidence: true,
  },
  log_keys: { fields: { vkeys: "logKeys" }, words: {} },
  moderation: {
    fields: {
      decision: ["withheld", "restored", "erased"],
      digests: "words",
      ground: GROUNDS,
      re: "id",
      source: ["notice", "own_initiative", "author", "court"],
    },
    words: { facts: "lines" },
  },
  notice: {
    fields: {
      digests: "digests",
      ground: GROUNDS,
      re: "id",
      role: ["subject_person", "organization", "authority", "other"],
    },
    words: { explanation: "lines" },
  },
  observation: {
    fields: {
      "document_sha256?": "sha256",
      domain: "domain",
      keys: "observedKeys",
      method: ["https", "dns", "both"],
    },
    words: {},
  },
  offer: {
    fields: { domain: "domain", expires: "date", thread: "id" },
    words: { title: "line", commitment_1: "lines", "price?": "line" },
  },
  policy: {
    fields: {
      final_days: [1, 365],
      operator_keys: "keys",
      "predecessor?": "predecessor",
      reserved_domains: "boolean",
      response_days: [1, 90],
    },
    words: { "rules?": "lines" },
  },
  response: {
    fields: {
      domain: "domain",
      "expected_final_by?": "date",
      "outcome?": OUTCOMES,
      re: "id",
      stage: ["acknowledged", "in_progress", "final"],
      thread: "id",
    },
    words: { note: "lines", "delay_reason?": "line" },
    onlyIf: [["expected_final_by", "stage", "in_progress"], ["outcome", "stage", "final"]],
  },
  reveal: { fields: { digests: "digests", re: "id" }, words: {} },
  successor: { fields: { origin: "origin" }, words: {} },
  termination: {
    fields: { "domain?": "domain", effective: "date", thread: "id" },
    words: { "note?": "lines" },
  },
  withdrawal: { fields: { thread: "id" }, words: { "note?": "lines" } },
};

/** The kind of that name. @param {string} name @returns {Kind | undefined} */
export const findKind = (name) => (Object.hasOwn(KINDS, name) ? KINDS[name] : undefined);
