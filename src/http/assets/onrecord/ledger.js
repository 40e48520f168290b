// A client of a ledger's HTTP interface (protocol §11): it fetches and sends, and believes nothing.

import { readCheckpoint } from "./checkpoint.js";
import { utf8 } from "./encoding.js";
import { readPolicy } from "./policy.js";
import { readEntries, readHashes, tilePath, widthIn } from "./tile.js";

/** @import { Bytes } from "./encoding.js" */

const PATIENCE_MILLIS = 20_000;

/** The ledger could not be reached, or did not answer with what was asked for: it says nothing about what
 * is on record. */
export class FetchError extends Error {}

/** The ledger refused, and says why (RFC 9457). */
export class Problem extends Error {
  /** @param {Response} response @param {any} body */
  constructor(response, body) {
    super(`${body.title}: ${body.detail}`);
    this.status = response.status;
    /** The last part of `type`: a reason of protocol §12 or of the service. @type {string} */
    this.reason = String(body.type).split("/").pop() ?? "";
    /** @type {string} */
    this.detail = body.detail;
    const seconds = Number(response.headers.get("retry-after"));
    /** Seconds to wait before the same is sent again, if that helps. */
    this.retryAfter = seconds || undefined;
  }
}

export class Ledger {
  /** @param {string} url where its routes begin @param {{ fetch?: typeof globalThis.fetch }} [by] */
  constructor(url, { fetch = globalThis.fetch } = {}) {
    this.url = url.replace(/\/$/, "");
    this.fetch = fetch;
  }

  /** @param {string} path @param {RequestInit} [request] @returns {Promise<Response>} */
  async ask(path, request) {
    const { fetch } = this;
    const signal = AbortSignal.timeout(PATIENCE_MILLIS);
    const response = await fetch(`${this.url}/${path}`, { signal, ...request })
      .catch((error) => { throw new FetchError(`/${path} could not be fetched: ${error.message}`); });
    const type = response.headers.get("content-type") ?? "";
    if (response.ok && !type.startsWith("text/html")) return response;
    if (!type.startsWith("application/problem+json")) {
      throw new FetchError(`/${path} could not be fetched: it is answered with ${response.status} ${type}`);
    }
    throw new Problem(response, await response.json().catch(() => ({})));
  }

  /** @param {string} path @param {RequestInit} [request] @returns {Promise<Bytes>} */
  async bytes(path, request) {
    const response = await this.ask(path, request);
    const body = await response.arrayBuffer()
      .catch((error) => { throw new FetchError(`/${path} could not be fetched: ${error.message}`); });
    return new Uint8Array(body);
  }

  /** @param {string} path */
  text = async (path) => new TextDecoder().decode(await this.bytes(path, { cache: "no-cache" }));

  /** The newest published one. */
  checkpoint = async () => readCheckpoint(await this.text("checkpoint"));

  /** The policy that the ledger itself asks to be held against. */
  policy = async () => readPolicy(await this.text("log.policy"));

  /** The file a person keeps of an entry, without sealed words. @param {number} index */
  bundle = (index) => this.bytes(`api/v1/entries/${index}/bundle`);

  /** @param {number} level @param {number} index @param {number} width */
  hashes = async (level, index, width) =>
    readHashes(await this.bytes(tilePath(level, index, width)), width);

  /** The leaves of one entry bundle. @param {number} index of the bundle @param {number} size of the tree */
  entries = async (index, size) => {
    const width = widthIn("entries", index, size);
    return readEntries(await this.bytes(tilePath("entries", index, width)), width);
  };

  /**
   * Publishes a submission; sending the same one again is safe and answers with the entry there is.
   * @param {string} body as draft.js makes it
   * @returns {Promise<{ bundle: Bytes, newly: boolean }>}
   */
  async publish(body) {
    const headers = { "content-type": "application/json" };
    const request = { method: "POST", headers, body: utf8(body) };
    const response = await this.ask("api/v1/statements", request);
    return { bundle: new Uint8Array(await response.arrayBuffer()), newly: response.status === 201 };
  }
}
