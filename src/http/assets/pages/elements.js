// Elements made by scripts: their texts are set as text, never as HTML.

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name @param {Record<string, string>} attributes @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** What machines write, such as a key. @param {string} text */
export const code = (text) => element("code", { translate: "no", dir: "ltr" }, text);

/** A sentence that is there in English alone. @param {string} text */
export const english = (text) => element("bdi", { lang: "en", dir: "ltr" }, text);

/** A moment as people of the reader's language write it; it says that it is UTC. @param {string} iso */
export function when(iso) {
  const { lang } = document.documentElement;
  const form = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeStyle: "long", timeZone: "UTC" });
  return element("time", { datetime: iso }, form.format(new Date(iso)));
}

/** The element of the page with that id. @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}
