//! The statement: the payload of an envelope, read by the table of its kind (protocol §3).

use super::envelope::StatementId;
use super::fields::{Field, Fields, Form, SEALED_MAX, Seen};
use super::kind::{self, Kind, Rules};
use super::membership::Membership;
use super::refusal::{Reason, Refusal, Refusals};
use crate::crypto::{DidKey, Hash};
use crate::encoding::json::{self, Json, JsonError};
use crate::encoding::time::Moment;

/// Bytes of a payload.
pub const PAYLOAD_MAX: usize = 24 * 1024;
/// Digests in `_sd`.
pub(super) const SD_MAX: usize = 64;
const _: () = assert!(SEALED_MAX <= SD_MAX);

/// The fields of every statement.
pub const COMMON: &[Field] = &[
    Field::required("_sd", Form::Digests(0, SD_MAX)),
    Field::required("_sd_alg", Form::Token(&["sha-256"])),
    Field::required("claimed_at", Form::Time),
    Field::required("kind", Form::Text),
    Field::required("log", Form::Text),
    Field::required("nonce", Form::Nonce),
    Field::optional("sealed", Form::Sealed),
    Field::optional("seen", Form::Seen),
    Field::required("signers", Form::Signers),
];

/// A statement whose fields are all there, known and of their type.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    kind: &'static Kind,
    fields: Fields,
}

impl Statement {
    /// Reads a payload.
    ///
    /// # Errors
    /// `too_large`, `not_canonical`, `unknown_kind`, `unknown_field`, `missing_field`, `bad_field` or
    /// `bad_domain`.
    pub fn read(payload: &[u8]) -> Result<Self, Refusal> {
        if payload.len() > PAYLOAD_MAX {
            let detail = format!("the payload has {} of {PAYLOAD_MAX} bytes", payload.len());
            return Err(Refusal::new(Reason::TooLarge, detail));
        }
        let json = parse_payload(payload)?;
        let name = match json.get("kind") {
            Some(Json::Text(name)) => name.as_ref(),
            Some(_) => return Err(Refusal::new(Reason::BadField, "`kind` must be a string")),
            None => return Err(Refusal::new(Reason::MissingField, "`kind`")),
        };
        let kind = kind::find(name).ok_or_else(|| {
            let name: String = name.chars().take(40).collect();
            Refusal::new(Reason::UnknownKind, format!("no kind is called `{name}`"))
        })?;
        let mut refusals = Refusals::default();
        let fields = Fields::read(&json, [COMMON, kind.fields], &mut refusals);
        refusals.into_result()?;
        (kind.check)(&fields)?;
        Ok(Self { kind, fields })
    }

    /// Which kind it is.
    pub fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// Its fields.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// What it asks of the ledger's state, and does to it.
    pub fn rules(&self) -> Rules<'_> {
        (self.kind.rules)(&self.fields)
    }

    /// The chains it joins, as far as its own fields tell.
    pub fn membership(&self) -> Membership<'_> {
        Membership::of(self.kind.name, &self.fields)
    }

    /// The statement it is about. Unlike that of [`Membership`], also where it stands apart from its history.
    pub fn re(&self) -> Option<StatementId> {
        self.fields.statement_id("re")
    }

    /// The origin of the ledger it is meant for.
    pub fn log(&self) -> &str {
        self.fields.text("log").unwrap_or_default()
    }

    /// Its signers, in the order given.
    pub fn signers(&self) -> &[DidKey] {
        self.fields.keys("signers")
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
}

/// The JSON of a payload.
pub(super) fn parse_payload(payload: &[u8]) -> Result<Json<'_>, Refusal> {
    json::parse(payload).map_err(|error| match error {
        JsonError::TooDeep { .. } => {
            Refusal::new(Reason::BadField, format!("the payload is {error}"))
        }
        _ => Refusal::new(Reason::NotCanonical, format!("the payload is {error}")),
    })
}
