// The vectors' ledger as the tests use it: bundles as files, policies, and a ledger that serves its tiles.

import { unb64, unhex, utf8 } from "../../src/http/assets/onrecord/encoding.js";
import { canonical } from "../../src/http/assets/onrecord/json.js";
import { readCheckpoint } from "../../src/http/assets/onrecord/checkpoint.js";
import { FetchError } from "../../src/http/assets/onrecord/ledger.js";
import { readPolicy } from "../../src/http/assets/onrecord/policy.js";
import { readJson } from "./files.js";

/** @import { Bytes } from "../../src/http/assets/onrecord/encoding.js" */

export const vectors = await readJson("vectors/ledger.json");

/** @param {string} text @returns {Bytes} */
export const bytesOf = (text) => /** @type {Bytes} */ (unhex(text, text.length / 2));

/** @param {string} text @returns {Bytes} */
export const decoded = (text) => /** @type {Bytes} */ (unb64(text));

/** A bundle of the vectors as a file holds it. @param {unknown} bundle */
export const fileOf = (bundle) => utf8(canonical(bundle));

const { log_vkey: log, witness_vkey: witness } = vectors;
export const logAlone = await readPolicy(`log ${log}\nquorum none\n`);
export const logAndWitness = await readPolicy(`log ${log}\nwitness w ${witness}\nquorum w\n`);

/** The bundle of the agreement as the person who signed it keeps it: with the sealed words. */
export const ownCopy = () => ({ ...vectors.bundles[1], sealed: vectors.entries[1].sealed });

/** Serves the vectors' entries. Each part can be served otherwise. */
export class Served {
  /** @type {unknown[]} */
  asked = [];

  /** @param {number} index @returns {Promise<Bytes>} */
  bundle = async (index) => fileOf(vectors.bundles[index]);

  checkpoint = async () => readCheckpoint(vectors.cosigned_checkpoint);

  policy = async () => logAlone;

  /** @param {number} level @param {number} index @param {number} width @returns {Promise<Bytes[]>} */
  hashes = async (level, index, width) => {
    this.asked.push([level, index, width]);
    if (level || index) throw new FetchError("there is one tile only");
    return vectors.entries.slice(0, width).map((/** @type {any} */ entry) => bytesOf(entry.leaf_hash));
  };
}
