//! How a commitment stands: by what those said to whom it is owed, else by what the debtor said of itself, else
//! by the calendar (protocol, "State of a thread").

use std::time::Duration;

use crate::encoding::time::{Date, Moment};
use crate::statement::fields::Debtor;
use crate::thread::course::{Course, Kept, Promise, Said};
use crate::thread::timeline::{Now, Timeline};

/// How long before it is late a commitment is due soon. A week holds every day of the week once, so that also
/// who looks on one weekday only, or works on weekdays only, sees it while there are working days left.
pub const DUE_SOON: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How a commitment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CommitmentStatus {
    /// Nothing was said of it, and its day is far off or there is none.
    Open,
    /// Nothing was said of it, and its last day is within [`DUE_SOON`].
    DueSoon,
    /// Nothing was said of it, and its last day is over.
    Overdue,
    /// It was kept.
    Kept,
    /// A part of it was kept.
    Partly,
    /// It was not kept.
    Broken,
}

/// Whose word decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaidBy {
    /// The agreement's signers.
    Signers,
    /// The subject that owes it.
    Debtor,
}

/// A commitment of the list in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitmentState {
    /// Its number in the list, from 1.
    pub number: u8,
    /// Who owes it.
    pub by: Debtor,
    /// The last day to keep it in time.
    pub due: Option<Date>,
    /// How it stands.
    pub status: CommitmentStatus,
    /// Whose word that is; none where the calendar decides.
    pub said_by: Option<SaidBy>,
    /// The day on which it was kept, in whole or in part.
    pub kept_on: Option<Date>,
    /// Whether it was kept in time; none where it was not kept in whole, or nothing was due on a day.
    pub on_time: Option<bool>,
    /// A later entry by which its debtor states more than the signers did.
    pub contested_by: Option<u64>,
    /// The entries that this follows from.
    pub entries: Vec<u64>,
    /// When the clock alone changes it next.
    pub changes_at: Option<Moment>,
}

impl CommitmentState {
    /// From when on it is late.
    pub fn late_at(&self) -> Option<Moment> {
        self.due.map(Date::over_everywhere)
    }
}

pub(super) fn states(course: &Course, now: Now) -> Vec<CommitmentState> {
    let promises = course.promises.iter().zip(1..);
    promises.map(|(promise, number)| state(promise, number, course.list, now)).collect()
}

fn state(promise: &Promise, number: u8, list: u64, now: Now) -> CommitmentState {
    let due = promise.commitment.last_day();
    let (said, said_by) = match (promise.by_signers, promise.by_debtor) {
        (Some(said), _) => (Some(said), Some(SaidBy::Signers)),
        (None, Some(said)) => (Some(said), Some(SaidBy::Debtor)),
        (None, None) => (None, None),
    };
    let (status, changes_at) = match said {
        Some(said) => (status(said), None),
        None => by_the_calendar(due).at(now),
    };
    let kept_on = said.and_then(|said| said.on);
    let is_kept = status == CommitmentStatus::Kept;
    CommitmentState {
        number,
        by: promise.commitment.by.clone(),
        due,
        status,
        said_by,
        kept_on,
        on_time: if is_kept { kept_on.zip(due).map(|(on, due)| on <= due) } else { None },
        contested_by: contested_by(promise),
        entries: std::iter::once(list).chain(said.map(|said| said.index)).collect(),
        changes_at,
    }
}

const fn status(said: Said) -> CommitmentStatus {
    match said.what {
        Kept::No => CommitmentStatus::Broken,
        Kept::Partly => CommitmentStatus::Partly,
        Kept::Fully => CommitmentStatus::Kept,
    }
}

fn by_the_calendar(due: Option<Date>) -> Timeline<CommitmentStatus> {
    let Some(late) = due.map(Date::over_everywhere) else {
        return Timeline::new(CommitmentStatus::Open);
    };
    Timeline::new(CommitmentStatus::Open)
        .then(late.minus(DUE_SOON), CommitmentStatus::DueSoon)
        .then(late, CommitmentStatus::Overdue)
}

fn contested_by(promise: &Promise) -> Option<u64> {
    let (signers, debtor) = promise.by_signers.zip(promise.by_debtor)?;
    (debtor.index > signers.index && debtor.what > signers.what).then_some(debtor.index)
}
