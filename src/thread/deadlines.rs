//! What is still to be done in a thread, and by which day: it follows from the state (protocol, "State of a thread")
//! and adds nothing to it. Not who is told of it, and no words.

use super::state::{Asked, BreachStatus, CommitmentState, CommitmentStatus, OfferStatus, State};
use crate::encoding::time::Date;
use crate::statement::fields::Debtor;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// Keep the commitment of this number in the list in force.
    Keep(u8),
    /// Give a first response to the breach in this entry.
    FirstResponse(u64),
    /// Give a final response to the breach in this entry.
    FinalResponse(u64),
    /// Accept the offer in this entry, or let it pass.
    Accept(u64),
}

/// Something that is to be done by a day, and is not recorded as done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// What.
    pub task: Task,
    /// Whose turn it is.
    pub by: Debtor,
    /// The last day.
    pub day: Date,
    /// Whether that day is over everywhere on Earth.
    pub is_late: bool,
    /// The entries that this follows from.
    pub entries: Vec<u64>,
}

impl State {
    /// Everything that waits for a day or has let one pass, the earliest day first. A withdrawal stops the clocks,
    /// so that of a withdrawn agreement only offers are left.
    pub fn deadlines(&self) -> Vec<Deadline> {
        let mut deadlines = Vec::new();
        if self.withdrawn.is_none() {
            deadlines.extend(self.commitments.iter().filter_map(to_keep));
            for breach in &self.breaches {
                let answers = breach.asked.iter();
                deadlines.extend(answers.filter_map(|asked| to_answer(breach.mark.index, asked)));
            }
        }
        let live = self.offers.iter().filter(|offer| offer.status == OfferStatus::Live);
        deadlines.extend(live.map(|offer| Deadline {
            task: Task::Accept(offer.index),
            by: Debtor::Signer,
            day: offer.expires,
            is_late: false,
            entries: offer.entries.clone(),
        }));
        deadlines.sort_by_key(|deadline| (deadline.day, deadline.task));
        deadlines
    }
}

fn to_keep(commitment: &CommitmentState) -> Option<Deadline> {
    use CommitmentStatus::{DueSoon, Open, Overdue};
    let waits = matches!(commitment.status, Open | DueSoon | Overdue);
    Some(Deadline {
        task: Task::Keep(commitment.number),
        by: commitment.by.clone(),
        day: commitment.due.filter(|_| waits)?,
        is_late: commitment.status == Overdue,
        entries: commitment.entries.clone(),
    })
}

fn to_answer(breach: u64, asked: &Asked) -> Option<Deadline> {
    let announced = asked.in_progress_until.map_or(asked.final_by.day, |(day, _)| day);
    let (first, last) = (Task::FirstResponse(breach), Task::FinalResponse(breach));
    let (task, day, is_late) = match asked.status {
        BreachStatus::AwaitingFirstResponse => (first, asked.first_by.day, false),
        BreachStatus::FirstResponseOverdue | BreachStatus::LongOverdue => {
            (first, asked.first_by.day, true)
        }
        BreachStatus::Acknowledged => (last, asked.final_by.day, false),
        BreachStatus::FinalResponseOverdue => (last, asked.final_by.day, true),
        BreachStatus::InProgress => (last, announced, false),
        BreachStatus::InProgressOverdue => (last, announced, true),
        BreachStatus::FinalResponse => return None,
    };
    let by = Debtor::Subject(asked.domain.clone());
    Some(Deadline { task, by, day, is_late, entries: asked.entries.clone() })
}
