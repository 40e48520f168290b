// What a failed check means is said in every language of the pages.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const root = new URL("../../src/http/", import.meta.url);
const MODULES = ["onrecord/checks.js", "onrecord/live.js", "onrecord/verify.js", "pages/shown_words.js", "pages/trust.js"];
/** A failure has its name first in what is said of it, or is named anew where it is found. */
const NAMES = [/["`]([a-z]+(?:_[a-z]+)+): /g, /rename\("(\w+)"\)/g, /attempt\("(not_\w+)"/g];

const sources = await Promise.all(MODULES.map((name) => readFile(new URL(`assets/${name}`, root), "utf8")));
const names = new Set(NAMES.flatMap((form) => [...sources.join("\n").matchAll(form)].map(([, name]) => name)));
names.add("refused");

for (const language of ["en", "es", "ar"]) {
  test(`every failure of a check is explained in ${language}, and nothing else`, async () => {
    const strings = await readFile(new URL(`pages/strings/${language}/check.ftl`, root), "utf8");
    const explained = [...strings.matchAll(/^check-failed-(\w+) = ./gm)].map(([, name]) => name);
    assert.deepEqual(explained.sort(), [...names].sort());
  });
}
