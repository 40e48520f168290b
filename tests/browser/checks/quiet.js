// A page does its work silently, within its policy, and with this ledger alone.

/** @import { Tab } from '../harness/chromium.js' */

/** @param {Tab} tab @returns {Promise<string[]>} */
export async function quiet({ context, watch }) {
  watch.cookies(await context.cookies());
  return watch.complaints();
}
