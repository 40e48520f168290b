// Domain names in the form that every auditor checks (protocol §1), and the names of ledgers (§7). Which domain
// names a ledger admits beyond that, it says itself: those lists change with time.

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Lower-case A-labels, at least two, the last not numeric. @param {unknown} text @returns {text is string} */
export function isDomain(text) {
  if (typeof text !== "string" || text.length > 253) return false;
  const labels = text.split(".");
  const last = labels[labels.length - 1] ?? "";
  return labels.length > 1 && labels.every((label) => LABEL.test(label)) &&
    !/^(\d+|0x[0-9a-f]*)$/.test(last);
}

/** What names a ledger: a URL without scheme. */
export const ORIGIN = /^(?!\/|.*\/(\/|$))[!$-*,-;=@[\]_a-z~]{1,255}$/;
