//! Keys and values of the index in sled.
//!
//! Keys, a letter and 16 bytes: `i` statement id → index (8) · `t`, `s`, `k` thread, subject, signer → index (8)
//! and seq (8) · `w` hash of entry and digest → revealed by (8), erased by (8), withheld by (8), restored by (8), of
//! which the later counts, all ones for none · `l` list and index (8) → nothing · alone, `y` → size (8) and root
//! (32). A thread's agreement has no `t`: its `i` tells.

use crate::crypto::sha256_of;
use crate::store::index::short;
use crate::store::{ChainKind, List, ShortName, WordEvents, WordRef};

/// It was `z` before there were lists, so that an index without them is filled again.
pub(super) const POSITION: &[u8] = b"y";
/// Stands for no entry.
pub(super) const NONE: u64 = u64::MAX;

pub(super) const fn letter(kind: ChainKind) -> u8 {
    match kind {
        ChainKind::Thread => b't',
        ChainKind::Subject => b's',
        ChainKind::Signer => b'k',
    }
}

pub(super) fn key(letter: u8, name: &ShortName) -> [u8; 17] {
    let mut key = [letter; 17];
    key[1..].copy_from_slice(name);
    key
}

pub(super) fn list_key(list: &List, index: u64) -> [u8; 25] {
    let mut key = [b'l'; 25];
    key[1..17].copy_from_slice(list.name());
    key[17..].copy_from_slice(&index.to_be_bytes());
    key
}

pub(super) fn words_value(events: &WordEvents) -> Vec<u8> {
    let moderated = |as_withheld| {
        events.moderated.filter(|(_, withheld)| *withheld == as_withheld).map(|(index, _)| index)
    };
    let numbers = [events.revealed, events.erased, moderated(true), moderated(false)];
    numbers.iter().flat_map(|number| number.unwrap_or(NONE).to_be_bytes()).collect()
}

pub(super) fn join(first: u64, second: u64) -> Vec<u8> {
    [first.to_be_bytes(), second.to_be_bytes()].concat()
}

pub(super) fn word_name(word: &WordRef) -> ShortName {
    short(&sha256_of(&[&word.entry.to_be_bytes(), word.digest.as_bytes()]))
}
