//! What is kept of an organization's webhook, as it is written to the store. It holds a secret and is never shown
//! whole.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::webhook::{Endpoint, Secret};

/// Attempts that are kept. Each has at most some 300 bytes.
const ATTEMPTS_MAX: usize = 20;
/// Characters that are kept of what went wrong.
const ERROR_LENGTH_MAX: usize = 200;

/// A webhook, or that there was one.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    endpoint: Option<String>,
    secret: Option<String>,
    /// When the newest request that changed something was signed, in milliseconds: none is taken twice.
    pub(super) changed_at: i64,
    /// Entries before it are delivered, or not to be.
    pub(super) position: u64,
    /// Entries from it on and before the position are delivered. It is not known of records that are older than it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) delivers_from: Option<u64>,
    /// How often the delivery of the next one failed.
    pub(super) failed: usize,
    /// When it is tried again, in milliseconds.
    pub(super) next_at: Option<i64>,
    pub(super) stopped: Option<Stopped>,
    pub(super) attempts: VecDeque<Attempt>,
}

/// Why nothing is delivered any more, until the organization asks anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stopped {
    /// The endpoint answered that it is gone.
    Gone,
    /// The last attempt of the schedule failed.
    Exhausted,
}

/// One attempt to deliver an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// Index of the entry.
    pub index: u64,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What came of it.
    pub result: AttemptResult,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptResult {
    /// The endpoint took it.
    Delivered,
    /// It answered with another status.
    Status(u16),
    /// It gave no answer. Foreign text may be in it.
    Error(String),
}

/// How far the delivery of an entry to an organization is, as far as that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// No endpoint is registered.
    NotRegistered,
    /// The endpoint took it; when, is known of the last attempts only.
    Delivered {
        /// When.
        at: Option<Moment>,
    },
    /// The organization asked for entries from a later one on.
    NotAsked {
        /// From which.
        from: u64,
    },
    /// It is delivered or was not asked for.
    Unknown,
    /// It is still to be delivered.
    Waiting,
    /// It was not taken so far, and is tried again.
    Retrying {
        /// The first attempt.
        since: Moment,
    },
    /// Nothing is delivered any more, until the organization asks anew.
    Ended,
}

impl Record {
    /// A webhook that is new, or in place of the one before.
    pub(super) fn new(endpoint: &Endpoint, secret: &Secret, position: u64) -> Self {
        Self {
            endpoint: Some(endpoint.to_string()),
            secret: Some((*secret.to_text()).clone()),
            position,
            delivers_from: Some(position),
            ..Self::default()
        }
    }

    /// How far the delivery of an entry of the organization's chain is.
    pub(super) fn progress(&self, index: u64) -> Progress {
        let taken = |attempt: &&Attempt| {
            attempt.index == index && attempt.result == AttemptResult::Delivered
        };
        if self.endpoint.is_none() {
            return Progress::NotRegistered;
        }
        if let Some(attempt) = self.attempts.iter().find(taken) {
            return Progress::Delivered { at: Some(attempt.time()) };
        }
        if index < self.position {
            return match self.delivers_from {
                Some(from) if index >= from => Progress::Delivered { at: None },
                Some(from) => Progress::NotAsked { from },
                None => Progress::Unknown,
            };
        }
        // The attempts since the newest that was taken are those at the entry at the position.
        let first = self.attempts.iter().take(self.failed).next_back();
        match first.filter(|first| first.index == index) {
            _ if self.stopped.is_some() => Progress::Ended,
            Some(first) => Progress::Retrying { since: first.time() },
            None => Progress::Waiting,
        }
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes).map_err(|error| error.to_string())
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub(super) fn endpoint(&self) -> Option<&str> {
        self.endpoint.as_deref()
    }

    /// Where to deliver to and with what, while anything is delivered.
    pub(super) fn open(&self, domain: &Domain) -> Option<(Endpoint, Secret)> {
        if self.stopped.is_some() {
            return None;
        }
        let endpoint = Endpoint::parse(self.endpoint.as_deref()?, domain).ok()?;
        Some((endpoint, Secret::parse(self.secret.as_deref()?).ok()?))
    }

    /// Delivers from there on, at once, as was asked for.
    pub(super) fn replay_from(&mut self, from: u64) {
        self.delivers_from = self.delivered_without_a_gap_to(from);
        self.go_on_from(from);
    }

    /// From where on everything before `from` is delivered.
    pub(super) fn delivered_without_a_gap_to(&self, from: u64) -> Option<u64> {
        match self.delivers_from {
            Some(first) if (first..=self.position).contains(&from) => Some(first),
            None if from <= self.position => None,
            _ => Some(from),
        }
    }

    /// Delivers from there on, at once.
    pub(super) fn go_on_from(&mut self, from: u64) {
        self.position = from;
        (self.failed, self.next_at, self.stopped) = (0, None, None);
    }

    /// How long until the next attempt.
    pub(super) fn pause(&self, now: Moment) -> Duration {
        let millis = self.next_at.map_or(0, |next| next - now.as_millis());
        Duration::from_millis(u64::try_from(millis).unwrap_or(0))
    }

    /// Takes down an attempt, and drops the oldest.
    pub(super) fn tried(&mut self, index: u64, now: Moment, result: AttemptResult) {
        let result = match result {
            AttemptResult::Error(why) => {
                AttemptResult::Error(why.chars().take(ERROR_LENGTH_MAX).collect())
            }
            other => other,
        };
        self.attempts.push_front(Attempt { index, at: now.as_millis(), result });
        self.attempts.truncate(ATTEMPTS_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::RECORD_BYTES_MAX;

    fn registered(position: u64) -> Record {
        let domain = Domain::parse("acme.example").unwrap();
        let endpoint = Endpoint::parse("https://acme.example/in", &domain).unwrap();
        Record::new(&endpoint, &Secret::from_bytes([1; 32]), position)
    }

    #[test]
    fn of_each_entry_it_says_no_more_than_what_is_kept() {
        let (done, later) = (Progress::Delivered { at: None }, Moment::LAST);
        assert_eq!(Record::default().progress(7), Progress::NotRegistered);
        let mut record = registered(5);
        assert_eq!(record.progress(4), Progress::NotAsked { from: 5 });
        assert_eq!(record.progress(5), Progress::Waiting);
        for index in 5..40 {
            record.tried(index, Moment::EPOCH, AttemptResult::Delivered);
            record.go_on_from(index + 1);
        }
        assert_eq!(record.progress(5), done, "the attempt is no longer kept");
        assert_eq!(record.progress(39), Progress::Delivered { at: Some(Moment::EPOCH) });
        record.tried(40, Moment::EPOCH, AttemptResult::Status(500));
        record.tried(40, later, AttemptResult::Status(500));
        record.failed = 2;
        assert_eq!(record.progress(40), Progress::Retrying { since: Moment::EPOCH });
        assert_eq!(record.progress(41), Progress::Waiting);
        record.stopped = Some(Stopped::Exhausted);
        assert_eq!((record.progress(40), record.progress(41)), (Progress::Ended, Progress::Ended));
        assert_eq!(record.progress(39), Progress::Delivered { at: Some(Moment::EPOCH) });
    }

    #[test]
    fn a_replay_is_no_claim_that_what_it_leaves_out_was_delivered() {
        let mut record = registered(5);
        record.go_on_from(10);
        record.replay_from(7);
        assert_eq!(record.progress(6), Progress::Delivered { at: None });
        record.replay_from(20);
        assert_eq!(record.progress(15), Progress::NotAsked { from: 20 });
        record.replay_from(2);
        assert_eq!(record.progress(1), Progress::NotAsked { from: 2 });
    }

    #[test]
    fn a_record_from_before_it_was_kept_where_deliveries_began_says_that_it_is_not_known() {
        let mut value = serde_json::to_value(registered(5)).unwrap();
        value.as_object_mut().unwrap().remove("delivers_from").unwrap();
        let record = Record::parse(value.to_string().as_bytes()).unwrap();
        assert_eq!(record.progress(4), Progress::Unknown);
        assert_eq!(record.delivered_without_a_gap_to(5), None);
        assert_eq!(record.delivered_without_a_gap_to(6), Some(6));
    }

    #[test]
    fn the_largest_record_fits_into_the_store_and_is_read_again() {
        let domain = Domain::parse("acme.example").unwrap();
        let path = "a".repeat(2048 - "https://acme.example/".len());
        let endpoint = Endpoint::parse(&format!("https://acme.example/{path}"), &domain).unwrap();
        let mut record = Record::new(&endpoint, &Secret::from_bytes([1; 32]), u64::MAX);
        for index in 0..100 {
            let error = AttemptResult::Error("\u{1}".repeat(1_000));
            record.tried(u64::MAX - index, Moment::LAST, error);
        }
        let bytes = record.to_bytes();
        assert!(bytes.len() < RECORD_BYTES_MAX, "{}", bytes.len());
        let read = Record::parse(&bytes).unwrap();
        assert_eq!(read.attempts.len(), ATTEMPTS_MAX);
        assert_eq!(read.attempts[0].index, u64::MAX - 99);
        assert!(read.open(&domain).is_some());
    }
}
