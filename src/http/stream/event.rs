//! Events as they are sent: one function an event, in the format of Server-Sent Events. An event without an entry has
//! no `id`, so that a cursor stays an index.

use bytes::Bytes;
use serde::Serialize;

use crate::http::api::shapes;
use crate::http::error::Failure;
use crate::http::state::App;
use crate::service::live::{Chunk, Erases, Followed, Frame};
use crate::thread::turns::Turn;
use crate::wire::{
    DropReason, Reason, StreamCheckpoint, StreamDropped, StreamErasure, StreamState,
};

/// Begins every stream: how many milliseconds a browser waits before it reconnects.
pub const RETRY: Bytes = Bytes::from_static(b"retry: 2000\n\n");

/// An event without an id; a reader that reconnects after it is sent it again.
fn event(name: &str, data: &impl Serialize, out: &mut String) -> Result<(), Failure> {
    named(None, name, data, out)
}

fn named(
    id: Option<u64>,
    name: &str,
    data: &impl Serialize,
    out: &mut String,
) -> Result<(), Failure> {
    let data = serde_json::to_string(data).map_err(|error| {
        tracing::error!(%error, "an event could not be written as JSON");
        Failure::new(Reason::Internal, "The event could not be written.")
    })?;
    if let Some(id) = id {
        out.push_str(&format!("id: {id}\n"));
    }
    // JSON as it is written here has no line break, which would end the field.
    out.push_str(&format!("event: {name}\ndata: {data}\n\n"));
    Ok(())
}

/// An entry; its id is its index.
fn entry(app: &App, followed: &Followed, out: &mut String) -> Result<(), Failure> {
    named(Some(followed.view.entry.index), "entry", &shapes::entry(app, &followed.view)?, out)
}

/// Words are gone. It comes before the entry that erased them and has no id: whoever is cut off between the two is
/// sent both again.
fn erasure(erases: &Erases, erased_by: u64, out: &mut String) -> Result<(), Failure> {
    let data = StreamErasure {
        index: erases.index,
        id: erases.id.to_string(),
        leaf_hash: erases.leaf_hash.to_hex(),
        digests: erases.digests.iter().map(|digest| digest.to_base64url()).collect(),
        erased_by,
    };
    event("erasure", &data, out)
}

/// How far the stream has come. Its id is that of the newest entry it passed, sent or not.
///
/// # Errors
/// `internal` when it cannot be written.
pub fn checkpoint(cursor: u64, note: &Bytes) -> Result<Bytes, Failure> {
    let note = String::from_utf8_lossy(note).into_owned();
    let mut out = String::with_capacity(note.len() + 128);
    named(cursor.checked_sub(1), "checkpoint", &StreamCheckpoint { cursor, note }, &mut out)?;
    Ok(out.into())
}

/// What the clock changed in a thread.
///
/// # Errors
/// `internal` when it cannot be written.
pub fn state(turn: &Turn) -> Result<Bytes, Failure> {
    let mut out = String::new();
    event("state", &StreamState::from(turn), &mut out)?;
    Ok(out.into())
}

/// The end, and where to resume.
///
/// # Errors
/// `internal` when it cannot be written.
pub fn dropped(cursor: u64, reason: DropReason) -> Result<Bytes, Failure> {
    let mut out = String::new();
    event("dropped", &StreamDropped { cursor, reason }, &mut out)?;
    Ok(out.into())
}

/// Entries that follow each other, each rendered once for all who follow.
///
/// # Errors
/// `internal` when one of them cannot be written.
pub fn chunk(app: &App, first: u64, entries: &[Followed]) -> Result<Chunk, Failure> {
    let (mut out, mut frames) = (String::new(), Vec::with_capacity(entries.len()));
    for followed in entries {
        if let Some(erases) = &followed.erases {
            erasure(erases, followed.view.entry.index, &mut out)?;
        }
        let erasure_end = out.len();
        entry(app, followed, &mut out)?;
        frames.push(Frame {
            about: followed.about.clone(),
            erases: followed.erases.as_ref().map(|erases| erases.about.clone()),
            erasure_end,
            end: out.len(),
        });
    }
    Ok(Chunk { first, frames, bytes: out.into() })
}

/// What was found for one reader: entries, or only the words they erase.
///
/// # Errors
/// `internal` when one of them cannot be written.
pub fn found(app: &App, found: &[(Followed, bool)]) -> Result<Bytes, Failure> {
    let mut out = String::new();
    for (followed, whole) in found {
        if let Some(erases) = &followed.erases {
            erasure(erases, followed.view.entry.index, &mut out)?;
        }
        if *whole {
            entry(app, followed, &mut out)?;
        }
    }
    Ok(out.into())
}

/// About as many bytes as an entry takes when it is sent.
pub fn size(followed: &Followed) -> usize {
    let words = followed.view.words.iter().filter_map(|word| word.disclosure.as_ref());
    2 * followed.view.leaf.len() + words.map(String::len).sum::<usize>()
}
