// HTML and CSS as served, by two independent readers: html-validate and the Nu checker (vnu, in Java).

import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HtmlValidate } from 'html-validate';

/**
 * A document as it came from the server.
 * @typedef {object} Served
 * @property {string} url
 * @property {'html' | 'css' | 'svg'} type
 * @property {string} text
 */

const VNU = createRequire(import.meta.url).resolve('vnu-jar/build/dist/vnu.jar');

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    // How the source is set is askama's business: these say nothing of what a reader gets.
    'no-trailing-whitespace': 'off',
    'void-style': 'off',
    'doctype-style': 'off',
    'long-title': 'off',
    // Everything comes from the page's own origin: there is no other party to hold to a hash.
    'require-sri': ['error', { target: 'crossorigin' }],
  },
});

/** @param {Served[]} served @returns {Promise<string[]>} */
export async function htmlValidates(served) {
  const complaints = [];
  for (const { url, type, text } of served) {
    if (type !== 'html') continue;
    const { results } = await validator.validateString(text, url);
    for (const { messages } of results) {
      complaints.push(...messages.map(({ ruleId, message, line }) => `${url}:${line} ${ruleId}: ${message}`));
    }
  }
  return complaints;
}

/** @param {Served[]} served @returns {Promise<string[]>} */
export async function nuChecks(served) {
  const folder = await mkdtemp(path.join(tmpdir(), 'onrecord-markup-'));
  try {
    const files = new Map();
    for (const [number, { url, type, text }] of served.entries()) {
      const file = path.join(folder, `${number}.${type}`);
      await writeFile(file, text);
      files.set(file, url);
    }
    const args = ['-jar', VNU, '--also-check-css', '--also-check-svg', '--format', 'json', '--stdout', '--exit-zero-always'];
    const printed = await java([...args, ...files.keys()]);
    /** @type {{messages: {type: string, url: string, lastLine?: number, message: string}[]}} */
    const { messages } = JSON.parse(printed);
    return messages.map(({ url, lastLine, type, message }) =>
      `${files.get(url.replace('file:', '')) ?? url}:${lastLine ?? ''} ${type}: ${message}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** @param {string[]} args @returns {Promise<string>} */
function java(args) {
  return new Promise((resolve, reject) => {
    execFile('java', args, { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`vnu did not run: ${stderr || error.message}`));
      else resolve(stdout);
    });
  });
}
