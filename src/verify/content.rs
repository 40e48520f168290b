//! The statement in an entry, read as far as its kind allows.

use crate::crypto::{DidKey, Hash};
use crate::encoding::time::Moment;
use crate::statement::fields::Seen;
use crate::statement::membership::Outline;
use crate::statement::{Envelope, Membership, Reason, Refusal, STATEMENT_TYPE, Statement, words};

/// What an envelope holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A statement of a kind that is known.
    Known(Box<Statement>),
    /// One of a kind that is not known: its chains and common fields can be checked, its rules cannot.
    UnknownKind(Box<Outline>),
    /// A payload of another type, of which nothing can be told.
    UnknownType,
}

impl Content {
    /// Reads what an envelope holds and checks what it shows by itself, but for signatures and log.
    ///
    /// # Errors
    /// The refusal that an admission would have given.
    pub fn read(envelope: &Envelope) -> Result<Self, Refusal> {
        if envelope.payload_type() != STATEMENT_TYPE {
            return Ok(Self::UnknownType);
        }
        match Statement::read(envelope.payload()) {
            Ok(statement) => {
                words::check_commitments_to_words(&statement)?;
                Ok(Self::Known(Box::new(statement)))
            }
            Err(refusal) if refusal.reason == Reason::UnknownKind => {
                let outline = Outline::read(envelope.payload()).ok_or_else(|| {
                    Refusal::new(Reason::BadField, "a field that every statement has")
                })?;
                Ok(Self::UnknownKind(Box::new(outline)))
            }
            Err(refusal) => Err(refusal),
        }
    }

    /// The statement, where its kind is known.
    pub fn statement(&self) -> Option<&Statement> {
        if let Self::Known(statement) = self { Some(statement) } else { None }
    }

    /// The kind it names.
    pub fn kind(&self) -> Option<&str> {
        match self {
            Self::Known(statement) => Some(statement.kind().name),
            Self::UnknownKind(outline) => Some(outline.kind()),
            Self::UnknownType => None,
        }
    }

    /// The chains it joins, as far as its own fields tell.
    pub fn membership(&self) -> Option<Membership<'_>> {
        match self {
            Self::Known(statement) => Some(statement.membership()),
            Self::UnknownKind(outline) => Some(outline.membership()),
            Self::UnknownType => None,
        }
    }

    /// The origin of the ledger it is meant for.
    pub fn log(&self) -> Option<&str> {
        match self {
            Self::Known(statement) => Some(statement.log()),
            Self::UnknownKind(outline) => Some(outline.log()),
            Self::UnknownType => None,
        }
    }

    /// Its signers.
    pub fn signers(&self) -> &[DidKey] {
        match self {
            Self::Known(statement) => statement.signers(),
            Self::UnknownKind(outline) => outline.signers(),
            Self::UnknownType => &[],
        }
    }

    /// The signers' clock.
    pub fn claimed_at(&self) -> Option<Moment> {
        match self {
            Self::Known(statement) => statement.claimed_at(),
            Self::UnknownKind(outline) => outline.claimed_at(),
            Self::UnknownType => None,
        }
    }

    /// The checkpoint the signers had seen.
    pub fn seen(&self) -> Option<Seen> {
        match self {
            Self::Known(statement) => statement.seen(),
            Self::UnknownKind(outline) => outline.seen(),
            Self::UnknownType => None,
        }
    }

    /// The digests of the words it may be shown with: its own, and those that a `reveal` makes public.
    pub fn digests(&self) -> Vec<Hash> {
        match self {
            Self::Known(statement) if statement.kind().carries_words_of_its_target() => {
                [statement.digests(), statement.fields().digests("digests")].concat()
            }
            Self::Known(statement) => statement.digests().to_vec(),
            Self::UnknownKind(outline) => outline.digests().to_vec(),
            Self::UnknownType => Vec::new(),
        }
    }

    /// Its sealed words: their names and digests.
    pub fn sealed(&self) -> &[(String, Hash)] {
        match self {
            Self::Known(statement) => statement.sealed(),
            Self::UnknownKind(outline) => outline.sealed(),
            Self::UnknownType => &[],
        }
    }
}
