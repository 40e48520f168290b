// Stands between browser and ledger and does what networks and servers do: changes a bit of an answer, loses an
// answer that the server gave, or never reaches it. What it is not told about goes through unchanged.

import { createServer, request as ask } from 'node:http';
import { once } from 'node:events';

/** @import { IncomingMessage, Server, ServerResponse } from 'node:http' */

/**
 * @typedef {object} Rule
 * @property {RegExp} pattern of paths with their query
 * @property {'flip' | 'drop' | 'cut'} deed
 * @property {(bytes: Buffer) => number} place of the byte to change
 * @property {number} times that it is still to be done
 */

export class Proxy {
  /** @type {Rule[]} */
  #rules = [];

  /** @param {string} target @param {Server} server @param {string} path @param {number} port */
  constructor(target, server, path, port) {
    this.target = target;
    this.server = server;
    this.path = path;
    this.url = `http://localhost:${port}${path}`;
    /** What was asked, as `GET /checkpoint`, in order. @type {string[]} */
    this.asked = [];
  }

  /**
   * @param {string} target address of the ledger
   * @param {string} [path] below which the ledger stands here, as `/2026`; nothing else is passed on then
   */
  static async start(target, path = '') {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const proxy = new Proxy(target, server, path, address.port);
    server.on('request', (request, response) => proxy.#pass(request, response));
    return proxy;
  }

  async stop() {
    this.server.close();
    this.server.closeAllConnections();
  }

  /**
   * Changes the lowest bit of a byte in every answer to a path: of the one in the middle, unless `place` says which.
   * @param {RegExp} pattern @param {(bytes: Buffer) => number} [place]
   */
  flip(pattern, place = (bytes) => bytes.length >> 1) {
    this.#rules.push({ pattern, deed: 'flip', place, times: Infinity });
  }

  /**
   * Lets a request reach the server, and closes the connection when the server answers.
   * @param {RegExp} pattern @param {number} [times]
   */
  drop(pattern, times = 1) {
    this.#rules.push({ pattern, deed: 'drop', place: () => 0, times });
  }

  /**
   * Closes the connection before the server hears of a request.
   * @param {RegExp} pattern @param {number} [times]
   */
  cut(pattern, times = Infinity) {
    this.#rules.push({ pattern, deed: 'cut', place: () => 0, times });
  }

  /** Forgets all rules. */
  clear() {
    this.#rules = [];
  }

  /** @param {string} path */
  #ruleFor(path) {
    const rule = this.#rules.find(({ pattern, times }) => times > 0 && pattern.test(path));
    if (rule) rule.times -= 1;
    return rule;
  }

  /** @param {IncomingMessage} incoming @param {ServerResponse} outgoing */
  async #pass(incoming, outgoing) {
    const asked = incoming.url ?? '/';
    this.asked.push(`${incoming.method} ${asked}`);
    const path = asked.slice(this.path.length);
    const rule = this.#ruleFor(path);
    if (rule?.deed === 'cut' || !asked.startsWith(`${this.path}/`)) {
      outgoing.destroy();
      return;
    }
    const headers = { ...incoming.headers };
    // A changed byte is to reach the page, not its decompressor.
    if (rule?.deed === 'flip') delete headers['accept-encoding'];
    if (rule?.deed === 'flip') delete headers['if-none-match'];
    const forward = ask(new URL(path, this.target), { method: incoming.method, headers });
    incoming.pipe(forward);
    try {
      const [answer] = /** @type {[IncomingMessage]} */ (await once(forward, 'response'));
      const body = Buffer.concat(await answer.toArray());
      if (rule?.deed === 'drop') {
        outgoing.destroy();
        return;
      }
      if (rule?.deed === 'flip' && body.length > 0) {
        const place = rule.place(body);
        body[place] = (body[place] ?? 0) ^ 1;
      }
      const { 'transfer-encoding': _, ...kept } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, { ...kept, 'content-length': body.length });
      outgoing.end(body);
    } catch {
      outgoing.destroy();
    }
  }
}
