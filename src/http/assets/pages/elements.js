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

/** What dates are written by: English as the pages write it, with the day before the month. @param {string} lang */
export const localeOf = (lang) => (lang === "en" ? "en-GB" : lang);

/** A moment, day or month as people of the reader's language write it; a moment says that it is UTC.
 * @param {string} iso */
export function when(iso) {
  const form = new Intl.DateTimeFormat(localeOf(document.documentElement.lang), {
    year: "numeric",
    month: "long",
    timeZone: "UTC",
    ...(iso.length > 7 && { day: "numeric" }),
    ...(iso.length > 10 && { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" }),
  });
  return element("time", { datetime: iso }, form.format(new Date(iso)));
}

/** The element of the page with that id. @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}
