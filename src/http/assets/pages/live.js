// The page of the newest entries: counts what is published meanwhile, and says when it cannot. It puts nothing under the
// reader's eyes but takes words off the page that were erased.

import { byId } from "./elements.js";
import { compose, say } from "./strings.js";

/** Before the stream is begun anew, where the browser does not do that by itself. */
const PAUSE_MILLIS = 5_000;
/** Counts are told so often at most, so that who listens to the page is not told of each entry. */
const TELL_MILLIS = 1_000;

const section = byId("live");
const state = byId("state");
const again = byId("again");
const stream = new URL(section.dataset.stream ?? "", location.href);
let published = 0;
let isTold = true;
/** Nothing while the stream is waited for. @type {EventSource | undefined} */
let source;

begin();
// A page that is left and come back to goes on where it was.
addEventListener("pageshow", (event) => event.persisted && begin());
addEventListener("pagehide", () => source?.close());

function begin() {
  source?.close();
  const events = new EventSource(stream);
  source = events;
  events.addEventListener("open", () => tell(say("live-script-connected")));
  events.addEventListener("entry", (event) => {
    goOnBehind(event.lastEventId);
    published += 1;
    if (isTold) setTimeout(count, published === 1 ? 0 : TELL_MILLIS);
    isTold = false;
  });
  events.addEventListener("checkpoint", (event) => goOnBehind(event.lastEventId));
  events.addEventListener("erasure", (event) => takeOff(JSON.parse(event.data).index));
  events.addEventListener("dropped", () => later(events));
  events.addEventListener("error", () => {
    tell(say("live-script-lost"));
    // It tries again by itself, unless the ledger refused it.
    if (events.readyState === EventSource.CLOSED) later(events);
  });
}

/** @param {EventSource} events */
function later(events) {
  events.close();
  if (source === events) setTimeout(begin, PAUSE_MILLIS);
}

/** @param {string} id */
function goOnBehind(id) {
  if (id) stream.searchParams.set("cursor", String(Number(id) + 1));
}

function count() {
  isTold = true;
  again.replaceChildren(compose("live-script-new", { count: String(published) }));
  tell(again.textContent ?? "");
}

/** @param {string} text */
function tell(text) {
  if (state.textContent !== text) state.textContent = text;
}

/** Erased words do not stay where they can be read. @param {number} index */
function takeOff(index) {
  for (const link of section.querySelectorAll(".entries a")) {
    const path = new URL(/** @type {HTMLAnchorElement} */ (link).href).pathname;
    if (path.includes(`/e/${index}-`)) link.replaceChildren(compose("live-script-erased", { index: String(index) }));
  }
}
