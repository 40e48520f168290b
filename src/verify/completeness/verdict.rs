//! What a walk comes to: one line a check, and in plain sentences what all of it shows and does not show
//! (protocol §6).

use super::super::verdict::Outcome;
use super::fault::{CheckName, Finding};
use super::{Claim, Shown};
use crate::encoding::domain::Domain;
use crate::tlog::Checkpoint;

/// All that was found about the entries of a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completeness {
    /// The domain, exactly as written.
    pub domain: Domain,
    /// The checkpoint up to which it was looked.
    pub checkpoint: Checkpoint,
    /// What the ledger gave as the newest.
    pub claim: Claim,
    /// The entries of the chain that could be shown, newest first.
    pub chain: Vec<Shown>,
    /// Everything that is wrong, in the order it was found.
    pub findings: Vec<Finding>,
    /// How many entries were looked at for something newer.
    pub scanned: u64,
    /// Entries whose fields cannot be read, so that their links are all that says they are about the domain.
    pub taken_from_links: Vec<u64>,
    /// How many entries after the newest have fields that cannot be read, and links that leave the domain out.
    pub untold: u64,
    /// Whether the walk came to its end.
    pub is_over: bool,
}

/// One line of the verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletenessCheck {
    /// What was checked.
    pub name: CheckName,
    /// How it came out.
    pub outcome: Outcome,
    /// What was compared with what, as a sentence; where it fails, the first finding.
    pub detail: String,
}

impl Completeness {
    /// Everything together.
    pub fn outcome(&self) -> Outcome {
        match (self.findings.is_empty(), self.is_over) {
            (false, _) => Outcome::Failed,
            (true, true) => Outcome::Verified,
            (true, false) => Outcome::NotChecked,
        }
    }

    /// Every check, in order.
    pub fn checks(&self) -> Vec<CompletenessCheck> {
        CheckName::ALL.map(|name| self.check(name)).into()
    }

    fn check(&self, name: CheckName) -> CompletenessCheck {
        let of_it = || self.findings.iter().filter(|finding| finding.fault.check() == name);
        let (outcome, detail) = match of_it().next() {
            Some(first) => (Outcome::Failed, told(first, of_it().count() - 1)),
            None if !self.is_over => {
                (Outcome::NotChecked, "the walk did not come to its end".into())
            }
            None => (Outcome::Verified, self.holds(name)),
        };
        CompletenessCheck { name, outcome, detail }
    }

    /// What was compared with what.
    fn holds(&self, name: CheckName) -> String {
        let (count, size) = (self.chain.len(), self.checkpoint.size());
        match name {
            CheckName::Newest => self.newest(),
            CheckName::Chain | CheckName::Entries | CheckName::Membership if count == 0 => {
                "there is none".into()
            }
            CheckName::Chain => format!(
                "{}, seq {} to 0, each followed by its hash",
                entries(count as u64),
                self.chain.first().map_or(0, |shown| shown.seq)
            ),
            CheckName::Inclusion => {
                format!("all that was looked at is in the tree of {size} that the log signed")
            }
            CheckName::Entries => {
                "each has its one form and its index, and its signatures are by its signers".into()
            }
            CheckName::Membership if self.taken_from_links.is_empty() => {
                "the fields of each make it one about the domain".into()
            }
            CheckName::Membership => format!(
                "the fields of each make it one about the domain; {} of a type that is not known say so \
                 by their links alone",
                entries(self.taken_from_links.len() as u64)
            ),
        }
    }

    fn newest(&self) -> String {
        let size = self.checkpoint.size();
        let Some(newest) = self.chain.first() else {
            return format!("none of all {size} entries is about the domain");
        };
        let after = size - 1 - newest.index;
        let by_whom = match self.claim {
            Claim::Newest(_) => "the ledger gives",
            _ => "the files show",
        };
        format!(
            "{by_whom} seq {} (entry {}); none of the {after} after it up to the checkpoint is about the \
             domain",
            newest.seq, newest.index
        )
    }

    /// What it shows when it verifies, as sentences.
    pub fn shows(&self) -> Vec<String> {
        let (domain, size) = (&self.domain, self.checkpoint.size());
        if self.chain.is_empty() {
            return vec![format!(
                "no entry about {domain} is among the {size} that the log signed: all were looked at"
            )];
        }
        vec![
            format!("these are entries about {domain}, without a gap between them"),
            format!(
                "no entry about {domain} follows the newest of them, of the {size} that the log signed"
            ),
        ]
    }

    /// What it does not show, as sentences.
    pub fn not_shown(&self) -> Vec<String> {
        let domain = &self.domain;
        let mut not_shown = vec![
            format!("anything about other names: it covers exactly {domain}, and no subdomain of it"),
            "that the ledger linked every older entry about it, and numbered them as they came: `onrecord audit` \
             shows that"
                .into(),
            "that every rule of admission was kept, such as who may answer: `onrecord audit` shows that"
                .into(),
            "that others are shown the same ledger, which witnesses and other auditors show".into(),
            "that the words are true, and whose the keys are".into(),
        ];
        if self.untold > 0 {
            not_shown.push(format!(
                "whether {} after the newest, of a type that is not known, should be about it: their links say not",
                entries(self.untold)
            ));
        }
        not_shown
    }
}

fn told(first: &Finding, more: usize) -> String {
    match more {
        0 => first.to_string(),
        more => format!("{first} (and {more} more)"),
    }
}

fn entries(count: u64) -> String {
    if count == 1 { "1 entry".into() } else { format!("{count} entries") }
}
