// What the person leaves with, on the screen and on paper: what was put on record, where it is, and how to show
// it to others.

import { toMillis } from "../../onrecord/time.js";
import { code, element, when } from "../elements.js";
import { say } from "../strings.js";
import { at, fact } from "./page.js";

/** @import { Draft } from "./kept.js" */

/** @param {Draft} draft
 * @param {{ url: string, name: string, index: number, time: number, id: string }} entry `name` as in its address */
export function showSheet({ answers }, { url, name, index, time, id }) {
  const link = `${url}/e/${name}`;
  at("done-title").textContent = answers.sealed.includes("title") ? "" : answers.values.title ?? "";
  at("done-facts").replaceChildren(
    fact(say("publish-script-entry"), String(index)),
    fact(say("publish-script-admitted"), when(toMillis(time))),
    fact(say("publish-script-statement"), code(id)),
  );
  Object.assign(at("done-link"), { href: link, textContent: link, dir: "ltr" });
  const alt = say("publish-script-code");
  at("done-code").replaceChildren(element("img", { src: `${url}/qr/${name}.svg`, alt, width: "160", height: "160" }));
  at("done-snippet").textContent = `<a href="${link}">${link}</a>`;
  const embed = new URL(at("done-embed").href);
  embed.searchParams.set("entry", name);
  at("done-embed").href = embed.href;
  at("copied").textContent = "";
  at("copy").onclick = () => copy(link);
  at("share").hidden = !navigator.share;
  at("share").onclick = () => navigator.share({ url: link }).catch(() => {});
}

/** @param {string} text */
async function copy(text) {
  const isCopied = await navigator.clipboard.writeText(text).then(() => true, () => false);
  at("copied").textContent = say(isCopied ? "publish-script-copied" : "publish-script-not-copied");
}
