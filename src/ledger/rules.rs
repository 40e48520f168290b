//! The rules that need the ledger's state (protocol §3–5). Admission and audit share this one copy.

use std::time::Duration;

use super::facts::{Facts, Target, WordState};
use super::voice::Silent;
use crate::crypto::{DidKey, Hash};
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::statement::fields::Seen;
use crate::statement::{
    Disclosure, Effect, Reason, Refusal, Refusals, SignedBy, Statement, StatementId, words,
};
use crate::thread::Thread;
use crate::tlog::{Scheme, VerifierKey};

/// How far a signer's clock may be ahead of the entry's time.
pub const CLAIMED_AHEAD_MAX: Duration = Duration::from_secs(10 * 60);
/// How long before the entry's time a signer may have signed.
pub const CLAIMED_AGO_MAX: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Where and when the entry would stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its index.
    pub index: u64,
    /// Its time.
    pub time: Moment,
}

/// Checks a statement whose signatures verify against the ledger's state. `words` are those sent with it;
/// an auditor has none.
///
/// # Errors
/// The first refusal in the protocol's order.
pub fn check(
    id: StatementId,
    statement: &Statement,
    words: Option<&[Disclosure]>,
    facts: &Facts,
    place: Place,
) -> Result<(), Refusal> {
    let mut refusals = Refusals::default();
    if let Some(end) = facts.ended {
        refusals.add(Reason::Conflict, format!("entry {end} ended this ledger"));
    }
    refusals.take(check_clock(statement.claimed_at(), place.time));
    check_seen(statement.seen(), facts, place.index, &mut refusals);
    check_operator(statement, facts, place.index, &mut refusals);
    check_log_keys(statement, facts, &mut refusals);
    check_voice(statement, facts, place.time, &mut refusals);
    check_thread(id, statement, facts, place.time, &mut refusals);
    check_target(id, statement, words, facts, place.time, &mut refusals);
    refusals.into_result()
}

/// Checks the names in a statement against the lists that change with time; an auditor does not.
///
/// # Errors
/// `bad_domain`.
pub fn check_names(statement: &Statement, facts: &Facts) -> Result<(), Refusal> {
    let reserved = facts.policy.as_ref().is_some_and(|policy| policy.reserved_domains);
    for domain in statement.fields().all_domains() {
        domain
            .check_admissible(reserved)
            .map_err(|error| Refusal::new(Reason::BadDomain, format!("{domain} is {error}")))?;
    }
    Ok(())
}

/// Checks the signer's clock against the time of the entry.
///
/// # Errors
/// `claimed_in_future` or `claimed_too_old`.
pub fn check_clock(claimed: Option<Moment>, time: Moment) -> Result<(), Refusal> {
    match claimed {
        Some(claimed) if claimed > time.plus(CLAIMED_AHEAD_MAX) => {
            let detail =
                format!("`claimed_at` is ahead of the ledger's clock, {}", time.to_seconds());
            Err(Refusal::new(Reason::ClaimedInFuture, detail))
        }
        Some(claimed) if claimed.plus(CLAIMED_AGO_MAX) < time => {
            let detail = format!("`claimed_at` is over 30 days before {}", time.to_seconds());
            Err(Refusal::new(Reason::ClaimedTooOld, detail))
        }
        _ => Ok(()),
    }
}

fn check_seen(seen: Option<Seen>, facts: &Facts, index: u64, refusals: &mut Refusals) {
    let Some(seen) = seen else { return };
    if seen.size > index || facts.roots.get(&seen.size) != Some(&seen.root) {
        let detail = format!("this ledger has another root at size {}, or none", seen.size);
        refusals.add(Reason::SeenMismatch, detail);
    }
}

/// Entry 0 is a policy by one of its own keys; later ones follow the policy before them.
fn check_operator(statement: &Statement, facts: &Facts, index: u64, refusals: &mut Refusals) {
    let rules = statement.rules();
    let own_keys = match rules.effect {
        Effect::SetsPolicy { has_predecessor: true, .. } if index > 0 => {
            refusals.add(Reason::BadField, "`predecessor` belongs to entry 0");
            return;
        }
        Effect::SetsPolicy { operator_keys, .. } => Some(operator_keys),
        _ if index == 0 => {
            refusals.add(Reason::Conflict, "entry 0 is a policy");
            return;
        }
        _ => None,
    };
    if rules.signed_by != SignedBy::Operator {
        return;
    }
    let newest = facts.policy.as_ref().map(|policy| policy.operator_keys.as_slice());
    let keys = if index == 0 { own_keys } else { newest }.unwrap_or_default();
    if let Some(signer) = statement.signers().iter().find(|signer| !keys.contains(signer)) {
        refusals.add(Reason::NotAParty, format!("{signer} is no key of the operator"));
    }
}

/// The keys named for a log are under its name and sign already: the next checkpoint has to be by each of them.
fn check_log_keys(statement: &Statement, facts: &Facts, refusals: &mut Refusals) {
    let Effect::NamesLogKeys(keys) = statement.rules().effect else { return };
    for text in keys {
        match text.parse::<VerifierKey>() {
            Ok(key) if !is_of_log(&key, statement.log()) => {
                let detail = format!("`vkeys`: {text} is no key of this log");
                refusals.add(Reason::BadField, detail);
            }
            Ok(key) => {
                if facts.signs_with.as_ref().is_some_and(|own| !own.contains(&key)) {
                    let detail = format!("the ledger does not sign with {text} yet");
                    refusals.add(Reason::Conflict, detail);
                }
            }
            Err(error) => refusals.add(Reason::BadField, format!("`vkeys`: {text} is {error}")),
        }
    }
}

fn is_of_log(key: &VerifierKey, log: &str) -> bool {
    key.name().as_str() == log && matches!(key.scheme(), Scheme::Note(_))
}

/// Who claims a domain is listed by it and was never on the other side; who claimed one signs no agreement with
/// it.
fn check_voice(statement: &Statement, facts: &Facts, now: Moment, refusals: &mut Refusals) {
    match statement.rules().signed_by {
        SignedBy::ListedBy(domain) => {
            for signer in statement.signers() {
                let voice = facts.voices.get(domain).ok_or(Silent::NotObserved);
                if let Err(why) = voice.and_then(|voice| voice.lists(signer, now)) {
                    refusals.add(Reason::NotClaimed, format!("{signer} and {domain}: {why}"));
                }
                let party = (signer.clone(), domain.clone());
                if facts.parties.as_ref().is_some_and(|parties| parties.contains(&party)) {
                    let detail = format!("{signer} signed an agreement with {domain}");
                    refusals.add(Reason::NotAParty, detail);
                }
            }
        }
        SignedBy::AnyoneBut(subjects) => {
            for (domain, voice) in subjects.iter().filter_map(|d| Some((d, facts.voices.get(d)?))) {
                if let Some(signer) = statement.signers().iter().find(|s| voice.was_claimed_by(s)) {
                    let detail = format!("{signer} claimed {domain}, which is a subject");
                    refusals.add(Reason::NotAParty, detail);
                }
            }
        }
        _ => {}
    }
}

fn check_thread(
    id: StatementId,
    statement: &Statement,
    facts: &Facts,
    now: Moment,
    refusals: &mut Refusals,
) {
    let membership = statement.membership();
    if membership.opens_thread {
        return;
    }
    let Some(thread) = facts.thread_of(id, &membership) else { return };
    match facts.threads.get(&thread) {
        Some(thread) => {
            let speaks = |key: &DidKey, domain: &Domain| {
                facts.speaks(key, domain, now).map_err(|why| why.to_string())
            };
            thread.check(statement, &speaks, refusals);
        }
        None => {
            refusals.add(Reason::ThreadUnknown, format!("no agreement {thread} is logged here"))
        }
    }
}

fn check_target(
    id: StatementId,
    statement: &Statement,
    words: Option<&[Disclosure]>,
    facts: &Facts,
    now: Moment,
    refusals: &mut Refusals,
) {
    let membership = statement.membership();
    let Some(re) = statement.re() else { return };
    let Some(target) = facts.targets.get(&re) else {
        return refusals.add(Reason::ReUnknown, format!("no statement {re} is logged here"));
    };
    if membership.thread.is_some() && target.thread.is_some() && membership.thread != target.thread
    {
        refusals.add(Reason::ReUnknown, format!("{re} stands in another thread"));
    } else {
        check_target_kind(statement, target, facts.thread_of(id, &membership), facts, refusals);
    }
    check_target_signers(statement, target.statement.signers(), refusals);
    check_words(statement, words, target, refusals);
    if matches!(statement.rules().effect, Effect::Accepts(_))
        && target.statement.fields().date("expires").is_some_and(|day| day.over_everywhere() <= now)
    {
        refusals.add(Reason::Conflict, "the offer named by `re` has expired");
    }
}

/// What an answer, a verdict or an acceptance may be about.
fn check_target_kind(
    statement: &Statement,
    target: &Target,
    thread: Option<StatementId>,
    facts: &Facts,
    refusals: &mut Refusals,
) {
    let kind = target.statement.kind().name;
    let by_signers = || {
        let signers = thread.and_then(|id| facts.threads.get(&id)).map_or(&[][..], Thread::signers);
        target.statement.signers().iter().all(|signer| signers.contains(signer))
    };
    let (fits, rule) = match statement.rules().effect {
        Effect::Judges { .. } => {
            (["agreement", "amendment"].contains(&kind), "names no agreement and no amendment")
        }
        Effect::Responds => (by_signers(), "names nothing that the signers stated"),
        Effect::Accepts(_) => (kind == "offer", "names no offer"),
        _ => return,
    };
    if !fits || target.thread.is_none() {
        refusals.add(Reason::BadField, format!("`re` {rule} of this thread"));
    }
}

/// What may become of words in their present state.
fn check_words(
    statement: &Statement,
    words: Option<&[Disclosure]>,
    target: &Target,
    refusals: &mut Refusals,
) {
    let is_public = |state| matches!(state, WordState::Public { .. });
    match statement.rules().effect {
        Effect::Reveals(digests) => {
            check_digests(digests, target, refusals, |state| state == WordState::Sealed);
            if let Some(words) = words {
                refusals.take(words::check_revealed(&target.statement, words));
            }
        }
        Effect::Erases(digests) | Effect::Notifies(digests) => {
            check_digests(digests, target, refusals, |state| state != WordState::Erased);
        }
        Effect::Withholds([]) if target.withheld => {
            refusals.add(Reason::Conflict, "the entry named by `re` is withheld");
        }
        Effect::Restores([]) if !target.withheld => {
            refusals.add(Reason::Conflict, "the entry named by `re` is not withheld");
        }
        Effect::Withholds(digests) => check_digests(digests, target, refusals, is_public),
        Effect::Restores(digests) => {
            let is_withheld = |state| matches!(state, WordState::Withheld { .. });
            check_digests(digests, target, refusals, is_withheld);
        }
        _ => {}
    }
}

fn check_target_signers(statement: &Statement, expected: &[DidKey], refusals: &mut Refusals) {
    let signers = statement.signers();
    let signed_by = statement.rules().signed_by;
    let all = signed_by == SignedBy::AllSignersOfTarget;
    if !all && signed_by != SignedBy::SomeSignersOfTarget {
        return;
    }
    if let Some(signer) = signers.iter().find(|signer| !expected.contains(signer)) {
        refusals.add(Reason::NotAParty, format!("{signer} did not sign the entry named by `re`"));
    }
    if let Some(signer) = expected.iter().find(|signer| all && !signers.contains(signer)) {
        refusals.add(Reason::NotAParty, format!("{signer} has to sign too"));
    }
}

fn check_digests(
    digests: &[Hash],
    target: &Target,
    refusals: &mut Refusals,
    allowed: impl Fn(WordState) -> bool,
) {
    for digest in digests {
        let text = digest.to_base64url();
        match target.words.get(digest) {
            None => {
                let detail = format!("`digests`: the entry named by `re` has no word {text}");
                refusals.add(Reason::BadField, detail);
            }
            Some(state) if !allowed(*state) => {
                let state = match state {
                    WordState::Public { .. } => "public",
                    WordState::Sealed => "sealed",
                    WordState::Withheld { .. } => "withheld",
                    WordState::Erased => "erased",
                };
                refusals.add(Reason::Conflict, format!("the word {text} is {state}"));
            }
            Some(_) => {}
        }
    }
}
