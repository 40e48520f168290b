// The words of a page's script, in the reader's language: the server puts them into the page, in its element
// `strings`. Scripts hold no words of their own.

import { fill } from "./fill.js";

/** @type {Record<string, string>} */
const messages = JSON.parse(document.getElementById("strings")?.textContent ?? "{}");

/** A message as text. @param {string} id @param {Record<string, unknown>} [values] */
export const say = (id, values = {}) => fill(messages[id] ?? id, values);

/**
 * A message as nodes, with every value in an element of its own direction.
 * @param {string} id @param {Record<string, string | Node>} values
 */
export function compose(id, values) {
  const parts = (messages[id] ?? id).replace(/[\u2068\u2069]/g, "").split(/\{\$(\w+)\}/);
  const nodes = parts.map((part, place) => {
    if (place % 2 === 0) return part;
    const bdi = document.createElement("bdi");
    bdi.append(values[part] ?? "");
    return bdi;
  });
  const fragment = document.createDocumentFragment();
  fragment.append(...nodes);
  return fragment;
}
