// Pages with one fault each, which the checks must find, and a sound one, which no check may complain about: so that
// a check that cannot fail is caught. Served by the suite of the same name, never by a ledger.

import { axe } from './checks/axe.js';
import { worksByKeyboard } from './checks/keyboard.js';
import {
  cutsNothingOff, fitsSideways, speaks, targetsAreLarge, textGrows, textMayBeSpaced,
} from './checks/layout.js';
import { keepsForcedColors, printsWhole, staysStill } from './checks/media.js';
import { quiet } from './checks/quiet.js';

/** @import { Look } from './harness/chromium.js' */
/** @import { Check } from './harness/suite.js' */

/**
 * @typedef {object} Fault
 * @property {string} name of the fault
 * @property {Check} check that must find it
 * @property {RegExp} complaint
 * @property {Look} [look]
 * @property {string} [style] added to the sound page's
 * @property {string} [main] added to its main part
 * @property {string} [script] run by it
 * @property {string} [html] instead of the sound page
 */

const STYLE = `body { margin: 1rem; background: #fff; color: #111; font: 1rem/1.6 sans-serif }
.skip { position: absolute; inset-inline-start: -100vw } .skip:focus { position: static }
a, button, input { display: inline-block; font: inherit; min-inline-size: 2rem; min-block-size: 2rem; color: #0b57d0 }
:focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } a, button, input { color: #9cf; background: #111 }
  :focus-visible { outline-color: #9cf } }
@media print { main a[href^=http]::after { content: " (" attr(href) ")" } }`;

/** @param {Partial<Fault>} [fault] */
export function planted({ style = '', main = '', script = '', html } = {}) {
  return html ?? `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Planted</title>
<link rel="icon" href="/planted/icon.svg">
<style>${STYLE}${style}</style>
</head>
<body>
<a class="skip" href="#main">To the words</a>
<header><a href="/planted/sound.html">Home</a></header>
<main id="main" tabindex="-1">
<h1>A page</h1>
<p>Some words about it, long enough to wrap on a small screen, as words do.</p>
<p><a href="/planted/sound.html">Again</a> <a href="https://elsewhere.example/">Elsewhere</a></p>
<p><label for="name">Name</label> <input id="name" type="text"> <button type="button">Go</button></p>
${main}
</main>
${script && `<script type="module">${script}</script>`}
</body>
</html>`;
}

/** Every check that a page is held to, with the looks in which the sound page is held to it. */
export const CHECKS = /** @type {[Check, Look][]} */ ([
  [quiet, {}], [axe, {}], [axe, { dark: true }], [worksByKeyboard, {}], [worksByKeyboard, { dark: true, width: 320 }],
  [worksByKeyboard, { forcedColors: true }], [cutsNothingOff, {}], [fitsSideways, { width: 320 }], [targetsAreLarge, {}],
  [textGrows, {}], [textMayBeSpaced, { width: 320 }], [keepsForcedColors, { forcedColors: true }],
  [staysStill, { reducedMotion: true }], [printsWhole, { print: true }], [speaks('en', 'ltr'), {}],
]);

/** @type {Fault[]} */
export const FAULTS = [
  { name: 'an error on the console', check: quiet, complaint: /^console error: oh/, script: 'console.error("oh")' },
  { name: 'a word on the console', check: quiet, complaint: /^console log: ah/, script: 'console.log("ah")' },
  { name: 'an exception', check: quiet, complaint: /^uncaught: no/, script: 'throw new Error("no")' },
  { name: 'a missing file', check: quiet, complaint: /^answered 404: /, main: '<img src="/planted/none.png" alt="">' },
  { name: 'another site', check: quiet, complaint: /^asked elsewhere: /, main: '<img src="http://127.0.0.1:9/x.png" alt="">' },
  { name: 'a cookie', check: quiet, complaint: /^set a cookie: a/, script: 'document.cookie = "a=b"' },
  { name: 'a breach of policy', check: quiet, complaint: /securitypolicyviolation: style-src/,
    main: '<p>It breaks the policy.</p>', html: planted({ style: '' }).replace('<head>',
      '<head><meta http-equiv="Content-Security-Policy" content="style-src \'self\'">') },
  { name: 'a field without a label', check: axe, complaint: /^label: /, main: '<p><input id="nameless"></p>' },
  { name: 'pale text in the dark', check: axe, complaint: /^color-contrast: /, look: { dark: true },
    style: '@media (prefers-color-scheme: dark) { p { color: #333 } }' },
  { name: 'a heading left out', check: axe, complaint: /^heading-order: /, main: '<h4>Deep</h4>' },
  { name: 'a wide box', check: fitsSideways, complaint: /^the page is \d+ wide/, look: { width: 320 },
    style: 'h1 { inline-size: 400px }' },
  { name: 'a wide box that is hidden', check: fitsSideways, complaint: /^from \d+ to \d+ of 320/, look: { width: 320 },
    style: 'html, body { overflow-x: hidden } h1 { inline-size: 400px }' },
  { name: 'a box that scrolls sideways', check: fitsSideways, complaint: /^scrolls sideways/, look: { width: 320 },
    main: '<pre>' + 'word '.repeat(40) + '</pre>', style: 'pre { overflow-x: auto }' },
  { name: 'text that is cut off', check: cutsNothingOff, complaint: /^cut off: <h1/, style: 'h1 { block-size: 1rem; overflow: hidden }' },
  { name: 'a small target', check: targetsAreLarge, complaint: /^16.0 × 16.0: <button/,
    style: '#tiny { min-block-size: 0; min-inline-size: 0; block-size: 16px; inline-size: 16px; padding: 0 }',
    main: '<button type="button" id="tiny">x</button>' },
  { name: 'text in pixels', check: textGrows, complaint: /^does not grow: <h1/, style: 'h1 { font-size: 16px }' },
  { name: 'a box of fixed height', check: textMayBeSpaced, complaint: /^cut off: <p/, look: { width: 320 },
    style: '#tight { line-height: 1; block-size: 1em; overflow: hidden }', main: '<p id="tight">Tight</p>' },
  { name: 'English where Arabic is asked for', check: speaks('ar', 'rtl'), complaint: /language is "en"/, look: { lang: 'ar' } },
  { name: 'colours that are insisted on', check: keepsForcedColors, complaint: /^keeps its own colours: <h1/,
    look: { forcedColors: true }, style: 'h1 { forced-color-adjust: none }' },
  { name: 'a button without an edge', check: keepsForcedColors, complaint: /^has no edge: <button/,
    look: { forcedColors: true }, style: 'button { appearance: none; border: 0 }' },
  { name: 'a transition', check: staysStill, complaint: /^moves: h1/, look: { reducedMotion: true }, style: 'h1 { transition: color 1s }' },
  { name: 'an animation', check: staysStill, complaint: /^moves: h1::before/, look: { reducedMotion: true },
    style: '@keyframes k { to { opacity: 0 } } h1::before { content: "·"; animation: k 2s infinite }' },
  { name: 'a bar that floats on paper', check: printsWhole, complaint: /^floats: <header/, look: { print: true },
    style: 'header { position: fixed }' },
  { name: 'a link without its address on paper', check: printsWhole, complaint: /^its address is not printed/, look: { print: true },
    style: '@media print { main a[href^=http]::after { content: none } }' },
  { name: 'a main part that is not printed', check: printsWhole, complaint: /^main is not printed/, look: { print: true },
    style: '@media print { main { display: none } }' },
  { name: 'a trap', check: worksByKeyboard, complaint: /^no way out/,
    script: 'document.querySelector("#name").addEventListener("keydown", (event) => event.preventDefault())' },
  { name: 'a place that Tab passes over', check: worksByKeyboard, complaint: /^not reached: <button/,
    script: 'document.querySelector("button").addEventListener("focus", (event) => event.target.blur())' },
  { name: 'an order of its own', check: worksByKeyboard, complaint: /^not reached: .*tabindex="1"/, main: '<p><a href="#main" tabindex="1">First</a></p>' },
  { name: 'a focus without a sign', check: worksByKeyboard, complaint: /^its focus cannot be seen: <button/,
    style: 'button:focus-visible { outline: none }' },
  { name: 'a pale sign of focus', check: worksByKeyboard, complaint: /^its focus cannot be seen: <button/,
    style: 'button:focus-visible { outline-color: #eee }' },
  { name: 'a bar over what has the focus', check: worksByKeyboard, complaint: /^covered or outside the window.*<input/,
    style: '#bar { position: fixed; inset: 0; background: #fff }', main: '<div id="bar"></div>' },
  { name: 'no skip link', check: worksByKeyboard, complaint: /^the first stop is no skip link/, style: '.skip { display: none }' },
  { name: 'a skip link to nowhere', check: worksByKeyboard, complaint: /^the skip link leads to #main/,
    script: 'document.querySelector("main").id = "other"' },
];
