// The page of snippets: a button beside each that copies it. Without a script they are selected and copied by hand.

import { element } from "../pages/elements.js";
import { say } from "../pages/strings.js";

// Browsers give a clipboard only to pages that came over https or from this machine.
if (navigator.clipboard) for (const snippet of document.querySelectorAll("code.snippet")) addButton(snippet);

/** @param {Element} snippet */
function addButton(snippet) {
  const button = element("button", { type: "button", class: "secondary" }, say("embed-copy"));
  button.setAttribute("aria-describedby", snippet.id);
  const told = element("span", { role: "status", class: "quiet" });
  button.addEventListener("click", () => {
    told.textContent = "";
    navigator.clipboard.writeText(snippet.textContent ?? "").then(
      () => (told.textContent = say("embed-copied")),
      () => (told.textContent = say("embed-not-copied")),
    );
  });
  snippet.parentElement?.after(element("p", { class: "copy" }, button, " ", told));
}
