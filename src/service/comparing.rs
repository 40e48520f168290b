//! Holds what others have of this log against the tree here, before anything is signed after a start or a restore
//! (protocol §7). They are believed only where the log's own key signed what they show.

use super::lookup::LookupError;
use super::view::View;
use crate::crypto::Hash;
use crate::net::FetchError;
use crate::tlog::{ForeignCheckpoint, LogFinding, Origin, Policy};

/// How what somebody holds stands to the tree here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// A checkpoint of so many entries of this tree.
    OfThisTree(u64),
    /// Nothing of this log.
    Nothing,
    /// Something that this log did not sign. Nobody but its holder is to blame for that.
    NotSigned,
    /// It did not answer.
    NoAnswer(FetchError),
}

/// Why nothing may be signed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CompareError {
    /// Somebody holds a checkpoint that the key of this ledger signed, of another tree than this one.
    #[error(
        "{holder} holds a checkpoint of size {size} that the key of this ledger signed and that is not of this tree \
         of {newest} entries: the folder is older than what was published, or another process signs with the key"
    )]
    AnotherTree {
        /// Who holds it.
        holder: String,
        /// Its size.
        size: u64,
        /// Entries that there are here.
        newest: u64,
    },
    /// Entries or tiles cannot be read.
    #[error(transparent)]
    Lookup(#[from] LookupError),
}

/// The tree here.
pub struct OwnTree<'a> {
    /// As of its newest checkpoint; nothing before entry 0.
    pub view: Option<&'a View>,
    /// Names the keys of the log.
    pub policy: &'a Policy,
    /// The log.
    pub origin: &'a Origin,
}

impl OwnTree<'_> {
    /// Compares what a holder answered: a note, or that it has none.
    ///
    /// # Errors
    /// [`CompareError::AnotherTree`].
    pub fn compare(
        &self,
        holder: &str,
        answer: Result<Option<String>, FetchError>,
    ) -> Result<Compared, CompareError> {
        let note = match answer {
            Ok(Some(note)) => note.parse::<ForeignCheckpoint>().ok(),
            Ok(None) => return Ok(Compared::Nothing),
            Err(error) => return Ok(Compared::NoAnswer(error)),
        };
        let Some(held) = note.filter(|held| self.is_signed(held)) else {
            return Ok(Compared::NotSigned);
        };
        self.check_is_here(holder, held.size(), held.root())?;
        Ok(Compared::OfThisTree(held.size()))
    }

    fn is_signed(&self, held: &ForeignCheckpoint) -> bool {
        let judged = self.policy.judge_foreign(held).log;
        held.origin() == self.origin.as_str() && matches!(judged, LogFinding::Signed(_))
    }

    /// Whether this tree has that root at that size.
    ///
    /// # Errors
    /// [`CompareError::AnotherTree`] where it has not.
    pub fn check_is_here(&self, holder: &str, size: u64, root: &Hash) -> Result<(), CompareError> {
        let own = match self.view {
            Some(view) if size > 0 => view.root_at(size)?,
            // Every tree begins with the empty one.
            _ if size == 0 => return Ok(()),
            _ => None,
        };
        if own.as_ref() == Some(root) {
            return Ok(());
        }
        let newest = self.view.map_or(0, View::size);
        Err(CompareError::AnotherTree { holder: holder.to_owned(), size, newest })
    }
}
