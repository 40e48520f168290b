// A trust policy: which logs are known, which witnesses, and which of these must have cosigned (C2SP
// tlog-policy); and what it finds about a checkpoint (protocol §7).

import { verifyCosignature, verifyLogSignature } from "./checkpoint.js";
import { hex } from "./encoding.js";
import { Fault } from "./fault.js";
import { names, readVerifierKey } from "./note.js";

/** @import { Checkpoint } from "./checkpoint.js" */
/** @import { NoteSignature, VerifierKey } from "./note.js" */
/** @typedef {{ threshold: number, members: string[] }} Group */
/** Each group refers only to names before it.
 * @typedef {{ logs: VerifierKey[], witnesses: Map<string, VerifierKey>, groups: Map<string, Group>,
 *   quorum: string | undefined }} Policy */
/** `seen` in seconds since 1970, and never zero.
 * @typedef {{ name: string, finding: "seen" | "untimed" | "absent" | "bad" | "unknown_type",
 *   seen?: bigint }} WitnessFinding */
/**
 * `unknown` are the lines by keys that the policy does not know: nothing in them was checked, and nothing
 * rests on them. `existedBy`: when cosignatures up to then form the quorum, in seconds since 1970.
 * @typedef {{ log: "signed" | "unknown_log" | "missing" | "bad", logKey?: string,
 *   witnesses: WitnessFinding[], quorum: "none_asked" | "met" | "not_met", existedBy?: bigint,
 *   unknown: NoteSignature[] }} Judgement
 */

const LENGTH_MAX = 1 << 20;

/** @param {string} file @returns {Promise<Policy>} */
export async function readPolicy(file) {
  if (file.length > LENGTH_MAX) throw new Fault("line 1 of the policy: the file is too long");
  const reader = new Reader();
  const lines = file.split("\n");
  for (const [place, line] of lines.entries()) {
    try {
      await reader.line(line);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      throw new Fault(`line ${place + 1} of the policy: ${error.message}`);
    }
  }
  const { quorum, logs, witnesses, groups } = reader;
  if (!quorum) throw new Fault(`line ${lines.length} of the policy: the quorum is missing`);
  return { logs, witnesses, groups, quorum: quorum === "none" ? undefined : quorum };
}

/** The policy that believes this log's key alone and asks for no witness. @param {string} vkey */
export const policyOfLog = (vkey) => readPolicy(`log ${vkey}\nquorum none\n`);

class Reader {
  /** @type {VerifierKey[]} */
  logs = [];
  /** @type {Map<string, VerifierKey>} */
  witnesses = new Map();
  /** @type {Map<string, Group>} */
  groups = new Map();
  /** Members of a group, which may not be one of another. */
  taken = new Set();
  quorum = "";

  /** @param {string} line */
  async line(line) {
    if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(line)) throw new Fault("a control character");
    const words = line.split(/[ \t]+/).filter(Boolean);
    const [keyword = "#", ...rest] = words;
    const [first = "", second = "", ...more] = rest;
    if (keyword.startsWith("#")) return;
    if (keyword === "log" && (rest.length === 1 || rest.length === 2)) {
      this.logs.push(await this.key(first, this.logs, 4));
    } else if (keyword === "witness" && (rest.length === 2 || rest.length === 3)) {
      this.checkName(first);
      this.witnesses.set(first, await this.key(second, [...this.witnesses.values()], 1));
    } else if (keyword === "group" && more.length) {
      this.group(first, second, more);
    } else if (keyword === "quorum" && rest.length === 1) {
      if (this.quorum) throw new Fault("the quorum is given twice");
      if (first !== "none") this.checkKnown(first);
      this.quorum = first;
    } else {
      const isKnown = ["log", "witness", "group", "quorum"].includes(keyword);
      throw new Fault(isKnown ? "too few or too many words"
        : "it begins with none of log, witness, group and quorum");
    }
  }

  /** @param {string} text @param {VerifierKey[]} others @param {number} wrongType */
  async key(text, others, wrongType) {
    const key = await readVerifierKey(text);
    if (key.type === wrongType) throw new Fault("a key of that type does not belong on this line");
    if (others.some(({ publicKey }) => hex(publicKey) === hex(key.publicKey))) {
      throw new Fault("that key is given twice");
    }
    return key;
  }

  /** @param {string} name @param {string} threshold @param {string[]} members */
  group(name, threshold, members) {
    const least = threshold === "any" ? 1 : threshold === "all" ? members.length
      : /^[1-9][0-9]*$/.test(threshold) ? Number(threshold) : Infinity;
    if (least > members.length) {
      throw new Fault("a group needs any, all or a number of its members");
    }
    this.checkName(name);
    for (const member of members) {
      this.checkKnown(member);
      if (this.taken.has(member)) throw new Fault("that name is in a group already");
      this.taken.add(member);
    }
    this.groups.set(name, { threshold: least, members });
  }

  /** @param {string} name */
  checkName(name) {
    if (name === "none" || this.has(name)) throw new Fault("that name is taken");
  }

  /** @param {string} name */
  checkKnown(name) {
    if (!this.has(name)) throw new Fault("no line above defines that name");
  }

  /** @param {string} name */
  has(name) {
    return this.witnesses.has(name) || this.groups.has(name);
  }
}

/** Holds a checkpoint against the policy. @param {Policy} policy @param {Checkpoint} checkpoint
 * @returns {Promise<Judgement>} */
export async function judge(policy, checkpoint) {
  /** @type {Map<string, bigint>} */
  const times = new Map();
  const witnesses = [];
  for (const [name, key] of policy.witnesses) {
    const finding = await findWitness(checkpoint, key);
    if (finding.seen) times.set(name, finding.seen);
    witnesses.push(finding);
  }
  for (const [name, { threshold, members }] of policy.groups) {
    const seen = members.flatMap((member) => times.get(member) ?? []);
    const last = seen.sort((a, b) => (a < b ? -1 : 1))[threshold - 1];
    // A group has witnessed when the last of its earliest members has that the threshold asks for.
    if (last !== undefined) times.set(name, last);
  }
  const existedBy = policy.quorum === undefined ? undefined : times.get(policy.quorum);
  const known = [...policy.logs.filter(({ name }) => name === checkpoint.origin), ...policy.witnesses.values()];
  return {
    ...(await findLog(policy, checkpoint)),
    witnesses,
    quorum: policy.quorum === undefined ? "none_asked" : existedBy === undefined ? "not_met" : "met",
    ...(existedBy !== undefined && { existedBy }),
    unknown: checkpoint.note.signatures.filter((line) => !known.some((key) => names(line, key))),
  };
}

/** @param {Policy} policy @param {Checkpoint} checkpoint
 * @returns {Promise<Pick<Judgement, "log" | "logKey">>} */
async function findLog({ logs }, checkpoint) {
  /** @type {Pick<Judgement, "log" | "logKey">} */
  let found = { log: "unknown_log" };
  for (const key of logs) {
    const result = await verifyLogSignature(checkpoint, key);
    // A bad line under a known key spoils the note, whatever other keys signed.
    if (result === "bad") return { log: "bad" };
    if (result === "signed") found = { log: "signed", logKey: key.id };
    if (result === "missing" && found.log === "unknown_log") found = { log: "missing" };
  }
  return found;
}

/** @param {Checkpoint} checkpoint @param {VerifierKey} key @returns {Promise<WitnessFinding>} */
async function findWitness(checkpoint, key) {
  const { name } = key;
  const times = [];
  for (const line of checkpoint.note.signatures.filter((line) => names(line, key))) {
    if (key.type !== 4) return { name, finding: "unknown_type" };
    const time = await verifyCosignature(checkpoint, line, key);
    if (time === undefined) return { name, finding: "bad" };
    times.push(time);
  }
  const [seen] = times.filter(Boolean).sort((a, b) => (a < b ? -1 : 1));
  if (seen !== undefined) return { name, finding: "seen", seen };
  return { name, finding: times.length ? "untimed" : "absent" };
}
