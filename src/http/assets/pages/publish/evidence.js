// A file that shows something: hashed with a salt on this device, and never uploaded.

import { describeEvidence } from "../../onrecord/disclosure.js";
import { say } from "../strings.js";
import { at, showProblems } from "./page.js";
import { EVIDENCE_MAX } from "./problems.js";

/** @param {string | number} n @returns {HTMLInputElement} what is signed of the file */
const hashOf = (n) => at("questions").elements[`evidence_hash_${n}`];

/** Puts what is signed of the chosen file into the form, or takes it out when none is chosen.
 * @param {HTMLInputElement} field */
export async function readEvidence(field) {
  const n = field.id.replace("evidence_pick_", "");
  const [file, label, name] = [field.files?.[0], at(`evidence_label_${n}`), at(`evidence_file_${n}`)];
  try {
    hashOf(n).value = file ? JSON.stringify(await describeEvidence(file, file.name)) : "";
    if (!label.value || !file) label.value = file?.name ?? "";
    name.value = file?.name ?? "";
    showEvidence();
  } catch {
    showProblems([{ field: field.id, text: say("publish-error-file-unread") }]);
  }
}

/** Says beside each file what was read of it. */
export function showEvidence() {
  for (let n = 1; n <= EVIDENCE_MAX; n++) {
    const { value } = hashOf(n);
    const { bytes } = JSON.parse(value || "{}");
    at(`evidence_made_${n}`).textContent = value
      ? say("publish-script-file-read", { name: at(`evidence_file_${n}`).value, bytes })
      : say("publish-script-file-none");
  }
}
