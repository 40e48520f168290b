//! The strings of pages: every language has the same messages with the same values, all of them are used and
//! none is missing, and no template holds a word of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::source::package_folder;

const LANGUAGES: [&str; 3] = ["en", "es", "ar"];
/// Attributes whose values people read or hear.
const SPOKEN: [&str; 5] = ["alt", "aria-label", "content", "placeholder", "title"];

type Messages = BTreeMap<String, BTreeSet<String>>;

fn files_below(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path, endings));
        } else if path.extension().is_some_and(|ending| endings.iter().any(|e| ending == *e)) {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn pages() -> PathBuf {
    package_folder().join("src/http/pages")
}

/// Sources and templates that show words.
fn of_pages(endings: &[&str]) -> Vec<PathBuf> {
    let folders = [pages(), package_folder().join("src/http/embed")];
    folders.iter().flat_map(|folder| files_below(folder, endings)).collect()
}

/// The messages of a language: ids, and the values that each inserts.
fn messages(language: &str) -> Messages {
    let mut messages = Messages::new();
    for file in files_below(&pages().join("strings").join(language), &["ftl"]) {
        for (id, values) in messages_in(&fs::read_to_string(file).unwrap()) {
            assert!(messages.insert(id.clone(), values).is_none(), "{id} twice in {language}");
        }
    }
    messages
}

fn messages_in(source: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut messages: Vec<(String, BTreeSet<String>)> = Vec::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some((id, _)) = line.split_once(" =").filter(|(id, _)| is_id(id)) {
            messages.push((id.to_owned(), BTreeSet::new()));
        }
        let values = line.split('$').skip(1);
        let values = values.map(|rest| rest.split(|c: char| !is_id_character(c)).next().unwrap());
        if let Some((_, of_message)) = messages.last_mut() {
            of_message.extend(values.map(str::to_owned));
        }
    }
    messages
}

fn is_id_character(character: char) -> bool {
    character.is_ascii_lowercase() || character.is_ascii_digit() || "-_".contains(character)
}

fn is_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(is_id_character)
}

/// Every text between double quotes in a source or template, with `{…}` cut off: the beginnings of ids that are
/// put together end in `-`.
fn quoted(source: &str) -> BTreeSet<String> {
    let texts = source.lines().flat_map(|line| line.split('"').skip(1));
    texts.map(|text| text.split('{').next().unwrap().to_owned()).filter(|t| is_id(t)).collect()
}

/// What is said outright: `say("id")`.
fn said(source: &str) -> BTreeSet<String> {
    let ids = source.split("say(\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    ids.filter(|id| is_id(id)).collect()
}

/// The words in a template that stand neither in an expression nor where a reader is told not to translate.
fn bare_words(template: &str) -> Vec<String> {
    let without = cut(&cut(&cut(template, "{{", "}}"), "{%", "%}"), "{#", "#}");
    let mut words = Vec::new();
    let mut untranslated: Option<String> = None;
    for piece in without.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.split(|c: char| c.is_whitespace()).next().unwrap_or_default();
        if untranslated.as_deref().is_some_and(|open| name == format!("/{open}")) {
            untranslated = None;
        } else if untranslated.is_none() && tag.contains("translate=\"no\"") {
            untranslated = Some(name.to_owned());
        }
        if untranslated.is_none() && text.contains(char::is_alphabetic) {
            words.push(text.trim().to_owned());
        }
        if name != "meta" {
            words.extend(spoken_attributes(tag));
        }
    }
    words
}

fn spoken_attributes(tag: &str) -> Vec<String> {
    let value = |attribute: &&str| {
        let (_, rest) = tag.split_once(&format!(" {attribute}=\""))?;
        Some(rest.split('"').next()?.to_owned())
    };
    SPOKEN.iter().filter_map(value).filter(|text| text.contains(char::is_alphabetic)).collect()
}

fn cut(text: &str, begin: &str, end: &str) -> String {
    let mut pieces = text.split(begin);
    let mut kept = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        kept.push_str(piece.split_once(end).map_or("", |(_, rest)| rest));
    }
    kept
}

#[test]
fn every_language_has_the_same_messages_with_the_same_values() {
    let english = messages("en");
    assert!(english.len() > 40);
    for language in LANGUAGES {
        let own = messages(language);
        let differing: Vec<_> = english
            .keys()
            .chain(own.keys())
            .filter(|id| english.get(*id) != own.get(*id))
            .collect();
        assert!(differing.is_empty(), "{language}: {differing:?}");
    }
}

#[test]
fn every_message_is_used_and_every_one_used_is_there() {
    let messages = messages("en");
    let sources = of_pages(&["rs", "html"]);
    let sources: Vec<_> = sources.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let quoted: BTreeSet<String> = sources.iter().flat_map(|source| quoted(source)).collect();
    let is_used = |id: &String| {
        quoted.contains(id) || quoted.iter().any(|text| text.ends_with('-') && id.starts_with(text))
    };
    let unused: Vec<_> = messages.keys().filter(|id| !is_used(id)).collect();
    assert!(unused.is_empty(), "used nowhere: {unused:?}");
    let said: BTreeSet<String> = sources.iter().flat_map(|source| said(source)).collect();
    let missing: Vec<_> = said.iter().filter(|id| !messages.contains_key(*id)).collect();
    assert!(missing.is_empty(), "in no language: {missing:?}");
}

#[test]
fn templates_hold_no_words() {
    for file in of_pages(&["html", "svg"]) {
        let words = bare_words(&fs::read_to_string(&file).unwrap());
        assert!(words.is_empty(), "{}: {words:?}", file.display());
    }
}

mod planted {
    use super::*;

    #[test]
    fn bare_words_are_found_in_text_and_in_attributes() {
        let clean = "<p class=\"lead\">{{ say(\"a\") }} · <code translate=\"no\">{x} y</code></p>";
        assert_eq!(bare_words(clean), Vec::<String>::new());
        assert_eq!(bare_words("<p>{{ a }} keys</p>"), ["keys"]);
        assert_eq!(bare_words("<nav aria-label=\"Main\"></nav>"), ["Main"]);
        assert_eq!(bare_words("<b translate=\"no\">onrecord</b> <i>here</i>"), ["here"]);
    }

    #[test]
    fn messages_and_their_uses_are_found() {
        let found = messages_in("# c = d\na-b =\n  { $n ->\n  *[other] { $name }\n }\nc = d $e\n");
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(found, [("a-b".into(), names(&["n", "name"])), ("c".into(), names(&["e"]))]);
        assert_eq!(quoted("say(format!(\"kind-{kind}\")) say(\"a\")"), names(&["a", "kind-"]));
        assert_eq!(said("say(\"a\") tell(\"b\")"), names(&["a"]));
    }
}
