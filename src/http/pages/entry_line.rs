//! An entry in a list: what it is, whom it names, its title, when it was admitted.

use super::entry_link::EntryLink;
use super::strings::Message;
use super::{Visit, kind_name, subject_names};
use crate::service::EntryView;

/// An entry, in a list on a page. What cannot be read, as with kinds that come later, is left out.
pub struct EntryLine {
    /// Its number.
    pub index: u64,
    /// The path of its page.
    pub path: String,
    /// Its kind.
    pub kind: Message,
    /// The organizations it is about.
    pub subjects: Option<String>,
    /// Its title, when it has a public one.
    pub title: Option<String>,
    /// Where its agreement was imported from.
    pub imported_from: Option<String>,
    /// Whether the operator withholds it.
    pub is_withheld: bool,
    /// When it was admitted.
    pub time: String,
    /// How many keys signed it.
    pub signers: usize,
}

impl EntryLine {
    /// The line of each of these entries.
    pub fn all(visit: &Visit, entries: &[EntryView]) -> Vec<Self> {
        entries.iter().map(|entry| Self::new(visit, entry)).collect()
    }

    fn new(visit: &Visit, view: &EntryView) -> Self {
        Self {
            index: view.entry.index,
            path: EntryLink::of(view).path(),
            kind: kind_name(visit, view),
            subjects: subject_names(visit, view),
            title: view.title().map(str::to_owned),
            imported_from: view.imported_from.as_ref().map(ToString::to_string),
            is_withheld: view.withheld.is_some(),
            time: view.entry.time.to_millis(),
            signers: view.entry.links.signers.len(),
        }
    }
}
