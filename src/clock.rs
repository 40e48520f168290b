//! The only place that reads the clock.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::encoding::time::Moment;

/// How far the wall clock may move against monotonic time before a ledger stops admitting (protocol §6).
const JUMP_MAX: Duration = Duration::from_secs(10 * 60);

/// The clock jumped, so no entry can be given a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the clock says {}, but by the time passed since the start it should be {}", .wall.to_seconds(), .expected.to_seconds())]
pub struct ClockJumped {
    /// What the wall clock says.
    pub wall: Moment,
    /// What it should say.
    pub expected: Moment,
}

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The time now.
    ///
    /// # Errors
    /// [`ClockJumped`] while the wall clock and monotonic time disagree.
    fn now(&self) -> Result<Moment, ClockJumped>;
}

/// The machine's clock, watched for jumps since it was started.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
    at: Moment,
}

impl SystemClock {
    /// Starts watching.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    pub fn start() -> Self {
        Self { started: Instant::now(), at: now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Result<Moment, ClockJumped> {
        judge(now(), self.at.plus(self.started.elapsed()))
    }
}

fn judge(wall: Moment, expected: Moment) -> Result<Moment, ClockJumped> {
    let apart = wall.since(expected).max(expected.since(wall));
    if apart > JUMP_MAX { Err(ClockJumped { wall, expected }) } else { Ok(wall) }
}

/// The wall clock, for what needs no watching.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
pub fn now() -> Moment {
    // A clock outside the years 0000 to 9999 is broken; 1970 is then as wrong as any other moment.
    Moment::from_millis(jiff::Timestamp::now().as_millisecond()).unwrap_or(Moment::EPOCH)
}

/// A point of monotonic time, to measure how long something took.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
pub fn instant() -> Instant {
    Instant::now()
}

/// A clock that stands still until it is set: for tests and the demonstration.
#[derive(Debug)]
pub struct SetClock(Mutex<Moment>);

impl SetClock {
    /// A clock that says this.
    pub fn at(moment: Moment) -> Self {
        Self(Mutex::new(moment))
    }

    /// Makes it say something else.
    pub fn set(&self, moment: Moment) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = moment;
    }
}

impl Clock for SetClock {
    fn now(&self) -> Result<Moment, ClockJumped> {
        Ok(*self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_of_more_than_ten_minutes_either_way_is_noticed() {
        let expected = Moment::parse_seconds("2026-11-20T12:00:00Z").unwrap();
        for (wall, good) in [
            ("2026-11-20T12:10:00Z", true),
            ("2026-11-20T12:10:01Z", false),
            ("2026-11-20T11:50:00Z", true),
            ("2026-11-20T11:49:59Z", false),
        ] {
            let wall = Moment::parse_seconds(wall).unwrap();
            assert_eq!(judge(wall, expected).is_ok(), good, "{wall:?}");
        }
    }
}
