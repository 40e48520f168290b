//! A statement whose signatures verify: everything about a submission that needs no other entry.

use super::disclosure::Disclosure;
use super::envelope::{Envelope, STATEMENT_TYPE, StatementId};
use super::payload::{PAYLOAD_MAX, Statement};
use super::refusal::{Reason, Refusal, Refusals};
use crate::crypto::{DidKey, sha256};
use crate::encoding::base64;

/// What is sent to a ledger, as sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Submission {
    /// The envelope's `payloadType`.
    pub payload_type: String,
    /// The envelope's `payload`, in base64.
    pub payload: String,
    /// The envelope's `signatures`: key id, and signature in base64.
    pub signatures: Vec<(String, String)>,
    /// Encoded disclosures.
    pub disclosures: Vec<String>,
}

/// A statement of this ledger whose signatures verify.
#[derive(Debug, Clone)]
pub struct Signed {
    envelope: Envelope,
    id: StatementId,
    statement: Statement,
}

/// A refusal, with the statement where it could be read: a rule that needs the ledger's state may have to
/// be reported before this one.
#[derive(Debug, Clone)]
pub struct Rejected {
    /// The refusal.
    pub refusal: Refusal,
    /// The statement and its id, if its fields are good.
    pub statement: Option<Box<(StatementId, Statement)>>,
}

impl From<Refusal> for Rejected {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, statement: None }
    }
}

impl Signed {
    /// Checks a submission's envelope for the ledger of that origin.
    ///
    /// # Errors
    /// The refusals of protocol §12 from `bad_payload_type` to `bad_signature`, and `too_large`.
    pub fn check(submission: &Submission, origin: &str) -> Result<Self, Rejected> {
        let envelope = decode(submission)?;
        Self::check_envelope(envelope, origin)
    }

    /// Checks an envelope, as in an entry.
    ///
    /// # Errors
    /// As [`Signed::check`].
    pub fn check_envelope(envelope: Envelope, origin: &str) -> Result<Self, Rejected> {
        let statement = Statement::read(envelope.payload())?;
        let pae = envelope.pae();
        let signed = check_log(statement.log(), origin)
            .and_then(|()| check_signers(statement.signers()))
            .and_then(|()| envelope.verify(&pae, statement.signers()));
        let id = StatementId::from_hash(sha256(&pae));
        match signed {
            Ok(()) => Ok(Self { envelope, id, statement }),
            Err(refusal) => Err(Rejected { refusal, statement: Some(Box::new((id, statement))) }),
        }
    }

    /// The envelope.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The statement's id.
    pub fn id(&self) -> StatementId {
        self.id
    }

    /// The statement.
    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    /// The envelope and the statement in it.
    pub fn into_parts(self) -> (Envelope, Statement) {
        (self.envelope, self.statement)
    }
}

/// Reads the disclosures of a submission, whatever statement they belong to.
///
/// # Errors
/// The least refusal of [`Disclosure::parse`] over all of them.
pub fn read_disclosures(encoded: &[String]) -> Result<Vec<Disclosure>, Refusal> {
    let mut refusals = Refusals::default();
    let words = encoded.iter().filter_map(|text| refusals.take(Disclosure::parse(text))).collect();
    refusals.into_result()?;
    Ok(words)
}

fn decode(submission: &Submission) -> Result<Envelope, Refusal> {
    if submission.payload_type != STATEMENT_TYPE {
        let detail = format!("the payload type of a statement is {STATEMENT_TYPE}");
        return Err(Refusal::new(Reason::BadPayloadType, detail));
    }
    if submission.payload.len() > PAYLOAD_MAX.div_ceil(3) * 4 {
        return Err(Refusal::new(Reason::TooLarge, "the payload is over 24 KiB"));
    }
    let signatures =
        submission.signatures.iter().map(|(keyid, sig)| (keyid.as_str(), sig.as_str()));
    Envelope::decode(&submission.payload_type, &submission.payload, signatures)
}

/// Checks that a statement is meant for the ledger of that origin.
///
/// # Errors
/// `wrong_log`.
pub fn check_log(log: &str, origin: &str) -> Result<(), Refusal> {
    if log == origin {
        return Ok(());
    }
    Err(Refusal::new(Reason::WrongLog, format!("this ledger is `{origin}`")))
}

/// Checks that signers are an ascending set. That each is a key that may sign, [`Envelope::verify`] finds
/// out on the way: reading a key costs a tenth of a signature check, and is done once.
///
/// # Errors
/// `signers_mismatch`, or `weak_key` where that holds as well.
pub fn check_signers(signers: &[DidKey]) -> Result<(), Refusal> {
    if !signers.is_empty() && signers.is_sorted_by(|a: &DidKey, b| a < b) {
        return Ok(());
    }
    if let Some(weak) = signers.iter().find(|signer| signer.public_key().is_err()) {
        let detail = format!("{weak} is a key anyone could sign for");
        return Err(Refusal::new(Reason::WeakKey, detail));
    }
    let detail = "`signers` must be an ascending set of at least one";
    Err(Refusal::new(Reason::SignersMismatch, detail))
}

impl Submission {
    /// The submission of an envelope and words.
    pub fn of(envelope: &Envelope, words: &[Disclosure]) -> Self {
        let signatures = envelope.signatures().iter();
        Self {
            payload_type: envelope.payload_type().to_owned(),
            payload: base64::encode(envelope.payload()),
            signatures: signatures
                .map(|s| (s.keyid.clone(), base64::encode(s.signature.as_bytes())))
                .collect(),
            disclosures: words.iter().map(|word| word.encoded().to_owned()).collect(),
        }
    }
}
