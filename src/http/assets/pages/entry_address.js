// The address of an entry, as people paste it: its page, its thread, its badge, its place in the API, or the
// bare `{index}-{hash}` (protocol §11).

/**
 * `elsewhere`: it is the address of an entry of another ledger. `no_entry`: it is none of an entry.
 * @typedef {{ index: number, hash: string } | "elsewhere" | "no_entry"} Address
 */

const PAGE = /\/(?:e|t|badge|embed)\/(0|[1-9][0-9]{0,15})-([0-9a-f]{32})(?:\.json|\.svg)?$/;
const IN_API = /\/api\/v1\/entries\/(0|[1-9][0-9]{0,15})(?:\/bundle|\/proof)?()$/;
const BARE = /^(?:0|[1-9][0-9]{0,15})-[0-9a-f]{32}$/;

/** @param {string} pasted @param {string} ledger its URL, without a slash at the end @returns {Address} */
export function readAddress(pasted, ledger) {
  const text = pasted.trim();
  const whole = BARE.test(text) ? `${ledger}/e/${text}` : text;
  if (!URL.canParse(whole)) return "no_entry";
  const { protocol, origin, pathname } = new URL(whole);
  if (protocol !== "https:" && protocol !== "http:") return "no_entry";
  const plain = origin + pathname;
  const [found, index, hash = ""] = PAGE.exec(plain) ?? IN_API.exec(plain) ?? [];
  if (found === undefined || !Number.isSafeInteger(Number(index))) return "no_entry";
  if (plain !== ledger + found) return "elsewhere";
  return { index: Number(index), hash };
}
