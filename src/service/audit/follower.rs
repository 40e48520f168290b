//! The part of an audit that goes in order: it adds checked leaves to the history, holds tiles and the
//! checkpoint against it, and tells the observer.

use tokio::sync::mpsc::Receiver;

use super::fetched::{Fetched, Piece, fetch_hashes};
use super::{AuditError, Finding, Observer, Report, Source};
use crate::crypto::Hash;
use crate::tlog::{TILE_HEIGHT, TileKind, TilePath};
use crate::verify::{Audited, Fault, History, PastError};

/// Fewest entries between two offers to save. A state grows with the ledger, so the offers grow apart with
/// it: all together they cost no more than a few times the last one.
const SAVED_EVERY_MIN: u64 = 65_536;

pub(super) struct Follower<S, O> {
    pub(super) history: History,
    pub(super) report: Report,
    pub(super) observer: O,
    pub(super) past: Fetched<S>,
}

impl<S: Source, O: Observer> Follower<S, O> {
    /// Follows all pieces there are, on a thread that may block.
    pub(super) fn follow(
        mut self,
        mut pieces: Receiver<Result<Piece, AuditError>>,
    ) -> Result<Self, AuditError> {
        let mut saved_at = self.history.size();
        let mut outcome = Ok(());
        while outcome.is_ok() {
            let Some(piece) = pieces.blocking_recv() else { break };
            outcome = piece.and_then(|piece| self.add(piece));
            if self.history.size() - saved_at >= SAVED_EVERY_MIN.max(saved_at / 4) {
                saved_at = self.history.size();
                self.offer();
            }
        }
        self.check_checkpoint();
        self.offer();
        outcome.map(|()| self)
    }

    fn add(&mut self, piece: Piece) -> Result<(), AuditError> {
        let Piece { path, bundle, first, checked, hashes } = piece;
        self.past.keep(path, bundle);
        for checked in checked {
            self.observer.checked(&checked);
            let audited = self.history.push(checked, &self.past).map_err(|error| match error {
                PastError::Unreadable { error, .. } => error,
                PastError::Changed { index } => AuditError::Changed(index),
            })?;
            self.note(audited);
        }
        let (path, hashes) = hashes;
        self.check_tile(path, &hashes, first);
        self.report.checked = self.history.size();
        let of = self.report.checkpoint.checkpoint().size();
        self.observer.progress(self.report.checked, of);
        Ok(())
    }

    fn note(&mut self, audited: Audited) {
        let Audited { index, faults, rules_not_checked } = audited;
        faults.into_iter().for_each(|fault| self.find(index, fault));
        if let Some(why) = rules_not_checked {
            self.report.rules_not_checked.entry(why).or_default().push(index);
        }
    }

    fn find(&mut self, index: u64, fault: Fault) {
        let finding = Finding { index, fault };
        self.observer.found(&finding);
        self.report.findings.push(finding);
    }

    /// Holds a tile of hashes against the nodes that follow from the entries. `first` is where it begins to
    /// be new.
    fn check_tile(&mut self, path: TilePath, hashes: &[Hash], first: u64) {
        let TileKind::Hashes { level } = path.kind() else { return };
        let tree = self.history.tree();
        let same = (path.first()..).zip(hashes).all(|(place, hash)| {
            let node = level.checked_mul(TILE_HEIGHT).and_then(|height| tree.get(height, place));
            node.as_ref() == Some(hash)
        });
        if !same {
            self.find(first, Fault::TileMismatch(path));
        }
    }

    fn check_checkpoint(&mut self) {
        let checkpoint = self.report.checkpoint.checkpoint();
        if let Some(Err(fault)) = self.history.check_checkpoint(checkpoint) {
            self.find(checkpoint.size() - 1, fault);
        }
        if self.report.is_complete()
            && let Some((index, fault)) = self.history.check_log_keys(&self.report.checkpoint)
        {
            self.find(index, fault);
        }
    }

    fn offer(&mut self) {
        if self.report.findings.is_empty() {
            self.observer.may_save(&self.history);
        }
    }

    /// Holds the tiles above those of the leaves against the history, and gives the report.
    pub(super) async fn finish(mut self, source: &S) -> Result<Report, AuditError> {
        let size = self.report.checkpoint.checkpoint().size();
        let levels = (1..).map(|level| TileKind::Hashes { level });
        for kind in levels.take_while(|kind| kind.count_in(size) > 0) {
            if !self.report.is_complete() {
                break;
            }
            for path in TilePath::all_in_tree(kind, size) {
                let hashes = fetch_hashes(source, path).await?;
                self.check_tile(path, &hashes, size - 1);
            }
        }
        Ok(self.report)
    }
}
