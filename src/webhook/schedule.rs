//! When a delivery that failed is tried again: the schedule that the Standard Webhooks specification recommends.

use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// The pause before each attempt, from the one before: the first at once, the last after some 75 hours.
pub const SCHEDULE: [Duration; 10] = [
    Duration::ZERO,
    Duration::from_secs(5),
    Duration::from_secs(5 * MINUTE),
    Duration::from_secs(30 * MINUTE),
    Duration::from_secs(2 * HOUR),
    Duration::from_secs(5 * HOUR),
    Duration::from_secs(10 * HOUR),
    Duration::from_secs(14 * HOUR),
    Duration::from_secs(20 * HOUR),
    Duration::from_secs(24 * HOUR),
];

/// The pause before the next attempt after so many that failed, none when that was the last. It is up to a tenth
/// longer, as `chance` says, so that what failed together is not tried again together.
pub fn delay_before(schedule: &[Duration], failed: usize, chance: u8) -> Option<Duration> {
    let pause = *schedule.get(failed)?;
    Some(pause + pause.mul_f64(f64::from(chance) / 255.0 / 10.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_that_of_the_schedule_and_up_to_a_tenth_longer() {
        assert_eq!(delay_before(&SCHEDULE, 0, 255), Some(Duration::ZERO));
        assert_eq!(delay_before(&SCHEDULE, 1, 0), Some(Duration::from_secs(5)));
        assert_eq!(delay_before(&SCHEDULE, 1, 255), Some(Duration::from_millis(5_500)));
        assert_eq!(delay_before(&SCHEDULE, 9, 0), Some(Duration::from_secs(86_400)));
        assert_eq!(delay_before(&SCHEDULE, 10, 0), None);
    }
}
