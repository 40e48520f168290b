//! The words of a bundle against what the statement commits to (protocol §4).
//!
//! A word is known by its digest. Its JSON need not be canonical: that was asked when it was admitted, and
//! what is sealed was never shown to anyone who could ask.

use std::collections::BTreeSet;

use serde::de::IgnoredAny;

use super::content::Content;
use super::verdict::{Check, CheckName, Finding};
use crate::crypto::Hash;
use crate::encoding::base64;
use crate::statement::disclosure::digest_of;

const NAME: CheckName = CheckName::Disclosures;

/// A word of a bundle: its digest, and its name where it has the form of one.
struct Word {
    digest: Hash,
    name: Option<String>,
}

impl Word {
    fn read(encoded: &str) -> Self {
        let name = base64::decode_url(encoded).ok().and_then(|json| {
            let parts: Result<(String, String, IgnoredAny), _> = serde_json::from_slice(&json);
            parts.ok().map(|(_, name, _)| name)
        });
        Self { digest: digest_of(encoded), name }
    }

    /// The name, or what else it may be called in a sentence.
    fn label(&self) -> String {
        let name = self.name.as_deref().unwrap_or("word without a name");
        name.chars().take(40).collect()
    }
}

/// Checks the words of a bundle, and tells how many of the statement's are not in it.
pub(super) fn check(content: &Content, public: &[String], sealed: &[String]) -> Check {
    if *content == Content::UnknownType {
        return match public.len() + sealed.len() {
            0 => Check::ok(NAME, "the bundle has no words"),
            _ => Check::not_checked(NAME, "the payload's type is not known"),
        };
    }
    let public: Vec<Word> = public.iter().map(|text| Word::read(text)).collect();
    let sealed: Vec<Word> = sealed.iter().map(|text| Word::read(text)).collect();
    match find(content, &public, &sealed) {
        Some(finding) => Check::failed(NAME, finding),
        None => Check::ok(NAME, summary(content, &public, &sealed)),
    }
}

fn find(content: &Content, public: &[Word], sealed: &[Word]) -> Option<Finding> {
    let digests = content.digests();
    let mut seen = BTreeSet::new();
    let mut names = BTreeSet::new();
    for (word, is_sealed) in
        public.iter().map(|word| (word, false)).chain(sealed.iter().map(|word| (word, true)))
    {
        if !is_committed(word, is_sealed, content, &digests) {
            return Some(Finding::DisclosureAltered(word.label()));
        }
        if !seen.insert(word.digest) || !names.insert(word.name.as_deref()) {
            return Some(Finding::DisclosureRepeated(word.label()));
        }
    }
    None
}

/// What is sealed is committed to under its name. It may be public by now, through a `reveal`.
fn is_committed(word: &Word, is_sealed: bool, content: &Content, digests: &[Hash]) -> bool {
    let under = content.sealed().iter().find(|(_, digest)| *digest == word.digest);
    match under {
        Some((name, _)) => word.name.as_ref() == Some(name),
        None => !is_sealed && word.name.is_some() && digests.contains(&word.digest),
    }
}

fn summary(content: &Content, public: &[Word], sealed: &[Word]) -> String {
    let here = public.len() + sealed.len();
    let missing = content.digests().len().saturating_sub(here);
    format!("{} public, {} sealed, {missing} not in this file", public.len(), sealed.len())
}
