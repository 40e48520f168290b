//! The table of kinds (protocol §5). A kind is one file here and one line in the table: its clear fields,
//! its words, how its fields hang together, and what it asks of the ledger's state.

use super::envelope::StatementId;
use super::fields::{Commitment, Field, Fields};
use super::refusal::{Reason, Refusal};
use super::words::Word;
use crate::crypto::{DidKey, Hash};
use crate::encoding::domain::Domain;
pub use breach::OUTCOMES;

/// Declares the table: each line is a file and the kind in it.
macro_rules! kinds {
    ($($file:ident)*) => {
        $(mod $file;)*
        /// Every kind that this ledger admits, by name.
        pub const ALL: &[&Kind] = &[$(&$file::KIND),*];
    };
}

kinds! {
    acceptance
    agreement
    amendment
    assessment
    breach
    claim
    countersignature
    erasure
    fulfilment
    log_keys
    moderation
    notice
    observation
    offer
    policy
    response
    reveal
    successor
    termination
    withdrawal
}

/// A kind of statement. Once defined it never changes.
#[derive(Debug)]
pub struct Kind {
    /// Its name in `kind`.
    pub name: &'static str,
    /// Its clear fields, beside those of every statement.
    pub fields: &'static [Field],
    /// Its words.
    pub words: &'static [Word],
    /// How its fields hang together, where their types alone do not tell.
    pub check: fn(&Fields) -> Result<(), Refusal>,
    /// What it asks of the ledger's state, and does to it.
    pub rules: fn(&Fields) -> Rules<'_>,
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Kind {
    /// Whether the words sent with it are its target's, as with a `reveal`.
    pub fn carries_words_of_its_target(&self) -> bool {
        self.name == reveal::KIND.name
    }
}

/// The kind of that name.
pub fn find(name: &str) -> Option<&'static Kind> {
    ALL.iter().copied().find(|kind| kind.name == name)
}

/// What a statement asks of the ledger's state before it is admitted, and what it does to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules<'a> {
    /// Who must have signed.
    pub signed_by: SignedBy<'a>,
    /// Numbers that must be in the list of commitments in force.
    pub numbers: &'a [u8],
    /// Whether it is admitted after a withdrawal when the individual's side signs it.
    pub after_withdrawal: bool,
    /// What it changes.
    pub effect: Effect<'a>,
}

impl<'a> Rules<'a> {
    /// The rules of a statement that those sign and that changes nothing.
    pub const fn signed_by(signed_by: SignedBy<'a>) -> Self {
        Self { signed_by, numbers: &[], after_withdrawal: false, effect: Effect::None }
    }
}

/// Who must have signed. "Its" is the agreement's that opened the thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedBy<'a> {
    /// Any keys.
    Anyone,
    /// Any keys, but none that claimed one of these subjects.
    AnyoneBut(&'a [Domain]),
    /// One or more of its signers, and nobody else.
    SomeSigners,
    /// All its signers, and nobody else.
    AllSigners,
    /// Keys that speak for this domain, which is one of its subjects.
    Subject(&'a Domain),
    /// Keys that speak for this domain, which is none of its subjects.
    NoSubject(&'a Domain),
    /// Keys that this domain's newest observation lists, none of which signed an agreement naming it.
    ListedBy(&'a Domain),
    /// All its signers and every subject that owes something.
    AllParties,
    /// One or more signers of the entry named by `re`.
    SomeSignersOfTarget,
    /// All signers of the entry named by `re`.
    AllSignersOfTarget,
    /// Keys of the newest policy.
    Operator,
}

/// What a statement changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Effect<'a> {
    /// Nothing that admission asks for later.
    None,
    /// It opens a thread.
    Opens {
        /// The organizations in it.
        subjects: &'a [Domain],
        /// The list in force.
        commitments: &'a [Commitment],
        /// Whether other organizations may offer something.
        offers_welcome: bool,
    },
    /// It gives the thread a whole new list of commitments.
    Amends {
        /// The new list.
        commitments: &'a [Commitment],
        /// Whether the list becomes the one in force.
        mutual: bool,
    },
    /// A subject gives its verdict on the agreement or an amendment, once on each.
    Judges {
        /// The subject.
        domain: &'a Domain,
        /// What it judges.
        re: Option<StatementId>,
    },
    /// A subject answers what the signers stated.
    Responds,
    /// Another organization offers something, where that is welcome.
    Offers,
    /// The signers take that offer, once.
    Accepts(Option<StatementId>),
    /// Its signers begin to speak for this domain.
    Claims(&'a Domain),
    /// The ledger saw which keys a domain lists.
    Observes {
        /// The domain.
        domain: &'a Domain,
        /// The keys, ascending.
        keys: &'a [DidKey],
    },
    /// It ends the agreement.
    Terminates,
    /// It withdraws the signers' side.
    Withdraws,
    /// It makes these sealed words of its target public.
    Reveals(&'a [Hash]),
    /// It deletes these words of its target for good.
    Erases(&'a [Hash]),
    /// It asks the operator to look at these words of its target.
    Notifies(&'a [Hash]),
    /// It stops serving these public words of its target, or the target where there are none.
    Withholds(&'a [Hash]),
    /// It serves these words, or the target, again.
    Restores(&'a [Hash]),
    /// It replaces the ledger's policy.
    SetsPolicy {
        /// Keys that sign for the operator from here on.
        operator_keys: &'a [DidKey],
        /// Whether names reserved for examples are admitted.
        reserved_domains: bool,
        /// Whether it names the ledger before this one, which only entry 0 may.
        has_predecessor: bool,
    },
    /// It names the keys that sign the log's checkpoints from here on, as verifier keys.
    NamesLogKeys(&'a [String]),
    /// It ends the ledger.
    Ends,
}

/// The check of a kind whose fields are independent.
fn independent(_: &Fields) -> Result<(), Refusal> {
    Ok(())
}

/// The check of a field that is there exactly when another has that value.
fn only_if(fields: &Fields, name: &str, other: &str, value: &str) -> Result<(), Refusal> {
    let refuse = |reason, rule| {
        let detail = format!("`{name}` {rule} where `{other}` is {value}");
        Err(Refusal::new(reason, detail))
    };
    match (fields.text(other) == Some(value), fields.has(name)) {
        (true, false) => refuse(Reason::MissingField, "belongs"),
        (false, true) => refuse(Reason::BadField, "belongs only"),
        _ => Ok(()),
    }
}

/// The organization that makes the statement, in a kind that always has a `domain`.
#[expect(clippy::expect_used, reason = "a statement is read by its table before it is asked")]
fn owner(fields: &Fields) -> &Domain {
    fields.domain("domain").expect("the table requires it")
}

/// Who signs a statement that names a `domain` exactly when a subject makes it.
fn subject_or<'a>(fields: &'a Fields, otherwise: SignedBy<'a>) -> SignedBy<'a> {
    fields.domain("domain").map_or(otherwise, SignedBy::Subject)
}
