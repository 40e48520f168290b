//! Entry 0: the policy a ledger begins with.

use crate::crypto::PrivateKey;
use crate::encoding::json::Json;
use crate::encoding::time::Moment;
use crate::statement::draft::Frame;
use crate::statement::kind;
use crate::statement::{Disclosure, Draft, Reason, Refusal, Submission};
use crate::tlog::Checkpoint;

/// Days in which an organization is expected to answer first, unless it claims other ones.
const RESPONSE_DAYS: i64 = 10;
/// Days in which an organization is expected to answer finally.
const FINAL_DAYS: i64 = 30;
const RULES: &str = "Anyone may publish what they agreed with an organization, and how it went. The operator \
    may withhold words for a stated reason, which is itself an entry; entries are never removed.";

/// The random values of entry 0.
#[derive(Debug, Clone, Copy)]
pub struct Randomness {
    /// For the statement.
    pub nonce: [u8; 16],
    /// For its words.
    pub salt: [u8; 16],
}

/// The policy of a new ledger, signed by its operator. `predecessor` is the last checkpoint of the ledger that it goes on
/// from, if there is one.
///
/// # Errors
/// A refusal if the origin is none that a statement can name.
pub fn policy(
    origin: &str,
    operator: &PrivateKey,
    reserved_domains: bool,
    predecessor: Option<&Checkpoint>,
    random: Randomness,
    now: Moment,
) -> Result<Submission, Refusal> {
    let kind = kind::find("policy").ok_or_else(|| Refusal::new(Reason::UnknownKind, "policy"))?;
    let mut draft = Draft::new(kind);
    draft.set("final_days", Json::Integer(FINAL_DAYS));
    draft.set("operator_keys", Json::List(vec![Json::text(operator.did().to_string())]));
    if let Some(before) = predecessor {
        draft.set("predecessor", last(before));
    }
    draft.set("reserved_domains", Json::Bool(reserved_domains));
    draft.set("response_days", Json::Integer(RESPONSE_DAYS));
    draft.disclose(Disclosure::make(&random.salt, "rules", Json::text(RULES))?);
    let prepared = draft.prepare(&Frame {
        log: origin.to_owned(),
        signers: vec![operator.did()],
        nonce: random.nonce,
        claimed_at: now.at_the_minute(),
        seen: None,
    })?;
    Ok(Submission::of(&prepared.sign(&[operator]), &prepared.public))
}

fn last(checkpoint: &Checkpoint) -> Json<'static> {
    let size = i64::try_from(checkpoint.size()).unwrap_or(i64::MAX);
    let origin = Json::text(checkpoint.origin().to_string());
    let root = Json::text(checkpoint.root().to_base64());
    Json::map([("origin", origin), ("root", root), ("size", Json::Integer(size))]).into_owned()
}
