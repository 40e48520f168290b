//! Which hash chains an entry joins. Membership follows fields, never kinds, so that it holds for kinds
//! that come later (protocol §6).

use super::envelope::StatementId;
use super::fields::{Field, Fields, Form, Seen};
use super::payload::{SD_MAX, parse_payload};
use super::refusal::Refusals;
use crate::crypto::{DidKey, Hash};
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;

/// The fields that chains follow, and those of every statement that a stranger to its kind can use.
const FIELDS: &[Field] = &[
    Field::required("_sd", Form::Digests(0, SD_MAX)),
    Field::required("claimed_at", Form::Time),
    Field::optional("domain", Form::Domain),
    Field::optional("kind", Form::Text),
    Field::required("log", Form::Text),
    Field::optional("re", Form::StatementId),
    Field::optional("sealed", Form::Sealed),
    Field::optional("seen", Form::Seen),
    Field::required("signers", Form::Signers),
    Field::optional("subjects", Form::Domains),
    Field::optional("thread", Form::StatementId),
];

/// The chains that a statement's own fields name. The thread of the entry named by `re`, and the subjects
/// that come with a thread, are added by whoever knows the other entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership<'a> {
    /// Whether it opens a thread of its own.
    pub opens_thread: bool,
    /// The thread it names.
    pub thread: Option<StatementId>,
    /// The entry it is about.
    pub re: Option<StatementId>,
    /// The domains it names, as a set.
    pub subjects: Vec<&'a Domain>,
    /// Its signers.
    pub signers: &'a [DidKey],
}

impl<'a> Membership<'a> {
    pub(super) fn of(kind: &str, fields: &'a Fields) -> Self {
        // A notice speaks about an entry without becoming part of its history.
        let apart = kind == "notice";
        let mut subjects: Vec<_> = fields.domains("subjects").iter().collect();
        subjects.extend(fields.domain("domain"));
        subjects.sort();
        subjects.dedup();
        Self {
            opens_thread: kind == "agreement",
            thread: fields.statement_id("thread").filter(|_| !apart),
            re: fields.statement_id("re").filter(|_| !apart),
            subjects: if apart { Vec::new() } else { subjects },
            signers: fields.keys("signers"),
        }
    }
}

/// What can be read of a payload of any kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    kind: String,
    fields: Fields,
}

impl Outline {
    /// Reads them, whatever else the payload holds. Gives nothing where one of them is malformed.
    pub fn read(payload: &[u8]) -> Option<Self> {
        let json = parse_payload(payload).ok()?;
        let mut refusals = Refusals::default();
        let fields = Fields::read_some(&json, FIELDS, &mut refusals);
        refusals.into_result().ok()?;
        let kind = fields.text("kind").unwrap_or_default().to_owned();
        Some(Self { kind, fields })
    }

    /// The kind it names.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Its signers.
    pub fn signers(&self) -> &[DidKey] {
        self.fields.keys("signers")
    }

    /// The origin of the ledger it is meant for.
    pub fn log(&self) -> &str {
        self.fields.text("log").unwrap_or_default()
    }

    /// The signers' clock.
    pub fn claimed_at(&self) -> Option<Moment> {
        self.fields.time("claimed_at")
    }

    /// The checkpoint the signers had seen.
    pub fn seen(&self) -> Option<Seen> {
        self.fields.seen("seen")
    }

    /// The digests of all its words.
    pub fn digests(&self) -> &[Hash] {
        self.fields.digests("_sd")
    }

    /// Its sealed words: their names and digests.
    pub fn sealed(&self) -> &[(String, Hash)] {
        self.fields.sealed("sealed")
    }

    /// The statement it is about. Unlike that of [`Membership`], also where it stands apart from its history.
    pub fn re(&self) -> Option<StatementId> {
        self.fields.statement_id("re")
    }

    /// The chains it joins, as far as its own fields tell.
    pub fn membership(&self) -> Membership<'_> {
        Membership::of(&self.kind, &self.fields)
    }
}
