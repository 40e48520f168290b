// For how long the outcome of a check is shown, by the wall clock.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { unchecked } from "../../src/http/assets/embed/check.js";
import { FRESH_MILLIS, FreshCheck } from "../../src/http/assets/embed/fresh.js";

/** @import { Found } from "../../src/http/assets/embed/check.js" */

const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
const window = new EventTarget();
Object.assign(globalThis, {
  document: page,
  addEventListener: window.addEventListener.bind(window),
  removeEventListener: window.removeEventListener.bind(window),
});

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_000_000 });
  page.visibilityState = "visible";
});

/** @type {Found} */
const verified = { result: "verified", checks: [], keys: [] };

/** A check that comes out as it is told, and what was shown. @param {() => Promise<Found>} outcome */
function started(outcome) {
  /** @type {string[]} */
  const shown = [];
  const fresh = new FreshCheck(outcome, ({ state }) => shown.push(state));
  return { fresh, shown, done: fresh.start() };
}

const comeBack = () => page.dispatchEvent(new Event("visibilitychange"));
/** What was begun is done. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("what verified is stale when ten minutes are over, and not before", async () => {
  const { fresh, shown, done } = started(async () => verified);
  await done;
  assert.equal(FRESH_MILLIS, 600_000);
  mock.timers.tick(FRESH_MILLIS - 1);
  assert.deepEqual(shown, ["checking", "verified"]);
  mock.timers.tick(15_000);
  assert.deepEqual(shown, ["checking", "verified", "stale"]);
  await fresh.again();
  assert.deepEqual(shown.slice(3), ["checking", "verified"]);
  fresh.stop();
});

test("a check counts from when it began, however long it took", async () => {
  const { fresh, shown, done } = started(async () => {
    mock.timers.setTime(1_000_000 + FRESH_MILLIS);
    return verified;
  });
  await done;
  assert.equal(shown.at(-1), "stale");
  fresh.stop();
});

test("a page that comes back late is stale at once and checks again by itself", async () => {
  const { fresh, shown, done } = started(async () => verified);
  await done;
  comeBack();
  await settled();
  assert.equal(shown.length, 2);
  mock.timers.setTime(1_000_000 + FRESH_MILLIS);
  page.visibilityState = "hidden";
  comeBack();
  assert.equal(shown.length, 2);
  page.visibilityState = "visible";
  comeBack();
  await settled();
  assert.deepEqual(shown.slice(2), ["stale", "checking", "verified"]);
  fresh.stop();
});

test("a clock that was set back makes what verified stale", async () => {
  const { fresh, shown, done } = started(async () => verified);
  await done;
  mock.timers.setTime(1_000);
  comeBack();
  assert.equal(shown[2], "stale");
  fresh.stop();
});

test("what failed or was not checked stays so, and an error is no failure", async () => {
  for (const [outcome, state] of /** @type {[() => Promise<Found>, string][]} */ ([
    [async () => ({ ...verified, result: "failed" }), "failed"],
    [async () => unchecked("unreachable"), "not_checked"],
    [async () => { throw new Error("out of memory"); }, "not_checked"],
  ])) {
    const { fresh, shown, done } = started(outcome);
    await done;
    mock.timers.tick(2 * FRESH_MILLIS);
    assert.deepEqual(shown, ["checking", state]);
    fresh.stop();
  }
});

test("a page that comes back from the history is checked again too, but not twice at once", async () => {
  let checks = 0;
  const { fresh, done } = started(async () => { checks++; return verified; });
  await done;
  mock.timers.setTime(1_000_000 + FRESH_MILLIS);
  window.dispatchEvent(new Event("pageshow"));
  await settled();
  assert.equal(checks, 2);
  for (const again of [fresh.again, fresh.again]) void again();
  await settled();
  assert.equal(checks, 3);
  fresh.stop();
});

test("what has ended is looked after no more", async () => {
  const { fresh, shown, done } = started(async () => verified);
  await done;
  fresh.stop();
  mock.timers.tick(2 * FRESH_MILLIS);
  assert.deepEqual(shown, ["checking", "verified"]);
  comeBack();
  window.dispatchEvent(new Event("pageshow"));
  await settled();
  assert.deepEqual(shown, ["checking", "verified"]);
});

test("what ends while a check is made shows nothing any more", async () => {
  const { fresh, shown, done } = started(async () => verified);
  fresh.stop();
  await done;
  assert.deepEqual(shown, ["checking"]);
});
