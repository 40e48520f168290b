//! From what the ledger looks up to the shapes of the API. Signed parts are passed through.

use serde_json::value::RawValue;

use crate::encoding::base64;
use crate::http::error::Failure;
use crate::http::state::App;
use crate::ledger::WordState;
use crate::service::{Decision, EntryView, Listed, LookupError, Page, View, WordView};
use crate::wire::{self, Reason};

impl From<LookupError> for Failure {
    fn from(error: LookupError) -> Self {
        match error {
            LookupError::IndexBuilding => {
                Self::new(Reason::Starting, "The index is being built.").retry_after(RETRY)
            }
            LookupError::SearchBuilding { done, of } => {
                let detail = format!("The search is being built, {done} of {of} entries.");
                Self::new(Reason::Starting, detail).retry_after(RETRY)
            }
            error => {
                tracing::error!(%error, "a lookup failed");
                Self::new(Reason::Internal, "The ledger could not read what it holds.")
            }
        }
    }
}

const RETRY: std::time::Duration = std::time::Duration::from_secs(5);

/// The checkpoint of a view.
pub fn meta(view: &View) -> wire::Meta {
    wire::Meta {
        checkpoint_size: view.size(),
        root: view.root().to_base64(),
        as_of: view.as_of().to_millis(),
        looked_back_to: None,
    }
}

/// An entry without `_meta`.
///
/// # Errors
/// `internal` when what is stored is no entry.
pub fn entry(app: &App, view: &EntryView) -> Result<wire::Entry, Failure> {
    let leaf: wire::Leaf<'_> = serde_json::from_slice(&view.leaf).map_err(unreadable)?;
    let payload = String::from_utf8(view.entry.envelope.payload().to_vec()).map_err(unreadable)?;
    let id = view.entry.envelope.id().to_string();
    let base = format!("{}/api/v1", app.public_url());
    let url = format!("{base}/entries/{}", leaf.index);
    let shown = view.withheld.is_none();
    Ok(wire::Entry {
        index: leaf.index,
        leaf_hash: view.leaf_hash.to_hex(),
        time: leaf.time,
        entry: shown.then(|| base64::encode(&view.leaf)),
        statement: shown.then(|| RawValue::from_string(payload)).transpose().map_err(unreadable)?,
        links: leaf.links,
        disclosures: view.words.iter().map(word).collect::<Result<_, _>>()?,
        urls: wire::Urls {
            statement: format!("{base}/statements/{id}"),
            bundle: format!("{url}/bundle"),
            proof: format!("{url}/proof"),
            thread: view.thread.map(|thread| format!("{base}/threads/{thread}")),
            entry: url,
        },
        withheld: view.withheld.as_ref().map(decision),
        imported_from: view.imported_from.as_ref().map(ToString::to_string),
        id,
        meta: None,
    })
}

/// Refuses an entry that is withheld.
///
/// # Errors
/// `withheld`, with the decision.
pub fn expect_shown(view: &EntryView) -> Result<(), Failure> {
    let Some(Decision { index, ground, .. }) = &view.withheld else { return Ok(()) };
    let ground = ground.replace('_', " ");
    let detail = format!(
        "The operator withholds entry {}. Ground: {ground}. The decision is entry {index}.",
        view.entry.index
    );
    Err(Failure::new(Reason::Withheld, detail))
}

/// An entry with `_meta`.
///
/// # Errors
/// As [`entry`].
pub fn entry_at(app: &App, at: &View, view: &EntryView) -> Result<wire::Entry, Failure> {
    Ok(wire::Entry { meta: Some(meta(at)), ..entry(app, view)? })
}

/// A page of entries.
///
/// # Errors
/// As [`entry`].
pub fn list(app: &App, at: &View, page: &Page) -> Result<wire::EntryList, Failure> {
    let entries = page.entries.iter().map(|view| entry(app, view)).collect::<Result<_, _>>()?;
    Ok(wire::EntryList { entries, next: page.next, meta: meta(at) })
}

/// A page of entries, and how far was looked for it.
///
/// # Errors
/// As [`entry`].
pub fn listed(app: &App, at: &View, listed: &Listed<Page>) -> Result<wire::EntryList, Failure> {
    let meta = wire::Meta { looked_back_to: listed.looked_back_to, ..meta(at) };
    Ok(wire::EntryList { meta, ..list(app, at, &listed.found)? })
}

/// An entry as a line of a dump.
///
/// # Errors
/// As [`entry`].
pub fn dump_row(view: &EntryView) -> Result<wire::DumpRow, Failure> {
    let leaf: wire::Leaf<'_> = serde_json::from_slice(&view.leaf).map_err(unreadable)?;
    let payload = String::from_utf8(view.entry.envelope.payload().to_vec()).map_err(unreadable)?;
    let words = view.words.iter().map(|shown| {
        let wire::Word { digest, name, value, state, .. } = word(shown)?;
        let disclosure = shown.disclosure.clone();
        Ok(wire::DumpWord { digest, name, value, state, disclosure })
    });
    Ok(wire::DumpRow {
        index: leaf.index,
        leaf_hash: view.leaf_hash.to_hex(),
        id: view.entry.envelope.id().to_string(),
        time: leaf.time,
        entry: base64::encode(&view.leaf),
        statement: RawValue::from_string(payload).map_err(unreadable)?,
        links: leaf.links,
        thread: view.thread.map(|thread| thread.to_string()),
        imported_from: view.imported_from.as_ref().map(ToString::to_string),
        disclosures: words.collect::<Result<_, Failure>>()?,
    })
}

fn word(view: &WordView) -> Result<wire::Word, Failure> {
    let value = view.value.as_ref().map(|value| RawValue::from_string(value.to_canonical()));
    let value = value.transpose().map_err(unreadable)?;
    let state = match view.state {
        WordState::Public { .. } => wire::WordState::Public,
        WordState::Sealed => wire::WordState::Sealed,
        WordState::Withheld { .. } => wire::WordState::Withheld,
        WordState::Erased => wire::WordState::Erased,
    };
    Ok(wire::Word {
        digest: view.digest.to_base64url(),
        name: view.name.clone(),
        value,
        state,
        withheld: view.withheld.as_ref().map(decision),
    })
}

fn decision(decision: &Decision) -> wire::Decision {
    wire::Decision {
        index: decision.index,
        time: decision.time.to_millis(),
        ground: decision.ground.clone(),
        source: decision.source.clone(),
    }
}

/// What is stored cannot be shown.
pub fn unreadable(error: impl std::fmt::Display) -> Failure {
    tracing::error!(%error, "a stored entry is not readable");
    Failure::new(Reason::Internal, "The ledger could not read what it holds.")
}
