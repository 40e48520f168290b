// What a page must never do, seen from outside: complain on the console, break its own policy, fail a request, ask
// another site, or set a cookie. The same words for Chromium and Firefox.

/**
 * Runs in a page before its own scripts: breaches of policy are events there, which the console then tells.
 */
export function tellViolations() {
  document.addEventListener('securitypolicyviolation', (event) => {
    const { violatedDirective, blockedURI, sourceFile, lineNumber } = event;
    console.error(`securitypolicyviolation: ${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`);
  });
}

/** What one tab has done that it must not do. */
export class Watch {
  /** @type {string[]} */
  #complaints = [];
  #expected = /** @type {RegExp[]} */ ([]);

  /** @param {string} origin the only one that may be asked */
  constructor(origin) {
    this.origin = origin;
  }

  /** @param {RegExp[]} patterns of complaints that belong to the visit */
  expect(patterns) {
    this.#expected.push(...patterns);
  }

  /**
   * A page is to own its status: a browser tells of a missing page on the console too.
   * @param {string} url @param {number} status
   */
  expectStatus(url, status) {
    const literally = url.replace(/[^\w]/g, '\\$&');
    this.expect([new RegExp(`^answered ${status}: ${literally}$`), new RegExp(`^console .*${status}.*${literally}$`)]);
  }

  /** @param {string} kind @param {string} text @param {string} [where] */
  console(kind, text, where = '') {
    this.#note(`console ${kind}: ${text} ${where}`.trimEnd());
  }

  /** @param {Error} error */
  thrown(error) {
    this.#note(`uncaught: ${error.message}`);
  }

  /** @param {string} url */
  asked(url) {
    const { origin, protocol } = new URL(url);
    // What a page holds itself, and fonts of the browser's own, leave the machine as little as a file does.
    const isElsewhere = origin !== this.origin && !['blob:', 'about:', 'data:'].includes(protocol);
    if (isElsewhere) this.#note(`asked elsewhere: ${url}`);
  }

  /** @param {string} url @param {number} status */
  answered(url, status) {
    if (status >= 400) this.#note(`answered ${status}: ${url}`);
  }

  /** @param {string} url @param {string} why */
  failed(url, why) {
    // A browser takes its own request for the icon back when the page is left before it is answered.
    if (url.endsWith('/icon.svg') && why === 'net::ERR_ABORTED') return;
    this.#note(`failed: ${url} ${why}`);
  }

  /** @param {{name: string}[]} cookies */
  cookies(cookies) {
    for (const { name } of cookies) this.#note(`set a cookie: ${name}`);
  }

  /** @param {string} complaint */
  #note(complaint) {
    this.#complaints.push(complaint);
  }

  /** What was seen and not expected. */
  complaints() {
    return this.#complaints.filter((text) => !this.#expected.some((pattern) => pattern.test(text)));
  }
}
