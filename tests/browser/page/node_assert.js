// The little of node:assert/strict that the tests of the browser core use, for a page. What it is given, it judges as
// Node does.

class AssertionError extends Error {}

/** @param {unknown} value @param {string} [message] */
export function ok(value, message = 'it is not so') {
  if (!value) throw new AssertionError(message);
}

/** @param {unknown} found @param {unknown} expected @param {string} [message] */
export function equal(found, expected, message = '') {
  ok(Object.is(found, expected), `${message} found ${String(found)}, expected ${String(expected)}`);
}

/** @param {unknown} found @param {unknown} unexpected @param {string} [message] */
export function notEqual(found, unexpected, message = '') {
  ok(!Object.is(found, unexpected), `${message} found ${String(found)}`);
}

/** @param {unknown} found @param {unknown} expected @param {string} [message] */
export function deepEqual(found, expected, message = '') {
  ok(isSame(found, expected), `${message} found ${inWords(found)}, expected ${inWords(expected)}`);
}

/** @param {string} text @param {RegExp} pattern @param {string} [message] */
export function match(text, pattern, message = '') {
  ok(pattern.test(text), `${message} ${text} does not match ${pattern}`);
}

/** @param {() => unknown} body @param {Expected} [expected] */
export function throws(body, expected) {
  try {
    body();
  } catch (error) {
    judge(error, expected);
    return;
  }
  ok(false, 'nothing was thrown');
}

/** @param {Promise<unknown> | (() => Promise<unknown>)} body @param {Expected} [expected] */
export async function rejects(body, expected) {
  try {
    await (typeof body === 'function' ? body() : body);
  } catch (error) {
    judge(error, expected);
    return;
  }
  ok(false, 'nothing was rejected');
}

/** @typedef {RegExp | (new (...args: any[]) => Error) | ((error: any) => boolean) | Record<string, unknown>} Expected */

/** @param {unknown} error @param {Expected} [expected] */
function judge(error, expected) {
  if (expected === undefined) return;
  if (expected instanceof RegExp) return match(String(error), expected);
  if (typeof expected === 'function') {
    const isClass = expected === Error || expected.prototype instanceof Error;
    const holds = isClass ? error instanceof expected : /** @type {(error: unknown) => boolean} */ (expected)(error);
    return ok(holds, `another error: ${error}`);
  }
  for (const [name, value] of Object.entries(expected)) {
    const found = /** @type {Record<string, unknown>} */ (error)[name];
    if (value instanceof RegExp) match(String(found), value, name);
    else deepEqual(found, value, name);
  }
}

/** @param {unknown} value */
function inWords(value) {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}n` : part));
}

/** @param {unknown} one @param {unknown} other @returns {boolean} */
function isSame(one, other) {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false;
  if (one instanceof Map || one instanceof Set || one instanceof Date) throw new Error('not compared in a page');
  const [names, others] = [Object.keys(one), Object.keys(other)];
  return names.length === others.length && names.every((name) => Object.hasOwn(other, name) &&
    isSame(/** @type {any} */ (one)[name], /** @type {any} */ (other)[name]));
}

export default { ok, equal, notEqual, deepEqual, match, throws, rejects };
