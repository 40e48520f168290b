//! Observations: what a domain answered, as the operator's statement (protocol §5), and the newest one that is
//! logged.

use super::super::lookup::{Lookup, LookupError};
use crate::crypto::{DidKey, PrivateKey};
use crate::encoding::domain::Domain;
use crate::encoding::json::Json;
use crate::encoding::time::Moment;
use crate::ledger::domain_answer::DomainAnswer;
use crate::ledger::{Candidate, Unfit, read};
use crate::statement::draft::Frame;
use crate::statement::{Draft, Reason, Refusal, Statement, Submission, kind};
use crate::store::List;
use crate::tlog::Origin;

/// The newest logged observation of a domain.
pub(super) struct Logged {
    /// The time of its entry.
    pub(super) time: Moment,
    statement: Statement,
}

impl Logged {
    pub(super) fn newest(domain: &Domain, lookup: &Lookup) -> Result<Option<Self>, LookupError> {
        let list = List::observations_of(domain.as_str());
        let Some(index) = lookup.newest_listed(&list, u64::MAX)? else { return Ok(None) };
        let (time, statement) = (lookup.entry(index)?.time, lookup.statement(index)?);
        Ok(Some(Self { time, statement }))
    }

    /// The keys it lists.
    pub(super) fn keys(&self) -> &[DidKey] {
        self.statement.fields().keys("keys")
    }

    /// Whether the domain still answers what was logged.
    pub(super) fn says(&self, answer: &DomainAnswer) -> bool {
        let fields = self.statement.fields();
        let hash = answer.document_sha256.map(|hash| hash.to_hex());
        self.keys().iter().eq(&answer.keys)
            && fields.text("method") == Some(answer.method.as_str())
            && fields.text("document_sha256") == hash.as_deref()
    }
}

/// The observation of that answer, signed.
pub(super) fn candidate(
    domain: &Domain,
    answer: &DomainAnswer,
    origin: &Origin,
    operator: &PrivateKey,
    nonce: [u8; 16],
    now: Moment,
) -> Result<Candidate, Refusal> {
    let kind = kind::find("observation")
        .ok_or_else(|| Refusal::new(Reason::UnknownKind, "observation"))?;
    let mut draft = Draft::new(kind);
    draft.set("domain", Json::text(domain.to_string()));
    draft.set(
        "keys",
        Json::List(answer.keys.iter().map(|key| Json::text(key.to_string())).collect()),
    );
    draft.set("method", Json::text(answer.method.as_str()));
    if let Some(hash) = answer.document_sha256 {
        draft.set("document_sha256", Json::text(hash.to_hex()));
    }
    let prepared = draft.prepare(&Frame {
        log: origin.to_string(),
        signers: vec![operator.did()],
        nonce,
        claimed_at: now.at_the_minute(),
        seen: None,
    })?;
    let submission = Submission::of(&prepared.sign(&[operator]), &prepared.public);
    read(&submission, origin.as_str()).map_err(Unfit::into_refusal)
}
