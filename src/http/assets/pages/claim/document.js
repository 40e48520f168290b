// What a domain publishes to name the keys that speak for it (protocol §9).

import { toSeconds } from "../../onrecord/time.js";

const YEAR_MILLIS = 365 * 86_400_000;

/** The text of `/.well-known/onrecord.json`, which holds for a year.
 * @param {{ domain: string, keys: string[], log: string, now: number }} of */
export function documentOf({ domain, keys, log, now }) {
  const expires = toSeconds(now + YEAR_MILLIS);
  return `${JSON.stringify({ domain, expires, keys: [...new Set(keys)].sort(), logs: [log] }, undefined, 2)}\n`;
}

/** The text of the TXT record that names a key. @param {string} did */
export const recordOf = (did) => `v=onr1; key=${did}`;
