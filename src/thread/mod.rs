//! The fold over one thread's entries: what admission asks of an agreement's history. Pure; entries are
//! applied in the order of the ledger.

pub mod course;
pub mod metrics;
pub mod state;
pub mod terms;
pub mod threads;
mod timeline;
mod withheld;

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
    withdrawn: bool,
    terminated: bool,
}

impl Thread {
    /// The thread that an agreement opens; nothing for another kind.
    pub fn open(id: StatementId, statement: &Statement) -> Option<Self> {
        let Effect::Opens { subjects, commitments } = statement.rules().effect else { return None };
        Some(Self {
            id,
            subjects: subjects.to_vec(),
            signers: statement.signers().to_vec(),
            commitments: commitments.to_vec(),
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

    /// Whether the signers withdrew their side.
    pub fn is_withdrawn(&self) -> bool {
        self.withdrawn
    }

    /// Whether the agreement was terminated.
    pub fn is_terminated(&self) -> bool {
        self.terminated
    }

    /// Checks a follow-up against the thread's state.
    pub fn check(&self, statement: &Statement, refusals: &mut Refusals) {
        let rules = statement.rules();
        self.check_standing(statement, &rules, refusals);
        self.check_numbers(&rules, refusals);
        if let Effect::Amends { commitments, .. } = rules.effect {
            self.check_debtors(commitments, refusals);
        }
        let by_a_subject = matches!(rules.signed_by, SignedBy::Subject(_) | SignedBy::Operator);
        if self.withdrawn && !rules.after_withdrawal && !by_a_subject {
            refusals.add(Reason::Conflict, "the signers withdrew; they may only assess");
        }
        if self.terminated && rules.effect == Effect::Terminates {
            refusals.add(Reason::Conflict, "the agreement was terminated before");
        }
    }

    fn check_standing(&self, statement: &Statement, rules: &Rules<'_>, refusals: &mut Refusals) {
        let is_party = |signer: &&DidKey| self.signers.contains(signer);
        let signers = statement.signers();
        let outsider = signers.iter().find(|signer| !is_party(signer));
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
            SignedBy::Subject(domain) => refuse_unclaimed(domain, refusals),
            SignedBy::AllParties => {
                refuse_missing(missing, refusals);
                match self.owing_subject(rules) {
                    Some(domain) => refuse_unclaimed(domain, refusals),
                    None => refuse_outsider(outsider, refusals),
                }
            }
            _ => {}
        }
    }

    /// A subject that owes something by the list in force or by the one that would replace it.
    fn owing_subject<'a>(&'a self, rules: &Rules<'a>) -> Option<&'a Domain> {
        let Effect::Amends { commitments, .. } = rules.effect else { return None };
        self.commitments.iter().chain(commitments).find_map(|commitment| match &commitment.by {
            Debtor::Subject(domain) => Some(domain),
            Debtor::Signer => None,
        })
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

/// No domain has been claimed on a ledger that does not know claims.
fn refuse_unclaimed(domain: &Domain, refusals: &mut Refusals) {
    refusals.add(Reason::NotClaimed, format!("no signer speaks for {domain}"));
}
