// SHA-256, by the platform.

import { concat } from "./encoding.js";

/** @import { Bytes } from "./encoding.js" */

/** Of the parts, one after the other. @param {Bytes[]} parts @returns {Promise<Bytes>} */
export const sha256 = async (...parts) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
