// Publishing without a script, as the server answers the forms of it: a question with what is wrong, and the
// prepared file. A browser with scripts gets there by sending such a form by itself.

/** @import { Page } from 'playwright-core' */
/** @import { State } from './pages.js' */

const ANSWERS = {
  domain_1: 'acme.example',
  title: 'Refund promised',
  commitment_1: 'Refund of EUR 120.00 to my card.',
  by_1: '1',
  due_1: '2026-12-31',
  basis: 'spoken',
  signer_name: 'Ana Example',
  language: 'en',
  offers: 'welcome',
  narrative: 'I called twice.',
};

/** @param {Page} page @param {Record<string, string>} answers */
async function send(page, answers) {
  const answered = page.waitForNavigation();
  await page.evaluate((fields) => {
    const form = document.createElement('form');
    Object.assign(form, { method: 'post', action: `${location.pathname}${location.search}` });
    for (const [name, value] of Object.entries(fields)) {
      form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
    }
    document.body.append(form);
    form.submit();
  }, answers);
  await answered;
}

/** @type {State[]} */
export const plainStates = [
  {
    name: 'without a script, a missing answer',
    reach: async (page) => {
      await send(page, { at: 'who', go: 'next' });
      await page.locator('#domain_1-error').waitFor();
    },
  },
  {
    name: 'without a script, the prepared file',
    reach: async (page) => {
      await send(page, { ...ANSWERS, at: 'more', go: 'next' });
      await page.locator('pre').first().waitFor();
    },
  },
];
