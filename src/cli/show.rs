//! `onrecord show`: an entry for people to read. It shows what stands there and verifies nothing.

use std::path::Path;

use clap::Args;
use owo_colors::OwoColorize as _;
use serde_json::value::RawValue;

use super::contact::Contact;
use super::failure::Failure;
use super::terminal::{escape, escape_lines};
use super::verify::BUNDLE_BYTES_MAX;
use super::{Outcome, entry_url, files, terminal};
use crate::encoding::json::{self, Json};
use crate::entry::{Bundle, Entry};
use crate::statement::Disclosure;
use crate::wire::{ShownEntry, ShownState, ShownWord};

/// Members of a payload that say how it is held together, not what it says.
const TECHNICAL: [&str; 7] = ["_sd", "_sd_alg", "kind", "log", "nonce", "sealed", "signers"];
/// Columns of the longest field name.
const LABEL_WIDTH: usize = 18;

/// Show an entry: who states what, and which words are public
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord show localhost-8080-1a2b3c4d-7.onrecord.json
  onrecord show http://localhost:8080/api/v1/entries/7

This shows what the entry says; `onrecord verify` checks it.")]
pub(super) struct Show {
    /// A bundle's file, or the address of an entry on a ledger
    bundle: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// An entry and its words.
struct Shown {
    entry: Entry,
    words: Vec<ShownWord>,
    /// Words that are neither in the bundle nor named as sealed.
    absent: usize,
}

impl Show {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let bytes = match entry_url::parse(&self.bundle)? {
            None => files::read(Path::new(&self.bundle), BUNDLE_BYTES_MAX as u64)?,
            Some(entry) => entry.fetch_bundle(&Contact::new(entry.ledger.clone())?)?,
        };
        let shown = read(&bytes).map_err(|what| {
            let what = format!("{} cannot be shown: {what}", escape(&self.bundle));
            Failure::new(what, "Name a bundle, as `onrecord publish` writes it.")
        })?;
        if self.json {
            print_json(shown)?
        } else {
            print(&shown)?
        }
        Ok(Outcome::Done)
    }
}

fn read(bytes: &[u8]) -> Result<Shown, String> {
    let bundle = Bundle::parse(bytes).map_err(|error| error.to_string())?;
    let entry = Entry::parse(&bundle.leaf).map_err(|error| error.to_string())?;
    let payload = json::parse(entry.envelope.payload()).map_err(|error| error.to_string())?;
    let mut words = Vec::new();
    for (list, state) in
        [(&bundle.disclosures, ShownState::Public), (&bundle.sealed, ShownState::Sealed)]
    {
        for encoded in list {
            let word = Disclosure::parse(encoded).map_err(|refusal| refusal.to_string())?;
            let value = raw(&word.value().to_canonical());
            words.push(ShownWord { name: word.name().to_owned(), state, value });
        }
    }
    let sealed = match payload.get("sealed") {
        Some(Json::Map(members)) => members.iter().map(|(name, _)| name.to_string()).collect(),
        _ => Vec::new(),
    };
    for name in sealed {
        if !words.iter().any(|word| word.name == name) {
            words.push(ShownWord { name, state: ShownState::Sealed, value: None });
        }
    }
    let digests = payload.get("_sd").and_then(Json::as_list).map_or(0, <[_]>::len);
    let absent = digests.saturating_sub(words.len());
    Ok(Shown { entry, words, absent })
}

fn raw(json: &str) -> Option<Box<RawValue>> {
    RawValue::from_string(json.to_owned()).ok()
}

fn print(shown: &Shown) -> Result<(), Failure> {
    let envelope = &shown.entry.envelope;
    let Ok(payload) = json::parse(envelope.payload()) else { return Ok(()) };
    let text =
        |key: &str| escape(payload.get(key).and_then(Json::as_text).unwrap_or("?")).into_owned();
    let headline = format!("entry {} of {}: {}", shown.entry.index, text("log"), text("kind"));
    terminal::line(headline.bold())?;
    row("id", &envelope.id().to_string())?;
    row("logged", &shown.entry.time.to_millis())?;
    for signer in payload.get("signers").and_then(Json::as_list).unwrap_or_default() {
        row("signed by", signer.as_text().unwrap_or("?"))?;
    }
    let Json::Map(members) = &payload else { return Ok(()) };
    for (key, value) in members.iter().filter(|(key, _)| !TECHNICAL.contains(&key.as_ref())) {
        row(key, &plain(value))?;
    }
    if payload.get("imported_from").is_some() {
        terminal::line("The signer imported this from there, and is no party to it.")?;
    }
    terminal::line("The signers state:".bold())?;
    shown.words.iter().try_for_each(print_word)?;
    if shown.absent > 0 {
        terminal::line(format_args!("  {} more words are not in this bundle", shown.absent))?;
    }
    Ok(())
}

fn row(key: &str, value: &str) -> Result<(), Failure> {
    terminal::line(format_args!("  {:LABEL_WIDTH$} {}", escape(key), escape(value)))
}

fn print_word(word: &ShownWord) -> Result<(), Failure> {
    let name = escape(&word.name);
    let Some(value) = &word.value else {
        return terminal::line(format_args!("  {name} (sealed)"));
    };
    let note = if word.state == ShownState::Sealed { " (sealed; only in this copy)" } else { "" };
    terminal::line(format_args!("  {name}{note}"))?;
    let text = match json::parse(value.get().as_bytes()) {
        Ok(value) => plain(&value),
        Err(_) => value.get().to_owned(),
    };
    terminal::line(escape_lines(&text, "    "))
}

/// A text as it is, and anything else as its JSON.
fn plain(value: &Json<'_>) -> String {
    match value {
        Json::Text(text) => text.to_string(),
        Json::List(list) => list.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_canonical(),
    }
}

fn print_json(shown: Shown) -> Result<(), Failure> {
    let statement = std::str::from_utf8(shown.entry.envelope.payload()).unwrap_or("null");
    terminal::json(&ShownEntry {
        index: shown.entry.index,
        id: shown.entry.envelope.id().to_string(),
        time: shown.entry.time.to_millis(),
        statement: raw(statement).unwrap_or_default(),
        words: shown.words,
        words_absent: shown.absent,
    })
}
