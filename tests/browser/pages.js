// Every page of the ledger, and the states of each that a person meets. Every suite visits every state of every
// page listed here: a new page is held to all of it by one record. How to add one: README.md beside this file.

import { answerStates, claimStates } from './answer_states.js';
import { plainStates } from './plain_states.js';
import { addStates, mineStates, publishStates } from './publish_states.js';

/** @import { Page } from 'playwright-core' */
/** @import { Seed } from './seed.js' */

/**
 * Limits on what is transferred from the first visit to each state, in bytes as sent (compressed, without headers).
 * @typedef {object} Budget
 * @property {number} [all]
 * @property {number} [script]
 */

/**
 * A state of a page that a person reaches by doing something on it.
 * @typedef {object} State
 * @property {string} name
 * @property {(page: Page) => Promise<void>} reach does it, in any language: by role, name or id, never by words
 * @property {RegExp[]} [expected] console messages and failed requests that belong to this state
 */

/**
 * @typedef {object} PageRecord
 * @property {string} name in test names and names of screenshots
 * @property {string} path with its query, but without `lang`
 * @property {number} [status] of the answer; 200 unless it says otherwise
 * @property {string} [live] selector of the parts that scripts write, which are not there without scripts
 * @property {boolean} [follows] it holds a stream open
 * @property {boolean} [isEmbedded] it stands in a frame on another site, without the head and foot of pages
 * @property {Budget} [budget]
 * @property {State[]} [states] beside the one it is loaded in
 */

/**
 * @param {Seed} seed
 * @returns {PageRecord[]}
 */
export function pages(seed) {
  const { refund, breach, arabic, long, erased } = seed.entries;
  return [
    { name: 'home', path: '/' },
    { name: 'entry', path: `/e/${refund.link}`, live: '#checks', budget: { all: 30_000, script: 14_000 } },
    { name: 'entry, Arabic words', path: `/e/${arabic.link}`, live: '#checks' },
    { name: 'entry, long words', path: `/e/${long.link}`, live: '#checks' },
    { name: 'entry, delivered', path: `/e/${seed.entries.answered.link}`, live: '#checks' },
    { name: 'entry, erased words', path: `/e/${erased.link}`, live: '#checks' },
    { name: 'entry that is not there', path: `/e/${other(refund.link)}`, status: 404 },
    {
      name: 'verify', path: '/verify', live: '#verify-here, noscript', budget: { script: 17_000 }, states: [
        {
          name: 'a bundle that verifies',
          reach: async (page) => {
            await page.locator('#bundle').setInputFiles(refund.bundle);
            await page.locator('#outcome h2').waitFor();
          },
        },
        {
          name: 'a link to another entry than there is',
          reach: (page) => submitLink(page, other(refund.link)),
        },
        { name: 'a link to another ledger', reach: (page) => submitLink(page, `https://ledger.example/e/${long.link}`) },
      ],
    },
    {
      name: 'publish', path: '/publish', live: '[data-script], [data-plain]', budget: { script: 25 * 1024 },
      states: [...publishStates(seed), ...plainStates],
    },
    {
      name: 'add', path: `/t/${refund.link}/add`, live: '[data-script], [data-plain]', budget: { script: 25 * 1024 },
      states: addStates(seed),
    },
    { name: 'add, where little can be added', path: `/t/${erased.link}/add`, live: '[data-script], [data-plain]' },
    {
      name: 'add, as an organization', path: `/t/${seed.entries.answered.link}/add?as=bolt.example`,
      live: '[data-script], [data-plain]', budget: { script: 25 * 1024 }, states: answerStates(seed),
    },
    { name: 'add, as one that nobody speaks for', path: `/t/${refund.link}/add?as=acme.example` },
    {
      name: 'add, as no party', path: `/t/${refund.link}/add?as=bolt.example&kind=offer`,
      live: '[data-script], [data-plain]',
    },
    {
      name: 'claim', path: '/o/acme.example/claim', live: '[data-script], [data-plain]',
      budget: { script: 25 * 1024 }, states: claimStates(seed),
    },
    { name: 'claim, once more', path: '/o/bolt.example/claim', live: '[data-script], [data-plain]' },
    { name: 'mine', path: '/publish/mine', live: '[data-script], noscript', states: mineStates },
    { name: 'card', path: `/embed/${refund.link}`, live: '#proof', isEmbedded: true, states: [
      { name: 'what was checked', reach: (page) => page.locator('#proof summary').click() },
      {
        name: 'stale',
        reach: async (page) => {
          await page.clock.install();
          await page.reload();
          await page.locator('#proof .verified').waitFor();
          await page.clock.fastForward('11:00');
          await page.locator('#proof .stale').waitFor();
        },
      },
      {
        name: 'the ledger cannot be reached',
        reach: async (page) => {
          await page.route(/\/(tile|checkpoint)/, (route) => route.abort());
          await page.reload();
        },
        expected: [/^failed: /, /^console error: Failed to load/],
      },
      {
        name: 'another entry than the ledger serves',
        reach: async (page) => {
          await page.route(/\/bundle$/, (route) => route.fulfill({ path: breach.bundle, contentType: 'application/json' }));
          await page.reload();
          await page.locator('#proof .failed').waitFor();
        },
      },
    ] },
    { name: 'card, Arabic words', path: `/embed/${arabic.link}`, live: '#proof', isEmbedded: true },
    { name: 'card, long words', path: `/embed/${long.link}`, live: '#proof', isEmbedded: true },
    { name: 'card of a thread', path: `/embed/t/${refund.link}`, live: '#proof', isEmbedded: true },
    { name: 'card of an organization', path: '/embed/o/acme.example', live: '#proof', isEmbedded: true },
    { name: 'card of no entry', path: `/embed/${refund.link.replace(/.$/, 'x')}`, status: 404, isEmbedded: true },
    { name: 'embed', path: '/embed' },
    {
      name: 'embed, an entry', path: `/embed?entry=${refund.link}&in=ar`, live: '.copy', states: [
        {
          name: 'copied',
          reach: async (page) => {
            await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
            await page.locator('.copy button').first().click();
            await page.locator('.copy [role=status]:not(:empty)').waitFor();
          },
        },
      ],
    },
    { name: 'embed, long words', path: `/embed?entry=${long.index}`, live: '.copy' },
    { name: 'embed, a thread', path: `/embed?entry=${encodeURIComponent(`${seed.url}/t/${long.link}`)}`, live: '.copy' },
    { name: 'embed, an organization', path: '/embed?entry=busy-bank.example&in=es', live: '.copy' },
    { name: 'embed, an entry of another site', path: '/embed?entry=https://ledger.example/e/7', status: 404 },
    { name: 'problem', path: '/problems/bad_domain' },
    { name: 'thread', path: `/t/${seed.entries.refund.link}` },
    { name: 'thread with erased words', path: `/t/${seed.entries.erased.link}` },
    { name: 'thread in Arabic words', path: `/t/${seed.entries.arabic.link}` },
    { name: 'thread with long words', path: `/t/${seed.entries.long.link}` },
    { name: 'organization', path: '/o/acme.example' },
    { name: 'inbox', path: '/o/acme.example/inbox' },
    { name: 'inbox of an organization nobody names', path: '/o/nobody.example/inbox', status: 404 },
    { name: 'organization of another script', path: '/o/xn--rpair-9ra.example' },
    { name: 'organization that claimed its domain', path: '/o/bolt.example' },
    { name: 'organization with many entries', path: '/o/busy-bank.example?days=365' },
    { name: 'organization of a long name', path: `/o/${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.example` },
    { name: 'organization nobody names', path: '/o/nobody.example', status: 404 },
    { name: 'ledger', path: '/ledger' },
    { name: 'live', path: '/live', live: '#state, #again', follows: true, budget: { script: 4_000 } },
    { name: 'live, of one organization', path: '/live?domain=acme.example&kind=breach', live: '#state, #again', follows: true },
    { name: 'live, nothing to show', path: '/live?domain=nobody.example', live: '#state, #again', follows: true },
    { name: 'entry, withheld words', path: `/e/${seed.entries.withheld.link}`, live: '#checks' },
    { name: 'entry that is withheld', path: `/e/${seed.entries.hidden.link}` },
    { name: 'moderation', path: '/moderation' },
    { name: 'search', path: '/search?q=refund' },
    { name: 'search that finds nothing', path: '/search?q=nothing+like+this' },
  ];
}

/** The link of an entry, with another digit at its end. @param {string} link */
const other = (link) => link.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));

/** @param {Page} page @param {string} link */
async function submitLink(page, link) {
  await page.locator('#link').fill(link);
  await page.locator('#link').press('Enter');
  await page.locator('#outcome h2').waitFor();
}

/**
 * One thing to visit: a page, in one of its states.
 * @typedef {object} Visit
 * @property {string} name
 * @property {PageRecord} page
 * @property {State | undefined} state nothing is done on the loaded page when there is none
 */

/**
 * Every page in every state.
 * @param {Seed} seed
 * @returns {Visit[]}
 */
export function visits(seed) {
  return pages(seed).flatMap((page) => [
    { name: page.name, page, state: undefined },
    ...(page.states ?? []).map((state) => ({ name: `${page.name}, ${state.name}`, page, state })),
  ]);
}
