// The little of node:test that the tests of the browser core use, for a page.

/** @typedef {{name: string, body: () => unknown}} Registered */

/** @type {Registered[]} */
export const registered = [];

/**
 * Registers a test, unless it is to be skipped: what only a disk has is not there in a page.
 * @param {string} name
 * @param {{skip?: boolean | string} | (() => unknown)} options
 * @param {() => unknown} [body]
 */
export function test(name, options, body) {
  if (typeof options === 'function') registered.push({ name, body: options });
  else if (body && !options.skip) registered.push({ name, body });
}

export default test;
