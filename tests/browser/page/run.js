// Loads the test module that the address names, runs what it registers, and leaves the results for the harness.

import { registered } from './node_test.js';

const module = new URLSearchParams(location.search).get('module') ?? '';
/** @type {{name: string, error?: string}[]} */
const results = [];
try {
  await import(`/web/${module}`);
  for (const { name, body } of registered) {
    try {
      await body();
      results.push({ name });
    } catch (error) {
      results.push({ name, error: String(error).slice(0, 1000) });
    }
  }
} catch (error) {
  results.push({ name: `load ${module}`, error: String(error).slice(0, 1000) });
}
window.results = results;
