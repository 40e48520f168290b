//! A bundle held against a trust policy, without the ledger (protocol §8).
//!
//! Every check is made that can be made, so that the verdict tells all that is wrong and not only the
//! first. It looks at one entry: whether the ledger kept its rules, [`super::History`] tells.

use super::content::Content;
use super::verdict::{About, Bounds, Check, CheckName, Finding, Verdict};
use super::words;
use crate::crypto::{DidKey, Signature};
use crate::encoding::time::Moment;
use crate::entry::{Bundle, Entry};
use crate::ledger::rules::check_clock;
use crate::statement::{Reason, Refusal};
use crate::tlog::{
    BadProof, Judgement, LogFinding, Policy, Proof, QuorumFinding, WitnessFinding, leaf_hash,
};

const UNREADABLE: &str = "it could not be read";

/// What a bundle never shows.
const NEVER_CHECKED: [&str; 4] = [
    "whether the words are true",
    "whether a key is a certain person's or organization's",
    "what happened after this checkpoint, such as answers, withdrawals or erasures",
    "whether the ledger kept its rules for all other entries, which an audit shows",
];

/// Checks the bytes of a bundle.
pub fn bundle(bytes: &[u8], policy: &Policy) -> Verdict {
    let parts = Parts::read(bytes);
    let content = parts.entry.as_ref().map(|entry| Content::read(&entry.envelope));
    let judged = parts.proof.as_ref().map(|proof| policy.judge(proof.checkpoint()));
    let content_read = content.as_ref().and_then(|content| content.as_ref().ok());

    let mut checks = vec![parts.check_bytes()];
    checks.push(check_statement(&parts, content.as_ref()));
    checks.extend(check_signatures(&parts, content_read));
    checks.push(check_inclusion(&parts, judged.as_ref()));
    checks.push(check_log(&parts, judged.as_ref()));
    checks.push(check_quorum(judged.as_ref()));
    checks.push(check_words(&parts, content_read));
    checks.push(check_times(&parts, content_read));
    Verdict {
        checks,
        not_checked: not_checked(content_read, judged.as_ref()),
        bounds: bounds(&parts, content_read, judged.as_ref()),
        about: parts.about(content_read),
    }
}

/// What of a bundle can be read, and the first reason why something cannot.
struct Parts {
    bundle: Option<Bundle>,
    entry: Option<Entry>,
    proof: Option<Proof>,
    fault: Option<Finding>,
}

impl Parts {
    fn read(bytes: &[u8]) -> Self {
        let mut fault = None;
        let mut note = |finding| {
            fault.get_or_insert(finding);
        };
        let bundle =
            Bundle::parse(bytes).map_err(|error| note(Finding::NotABundle(error.to_string()))).ok();
        let entry = bundle.as_ref().and_then(|bundle| {
            Entry::parse(&bundle.leaf)
                .map_err(|error| note(Finding::NotAnEntry(error.to_string())))
                .ok()
        });
        let proof = bundle.as_ref().and_then(|bundle| {
            read_proof(&bundle.proof).map_err(|why| note(Finding::NotAProof(why))).ok()
        });
        Self { bundle, entry, proof, fault }
    }

    fn check_bytes(&self) -> Check {
        match &self.fault {
            Some(finding) => Check::failed(CheckName::Bytes, finding.clone()),
            None => Check::ok(CheckName::Bytes, "bundle, entry and proof are well formed"),
        }
    }

    fn about(&self, content: Option<&Content>) -> Option<About> {
        let entry = self.entry.as_ref()?;
        Some(About {
            index: entry.index,
            id: entry.envelope.id(),
            kind: content.and_then(Content::kind).map(str::to_owned),
            origin: self
                .proof
                .as_ref()
                .map(|proof| proof.checkpoint().checkpoint().origin().clone()),
        })
    }
}

/// Nothing vouches for the extra data that a proof may have, so that a bundle has none.
fn read_proof(text: &str) -> Result<Proof, String> {
    let proof: Proof = text.parse().map_err(|error: crate::tlog::NotAProof| error.to_string())?;
    if proof.extra().is_some() {
        Err("a bundle's proof has no extra data".into())
    } else {
        Ok(proof)
    }
}

fn check_statement(parts: &Parts, content: Option<&Result<Content, Refusal>>) -> Check {
    let name = CheckName::Statement;
    let content = match content {
        None => return Check::not_checked(name, UNREADABLE),
        Some(Err(refusal)) => return Check::failed(name, Finding::Statement(refusal.clone())),
        Some(Ok(content)) => content,
    };
    let origin = parts.proof.as_ref().map(|proof| proof.checkpoint().checkpoint().origin());
    if let (Some(log), Some(origin)) = (content.log(), origin)
        && log != origin.as_str()
    {
        return Check::failed(name, Finding::WrongLog);
    }
    let signers = content.signers();
    let is_set = !signers.is_empty() && signers.is_sorted_by(|one, next| one < next);
    if !is_set && *content != Content::UnknownType {
        let detail = "`signers` is not an ascending set of at least one";
        let refusal = Refusal::new(Reason::SignersMismatch, detail);
        return Check::failed(name, Finding::Statement(refusal));
    }
    match content {
        Content::Known(statement) => {
            Check::ok(name, format!("a well-formed `{}` for this ledger", statement.kind().name))
        }
        Content::UnknownKind(outline) => Check::not_checked(
            name,
            format!("no rules are known for the kind `{}`", outline.kind()),
        ),
        Content::UnknownType => Check::not_checked(name, "the payload's type is not known"),
    }
}

fn check_signatures(parts: &Parts, content: Option<&Content>) -> Vec<Check> {
    let name = CheckName::Signature;
    let (Some(entry), Some(content)) = (&parts.entry, content) else {
        return vec![Check::not_checked(name, UNREADABLE)];
    };
    if *content == Content::UnknownType {
        return vec![Check::not_checked(name, "the payload's type does not tell who signs")];
    }
    let (signers, signatures) = (content.signers(), entry.envelope.signatures());
    if signers.len() != signatures.len() {
        let (signers, signatures) = (signers.len(), signatures.len());
        return vec![Check::failed(name, Finding::SignersMismatch { signers, signatures })];
    }
    let pae = entry.envelope.pae();
    let signatures = signatures.iter().map(|signature| &signature.signature);
    signers.iter().zip(signatures).map(|(key, by)| check_signature(key, &pae, by)).collect()
}

fn check_signature(signer: &DidKey, pae: &[u8], signature: &Signature) -> Check {
    let name = CheckName::Signature;
    let Ok(key) = signer.public_key() else {
        return Check::failed(name, Finding::WeakKey(signer.to_string()));
    };
    match key.verify(pae, signature) {
        Ok(()) => Check::ok(name, format!("signed by {signer}")),
        Err(_) => Check::failed(name, Finding::BadSignature(signer.to_string())),
    }
}

fn check_inclusion(parts: &Parts, judged: Option<&Judgement>) -> Check {
    let name = CheckName::Inclusion;
    let (Some(bundle), Some(proof), Some(judged)) = (&parts.bundle, &parts.proof, judged) else {
        return Check::not_checked(name, UNREADABLE);
    };
    if let Some(entry) = parts.entry.as_ref().filter(|entry| entry.index != proof.index()) {
        let finding = Finding::ProofOfAnotherEntry { entry: entry.index, proof: proof.index() };
        return Check::failed(name, finding);
    }
    let size = proof.checkpoint().checkpoint().size();
    match proof.verify(&leaf_hash(&bundle.leaf)) {
        Ok(()) => Check::ok(name, format!("entry {} of {size}", proof.index())),
        Err(BadProof::Length { expected, found }) if found < expected => {
            Check::failed(name, Finding::InclusionHashMissing)
        }
        Err(BadProof::Length { .. } | BadProof::Sizes) => {
            Check::failed(name, Finding::InclusionHashAdded)
        }
        // What the log's own key did not sign is what was changed; else it is what should lead there.
        Err(BadProof::Root) if judged.log == LogFinding::Bad => {
            Check::failed(name, Finding::RootChanged)
        }
        Err(BadProof::Root) => Check::failed(name, Finding::EntryChanged),
    }
}

fn check_log(parts: &Parts, judged: Option<&Judgement>) -> Check {
    let name = CheckName::LogSignature;
    let (Some(proof), Some(judged)) = (&parts.proof, judged) else {
        return Check::not_checked(name, UNREADABLE);
    };
    let origin = proof.checkpoint().checkpoint().origin();
    match &judged.log {
        LogFinding::Signed(id) => Check::ok(name, format!("by key {id} of {origin}")),
        LogFinding::Missing => Check::failed(name, Finding::LogSignatureMissing),
        LogFinding::Bad => Check::failed(name, Finding::LogSignatureBad),
        LogFinding::UnknownLog => {
            Check::not_checked(name, format!("the policy has no key of {origin}"))
        }
    }
}

fn check_quorum(judged: Option<&Judgement>) -> Check {
    let name = CheckName::WitnessQuorum;
    let Some(judged) = judged else { return Check::not_checked(name, UNREADABLE) };
    let bad = judged.witnesses.iter().find(|(_, finding)| *finding == WitnessFinding::Bad);
    if let Some((witness, _)) = bad {
        return Check::failed(name, Finding::WitnessSignatureBad(witness.to_string()));
    }
    match judged.quorum {
        QuorumFinding::Met { .. } => {
            let seen = |finding: &WitnessFinding| matches!(finding, WitnessFinding::SeenBy(_));
            let count = judged.witnesses.iter().filter(|(_, finding)| seen(finding)).count();
            Check::ok(name, format!("cosigned by {count} of {}", judged.witnesses.len()))
        }
        QuorumFinding::NotMet => Check::failed(name, Finding::QuorumNotMet),
        QuorumFinding::NoneAsked => Check::not_checked(name, "the policy asks for no witness"),
    }
}

fn check_words(parts: &Parts, content: Option<&Content>) -> Check {
    match (&parts.bundle, content) {
        (Some(bundle), Some(content)) => words::check(content, &bundle.disclosures, &bundle.sealed),
        _ => Check::not_checked(CheckName::Disclosures, UNREADABLE),
    }
}

fn check_times(parts: &Parts, content: Option<&Content>) -> Check {
    let name = CheckName::TimeBounds;
    let (Some(entry), Some(content)) = (&parts.entry, content) else {
        return Check::not_checked(name, UNREADABLE);
    };
    if let Err(refusal) = check_clock(content.claimed_at(), entry.time) {
        return Check::failed(name, Finding::Statement(refusal));
    }
    if content.seen().is_some_and(|seen| seen.size > entry.index) {
        let detail = "`seen` names a ledger that has this very entry";
        let refusal = Refusal::new(Reason::SeenMismatch, detail);
        return Check::failed(name, Finding::Statement(refusal));
    }
    Check::ok(name, format!("admitted at {}, by the ledger's clock", entry.time.to_millis()))
}

fn bounds(parts: &Parts, content: Option<&Content>, judged: Option<&Judgement>) -> Bounds {
    let existed_by = match judged.map(|judged| judged.quorum) {
        Some(QuorumFinding::Met { existed_by }) => Moment::from_seconds(existed_by).ok(),
        _ => None,
    };
    Bounds {
        claimed_at: content.and_then(Content::claimed_at),
        admitted_at: parts.entry.as_ref().map(|entry| entry.time),
        not_before_size: content.and_then(Content::seen).map(|seen| seen.size),
        existed_by,
    }
}

fn not_checked(content: Option<&Content>, judged: Option<&Judgement>) -> Vec<String> {
    let mut list: Vec<String> = NEVER_CHECKED.iter().map(|text| (*text).to_owned()).collect();
    match content {
        Some(Content::UnknownKind(outline)) => {
            list.push(format!("the rules of the kind `{}`, which is not known", outline.kind()));
        }
        Some(Content::UnknownType) => list.push("what the payload says and who signed it".into()),
        _ => {}
    }
    let Some(judged) = judged else { return list };
    for (name, id) in &judged.unknown {
        list.push(format!("the line under the checkpoint by {name} (key {id}), not in the policy"));
    }
    let of_unknown_type = |finding: &WitnessFinding| *finding == WitnessFinding::UnknownType;
    for (name, _) in judged.witnesses.iter().filter(|(_, finding)| of_unknown_type(finding)) {
        list.push(format!("the cosignature by {name}, of a type that is not known"));
    }
    list
}
