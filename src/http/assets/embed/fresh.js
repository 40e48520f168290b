// For how long the outcome of a check may be shown. What verified is stale ten minutes after the check began, by
// the wall clock: while the page is looked at, and when it comes back from the background, from the history or
// from a machine that slept. Then it is checked again, by itself when the page comes back and by a button otherwise.

import { unchecked } from "./check.js";

/** @import { Found } from "./check.js" */
/** @typedef {Found["result"] | "stale" | "checking"} State */
/** What is to be shown. `at`: when the last check began, in milliseconds since 1970.
 * @typedef {{ state: State, found: Found, at: number }} Shown */

/** For how long a check counts. */
export const FRESH_MILLIS = 10 * 60_000;
/** How often the clock is looked at: timers stand still while a machine sleeps, and clocks do not. */
const LOOK_MILLIS = 15_000;

export class FreshCheck {
  #found = unchecked("incomplete");
  #at = 0;
  /** @type {State} */
  #state = "not_checked";
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #clock;
  #isAtWork = false;

  /** @param {() => Promise<Found>} check @param {(shown: Shown) => void} show */
  constructor(check, show) {
    this.check = check;
    this.show = show;
  }

  /** Checks, and looks after what was found until `stop`. */
  start() {
    document.addEventListener("visibilitychange", this.#comeBack);
    globalThis.addEventListener("pageshow", this.#comeBack);
    this.#clock = setInterval(this.#look, LOOK_MILLIS);
    return this.again();
  }

  stop() {
    document.removeEventListener("visibilitychange", this.#comeBack);
    globalThis.removeEventListener("pageshow", this.#comeBack);
    clearInterval(this.#clock);
    this.#clock = undefined;
  }

  /** Checks once more. */
  again = async () => {
    if (this.#isAtWork) return;
    this.#isAtWork = true;
    // What it rests on may be as old as the first thing that was fetched.
    this.#at = Date.now();
    this.#tell("checking");
    this.#found = await this.check().catch(() => unchecked("incomplete"));
    this.#isAtWork = false;
    if (this.#clock === undefined) return;
    this.#tell(this.#found.result);
    this.#look();
  };

  /** @param {State} state */
  #tell(state) {
    this.#state = state;
    this.show({ state, found: this.#found, at: this.#at });
  }

  /** A clock that was set back tells nothing of an age either. */
  #isOld() {
    const age = Date.now() - this.#at;
    return age < 0 || age >= FRESH_MILLIS;
  }

  #look = () => {
    if (this.#state === "verified" && this.#isOld()) this.#tell("stale");
  };

  #comeBack = () => {
    if (document.visibilityState !== "visible" || this.#isAtWork || !this.#isOld()) return;
    this.#look();
    void this.again();
  };
}
