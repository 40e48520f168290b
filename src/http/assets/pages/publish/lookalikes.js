// What a person should know about a domain name before it stands on record: how browsers show it, and
// whether it may pass for another. Whether a name is a domain at all, domain.js of the core says.

import { isDomain } from "../../onrecord/domain.js";

/** Letters of other scripts that look like a Latin one. */
const LIKE_LATIN = /^[абвгеԁһіјкӏмнорԛгѕтуԝхсαικνορτυχօսոհ\d-]+$/u;
const SCRIPTS = ["Latin", "Cyrillic", "Greek", "Armenian", "Hebrew", "Arabic", "Devanagari", "Thai",
  "Georgian", "Hangul", "Han", "Hiragana", "Katakana"].map((name) => new RegExp(`\\p{Script=${name}}`, "u"));
/** Chinese, Japanese and Korean are each written in several scripts. */
const EAST_ASIAN = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Latin}\p{N}ー-]+$/u;

/** What names the organization where the address of a page was pasted: its host, without `www.` before it. There it
 * stays where what follows is shared by many, as in www.gov.uk. @param {string} typed */
const hostIn = (typed) => typed.trim().replace(/^https?:\/\//i, "").replace(/[/?#].*$/s, "")
  .replace(/^www\.(?=[^.]+\.)(?!(?:ac|co|com|edu|gov|net|org)\.[^.]+$)/i, "");

/** The name as the protocol writes it, from what was typed or pasted. @param {string} typed */
export function domainOf(typed) {
  const text = hostIn(typed);
  if (/[\s\\@:%]/.test(text)) return;
  try {
    const { hostname } = new URL(`https://${text}`);
    if (isDomain(hostname)) return hostname;
  } catch {
    // Not a name of a host, so not a domain.
  }
}

/** The name as browsers show it. @param {string} domain in ASCII */
export const unicodeOf = (domain) =>
  domain.split(".").map((label) => (label.startsWith("xn--") ? decode(label.slice(4)) : label)).join(".");

/** Each a reason to look twice. @param {string} domain in ASCII
 * @returns {("international" | "mixed" | "lookalike")[]} */
export function warningsOf(domain) {
  const labels = unicodeOf(domain).split(".").filter((label) => /[^\x00-\x7f]/.test(label));
  /** @type {("international" | "mixed" | "lookalike")[]} */
  const warnings = domain.includes("xn--") ? ["international"] : [];
  if (labels.some(mixesScripts)) warnings.push("mixed");
  if (labels.some((label) => LIKE_LATIN.test(label))) warnings.push("lookalike");
  return warnings;
}

/** @param {string} label */
const mixesScripts = (label) =>
  !EAST_ASIAN.test(label) && SCRIPTS.filter((script) => script.test(label)).length > 1;

/** Punycode (RFC 3492 §6.2) of a label that a browser wrote. @param {string} code */
function decode(code) {
  const dash = code.lastIndexOf("-");
  const output = [...code.slice(0, Math.max(dash, 0))];
  let [n, i, bias] = [128, 0, 72];
  for (let at = dash + 1; at < code.length; ) {
    const before = i;
    for (let weight = 1, k = 36; ; k += 36) {
      const digit = parseInt(code[at++] ?? "", 36);
      const value = digit < 10 ? digit + 26 : digit - 10;
      const least = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
      i += value * weight;
      if (value < least || at >= code.length) break;
      weight *= 36 - least;
    }
    bias = adapt(i - before, output.length + 1, before === 0);
    n += Math.floor(i / (output.length + 1));
    i %= output.length + 1;
    if (n > 0x10ffff) return `xn--${code}`;
    output.splice(i++, 0, String.fromCodePoint(n));
  }
  return output.join("");
}

/** @param {number} delta @param {number} points @param {boolean} isFirst */
function adapt(delta, points, isFirst) {
  let rest = Math.floor(delta / (isFirst ? 700 : 2));
  rest += Math.floor(rest / points);
  let k = 0;
  for (; rest > 455; k += 36) rest = Math.floor(rest / 35);
  return k + Math.floor((36 * rest) / (rest + 38));
}
