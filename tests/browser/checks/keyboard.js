// The whole page by keyboard alone: the skip link comes first, Tab stops at everything in the order of the page and
// gets out again, and where it stands can be seen.

/** @import { Tab } from '../harness/chromium.js' */
/** @import { Page } from 'playwright-core' */

/** More stops than any page has. */
const STOPS_MAX = 400;
/** How long a frame may take to tell of its focus, and how often it is asked. */
const FRAME_MILLIS = 5000;
const AGAIN_MILLIS = 50;
/** A frame, and a field for a day with its day, month and year, are passed in several stops. */
const HAS_STOPS_WITHIN = /^<(iframe|input type="date")/;
/** Contrast of a focus indicator with what is behind it, WCAG 2.2, 1.4.11. */
const CONTRAST_MIN = 3;

/**
 * Where the focus is.
 * @typedef {object} Stop
 * @property {number} place among what must be reachable; -1 for other stops, as boxes that scroll
 * @property {string} name
 * @property {string[]} complaints about how the focus shows
 */

/** @param {Tab} tab @returns {Promise<string[]>} */
export async function worksByKeyboard({ page, visit }) {
  const expected = await page.evaluate(prepare, CONTRAST_MIN);
  const { stops, leaves } = await walk(page, 'Tab', expected.length - 1);
  const complaints = stops.flatMap((stop) => stop.complaints);
  if (!leaves) complaints.push(`no way out after ${stops.length} stops: ${stops.at(-1)?.name}`);
  const reached = stops.map((stop) => stop.place).filter((place) => place >= 0);
  expected.forEach((name, place) => {
    if (!reached.includes(place)) complaints.push(`not reached: ${name}`);
  });
  reached.forEach((place, number) => {
    const before = reached[number - 1] ?? -1;
    if (place < before) complaints.push(`out of order: ${expected[place]} after ${expected[before]}`);
  });
  // What stands in a frame has nothing to skip.
  return visit.page.isEmbedded ? complaints : [...complaints, ...(await skipLink(page))];
}

/**
 * The first stop is a link to the main part, which is there.
 * @param {Page} page
 */
async function skipLink(page) {
  await page.evaluate(() => window.keyboard?.restart());
  await page.keyboard.press('Tab');
  const target = await page.evaluate(() => document.activeElement?.getAttribute('href') ?? '');
  if (!target.startsWith('#')) return ['the first stop is no skip link'];
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  return page.evaluate((id) => {
    const main = document.getElementById(id);
    if (!main?.closest('main')) return [`the skip link leads to #${id}, which is not main`];
    const now = document.activeElement;
    const isBehind = now === document.body || now === main ||
      Boolean(now && main.compareDocumentPosition(now) & (Node.DOCUMENT_POSITION_CONTAINED_BY | Node.DOCUMENT_POSITION_FOLLOWING));
    return isBehind ? [] : ['after the skip link, Tab goes on before main'];
  }, target.slice(1));
}

/**
 * Presses a key until the focus leaves the page.
 * @param {Page} page @param {string} key @param {number} last place of the page
 */
async function walk(page, key, last) {
  await page.evaluate(() => window.keyboard?.restart());
  /** @type {Stop[]} */
  const stops = [];
  let focus = await focusOf(page);
  for (let pressed = 0; pressed < STOPS_MAX; pressed += 1) {
    await page.keyboard.press(key);
    focus = await focusAfter(page, focus, last);
    const { stop } = focus;
    const isBack = stop && stop.place >= 0 && stops.length > 0 && stop.place === stops[0]?.place;
    if (!stop || isBack) return { stops, leaves: true };
    const isStuck = stops.slice(-2).every((before) => before.name === stop.name && before.place === stop.place);
    if (stops.length > 2 && isStuck && !HAS_STOPS_WITHIN.test(stop.name)) return { stops, leaves: false };
    stops.push(stop);
  }
  return { stops, leaves: false };
}

/**
 * Where the focus is after a key. A frame without an origin has a process of its own, which tells the page's when the
 * focus comes and goes: until then it seems to be nowhere, or there still, or at a frame in which nothing has it.
 * Behind the last place, nowhere is right.
 * @param {Page} page @param {Focus} before @param {number} last place of the page
 */
async function focusAfter(page, before, last) {
  const deadline = Date.now() + FRAME_MILLIS;
  let focus = await focusOf(page);
  const isSettled = () => {
    if (focus.stop === undefined) return before.stop?.place === last;
    if (isFrame(focus.stop) && focus.within === '') return false;
    return focus.stop.place !== before.stop?.place || focus.within !== before.within;
  };
  while (page.frames().length > 1 && !isSettled() && Date.now() < deadline) {
    await page.waitForTimeout(AGAIN_MILLIS);
    focus = await focusOf(page);
  }
  return focus;
}

/**
 * @typedef {object} Focus
 * @property {Stop | undefined} stop of the page, a frame as a whole among them
 * @property {string} within which element of which frame; empty when no frame has the focus
 */

/** @param {Page} page @returns {Promise<Focus>} */
async function focusOf(page) {
  const stop = await page.evaluate(() => window.keyboard?.stop());
  if (!isFrame(stop)) return { stop, within: '' };
  const places = await Promise.all(page.frames().slice(1).map((frame) => frame.evaluate(() =>
    document.hasFocus() ? [...document.querySelectorAll('*')].indexOf(document.activeElement ?? document.body) : -1)));
  return { stop, within: places.map((place, frame) => place < 0 ? '' : `${frame}:${place}`).join('') };
}

/** @param {Stop | undefined} stop */
function isFrame(stop) {
  return stop?.name.startsWith('<iframe') ?? false;
}

/**
 * Runs in the page: finds what must be reachable, in the order of the page, and leaves two functions that tell
 * where the focus is. Returns a name for each.
 * @param {number} contrastMin
 */
function prepare(contrastMin) {
  const INTERACTIVE = 'a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [contenteditable], [tabindex]';
  const expected = [...composed(document.body)].filter(isStop);
  window.keyboard = { restart, stop };
  return expected.map(inWords);

  /** @param {Element} root @returns {Generator<Element>} */
  function* composed(root) {
    for (const child of root.children) {
      yield child;
      if (child.shadowRoot) yield* composed(/** @type {any} */ (child.shadowRoot));
      yield* composed(child);
    }
  }

  /** @param {Element} element */
  function isStop(element) {
    if (!(element instanceof HTMLElement) || !element.matches(INTERACTIVE) || element.tabIndex < 0) return false;
    if (element.matches(':disabled') || element.closest('[inert]') || !element.checkVisibility({ visibilityProperty: true })) return false;
    if (element.tagName === 'SUMMARY') return element.parentElement?.querySelector(':scope > summary') === element;
    if (!(element instanceof HTMLInputElement) || element.type !== 'radio') return true;
    const group = [...document.querySelectorAll('input[type=radio]')].filter((other) =>
      other instanceof HTMLInputElement && other.name === element.name && other.form === element.form);
    const chosen = group.find((other) => other instanceof HTMLInputElement && other.checked) ?? group[0];
    return chosen === element;
  }

  /** The next Tab starts at the top of the page. */
  function restart() {
    document.body.tabIndex = -1;
    document.body.focus({ preventScroll: true });
    document.body.removeAttribute('tabindex');
    window.scrollTo(0, 0);
  }

  function stop() {
    let focused = document.activeElement;
    while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    if (!(focused instanceof HTMLElement) || focused === document.body) return undefined;
    return { place: expected.indexOf(focused), name: inWords(focused), complaints: sight(focused) };
  }

  /** @param {HTMLElement} focused */
  function sight(focused) {
    if (focused instanceof HTMLIFrameElement) return [];
    const labels = focused instanceof HTMLInputElement ? [...(focused.labels ?? [])] : [];
    const shown = [focused, ...labels].filter((part) => hasOutline(part));
    if (shown.length === 0) return [`its focus cannot be seen: ${inWords(focused)}`];
    const isSeen = [focused, ...labels].some((part) => {
      const box = [...part.getClientRects()].find(({ width, height }) => width > 1 && height > 1);
      if (!box) return false;
      const root = /** @type {Document | ShadowRoot} */ (part.getRootNode());
      // Of a text of several lines the browser brings the line into sight in which one writes.
      const [from, to] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
      const top = from < to ? root.elementFromPoint(box.x + box.width / 2, (from + to) / 2) : null;
      return top !== null && (part.contains(top) || top.contains(part));
    });
    return isSeen ? [] : [`covered or outside the window when focused: ${inWords(focused)}`];
  }

  /** @param {Element} element */
  function hasOutline(element) {
    const style = getComputedStyle(element);
    if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 1) return false;
    if (style.outlineStyle === 'auto') return true;
    if (parseFloat(style.outlineWidth) < 2) return false;
    const [line, behind] = [rgb(style.outlineColor), background(element.parentElement)];
    return line.alpha > 0.5 && contrast(line, behind) >= contrastMin;
  }

  /** @param {Element | null} element */
  function background(element) {
    for (let around = element; around; around = around.parentElement) {
      const colour = rgb(getComputedStyle(around).backgroundColor);
      if (colour.alpha > 0.5) return colour;
    }
    return rgb(matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(0,0,0)' : 'rgb(255,255,255)');
  }

  /** @param {string} colour in any form of CSS; drawn, so that the browser says what it is */
  function rgb(colour) {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (!canvas) throw new Error('no canvas');
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
    const linear = [red, green, blue].map((part) => part / 255).map((part) =>
      part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    const luminance = 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
    return { luminance, alpha: alpha / 255 };
  }

  /** @param {{luminance: number}} one @param {{luminance: number}} other */
  function contrast(one, other) {
    const [dark = 0, light = 0] = [one.luminance, other.luminance].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  /** @param {Element} element */
  function inWords(element) {
    return element.outerHTML.slice(0, 80).replace(/\s+/g, ' ');
  }
}
