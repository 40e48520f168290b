//! Why a submission is refused (protocol §12). What status that is over HTTP, `http/error.rs` knows.

use std::borrow::Cow;

/// The reasons, in the protocol's order: where several hold, the least is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Not JSON, not UTF-8, or the request has the wrong shape.
    MalformedJson,
    /// Over one of the size limits.
    TooLarge,
    /// Not the payload type of a statement.
    BadPayloadType,
    /// Not canonical base64.
    BadBase64,
    /// The payload or a disclosure is not its canonical JSON form.
    NotCanonical,
    /// No kind of that name.
    UnknownKind,
    /// A field the kind does not have.
    UnknownField,
    /// A required field is absent.
    MissingField,
    /// A field of the wrong type or value.
    BadField,
    /// A name that cannot be a party.
    BadDomain,
    /// Meant for another ledger.
    WrongLog,
    /// A signer's key that anyone could sign for.
    WeakKey,
    /// Signers and signatures do not belong together.
    SignersMismatch,
    /// A signature or its key id is wrong.
    BadSignature,
    /// Claims a time more than ten minutes ahead.
    ClaimedInFuture,
    /// Claims a time more than thirty days ago.
    ClaimedTooOld,
    /// `seen` is not a checkpoint of this ledger.
    SeenMismatch,
    /// Disclosures and `_sd` do not cover each other.
    DisclosureUnreferenced,
    /// A name is disclosed twice.
    DisclosureDuplicate,
    /// A name the kind does not have.
    DisclosureUnknown,
    /// A required name is neither sent nor sealed.
    MissingDisclosure,
    /// A character that words may not hold.
    BadText,
    /// The thread is not on this ledger.
    ThreadUnknown,
    /// The entry named by `re` is not on this ledger.
    ReUnknown,
    /// A signer has no part in the agreement.
    NotAParty,
    /// A signer does not speak for the domain.
    NotClaimed,
    /// The domain's own answer could not be checked.
    DomainCheckFailed,
    /// The signer welcomes no offers.
    OffersClosed,
    /// The thread's or the words' state does not allow it.
    Conflict,
    /// Too many submissions from one key or network.
    RateLimited,
    /// The ledger is not writing now.
    ReadOnly,
}

impl Reason {
    /// Every reason, in order.
    pub const ALL: [Self; 31] = [
        Self::MalformedJson,
        Self::TooLarge,
        Self::BadPayloadType,
        Self::BadBase64,
        Self::NotCanonical,
        Self::UnknownKind,
        Self::UnknownField,
        Self::MissingField,
        Self::BadField,
        Self::BadDomain,
        Self::WrongLog,
        Self::WeakKey,
        Self::SignersMismatch,
        Self::BadSignature,
        Self::ClaimedInFuture,
        Self::ClaimedTooOld,
        Self::SeenMismatch,
        Self::DisclosureUnreferenced,
        Self::DisclosureDuplicate,
        Self::DisclosureUnknown,
        Self::MissingDisclosure,
        Self::BadText,
        Self::ThreadUnknown,
        Self::ReUnknown,
        Self::NotAParty,
        Self::NotClaimed,
        Self::DomainCheckFailed,
        Self::OffersClosed,
        Self::Conflict,
        Self::RateLimited,
        Self::ReadOnly,
    ];

    /// Its name in `type`, `/problems/<name>`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MalformedJson => "malformed_json",
            Self::TooLarge => "too_large",
            Self::BadPayloadType => "bad_payload_type",
            Self::BadBase64 => "bad_base64",
            Self::NotCanonical => "not_canonical",
            Self::UnknownKind => "unknown_kind",
            Self::UnknownField => "unknown_field",
            Self::MissingField => "missing_field",
            Self::BadField => "bad_field",
            Self::BadDomain => "bad_domain",
            Self::WrongLog => "wrong_log",
            Self::WeakKey => "weak_key",
            Self::SignersMismatch => "signers_mismatch",
            Self::BadSignature => "bad_signature",
            Self::ClaimedInFuture => "claimed_in_future",
            Self::ClaimedTooOld => "claimed_too_old",
            Self::SeenMismatch => "seen_mismatch",
            Self::DisclosureUnreferenced => "disclosure_unreferenced",
            Self::DisclosureDuplicate => "disclosure_duplicate",
            Self::DisclosureUnknown => "disclosure_unknown",
            Self::MissingDisclosure => "missing_disclosure",
            Self::BadText => "bad_text",
            Self::ThreadUnknown => "thread_unknown",
            Self::ReUnknown => "re_unknown",
            Self::NotAParty => "not_a_party",
            Self::NotClaimed => "not_claimed",
            Self::DomainCheckFailed => "domain_check_failed",
            Self::OffersClosed => "offers_closed",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate_limited",
            Self::ReadOnly => "read_only",
        }
    }
}

/// A reason and what exactly it is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{}: {detail}", reason.name())]
pub struct Refusal {
    /// Which rule was broken.
    pub reason: Reason,
    /// The field or value, in a sentence.
    pub detail: Cow<'static, str>,
}

impl Refusal {
    /// A refusal for that reason.
    pub fn new(reason: Reason, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

/// Collects refusals and keeps the one the protocol reports.
#[derive(Debug, Default)]
pub struct Refusals(Option<Refusal>);

impl Refusals {
    /// Adds one.
    pub fn add(&mut self, reason: Reason, detail: impl Into<Cow<'static, str>>) {
        self.add_refusal(Refusal::new(reason, detail));
    }

    /// Adds one that is already made. Of two for the same reason the first stays.
    pub fn add_refusal(&mut self, refusal: Refusal) {
        if self.0.as_ref().is_none_or(|first| refusal.reason < first.reason) {
            self.0 = Some(refusal);
        }
    }

    /// Adds the refusal of a result and gives its value.
    pub fn take<T>(&mut self, result: Result<T, Refusal>) -> Option<T> {
        result.map_err(|refusal| self.add_refusal(refusal)).ok()
    }

    /// The refusal to report, if there is any.
    ///
    /// # Errors
    /// The least of those added.
    pub fn into_result(self) -> Result<(), Refusal> {
        self.0.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_in_the_order_of_the_protocol_is_reported() {
        let mut refusals = Refusals::default();
        refusals.add(Reason::BadText, "a");
        refusals.add(Reason::BadField, "b");
        refusals.add(Reason::BadField, "c");
        assert_eq!(refusals.into_result(), Err(Refusal::new(Reason::BadField, "b")));
        assert!(Reason::ALL.is_sorted());
    }
}
