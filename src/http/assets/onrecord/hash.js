// SHA-256, by the platform, and the digests that statements commit to their words with (protocol §4).

import { b64url, concat, utf8 } from "./encoding.js";

/** @import { Bytes } from "./encoding.js" */

/** Of the parts, one after the other. @param {Bytes[]} parts @returns {Promise<Bytes>} */
export const sha256 = async (...parts) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));

/** The member of `_sd` for an encoded disclosure. @param {string} encoded */
export const digestOf = async (encoded) => b64url(await sha256(utf8(encoded)));
