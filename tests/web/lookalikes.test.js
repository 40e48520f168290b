// What the publish page says about a domain name that is written in other letters.

import assert from "node:assert/strict";
import { test } from "node:test";

import { domainOf, unicodeOf, warningsOf } from "../../src/http/assets/pages/publish/lookalikes.js";

test("a typed name is read as the server reads it, in any case and script", () => {
  for (const [typed, read] of [
    [" Acme.Example ", "acme.example"],
    ["Bücher.de", "xn--bcher-kva.de"],
    ["例え。テスト", "xn--r8jz45g.xn--zckzah"],
  ]) {
    assert.equal(domainOf(typed ?? ""), read);
  }
  for (const other of ["", "acme", "a refund", "ftp://a.example", "a.example:80", "https://a@b.example/",
    "192.0.2.7", "a@b.example", "a.example."]) {
    assert.equal(domainOf(other), undefined, other);
  }
});

test("of an address that was pasted the host counts, as the server reads it", () => {
  for (const [typed, read] of [
    ["https://www.Acme.example/help?id=1#top", "acme.example"],
    ["http://shop.acme.example", "shop.acme.example"],
    ["acme.example/contact", "acme.example"],
    ["www.bücher.example", "xn--bcher-kva.example"],
    ["www.example", "www.example"],
    ["https://www.gov.uk/refunds", "www.gov.uk"],
    ["https://www.acme.co.uk", "acme.co.uk"],
    ["www.com.au", "www.com.au"],
  ]) {
    assert.equal(domainOf(typed ?? ""), read, typed);
  }
});

test("an ASCII name is shown as browsers show it", () => {
  for (const name of ["bücher.example", "münchen.example", "例え.example", "مثال.example",
    "почта.example", "faß.example", "ελληνικά.example", "😀.example"]) {
    const ascii = domainOf(name);
    assert.ok(ascii?.startsWith("xn--"), name);
    assert.equal(unicodeOf(ascii ?? ""), name);
  }
  assert.equal(unicodeOf("acme.example"), "acme.example");
});

test("mixed scripts and letters that pass for Latin ones are warned of", () => {
  for (const [name, warnings] of /** @type {[string, string[]][]} */ ([
    ["acme.example", []],
    ["bücher.example", ["international"]],
    ["例えテスト.example", ["international"]],
    ["почта.example", ["international"]],
    ["раураl.example", ["international", "mixed"]],
    ["раура.example", ["international", "lookalike"]],
    ["αcme.example", ["international", "mixed"]],
  ])) {
    assert.deepEqual(warningsOf(domainOf(name) ?? ""), warnings, name);
  }
});
