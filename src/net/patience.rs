//! How long whom is waited for.

use std::time::{Duration, Instant};

/// How long and how often a client tries.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    pub(super) connect: Duration,
    /// Between two pieces of an answer.
    pub(super) read: Duration,
    /// For a whole request.
    pub(super) total: Duration,
    /// How often a request is sent before its failure is final.
    pub(super) tries_max: u32,
    /// The longest that a ledger's `Retry-After` is waited for.
    pub(super) wait_max: Duration,
    /// When it ends, whatever is under way.
    pub(super) until: Option<Instant>,
}

impl Patience {
    /// With a ledger that a person chose: enough for the largest answer over a slow line.
    pub const CHOSEN: Self = Self {
        connect: Duration::from_secs(10),
        read: Duration::from_secs(30),
        total: Duration::from_secs(120),
        tries_max: 5,
        wait_max: Duration::from_secs(60),
        until: None,
    };
    /// With whatever somebody else's page names.
    pub const NAMED_BY_OTHERS: Self = Self {
        connect: Duration::from_secs(5),
        read: Duration::from_secs(10),
        total: Duration::from_secs(20),
        tries_max: 2,
        wait_max: Duration::from_secs(5),
        until: None,
    };

    /// With what is looked at again and again, one after the other: none must hold up the others for long.
    pub const IN_TURN: Self = Self {
        connect: Duration::from_secs(5),
        read: Duration::from_secs(15),
        total: Duration::from_secs(60),
        tries_max: 2,
        wait_max: Duration::from_secs(5),
        until: None,
    };
    /// With a witness, which answers from what it holds and is asked again by whoever asked.
    pub const WITNESS: Self = Self {
        connect: Duration::from_secs(3),
        read: Duration::from_secs(5),
        total: Duration::from_secs(8),
        tries_max: 1,
        wait_max: Duration::ZERO,
        until: None,
    };

    /// With a stream that has no end: a checkpoint comes every 15 seconds at least, so that three of them are missed
    /// before it counts as lost.
    pub(super) const FOLLOWING: Self = Self {
        read: Duration::from_secs(45),
        total: Duration::from_secs(366 * 24 * 60 * 60),
        tries_max: 1,
        ..Self::CHOSEN
    };

    /// The same, and no longer than to that instant.
    pub const fn until(self, instant: Instant) -> Self {
        Self { until: Some(instant), ..self }
    }
}
