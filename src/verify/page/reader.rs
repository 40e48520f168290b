//! The tags of a page that a browser with scripts would make elements of: not those in comments, scripts,
//! `<template>` and `<noscript>`. A tokenizer by the HTML standard, with the few things of tree construction
//! that decide what is a tag: it keeps no tree, so that no page is too deep or too tangled for it.

use html5gum::{DefaultEmitter, StartTag, State, Token, Tokenizer};

/// In how many nested SVG and MathML elements it is told which is open. Browsers end at a depth of 512.
const FOREIGN_DEPTH_MAX: usize = 512;

/// Attributes that say something here; others may be long and are not kept.
const ATTRIBUTES: [&str; 10] = [
    "href",
    "src",
    "srcset",
    "srcdoc",
    "data",
    "entry",
    "thread",
    "organization",
    "type",
    "xlink:href",
];
const TAGS: [&str; 13] = [
    "a",
    "area",
    "base",
    "embed",
    "frame",
    "iframe",
    "image",
    "img",
    "input",
    "object",
    "onrecord-proof",
    "script",
    "source",
];

/// A start tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) line: u64,
    attributes: Vec<(&'static str, String)>,
    /// Which tag is the link it stands in.
    pub(super) inside: Option<usize>,
}

impl Tag {
    /// The value of an attribute. Of one that is there twice the first counts.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| *own == name).map(|(_, value)| &value[..])
    }
}

/// Reads every start tag that says something here.
pub(super) fn read(html: &str) -> Vec<Tag> {
    let mut tokens = Tokenizer::new_with_emitter(html, DefaultEmitter::<usize>::new_with_span());
    let mut reader = Reader::new(html);
    while let Some(Ok(token)) = tokens.next() {
        match token {
            Token::StartTag(tag) => {
                if let Some(state) = reader.open(&tag) {
                    tokens.set_state(state);
                }
            }
            Token::EndTag(tag) => reader.close(&tag.name),
            _ => {}
        }
    }
    reader.tags
}

struct Reader<'html> {
    html: &'html [u8],
    line: u64,
    counted: usize,
    tags: Vec<Tag>,
    link: Option<usize>,
    /// For each open `<template>`, how much of `foreign` was open before it.
    templates: Vec<usize>,
    /// Open elements from the outermost `<svg>` or `<math>` on, as far as they decide what is HTML again.
    foreign: Vec<Vec<u8>>,
}

impl<'html> Reader<'html> {
    fn new(html: &'html str) -> Self {
        Self {
            html: html.as_bytes(),
            line: 1,
            counted: 0,
            tags: Vec::new(),
            link: None,
            templates: Vec::new(),
            foreign: Vec::new(),
        }
    }

    fn line_at(&mut self, position: usize) -> u64 {
        let end = position.clamp(self.counted, self.html.len());
        let passed = &self.html[self.counted..end];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.counted = end;
        self.line
    }

    /// Takes a start tag; how the tokenizer has to go on behind it, if not as before.
    fn open(&mut self, tag: &StartTag<usize>) -> Option<State> {
        let name: &[u8] = &tag.name;
        if self.is_foreign() && BREAKS_OUT.contains(&name) {
            self.leave_foreign();
        }
        let is_foreign = self.is_foreign();
        if self.templates.is_empty() {
            self.keep(tag, is_foreign);
        }
        let is_root = matches!(name, b"svg" | b"math");
        if is_root || (is_foreign && IS_HTML_AGAIN.contains(&name)) {
            if !tag.self_closing && self.foreign.len() < FOREIGN_DEPTH_MAX {
                self.foreign.push(name.to_vec());
            }
            return None;
        }
        if is_foreign {
            return None;
        }
        if name == b"template" {
            self.templates.push(self.foreign.len());
        }
        state_behind(name)
    }

    fn close(&mut self, name: &[u8]) {
        match name {
            b"template" => {
                if let Some(before) = self.templates.pop() {
                    self.foreign.truncate(before);
                }
            }
            b"a" if self.templates.is_empty() => self.link = None,
            _ => {}
        }
        if let Some(at) = self.foreign.iter().rposition(|open| open == name) {
            self.foreign.truncate(at);
        } else if BREAKS_OUT.contains(&name) {
            self.leave_foreign();
        }
    }

    fn keep(&mut self, tag: &StartTag<usize>, is_foreign: bool) {
        let name = String::from_utf8_lossy(&tag.name);
        let plays_a_part =
            TAGS.contains(&&*name) && !(is_foreign && matches!(&*name, "base" | "onrecord-proof"));
        if !plays_a_part {
            return;
        }
        let value = |attribute: &'static str| {
            let value = tag.attributes.get(attribute.as_bytes())?;
            let is_inline = value.starts_with(b"data:");
            (!is_inline).then(|| (attribute, String::from_utf8_lossy(value).into_owned()))
        };
        let attributes = ATTRIBUTES.into_iter().filter_map(value).collect();
        let line = self.line_at(tag.span.start);
        let is_link = name == "a";
        let inside = self.link.filter(|_| !is_link);
        self.tags.push(Tag { name: name.into_owned(), line, attributes, inside });
        if is_link {
            self.link = Some(self.tags.len() - 1);
        }
    }

    /// Whether the innermost open element is of SVG or MathML.
    fn is_foreign(&self) -> bool {
        self.foreign.last().is_some_and(|name| matches!(&name[..], b"svg" | b"math"))
    }

    fn leave_foreign(&mut self) {
        while self.is_foreign() {
            self.foreign.pop();
        }
    }
}

/// Elements whose content is text to its end tag.
fn state_behind(name: &[u8]) -> Option<State> {
    Some(match name {
        b"script" => State::ScriptData,
        b"title" | b"textarea" => State::RcData,
        b"style" | b"xmp" | b"iframe" | b"noembed" | b"noframes" | b"noscript" => State::RawText,
        b"plaintext" => State::PlainText,
        _ => return None,
    })
}

/// Elements of SVG and MathML in which HTML stands again.
const IS_HTML_AGAIN: [&[u8]; 9] =
    [b"foreignobject", b"desc", b"title", b"annotation-xml", b"mi", b"mo", b"mn", b"ms", b"mtext"];

/// Start tags that end SVG and MathML, however deep it is.
const BREAKS_OUT: [&[u8]; 43] = [
    b"b",
    b"big",
    b"blockquote",
    b"body",
    b"br",
    b"center",
    b"code",
    b"dd",
    b"div",
    b"dl",
    b"dt",
    b"em",
    b"embed",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"head",
    b"hr",
    b"i",
    b"img",
    b"li",
    b"listing",
    b"menu",
    b"meta",
    b"nobr",
    b"ol",
    b"p",
    b"pre",
    b"ruby",
    b"s",
    b"small",
    b"span",
    b"strong",
    b"strike",
    b"sub",
    b"sup",
    b"table",
    b"tt",
    b"u",
    b"ul",
];
