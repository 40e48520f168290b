// What the ledger of a run holds: a thread for every kind of statement, and words in every state. Published with
// the command line, as people would. Names in the result are what pages.js and flows ask for.

import { writeFile } from 'node:fs/promises';
import path from 'node:path';

/** @import { Ledger } from './harness/ledger.js' */

/**
 * One entry on the seeded ledger.
 * @typedef {object} SeededEntry
 * @property {number} index
 * @property {string} leafHash 64 hexadecimal digits
 * @property {string} link `{index}-{first 32 digits of the leaf hash}`, as in `/e/{link}`
 * @property {string} id of the statement, `sha256:…`
 * @property {string} bundle path of the bundle file that its author keeps; empty where the harness has none
 */

/**
 * @typedef {object} Seed
 * @property {string} url of the ledger
 * @property {string} key path of the key file of the organization that claims its domain
 * @property {Record<SeededName, SeededEntry>} entries
 */

/** @typedef {keyof typeof RECIPES | keyof typeof ANSWERED | 'founding' | 'imported' | 'withheld' | 'hidden'} SeededName */

/** The organization that claims its domain. */
export const CLAIMED = 'bolt.example';

/** Longer than any line at any width, without a place to break it. */
const LONG_WORD = 'Donaudampfschifffahrt'.repeat(24);

/**
 * @param {{title: string, subjects?: string[], words?: string, commitment?: string, lang?: string,
 *   sealed?: string[], more?: string}} agreement
 */
function agreement({ title, words = '', sealed = [], more = '', ...rest }) {
  const { subjects = ['acme.example'], commitment = 'Acme refunds EUR 120.00.', lang = 'en' } = rest;
  return `sealed = ${JSON.stringify(sealed)}
[agreement]
subjects = ${JSON.stringify(subjects)}
basis = "spoken"
lang = "${lang}"
agreed_on = 2026-01-18
offers = "welcome"
[[commitment]]
by = "${subjects[0]}"
text = "${commitment}"
due = 2026-02-01
[[commitment]]
by = "signer"
text = "${commitment}"
[words]
title = "${title}"
${words}
${more}`;
}

/**
 * A statement on the thread of an agreement, or about one.
 * @param {string} kind @param {string} of @param {string} body
 */
function about(kind, of, body) {
  const target = kind === 'reveal' || kind === 'erasure' ? 're' : 'thread';
  return `[${kind}]\n${target} = "${of}.signed.json"\n${body}`;
}

/** Kind, key of the agreement that follows it up, and TOML of `onrecord sign`, in the order of publishing. */
const RECIPES = /** @type {const} */ ({
  refund: ['agreement', '', agreement({
    title: 'Refund agreed by phone',
    words: 'narrative = "I called on the 18th.\\nThe agent confirmed the refund twice."\nsigner_name = "Ana Example"',
    sealed: ['signer_name'],
    more: '[[evidence]]\nfile = "call.txt"\nlabel = "Notes of the call"\n' +
      '[[evidence]]\nfile = "call.txt"\nlabel = "Notes, public"\npublic = true\n',
  })],
  breach: ['breach', 'refund', about('breach', 'refund',
    'commitment_numbers = [1]\nsince = 2026-02-02\ndesired_outcome = "refund"\n[words]\nnarrative = "Nothing has arrived."')],
  amendment: ['amendment', 'refund', about('amendment', 'refund',
    'by = "unilateral"\neffective = 2026-02-10\n[[commitment]]\nby = "acme.example"\ntext = "In two parts."\n' +
    'due = 2026-03-20\n[words]\nnote = "They asked for two weeks more."')],
  fulfilment: ['fulfilment', 'refund', about('fulfilment', 'refund',
    'commitment_numbers = [1]\nextent = "full"\noccurred_on = 2026-03-01\n[words]\nnote = "The money is there."')],
  assessment: ['assessment', 'refund', about('assessment', 'refund',
    'resolved = "yes"\nsatisfaction = 4\nagain = true\n[words]\nnote = "It took two calls."')],

  shared: ['agreement', '', agreement({
    title: 'Repair by two organizations',
    subjects: ['acme.example', 'xn--rpair-9ra.example'],
    words: 'narrative = "Sealed at first."\nsigner_name = "Ana Example"',
    sealed: ['narrative', 'signer_name'],
  })],
  reveal: ['reveal', 'shared', about('reveal', 'shared', 'words = ["narrative"]')],
  termination: ['termination', 'shared', about('termination', 'shared',
    'effective = 2026-12-31\n[words]\nnote = "I gave notice in writing."')],

  erased: ['agreement', '', agreement({
    title: 'Words that are erased',
    words: 'narrative = "This is deleted from the ledger."',
  })],
  erasure: ['erasure', 'erased', about('erasure', 'erased', 'words = ["narrative"]\nreason = "privacy"')],
  withdrawal: ['withdrawal', 'erased', about('withdrawal', 'erased', '[words]\nnote = "I was wrong about the date."')],

  arabic: ['agreement', '', agreement({
    title: 'استرداد المبلغ خلال 14 يومًا (EUR 120.00)',
    commitment: 'تعيد الشركة المبلغ إلى بطاقتي.',
    lang: 'ar',
    words: 'narrative = "اتصلت بهم وأكدوا ذلك مرتين، order #A-17."',
  })],
  long: ['agreement', '', agreement({
    title: LONG_WORD,
    subjects: [`${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.example`],
    commitment: LONG_WORD,
    words: `narrative = "${LONG_WORD} ${'and more '.repeat(400)}"\nsigner_name = "${LONG_WORD}"`,
  })],
});

/** What the organization answers that claimed its domain. */
const ANSWERED = /** @type {const} */ ({
  answered: ['agreement', '', agreement({ title: 'A repair within a week', subjects: [CLAIMED], commitment: 'Bolt repairs it.' })],
  answeredBreach: ['breach', 'answered', about('breach', 'answered',
    'commitment_numbers = [1]\nsince = 2026-02-02\ndesired_outcome = "repair"\n[words]\nnarrative = "Nobody has come."')],
});

const COLUMNS = 'complaint_id,company,date_received,product,issue,consumer_complaint_narrative,consumer_disputed';
/** Some two entries each: more than stand on a page. They are in the tile too that the page of an entry fetches. */
const MANY = 30;
const IMPORTED = `${COLUMNS}
511074,Acme Bank,2026-03-30,Mortgage,"Fees, costs","They charged a fee, ""twice"" <b>.",Yes
`;

/**
 * Publishes everything.
 * @param {Ledger} ledger
 * @param {string} published the folder of what the site of the organization serves below `/.well-known/`
 * @returns {Promise<Seed>}
 */
export async function seed(ledger, published) {
  await writeFile(path.join(ledger.folder, 'call.txt'), 'notes of the call');
  /** @type {Partial<Record<SeededName, SeededEntry>>} */
  const entries = { founding: await entry(ledger, 0, '') };
  Object.assign(entries, await publish(ledger, RECIPES));
  await writeFile(path.join(ledger.folder, 'complaints.csv'), IMPORTED);
  await ledger.run('import', 'cfpb', 'complaints.csv', '--to', ledger.url);
  const imported = Object.keys(RECIPES).length + 1;
  entries.imported = await entry(ledger, imported, '');
  entries.withheld = await withhold(ledger, 'withheld', '--words', 'title,narrative');
  entries.hidden = await withhold(ledger, 'hidden', '--whole');
  const rows = Array.from({ length: MANY }, (_, row) =>
    `${600_000 + row},Busy Bank,2026-03-30,Mortgage,"Fees, costs",They charged a fee.,${row % 3 === 0 ? 'Yes' : 'No'}`);
  await writeFile(path.join(ledger.folder, 'many.csv'), `${COLUMNS}\n${rows.join('\n')}\n`);
  await ledger.run('import', 'cfpb', 'many.csv', '--to', ledger.url);
  Object.assign(entries, await answer(ledger, published));
  return { url: ledger.url, key: path.join(ledger.folder, 'bolt.key'), entries: /** @type {Record<SeededName, SeededEntry>} */ (entries) };
}

/**
 * Publishes one after the other.
 * @param {Ledger} ledger @param {Record<string, readonly [string, string, string]>} recipes
 * @returns {Promise<Record<string, SeededEntry>>}
 */
async function publish(ledger, recipes) {
  /** @type {Record<string, SeededEntry>} */
  const entries = {};
  for (const [name, [kind, of, recipe]] of Object.entries(recipes)) {
    await writeFile(path.join(ledger.folder, `${name}.toml`), recipe);
    const key = of === '' ? [] : ['--key', `${of}.key`];
    await ledger.run('sign', kind, `${name}.toml`, ...key, '--to', ledger.url);
    const printed = await ledger.run('publish', `${name}.signed.json`, '--to', ledger.url, '--json');
    const { index, bundle } = JSON.parse(printed);
    entries[name] = await entry(ledger, index, bundle);
  }
  return entries;
}

/**
 * An organization claims its domain, has its entries delivered, and answers. Whatever is delivered, the site takes.
 * @param {Ledger} ledger @param {string} published
 */
async function answer(ledger, published) {
  const asIt = ['--key', 'bolt.key', '--to', ledger.url];
  await ledger.run('key', 'new', 'bolt.key');
  const document = path.join(published, 'onrecord.json');
  await ledger.run('org', 'init', CLAIMED, '--key', 'bolt.key', '--log', ledger.url, '--out', document);
  await ledger.run('org', 'claim', CLAIMED, ...asIt, '--response-days', '3', '--final-days', '20');
  await ledger.run('org', 'webhook', CLAIMED, ...asIt, '--endpoint', `https://${CLAIMED}/.well-known/onrecord.json`);
  const entries = await publish(ledger, ANSWERED);
  const address = (/** @type {string} */ name) => `${ledger.url}/api/v1/entries/${entries[name]?.index}`;
  await ledger.run('countersign', address('answered'), '--key', 'bolt.key');
  await ledger.run('respond', address('answeredBreach'), '--key', 'bolt.key', '--stage', 'acknowledged', '--note', 'We are looking into it.');
  return entries;
}

/**
 * An agreement that somebody gave notice of, and of which the operator withholds something.
 * @param {Ledger} ledger @param {string} name @param {string[]} what @returns {Promise<SeededEntry>}
 */
async function withhold(ledger, name, ...what) {
  const recipe = agreement({ title: 'It names a person', words: 'narrative = "Who that is, and where they live."' });
  await writeFile(path.join(ledger.folder, `${name}.toml`), recipe);
  await ledger.run('sign', 'agreement', `${name}.toml`, '--to', ledger.url);
  const printed = await ledger.run('publish', `${name}.signed.json`, '--to', ledger.url, '--json');
  const { index, bundle } = JSON.parse(printed);
  const address = `${ledger.url}/api/v1/entries/${index}`;
  await ledger.run('notice', address, '--words', 'narrative', '--ground', 'privacy', '--role', 'subject-person',
    '--explanation', 'That is me, and I am no party.', '--key', `${name}.key`);
  await ledger.run('moderate', 'withhold', address, ...what, '--ground', 'privacy', '--source', 'notice',
    '--facts', 'The words name a person who is no party.', '--data', 'data');
  return entry(ledger, index, bundle);
}

/**
 * @param {Ledger} ledger @param {number} index @param {string} bundle
 * @returns {Promise<SeededEntry>}
 */
async function entry(ledger, index, bundle) {
  const answer = await fetch(`${ledger.url}/api/v1/entries/${index}`);
  const { leaf_hash: leafHash, id } = /** @type {any} */ (await answer.json());
  const link = `${index}-${leafHash.slice(0, 32)}`;
  return { index, leafHash, link, id, bundle: bundle && path.join(ledger.folder, bundle) };
}
