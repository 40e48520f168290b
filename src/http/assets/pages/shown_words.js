// Whether a page shows the words that were signed: what it was rendered from need not be what is on record.

import { readBundle } from "../onrecord/bundle.js";
import { readDisclosure } from "../onrecord/disclosure.js";
import { isObject } from "../onrecord/json.js";

/** @import { Check } from "../onrecord/checks.js" */
/** @import { Disclosure } from "../onrecord/disclosure.js" */
/** @import { Bytes } from "../onrecord/encoding.js" */

/** HTML knows one kind of line break. @param {string} text */
const inHtml = (text) => text.replace(/\r\n?/g, "\n");

/** @param {string} text @param {string} cut it, with an ellipsis at the end */
const beginsSo = (text, cut) => cut.endsWith("…") && text.startsWith(cut.slice(0, -1));

/**
 * The names of words that are shown but were not signed so.
 * @param {Iterable<Pick<HTMLElement, "dataset" | "textContent">>} shown elements with the name of a word in
 *   `data-word` and, for a part of it, in `data-part`; with `data-cut` only the beginning is shown, and an
 *   ellipsis after it
 * @param {(Disclosure | undefined)[]} signed
 */
export function differingWords(shown, signed) {
  const values = new Map(signed.flatMap((word) => (word ? [[word.name, word.value]] : [])));
  const differing = new Set();
  for (const { dataset: { word = "", part, cut }, textContent } of shown) {
    const value = values.get(word);
    const said = part === undefined ? value : isObject(value) ? value[part] : undefined;
    const text = inHtml(String(said));
    const isSame = cut === undefined ? text === textContent : beginsSo(text, textContent ?? "");
    if (said === undefined || !isSame) differing.add(word);
  }
  return [...differing];
}

/** The words count as checked when this page shows the same ones. @param {Check} check
 * @param {Promise<Bytes>} bundle */
export async function withWordsShown(check, bundle) {
  if (check.result !== "verified") return check;
  const { disclosures } = readBundle(await bundle);
  const words = await Promise.all(disclosures.map((word) => readDisclosure(word).catch(() => undefined)));
  /** @type {NodeListOf<HTMLElement>} */
  const shown = document.querySelectorAll("[data-word]");
  const differing = differingWords(shown, words);
  if (!differing.length) return check;
  const detail = `words_shown_differ: this page shows another ${differing.join(", ")} than was signed`;
  return /** @type {Check} */ ({ ...check, result: "failed", detail });
}
