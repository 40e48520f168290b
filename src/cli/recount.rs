//! Follows an audit and gathers an organization's threads from what was checked, up to the checkpoints that the
//! ledger says that its answers were computed at.

use std::sync::{Arc, Mutex, PoisonError};

use indicatif::ProgressBar;

use super::terminal::bar;
use crate::crypto::Hash;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::service::audit::Observer;
use crate::thread::threads::Threads;
use crate::tlog::Frontier;
use crate::verify::Checked;

/// The threads about an organization that are wanted at one checkpoint.
pub(super) struct Wanted {
    size: u64,
    threads: Threads,
    until: Option<Moment>,
    /// The root at that size, once the audit came to it.
    root: Option<Hash>,
}

/// Threads as the log gives them.
pub(super) struct Gathered<'a> {
    pub(super) threads: &'a Threads,
    /// The time of the newest entry.
    pub(super) until: Moment,
    pub(super) root: Hash,
}

impl Wanted {
    /// Those about the organization below that size.
    pub(super) fn new(domain: Domain, size: u64) -> Self {
        Self { size, threads: Threads::about(domain), until: None, root: None }
    }

    fn follow(&mut self, checked: &Checked, frontier: &Frontier) {
        if frontier.size() > self.size {
            return;
        }
        self.until = checked.time().or(self.until);
        if let Some(stated) = checked.stated() {
            self.threads.push(&stated);
        }
        if frontier.size() == self.size {
            self.root = Some(frontier.root());
        }
    }

    /// What the log gives; nothing where the audit did not come so far.
    pub(super) fn gathered(&self) -> Option<Gathered<'_>> {
        Some(Gathered { threads: &self.threads, until: self.until?, root: self.root? })
    }
}

/// What was counted, once the audit is done.
pub(super) struct Counted(Arc<Mutex<Vec<Wanted>>>);

impl Counted {
    /// Takes it.
    pub(super) fn take(self) -> Vec<Wanted> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Counts while a ledger is audited.
pub(super) struct Recount {
    wanted: Arc<Mutex<Vec<Wanted>>>,
    frontier: Frontier,
    bar: ProgressBar,
}

impl Recount {
    /// Counts all of these at once.
    pub(super) fn new(wanted: Vec<Wanted>) -> Self {
        let wanted = Arc::new(Mutex::new(wanted));
        Self { wanted, frontier: Frontier::new(), bar: bar() }
    }

    /// Where to find what was counted.
    pub(super) fn counted(&self) -> Counted {
        Counted(self.wanted.clone())
    }

    /// The bar that shows how far it is.
    pub(super) fn bar(&self) -> ProgressBar {
        self.bar.clone()
    }
}

impl Observer for Recount {
    fn progress(&mut self, done: u64, of: u64) {
        self.bar.set_length(of);
        self.bar.set_position(done);
    }

    fn checked(&mut self, checked: &Checked) {
        self.frontier.push(checked.hash());
        let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.iter_mut().for_each(|wanted| wanted.follow(checked, &self.frontier));
    }
}
