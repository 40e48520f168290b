// Starts a ledger, seeds it, and runs suites against it: main.js [SUITE…]. Every file of suites/ and flows/ unless
// some are named. `tests/browser/run` installs and builds what this needs.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ledger } from './harness/ledger.js';
import { SEED_FILE } from './harness/run.js';
import { serve } from './harness/site.js';
import { CLAIMED, seed } from './seed.js';

/** Suites at once; each has a browser of its own. */
const AT_ONCE = 2;

const here = import.meta.dirname;

async function everySuite() {
  const folders = ['suites', 'flows'];
  const names = await Promise.all(folders.map(async (folder) =>
    (await readdir(path.join(here, folder)).catch(() => [])).map((name) => `${folder}/${name}`)));
  return names.flat().filter((name) => name.endsWith('.test.js')).sort();
}

const asked = process.argv.slice(2);
const suites = asked.length > 0 ? asked : await everySuite();
/** What the organization that claims its domain publishes. */
const published = await mkdtemp(path.join(tmpdir(), 'onrecord-site-'));
const site = await serve({ '.well-known': published });
const ledger = await Ledger.start(undefined, [`${CLAIMED}=127.0.0.1:${new URL(site.url).port}`]);

async function stop() {
  await ledger.stop();
  site.stop();
  await rm(published, { recursive: true, force: true });
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop().then(() => process.exit(1)));
try {
  const file = path.join(ledger.folder, 'seed.json');
  await writeFile(file, JSON.stringify(await seed(ledger, published)));
  const args = ['--test', `--test-concurrency=${AT_ONCE}`, '--test-reporter=spec', ...suites];
  const run = spawn(process.execPath, args, { cwd: here, stdio: 'inherit', env: { ...process.env, [SEED_FILE]: file } });
  const [code] = await once(run, 'exit');
  process.exitCode = code ?? 1;
} finally {
  await stop();
}
