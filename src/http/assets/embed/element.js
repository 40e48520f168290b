// <onrecord-proof entry="{index}-{hash}">, <… thread="{index}-{hash}"> or <… organization="{domain}">: shows on any site
// whether an entry verifies, checked in the visitor's browser, and what the ledger counts of a thread or an organization.
// The ledger is the one this file came from, which nothing on the site can change. What the site put inside stays, so
// that a link is there when scripts or fetches are blocked. It needs nothing of the site's policy but `script-src` and
// `connect-src`: its style is a constructed one, and no text is ever read as HTML.

import { element } from "../pages/elements.js";
import { fill } from "../pages/fill.js";
import { checkHere, readEntry, unchecked } from "./check.js";
import { FreshCheck } from "./fresh.js";
import { View } from "./view.js";
import { WORDS } from "./words.js";

/** @import { Say } from "./view.js" */

const NAME = "onrecord-proof";
const RIGHT_TO_LEFT = ["ar"];
const STYLE = `
  :host { display: block; }
  :host([hidden]), [hidden] { display: none !important; }
  .proof { box-sizing: border-box; max-inline-size: 30em; padding: .75em 1em; border: 1px solid GrayText;
    border-radius: .4em; background: Canvas; color: CanvasText; line-height: 1.5; overflow-wrap: anywhere; }
  p, ul { margin: .25em 0 0; }
  ul { padding-inline-start: 1.2em; }
  .quiet, .meaning, details { font-size: .875em; }
  .state { font-weight: 600; }
  .state::before { content: "○ "; content: "○ " / ""; }
  .verified { color: #1c6b3c; color: light-dark(#1c6b3c, #86d3a0); }
  .verified::before { content: "✓ "; content: "✓ " / ""; }
  .failed { color: #b3261e; color: light-dark(#b3261e, #ffaba2); }
  .failed::before { content: "✕ "; content: "✕ " / ""; }
  .stale { color: #7d5200; color: light-dark(#7d5200, #eabf6b); }
  .stale::before { content: "↻ "; content: "↻ " / ""; }
  button { margin-block-start: .5em; padding: .4em 1em; min-block-size: 2em; border: 1px solid; border-radius: .3em;
    background: ButtonFace; color: ButtonText; font: inherit; cursor: pointer; }
  summary { padding-block: .3em; cursor: pointer; }
  :focus-visible { outline: 3px solid; outline-offset: 2px; }
`;

const ledger = new URL("../", import.meta.url);
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

class OnrecordProof extends HTMLElement {
  static observedAttributes = ["entry", "thread", "organization"];

  /** @type {FreshCheck | undefined} */
  #fresh;
  #root = this.attachShadow({ mode: "open" });

  connectedCallback() {
    this.#root.adoptedStyleSheets = [sheet];
    this.#begin();
  }

  disconnectedCallback() {
    this.#fresh?.stop();
    this.#fresh = undefined;
  }

  attributeChangedCallback() {
    if (this.#fresh) this.#begin();
  }

  #begin() {
    this.#fresh?.stop();
    const of = OnrecordProof.observedAttributes.find((name) => this.hasAttribute(name)) ?? "entry";
    const asked = encodeURIComponent((this.getAttribute(of) ?? "").trim());
    const address = readEntry(asked);
    const isNamed = !!address || (of === "organization" && !!asked);
    const folder = of.charAt(0);
    const lang = languageOf(this);
    const badge = of === "entry" ? undefined : `badge/${folder}/${asked}.json?lang=${lang}`;
    /** @type {Say} */
    const say = (id, values = {}) => fill(WORDS[lang]?.[id] ?? id, values);
    const host = ledger.host + ledger.pathname.slice(0, -1);
    const fresh = new FreshCheck(
      async () => (isNamed ? checkHere(ledger.href, address, { badge }) : unchecked("no-entry")),
      (shown) => view.show(shown),
    );
    const view = new View(say, lang, host, fresh.again);
    const dir = RIGHT_TO_LEFT.includes(lang) ? "rtl" : "ltr";
    const to = { href: `${ledger.href}${folder}/${asked}`, rel: "noopener", target: "_blank" };
    const name = address ? say("proof-entry", { index: String(address.index), host }) : `${asked} · ${host}`;
    const link = isNamed && element("a", to, name);
    const given = element("slot", {}, ...(link ? [element("div", { lang, dir }, link)] : []));
    this.#root.replaceChildren(element("div", { class: "proof" }, given, element("div", { lang, dir }, view.whole)));
    this.#fresh = fresh;
    void fresh.start();
  }
}

/** The language of the closest element that says one, in this tree or those around it, where there are words in it;
 * else English. @param {Element} from */
function languageOf(from) {
  /** @type {Node | undefined} */
  let tree = from;
  while (tree) {
    /** @type {Element} */
    const inside = tree instanceof ShadowRoot ? tree.host : from;
    const said = inside.closest("[lang]");
    const lang = said?.getAttribute("lang")?.toLowerCase().split("-")[0] ?? "";
    if (said) return Object.hasOwn(WORDS, lang) ? lang : "en";
    const root = inside.getRootNode();
    tree = root instanceof ShadowRoot ? root : undefined;
  }
  return "en";
}

if (!customElements.get(NAME)) customElements.define(NAME, OnrecordProof);
