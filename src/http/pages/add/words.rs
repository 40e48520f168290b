//! The words of a thread that a signer can reveal or have erased: which they are, and how each begins.

use crate::encoding::json::Json;
use crate::http::pages::entry::label;
use crate::http::pages::strings::Message;
use crate::http::pages::{Visit, kind_name};
use crate::ledger::WordState;
use crate::service::{EntryView, WordView};
use crate::statement::StatementId;
use crate::thread::Thread;

/// Characters of a word that tell it from others.
const EXCERPT_MAX: usize = 120;

/// An entry of the thread with those of its words that are not erased.
pub struct Spoken {
    /// Its number.
    pub index: u64,
    /// The id of its statement.
    pub id: StatementId,
    /// Its kind.
    pub kind: Message,
    /// Its signers, with spaces between.
    pub signers: String,
    /// What it says.
    pub words: Vec<Known>,
}

/// A word.
pub struct Known {
    /// Its name in the statement; empty where that is not known.
    pub name: String,
    /// What it is.
    pub label: Message,
    /// How it begins, when it is public.
    pub excerpt: Option<String>,
    /// Its digest in base64url.
    pub digest: String,
    /// Whether its signers alone have it.
    pub is_sealed: bool,
}

/// The entries that signers of the agreement signed, with what is left of their words.
pub fn spoken(visit: &Visit, thread: &Thread, entries: &[EntryView]) -> Vec<Spoken> {
    let of_signers = entries.iter().filter(|entry| {
        let mut signers = entry.entry.links.signers.iter();
        signers.any(|(signer, _)| thread.signers().contains(signer))
    });
    let spoken = of_signers.map(|entry| {
        let mut words: Vec<_> = entry.words.iter().filter_map(|word| known(visit, word)).collect();
        words.sort_by_key(|word| place(&word.name));
        let id = entry.entry.envelope.id();
        let (index, kind) = (entry.entry.index, kind_name(visit, entry));
        Spoken { index, id, kind, signers: signers(entry), words }
    });
    spoken.filter(|spoken| !spoken.words.is_empty()).collect()
}

/// The title first, then commitments by their numbers, then what else was said.
fn place(name: &str) -> (u8, usize, String) {
    let group = match name {
        "title" => 0,
        name if name.starts_with("commitment_") => 1,
        _ => 2,
    };
    (group, name.len(), name.to_owned())
}

fn signers(entry: &EntryView) -> String {
    let signers = entry.entry.links.signers.iter().map(|(signer, _)| signer.to_string());
    signers.collect::<Vec<_>>().join(" ")
}

fn known(visit: &Visit, word: &WordView) -> Option<Known> {
    if matches!(word.state, WordState::Erased) {
        return None;
    }
    Some(Known {
        name: word.name.clone().unwrap_or_default(),
        label: label(visit, word.name.as_deref()),
        excerpt: word.value.as_ref().and_then(excerpt),
        digest: word.digest.to_base64url(),
        is_sealed: matches!(word.state, WordState::Sealed),
    })
}

/// How a word begins: its text, or what names it among its parts.
fn excerpt(value: &Json<'_>) -> Option<String> {
    let text = match value {
        Json::Text(text) => text,
        Json::Map(parts) => {
            let named = parts.iter().find(|(name, _)| name == "label" || name == "title");
            let Some((_, Json::Text(text))) = named else { return None };
            text
        }
        _ => return None,
    };
    let mut characters = text.chars();
    let mut excerpt: String = characters.by_ref().take(EXCERPT_MAX).collect();
    if characters.next().is_some() {
        excerpt.push('…');
    }
    Some(excerpt)
}
