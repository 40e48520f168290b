// A ledger of its own for a run or a flow: the real server, on a free port, over a new folder. It can be killed
// without warning and started again over the same folder and port. Not the seed: that is seed.js.

import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { promisify } from 'node:util';

const START_MILLIS = 30_000;

/** The program under test. */
export const ONRECORD = path.resolve(
  process.env.ONRECORD_BINARY ?? path.join(import.meta.dirname, '../../../target/debug/onrecord'),
);

/** The passphrase of every key that the harness makes. */
export const PASSPHRASE = 'correct horse battery staple';

export class Ledger {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #server;

  /**
   * @param {string} folder of the ledger and of files beside it
   * @param {number} port
   * @param {string | undefined} publicUrl
   * @param {string[]} resolve
   */
  constructor(folder, port, publicUrl, resolve) {
    this.folder = folder;
    this.port = port;
    /** Browsers are sent here: `localhost` is a secure context with working WebAuthn, `127.0.0.1` is not. */
    this.url = `http://localhost:${port}`;
    this.publicUrl = publicUrl ?? this.url;
    this.resolve = resolve;
  }

  /**
   * Starts a new, empty ledger that knows no rates.
   * @param {string} [publicUrl] where it says that it stands
   * @param {string[]} [resolve] where domains lead, as `--resolve` takes it
   */
  static async start(publicUrl, resolve = []) {
    const folder = await mkdtemp(path.join(tmpdir(), 'onrecord-browser-'));
    const ledger = new Ledger(folder, await freePort(), publicUrl, resolve);
    await ledger.restart();
    return ledger;
  }

  /** Starts the server over the same folder and port, after `kill`. Resolves when its index is there too. */
  async restart() {
    const place = ['--listen', `127.0.0.1:${this.port}`, '--data', path.join(this.folder, 'data')];
    const resolve = this.resolve.flatMap((answer) => ['--resolve', answer]);
    const server = spawn(ONRECORD, ['serve', ...place, ...resolve, '--public-url', this.publicUrl, '--unlimited'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    server.stderr.on('data', (data) => (complaint += data));
    this.#server = server;
    const until = Date.now() + START_MILLIS;
    for (;;) {
      if (server.exitCode !== null || Date.now() > until) {
        throw new Error(`the server did not start: ${complaint}`);
      }
      const answer = await fetch(`${this.url}/api/v1/entries?limit=1`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends the process at once, as a power cut would. */
  async kill() {
    await this.#end('SIGKILL');
  }

  /** Stops the server and deletes its folder. */
  async stop() {
    await this.#end('SIGTERM');
    await rm(this.folder, { recursive: true, force: true });
  }

  /** @param {NodeJS.Signals} signal */
  async #end(signal) {
    const server = this.#server;
    this.#server = undefined;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await once(server, 'exit');
  }

  /**
   * Runs a verb of the command line in this ledger's folder and returns what it printed. The passphrase of keys
   * is in its environment, and what it remembers of ledgers stays in the folder.
   * @param {...string} args
   */
  async run(...args) {
    const env = {
      ...process.env,
      ONRECORD_KEY_PASSPHRASE: PASSPHRASE,
      XDG_STATE_HOME: path.join(this.folder, 'state'),
    };
    const { stdout } = await promisify(execFile)(ONRECORD, args, { cwd: this.folder, env });
    return stdout;
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
