// From the answers about a domain to the receipt of its claim, and the key that makes it.

import { generate } from "../../onrecord/ed25519.js";
import { didIn, KeyFileError, seal } from "../../onrecord/key_file.js";
import { at, clearProblems, saveFile, showProblems } from "../publish/page.js";
import { open, review, showDone, showStatement, signAndPublish } from "../signing/flow.js";
import { say } from "../strings.js";
import { prepareClaim } from "./statement.js";

/** @import { Flow } from "../signing/form.js" */

const PASSPHRASE_MIN = 12;

/** Opens the key, prepares the claim and shows it. @param {Flow} flow */
async function openReview(flow) {
  const { draft, log } = flow;
  const { domain = "" } = at("questions").dataset;
  if (await open(flow)) await review(flow, (did) => prepareClaim(draft.answers, { log, domain, did }));
}

/** Makes a key and saves its file. The key's name, once there is one. @param {string} domain */
export async function makeKey(domain) {
  const passphrase = at("new-passphrase").value;
  const problems = [
    ...(passphrase.length < PASSPHRASE_MIN ? [{ field: "new-passphrase", text: say("publish-error-passphrase") }] : []),
    ...(at("new-again").value !== passphrase ? [{ field: "new-again", text: say("claim-script-again") }] : []),
  ];
  if (problems.length) return void showProblems(problems);
  clearProblems();
  const key = await generate();
  saveFile(`${domain}.key`, await seal(key, passphrase));
  return key.did;
}

/** Whose key a file holds; nobody's when it is no key file, which is said when it is opened. @param {string} text */
export function keyIn(text) {
  try {
    return didIn(text);
  } catch (error) {
    if (error instanceof KeyFileError) return undefined;
    throw error;
  }
}

export const signing = { openReview, showDone, showStatement, signAndPublish };
