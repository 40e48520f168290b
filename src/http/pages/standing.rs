//! How a thread stands (protocol, "State of a thread"), as rows for people: what it is, its state in neutral words,
//! and links to the entries that it follows from. It shows what `thread/` derives and decides nothing.

mod rows;

use super::Visit;
use super::entry_link::EntryLink;
use super::strings::Message;
use crate::service::{LookupError, View};
use crate::statement::fields::Debtor;
use crate::thread::deadlines::{Deadline, Task};
use crate::thread::state::State;

pub use rows::replies;

/// How a thread stands.
pub struct Standing {
    /// At which moment, to the minute: states change at full minutes only.
    pub as_of: Message,
    /// What is due next, and when.
    pub next: Message,
    /// What stands how.
    pub rows: Vec<Row>,
    /// Breaches, amendments and offers that are older than those in the rows.
    pub left_out: usize,
}

/// One thing and how it stands.
pub struct Row {
    /// What it is.
    pub label: Message,
    /// The class of its state.
    pub class: &'static str,
    /// Its state.
    pub state: Message,
    /// What is to be known beside it.
    pub note: Option<Message>,
    /// The entries that it follows from.
    pub causes: Vec<EntryLink>,
}

impl Standing {
    /// What this state, which is that of a thread now, comes to.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn of(visit: &Visit, view: &View, state: &State) -> Result<Self, LookupError> {
        let now = visit.app().ledger().now();
        let time = now.max(view.as_of()).at_the_minute().to_seconds();
        let (rows, left_out) = rows::of(visit, view, state)?;
        Ok(Self {
            as_of: visit.say("standing-as-of").with("time", visit.written(&time)),
            next: next(visit, state),
            rows,
            left_out,
        })
    }
}

fn next(visit: &Visit, state: &State) -> Message {
    let deadlines = state.deadlines();
    match deadlines.iter().find(|deadline| !deadline.is_late) {
        Some(deadline) => visit
            .say("standing-next")
            .with("what", what(visit, deadline).plain())
            .with("day", visit.written(&deadline.day.to_string())),
        None => visit.say("standing-no-next"),
    }
}

/// What a deadline is of.
pub fn what(visit: &Visit, deadline: &Deadline) -> Message {
    let (id, number) = match deadline.task {
        Task::Keep(number) => ("standing-task-keep", u64::from(number)),
        Task::FirstResponse(breach) => ("standing-task-first-response", breach),
        Task::FinalResponse(breach) => ("standing-task-final-response", breach),
        Task::Accept(offer) => ("standing-task-accept", offer),
    };
    visit.say(id).with("number", number).with("by", debtor(visit, &deadline.by))
}

/// Who owes something: a domain, or those who signed.
fn debtor(visit: &Visit, by: &Debtor) -> String {
    by.subject().map_or_else(|| visit.say("standing-signers").plain(), ToString::to_string)
}
