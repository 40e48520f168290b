//! The words of a statement: which names a kind has, what may stand under each, and whether disclosures
//! and `_sd` cover each other (protocol §4).

use std::collections::BTreeSet;

use super::disclosure::{Disclosure, ENCODED_TOTAL_MAX};
use super::payload::Statement;
use super::refusal::{Reason, Refusal, Refusals};
use crate::crypto::Hash;
use crate::encoding::json::Json;
use crate::encoding::{base64, hex, text};

/// Pieces of evidence a statement may have.
pub const EVIDENCE_MAX: usize = 8;

/// A row of a kind's table of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// One name that every statement of the kind discloses or seals.
    Required(&'static str, Form),
    /// One name that may be left out.
    Optional(&'static str, Form),
    /// `commitment_1…k`, one for each commitment in the clear fields.
    Commitments,
    /// `evidence_1…n`, without gaps, n at most [`EVIDENCE_MAX`].
    Evidence,
}

/// What may stand under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A text of one line.
    Line,
    /// A text of several lines.
    Lines,
    /// `{sha256, title, url}` of a document.
    Terms,
    /// `{bytes, label, media_type, salt, sha256}` of a file that stays with its owner: `sha256` covers the
    /// salt and then the file.
    Evidence,
}

/// Checks the words sent with a statement, and that no others are missing.
///
/// # Errors
/// `too_large`, `bad_field`, or one of the refusals that begin with `disclosure_`, `missing_disclosure`,
/// `bad_text`.
pub fn check(statement: &Statement, words: &[Disclosure]) -> Result<(), Refusal> {
    let mut refusals = Refusals::default();
    check_sizes(words, &mut refusals);
    if statement.kind().carries_words_of_its_target() {
        check_carried(statement, words, &mut refusals);
        return refusals.into_result();
    }
    check_cover(statement, words, &mut refusals);
    check_names(statement, words, &mut refusals);
    for word in words {
        if let Some(form) = form_of(statement, word.name()) {
            check_value(word, form, &mut refusals);
        }
    }
    refusals.into_result()
}

/// Checks what a stranger without the words can: that sealed names are known and committed to, and that
/// enough digests stand beside them for the required names.
///
/// # Errors
/// As [`check`].
pub fn check_commitments_to_words(statement: &Statement) -> Result<(), Refusal> {
    let mut refusals = Refusals::default();
    check_sealed(statement, &mut refusals);
    let sealed: BTreeSet<&str> = statement.sealed().iter().map(|(name, _)| name.as_str()).collect();
    let needed = required_names(statement);
    let open = needed.iter().filter(|name| !sealed.contains(name.as_str())).count();
    if statement.digests().len().saturating_sub(sealed.len()) < open {
        refusals.add(Reason::MissingDisclosure, "fewer digests than required words");
    }
    refusals.into_result()
}

/// Checks words that a `reveal` carries against the statement that sealed them.
///
/// # Errors
/// `disclosure_unknown` where a name is not the sealed one; `bad_field` or `bad_text` for its value.
pub fn check_revealed(target: &Statement, words: &[Disclosure]) -> Result<(), Refusal> {
    let mut refusals = Refusals::default();
    for word in words {
        let named =
            |(name, digest): &&(String, Hash)| *digest == word.digest() && name == word.name();
        match form_of(target, word.name()).filter(|_| target.sealed().iter().any(|s| named(&s))) {
            Some(form) => check_value(word, form, &mut refusals),
            None => refusals.add(
                Reason::DisclosureUnknown,
                format!("`{}` was not sealed under that name", shorten(word.name())),
            ),
        }
    }
    refusals.into_result()
}

/// What may stand under a name of a statement, if it has that name at all.
pub fn form_of(statement: &Statement, name: &str) -> Option<Form> {
    statement.kind().words.iter().find_map(|word| match word {
        Word::Required(known, form) | Word::Optional(known, form) => {
            (*known == name).then_some(*form)
        }
        Word::Commitments => {
            let count = statement.fields().commitments("commitments").len();
            is_numbered(name, "commitment_", count).then_some(Form::Lines)
        }
        Word::Evidence => is_numbered(name, "evidence_", EVIDENCE_MAX).then_some(Form::Evidence),
    })
}

fn is_numbered(name: &str, prefix: &str, most: usize) -> bool {
    (1..=most).any(|number| name.strip_prefix(prefix) == Some(number.to_string().as_str()))
}

fn required_names(statement: &Statement) -> Vec<String> {
    let names = statement.kind().words.iter().flat_map(|word| match word {
        Word::Required(name, _) => vec![(*name).to_owned()],
        Word::Commitments => {
            let count = statement.fields().commitments("commitments").len();
            (1..=count).map(|number| format!("commitment_{number}")).collect()
        }
        Word::Optional(..) | Word::Evidence => Vec::new(),
    });
    names.collect()
}

fn check_sizes(words: &[Disclosure], refusals: &mut Refusals) {
    let total: usize = words.iter().map(|word| word.encoded().len()).sum();
    if total > ENCODED_TOTAL_MAX {
        let detail = format!("the disclosures have {total} of {ENCODED_TOTAL_MAX} characters");
        refusals.add(Reason::TooLarge, detail);
    }
}

fn check_sealed(statement: &Statement, refusals: &mut Refusals) {
    let mut digests = BTreeSet::new();
    for (name, digest) in statement.sealed() {
        if !statement.digests().contains(digest) {
            refusals.add(
                Reason::DisclosureUnreferenced,
                format!("`{name}` is sealed but not in `_sd`"),
            );
        }
        if !digests.insert(digest) {
            refusals
                .add(Reason::DisclosureDuplicate, format!("`{name}` is sealed under another name"));
        }
        if form_of(statement, name).is_none() {
            refusals.add(Reason::DisclosureUnknown, format!("`{}` is sealed", shorten(name)));
        }
    }
}

/// The digests sent and those sealed are disjoint and together are `_sd`.
fn check_cover(statement: &Statement, words: &[Disclosure], refusals: &mut Refusals) {
    check_sealed(statement, refusals);
    let sealed: BTreeSet<Hash> = statement.sealed().iter().map(|(_, digest)| *digest).collect();
    let sent: BTreeSet<Hash> = words.iter().map(Disclosure::digest).collect();
    let all: BTreeSet<Hash> = statement.digests().iter().copied().collect();
    for word in words {
        if !all.contains(&word.digest()) {
            let detail = format!("`{}` is not in `_sd`", shorten(word.name()));
            refusals.add(Reason::DisclosureUnreferenced, detail);
        } else if sealed.contains(&word.digest()) {
            let detail = format!("`{}` is sent although it is sealed", shorten(word.name()));
            refusals.add(Reason::DisclosureUnreferenced, detail);
        }
    }
    if let Some(digest) =
        all.iter().find(|digest| !sent.contains(digest) && !sealed.contains(digest))
    {
        let detail = format!("{} in `_sd` is neither sent nor sealed", digest.to_base64url());
        refusals.add(Reason::DisclosureUnreferenced, detail);
    }
}

fn check_names(statement: &Statement, words: &[Disclosure], refusals: &mut Refusals) {
    let sealed = statement.sealed().iter().map(|(name, _)| name.as_str());
    let mut names = BTreeSet::new();
    for name in words.iter().map(Disclosure::name).chain(sealed) {
        if !names.insert(name) {
            refusals.add(Reason::DisclosureDuplicate, format!("`{}`", shorten(name)));
        }
        if form_of(statement, name).is_none() {
            refusals.add(Reason::DisclosureUnknown, format!("`{}`", shorten(name)));
        }
    }
    for name in required_names(statement) {
        if !names.contains(name.as_str()) {
            refusals.add(Reason::MissingDisclosure, format!("`{name}`"));
        }
    }
    let has_evidence = |number: usize| names.contains(format!("evidence_{number}").as_str());
    if let Some(number) = (2..=EVIDENCE_MAX).find(|n| has_evidence(*n) && !has_evidence(n - 1)) {
        refusals.add(Reason::MissingDisclosure, format!("`evidence_{}`", number - 1));
    }
}

/// A reveal has no words of its own: it carries exactly those of its `digests`.
fn check_carried(statement: &Statement, words: &[Disclosure], refusals: &mut Refusals) {
    let sent: BTreeSet<Hash> = words.iter().map(Disclosure::digest).collect();
    let named: BTreeSet<Hash> = statement.fields().digests("digests").iter().copied().collect();
    if sent != named || !statement.digests().is_empty() || !statement.sealed().is_empty() {
        let detail = "exactly the words of `digests` are sent, and `_sd` is empty";
        refusals.add(Reason::DisclosureUnreferenced, detail);
    }
    if sent.len() != words.len() {
        refusals.add(Reason::DisclosureDuplicate, "a word is sent twice");
    }
}

fn check_value(word: &Disclosure, form: Form, refusals: &mut Refusals) {
    let rule = match (form, word.value()) {
        (Form::Line, Json::Text(line)) => {
            return check_text(word, text::check_line(line), refusals);
        }
        (Form::Lines, Json::Text(lines)) => {
            return check_text(word, text::check_lines(lines), refusals);
        }
        (Form::Terms, value) if is_terms(value) => return check_texts(word, refusals),
        (Form::Evidence, value) if is_evidence(value) => return check_texts(word, refusals),
        (Form::Line | Form::Lines, _) => "must be a string",
        (Form::Terms, _) => "must be {sha256, title, url}, the url with https",
        (Form::Evidence, _) => "must be {bytes, label, media_type, salt, sha256}",
    };
    refusals.add(Reason::BadField, format!("`{}` {rule}", word.name()));
}

fn check_text(word: &Disclosure, result: Result<(), text::Forbidden>, refusals: &mut Refusals) {
    if let Err(error) = result {
        refusals.add(Reason::BadText, format!("`{}`: {error}", word.name()));
    }
}

/// Every text inside a map is one line.
fn check_texts(word: &Disclosure, refusals: &mut Refusals) {
    let Json::Map(members) = word.value() else { return };
    for text in members.iter().filter_map(|(_, value)| value.as_text()) {
        check_text(word, text::check_line(text), refusals);
    }
}

fn is_terms(value: &Json<'_>) -> bool {
    let text = |name| value.get(name).and_then(Json::as_text);
    has_keys(value, &["sha256", "title", "url"])
        && text("sha256").is_some_and(is_sha256)
        && text("title").is_some()
        && text("url").is_some_and(|url| url.starts_with("https://"))
}

fn is_evidence(value: &Json<'_>) -> bool {
    let text = |name| value.get(name).and_then(Json::as_text);
    let is_salt = |salt| base64::decode_url(salt).is_ok_and(|salt| (16..=32).contains(&salt.len()));
    has_keys(value, &["bytes", "label", "media_type", "salt", "sha256"])
        && value.get("bytes").and_then(Json::as_integer).is_some_and(|bytes| bytes >= 0)
        && text("label").is_some()
        && text("media_type").is_some()
        && text("salt").is_some_and(is_salt)
        && text("sha256").is_some_and(is_sha256)
}

fn is_sha256(text: &str) -> bool {
    hex::decode_array::<32>(text).is_ok()
}

fn has_keys(value: &Json<'_>, keys: &[&str]) -> bool {
    let Json::Map(members) = value else { return false };
    members.iter().map(|(key, _)| key.as_ref()).eq(keys.iter().copied())
}

fn shorten(name: &str) -> String {
    name.chars().take(40).collect()
}
