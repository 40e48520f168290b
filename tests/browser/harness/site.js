// Serves files of the repository to a browser: planted pages, and tests that run in a page. Read only, and only the
// folders it is given.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import path from 'node:path';

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.css': 'text/css; charset=utf-8',
};

/**
 * @param {Record<string, string>} folders by the first part of the path
 * @param {Record<string, string>} [headers] of every answer
 * @returns {Promise<{url: string, stop(): void}>}
 */
export async function serve(folders, headers = {}) {
  const server = createServer(async ({ url: asked = '/' }, response) => {
    const { pathname } = new URL(asked, 'http://localhost');
    const [, first = '', ...rest] = decodeURIComponent(pathname).split('/');
    const folder = folders[first];
    const file = folder === undefined ? '' : path.resolve(folder, ...rest);
    const isInside = folder !== undefined && file.startsWith(path.resolve(folder) + path.sep);
    const bytes = isInside ? await readFile(file).catch(() => undefined) : undefined;
    if (bytes === undefined) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, ...headers }).end(bytes);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://localhost:${address.port}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
