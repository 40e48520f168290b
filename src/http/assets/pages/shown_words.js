// Whether a page shows the words that were signed: what it was rendered from need not be what is on record.

import { isObject } from "../onrecord/json.js";

/** @import { Disclosure } from "../onrecord/disclosure.js" */

/** HTML knows one kind of line break. @param {string} text */
const inHtml = (text) => text.replace(/\r\n?/g, "\n");

/**
 * The names of words that are shown but were not signed so.
 * @param {Iterable<Pick<HTMLElement, "dataset" | "textContent">>} shown elements with the name of a word in
 *   `data-word` and, for a part of it, in `data-part`
 * @param {(Disclosure | undefined)[]} signed
 */
export function differingWords(shown, signed) {
  const values = new Map(signed.flatMap((word) => (word ? [[word.name, word.value]] : [])));
  const differing = new Set();
  for (const { dataset: { word = "", part }, textContent } of shown) {
    const value = values.get(word);
    const said = part === undefined ? value : isObject(value) ? value[part] : undefined;
    if (said === undefined || inHtml(String(said)) !== textContent) differing.add(word);
  }
  return [...differing];
}
