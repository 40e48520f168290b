//! The fold over one thread's entries: what admission asks of an agreement's history. Pure; entries are
//! applied in the order of the ledger.

pub mod counts;
pub mod course;
pub mod deadlines;
pub mod metrics;
pub mod state;
pub mod terms;
pub mod threads;
mod timeline;
pub mod turns;
mod withheld;

use std::collections::BTreeSet;

use crate::crypto::DidKey;
use crate::encoding::domain::Domain;
use crate::statement::fields::{Commitment, Debtor};
use crate::statement::{Effect, Reason, Refusals, Rules, SignedBy, Statement, StatementId};

/// What a thread has come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Thread {
    id: StatementId,
    subjects: Vec<Domain>,
    signers: Vec<DidKey>,
    commitments: Vec<Commitment>,
    offers_welcome: bool,
    verdicts: Vec<(Domain, StatementId)>,
    accepted: Vec<StatementId>,
    withdrawn: bool,
    terminated: bool,
}

/// Tells whether a key speaks for a domain now, and why not.
pub type Speaks<'a> = dyn Fn(&DidKey, &Domain) -> Result<(), String> + 'a;

impl Thread {
    /// The thread that an agreement opens; nothing for another kind.
    pub fn open(id: StatementId, statement: &Statement) -> Option<Self> {
        let Effect::Opens { subjects, commitments, offers_welcome } = statement.rules().effect
        else {
            return None;
        };
        Some(Self {
            id,
            subjects: subjects.to_vec(),
            signers: statement.signers().to_vec(),
            commitments: commitments.to_vec(),
            offers_welcome,
            verdicts: Vec::new(),
            accepted: Vec::new(),
            withdrawn: false,
            terminated: false,
        })
    }

    /// Follows an entry of the thread that was admitted.
    pub fn apply(&mut self, statement: &Statement) {
        match statement.rules().effect {
            // The list in force changes when a mutual amendment is logged, so that it follows from the log
            // alone, whatever day the amendment names.
            Effect::Amends { commitments, mutual: true } => self.commitments = commitments.to_vec(),
            Effect::Judges { domain, re: Some(re) } => self.verdicts.push((domain.clone(), re)),
            Effect::Accepts(Some(offer)) => self.accepted.push(offer),
            Effect::Terminates => self.terminated = true,
            Effect::Withdraws => self.withdrawn = true,
            _ => {}
        }
    }

    /// The id of the agreement that opened it.
    pub fn id(&self) -> StatementId {
        self.id
    }

    /// The organizations in it, ascending.
    pub fn subjects(&self) -> &[Domain] {
        &self.subjects
    }

    /// Those who signed the agreement, ascending.
    pub fn signers(&self) -> &[DidKey] {
        &self.signers
    }

    /// The list in force.
    pub fn commitments(&self) -> &[Commitment] {
        &self.commitments
    }

    /// Whether the signers welcome offers by other organizations.
    pub fn offers_welcome(&self) -> bool {
        self.offers_welcome
    }

    /// Whether the signers withdrew their side.
    pub fn is_withdrawn(&self) -> bool {
        self.withdrawn
    }

    /// Whether the agreement was terminated.
    pub fn is_terminated(&self) -> bool {
        self.terminated
    }

    /// Checks a follow-up against the thread's state.
    pub fn check(&self, statement: &Statement, speaks: &Speaks<'_>, refusals: &mut Refusals) {
        let rules = statement.rules();
        self.check_standing(statement, &rules, speaks, refusals);
        self.check_numbers(&rules, refusals);
        if let Effect::Amends { commitments, .. } = rules.effect {
            self.check_debtors(commitments, refusals);
        }
        let by_a_subject = matches!(rules.signed_by, SignedBy::Subject(_) | SignedBy::Operator);
        if self.withdrawn && !rules.after_withdrawal && !by_a_subject {
            refusals.add(Reason::Conflict, "the signers withdrew; they may only assess");
        }
        self.check_first(&rules, refusals);
    }

    /// What can be said once only.
    fn check_first(&self, rules: &Rules<'_>, refusals: &mut Refusals) {
        match rules.effect {
            Effect::Terminates if self.terminated => {
                refusals.add(Reason::Conflict, "the agreement was terminated before");
            }
            Effect::Judges { domain, re: Some(re) }
                if self.verdicts.contains(&(domain.clone(), re)) =>
            {
                refusals.add(Reason::Conflict, format!("{domain} gave its verdict on {re} before"));
            }
            Effect::Accepts(Some(offer)) if self.accepted.contains(&offer) => {
                refusals.add(Reason::Conflict, format!("the offer {offer} was accepted before"));
            }
            _ => {}
        }
    }

    fn check_standing(
        &self,
        statement: &Statement,
        rules: &Rules<'_>,
        speaks: &Speaks<'_>,
        refusals: &mut Refusals,
    ) {
        let signers = statement.signers();
        let outsider = signers.iter().find(|signer| !self.signers.contains(signer));
        let missing = self.signers.iter().find(|signer| !signers.contains(signer));
        match rules.signed_by {
            SignedBy::SomeSigners => refuse_outsider(outsider, refusals),
            SignedBy::AllSigners => {
                refuse_outsider(outsider, refusals);
                refuse_missing(missing, refusals);
            }
            SignedBy::Subject(domain) if !self.subjects.contains(domain) => {
                refusals.add(Reason::NotAParty, format!("{domain} has no part in this agreement"));
            }
            SignedBy::NoSubject(domain) if self.subjects.contains(domain) => {
                let detail = format!("{domain} is a party to this agreement and answers instead");
                refusals.add(Reason::NotAParty, detail);
            }
            SignedBy::NoSubject(_) if !self.offers_welcome => {
                refusals.add(Reason::OffersClosed, "the signers welcome no offers");
            }
            SignedBy::Subject(domain) | SignedBy::NoSubject(domain) => {
                refuse_silent(signers, domain, speaks, refusals);
            }
            SignedBy::AllParties => {
                refuse_missing(missing, refusals);
                self.check_all_parties(signers, rules, speaks, refusals);
            }
            _ => {}
        }
    }

    /// Each subject that owes has signed, and who is no signer of the agreement speaks for a subject.
    fn check_all_parties(
        &self,
        signers: &[DidKey],
        rules: &Rules<'_>,
        speaks: &Speaks<'_>,
        refusals: &mut Refusals,
    ) {
        let others = || signers.iter().filter(|signer| !self.signers.contains(signer));
        let owing = self.owing_subjects(rules);
        for domain in &owing {
            if !others().any(|signer| speaks(signer, domain).is_ok()) {
                refusals.add(Reason::NotClaimed, format!("no signer speaks for {domain}"));
            }
        }
        let speaks_for_one =
            |signer: &DidKey| self.subjects.iter().any(|domain| speaks(signer, domain).is_ok());
        if owing.is_empty() {
            refuse_outsider(others().find(|signer| !speaks_for_one(signer)), refusals);
        } else if let Some(signer) = others().find(|signer| !speaks_for_one(signer)) {
            refusals.add(Reason::NotClaimed, format!("{signer} speaks for no party"));
        }
    }

    /// The subjects that owe something by the list in force or by the one that would replace it.
    fn owing_subjects<'a>(&'a self, rules: &Rules<'a>) -> BTreeSet<&'a Domain> {
        let Effect::Amends { commitments, .. } = rules.effect else { return BTreeSet::new() };
        let debtors = self.commitments.iter().chain(commitments);
        debtors.filter_map(|commitment| commitment.by.subject()).collect()
    }

    fn check_numbers(&self, rules: &Rules<'_>, refusals: &mut Refusals) {
        for number in rules.numbers {
            let commitment =
                usize::from(*number).checked_sub(1).and_then(|n| self.commitments.get(n));
            let Some(commitment) = commitment else {
                let detail = format!("`commitment_numbers`: there is no commitment {number}");
                refusals.add(Reason::BadField, detail);
                continue;
            };
            if let SignedBy::Subject(domain) = rules.signed_by
                && commitment.by != Debtor::Subject(domain.clone())
            {
                let detail = format!("`commitment_numbers`: {domain} does not owe {number}");
                refusals.add(Reason::BadField, detail);
            }
        }
    }

    fn check_debtors(&self, commitments: &[Commitment], refusals: &mut Refusals) {
        for commitment in commitments {
            if let Debtor::Subject(domain) = &commitment.by
                && !self.subjects.contains(domain)
            {
                let detail = format!("`commitments`: {domain} has no part in this agreement");
                refusals.add(Reason::BadDomain, detail);
            }
        }
    }
}

fn refuse_outsider(outsider: Option<&DidKey>, refusals: &mut Refusals) {
    if let Some(signer) = outsider {
        refusals.add(Reason::NotAParty, format!("{signer} did not sign the agreement"));
    }
}

fn refuse_missing(missing: Option<&DidKey>, refusals: &mut Refusals) {
    if let Some(signer) = missing {
        refusals.add(Reason::NotAParty, format!("{signer} has to sign too"));
    }
}

/// Every signer has to speak for the domain.
fn refuse_silent(
    signers: &[DidKey],
    domain: &Domain,
    speaks: &Speaks<'_>,
    refusals: &mut Refusals,
) {
    for signer in signers {
        if let Err(why) = speaks(signer, domain) {
            refusals
                .add(Reason::NotClaimed, format!("{signer} does not speak for {domain}: {why}"));
        }
    }
}
