//! What can be wrong with the entries about a domain as they are shown, each with the place in the chain.

use std::fmt;

use crate::entry::BadLeaf;
use crate::statement::Refusal;
use crate::tlog::TilePath;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The place in the chain, from 0, where that is known.
    pub seq: Option<u64>,
    /// The entry, where that is known.
    pub index: Option<u64>,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with an entry of the chain, or with what should be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The ledger gave another entry as the newest, or none.
    NewestHidden,
    /// What stands in its place is not what was logged there.
    EntryChanged,
    /// It is not among the files of the ledger, nor are those after it up to the last.
    EntryMissing {
        /// The index of the last one in a row.
        last: u64,
    },
    /// Nothing shows that it is in the tree that the log signed.
    NotInTree,
    /// It is another entry than the one that the next one of the chain follows.
    EntrySwapped,
    /// It is no entry in its one form.
    NotAnEntry(BadLeaf),
    /// It says it has another index.
    WrongIndex {
        /// The index in it.
        found: u64,
    },
    /// The chain leads to it, and it says nothing of the chain.
    NotLinked,
    /// The chain goes from what follows the last of these to what stands before the first.
    Gap {
        /// The first place that nothing is shown for.
        first: u64,
        /// The last one.
        last: u64,
    },
    /// It says it has another place than the chain has for it, and not a smaller one.
    OutOfOrder {
        /// The place it has in the chain.
        expected: u64,
    },
    /// It names an entry that is not older as the one before it.
    LinkForward {
        /// The index that it names.
        named: u64,
    },
    /// It is dated after an entry that follows it.
    TimeWentBack,
    /// A rule for statements or signatures that it breaks by itself.
    Refused(Refusal),
    /// Its chain says it is about the domain, and nothing in its fields makes it so.
    NotAMember,
    /// Its fields make it one about the domain, and its links leave it out.
    LinkMissing,
    /// The tile of hashes beside it holds other hashes than the tree.
    TileMismatch(TilePath),
}

/// What was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckName {
    /// Nothing newer exists than the newest entry that was shown.
    Newest,
    /// Each entry follows the one before it, down to the first.
    Chain,
    /// Each entry is in the tree that the log signed, at its index.
    Inclusion,
    /// Each entry has its one form, and its signatures are by its signers.
    Entries,
    /// The fields of each entry make it one about the domain.
    Membership,
}

impl CheckName {
    /// All of them, in order.
    pub const ALL: [Self; 5] =
        [Self::Newest, Self::Chain, Self::Inclusion, Self::Entries, Self::Membership];

    /// Its name in a verdict.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Chain => "chain",
            Self::Inclusion => "inclusion",
            Self::Entries => "entries",
            Self::Membership => "membership",
        }
    }
}

impl Fault {
    /// Its name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NewestHidden => "newest_hidden",
            Self::EntryChanged => "entry_changed",
            Self::EntryMissing { .. } => "entry_missing",
            Self::NotInTree => "not_in_tree",
            Self::EntrySwapped => "entry_swapped",
            Self::NotAnEntry(_) => "not_an_entry",
            Self::WrongIndex { .. } => "wrong_index",
            Self::NotLinked => "not_linked",
            Self::Gap { .. } => "gap",
            Self::OutOfOrder { .. } => "out_of_order",
            Self::LinkForward { .. } => "link_forward",
            Self::TimeWentBack => "time_went_back",
            Self::Refused(refusal) => refusal.reason.name(),
            Self::NotAMember => "not_a_member",
            Self::LinkMissing => "link_missing",
            Self::TileMismatch(_) => "tile_mismatch",
        }
    }

    /// The check that fails by it.
    pub const fn check(&self) -> CheckName {
        match self {
            Self::NewestHidden => CheckName::Newest,
            Self::EntrySwapped
            | Self::NotLinked
            | Self::Gap { .. }
            | Self::OutOfOrder { .. }
            | Self::LinkForward { .. }
            | Self::TimeWentBack => CheckName::Chain,
            Self::EntryChanged
            | Self::EntryMissing { .. }
            | Self::NotInTree
            | Self::TileMismatch(_) => CheckName::Inclusion,
            Self::NotAnEntry(_) | Self::WrongIndex { .. } | Self::Refused(_) => CheckName::Entries,
            Self::NotAMember | Self::LinkMissing => CheckName::Membership,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.seq, self.index) {
            (Some(seq), Some(index)) => write!(formatter, "seq {seq} (entry {index}): ")?,
            (Some(seq), None) => write!(formatter, "seq {seq}: ")?,
            (None, Some(index)) => match self.fault {
                Fault::EntryMissing { last } if last > index => {
                    write!(formatter, "entries {index} to {last}: ")?;
                }
                _ => write!(formatter, "entry {index}: ")?,
            },
            (None, None) => {}
        }
        self.fault.fmt(formatter)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.name())?;
        match self {
            Self::NewestHidden => formatter.write_str("the ledger does not give it as the newest"),
            Self::EntryChanged => {
                formatter.write_str("what stands in its place is not what was logged there")
            }
            Self::EntryMissing { .. } => {
                formatter.write_str("what was logged there is not among the ledger's files")
            }
            Self::NotInTree => {
                formatter.write_str("nothing shows that it is in the tree that the log signed")
            }
            Self::EntrySwapped => {
                formatter.write_str("it is not the entry that the next one of the chain follows")
            }
            Self::NotAnEntry(error) => error.fmt(formatter),
            Self::WrongIndex { found } => write!(formatter, "it says it is number {found}"),
            Self::NotLinked => {
                formatter.write_str("the chain leads to it, and its links leave the domain out")
            }
            Self::Gap { first, last } if first == last => {
                formatter.write_str("nothing is shown for it")
            }
            Self::Gap { first, last } => {
                write!(formatter, "nothing is shown for seq {first} to {last}")
            }
            Self::OutOfOrder { expected } => {
                write!(formatter, "it stands where the chain has seq {expected}")
            }
            Self::LinkForward { named } => {
                write!(
                    formatter,
                    "it names entry {named}, which is not older, as the one before it"
                )
            }
            Self::TimeWentBack => formatter.write_str("it is dated after an entry that follows it"),
            Self::Refused(refusal) => formatter.write_str(&refusal.detail),
            Self::NotAMember => {
                formatter.write_str("its links name the domain, and its fields do not make it so")
            }
            Self::LinkMissing => formatter
                .write_str("its fields make it one about the domain, and its links leave it out"),
            Self::TileMismatch(path) => write!(formatter, "{path} is not that of the entries"),
        }
    }
}
