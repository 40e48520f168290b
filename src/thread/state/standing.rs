//! How each subject stands to the agreement and its amendments, and whether the signers see the matter as
//! resolved. The clock has no part in this.

use crate::encoding::domain::Domain;
use crate::thread::course::{Course, Verdict};

/// How a subject stands to an agreement or amendment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It gave no verdict: only the signers state it.
    OneSided,
    /// It states the same.
    Confirmed,
    /// It states a part of it.
    Partly,
    /// It states that it is not so.
    Declined,
}

/// A subject, and how it stands to something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectState {
    /// The subject.
    pub domain: Domain,
    /// How it stands.
    pub standing: Standing,
    /// Why it declines.
    pub reason: Option<String>,
    /// The entries that this follows from.
    pub entries: Vec<u64>,
}

/// A list of commitments that was stated beside the agreement's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmendmentState {
    /// The amendment.
    pub index: u64,
    /// Whether all parties made it, so that its list came into force.
    pub mutual: bool,
    /// The subject that made it alone; none where signers did.
    pub by: Option<Domain>,
    /// How the subjects stand to it; a subject that made it itself is left out.
    pub subjects: Vec<SubjectState>,
}

/// Whether the matter is resolved, as the signers see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It is.
    Resolved,
    /// It is in part.
    Partly,
    /// It is not.
    NotResolved,
    /// They did not say.
    Unassessed,
}

pub(super) fn subjects(course: &Course) -> Vec<SubjectState> {
    let newest = |domain: &Domain| {
        let mut verdicts = course.verdicts.iter().rev();
        verdicts.find(|verdict| verdict.re == course.id && verdict.domain == *domain)
    };
    let subjects = course.subjects.iter();
    subjects.map(|domain| subject(domain, course.agreement.index, newest(domain))).collect()
}

pub(super) fn amendments(course: &Course) -> Vec<AmendmentState> {
    let amendments = course.amendments.iter().map(|amendment| {
        let newest = |domain: &Domain| {
            let mut verdicts = course.verdicts.iter().rev();
            verdicts.find(|verdict| verdict.re == amendment.id && verdict.domain == *domain)
        };
        let others = course.subjects.iter().filter(|domain| Some(*domain) != amendment.by.as_ref());
        let subjects = others.map(|domain| subject(domain, amendment.index, newest(domain)));
        AmendmentState {
            index: amendment.index,
            mutual: amendment.mutual,
            by: amendment.by.clone(),
            subjects: subjects.collect(),
        }
    });
    amendments.collect()
}

fn subject(domain: &Domain, stated: u64, verdict: Option<&Verdict>) -> SubjectState {
    let standing = match verdict.map(|verdict| verdict.verdict.as_str()) {
        None => Standing::OneSided,
        Some("confirmed") => Standing::Confirmed,
        Some("partly") => Standing::Partly,
        Some(_) => Standing::Declined,
    };
    SubjectState {
        domain: domain.clone(),
        standing,
        reason: verdict.and_then(|verdict| verdict.reason.clone()),
        entries: std::iter::once(stated).chain(verdict.map(|verdict| verdict.index)).collect(),
    }
}

pub(super) fn outcome(course: &Course) -> (Outcome, Option<u64>) {
    let Some((index, resolved)) = &course.assessed else { return (Outcome::Unassessed, None) };
    let outcome = match resolved.as_str() {
        "yes" => Outcome::Resolved,
        "partly" => Outcome::Partly,
        _ => Outcome::NotResolved,
    };
    (outcome, Some(*index))
}
