//! Admission and sequencing: which submissions become entries, and which entries exactly. Writes nothing.
//!
//! [`read`] checks what a submission shows by itself. [`needs`] says what to look up for a statement,
//! [`chains`] which chains it will join; the answers are put into [`Facts`]. [`plan()`] then makes the
//! entries, the second of a batch seeing the first.
//! [`rules::check`] is the one copy of the rules that need the ledger's state: admission and audit share it.

pub mod admission;
pub mod domain_answer;
pub mod facts;
pub mod plan;
pub mod replay;
pub mod rules;
pub mod voice;

pub use admission::{Unfit, read};
pub use facts::{
    ChainName, Facts, Needs, Newest, Policy, Target, WordState, chains, needs, parties, voices,
};
pub use plan::{Candidate, Outcome, Plan, Planned, Standing, plan};
pub use voice::Voice;
