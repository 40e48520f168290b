//! Times and dates in the one spelling the protocol has for each (protocol §1).

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, civil};

const EPOCH: civil::DateTime = civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
const SECONDS_OF_A_DAY: i64 = 86_400;

/// The text is not a time or date in the expected spelling, or names a day that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time in the expected form, or a day that does not exist")]
pub struct NotATime;

/// A moment in UTC, in milliseconds since 1970. Years 0000 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// The start of 1970.
    pub const EPOCH: Self = Self(0);
    /// The last moment there is a spelling for, at the end of the year 9999.
    pub const LAST: Self = Self(253_402_300_799_999);

    /// The moment that many milliseconds after the start of 1970.
    ///
    /// # Errors
    /// [`NotATime`] outside the years 0000 to 9999.
    pub fn from_millis(millis: i64) -> Result<Self, NotATime> {
        let moment = Self(millis);
        match moment.civil() {
            Some(civil) if (0..=9999).contains(&civil.year()) => Ok(moment),
            _ => Err(NotATime),
        }
    }

    /// The moment that many seconds after the start of 1970.
    ///
    /// # Errors
    /// [`NotATime`] outside the years 0000 to 9999.
    pub fn from_seconds(seconds: u64) -> Result<Self, NotATime> {
        let millis = i64::try_from(seconds).ok().and_then(|seconds| seconds.checked_mul(1000));
        millis.map_or(Err(NotATime), Self::from_millis)
    }

    /// Milliseconds since the start of 1970.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Reads `YYYY-MM-DDTHH:MM:SSZ`, as in statements.
    ///
    /// # Errors
    /// [`NotATime`] for any other spelling.
    pub fn parse_seconds(text: &str) -> Result<Self, NotATime> {
        let moment = Self::read(text.strip_suffix('Z').ok_or(NotATime)?, 0)?;
        if moment.to_seconds() == text { Ok(moment) } else { Err(NotATime) }
    }

    /// Reads `YYYY-MM-DDTHH:MM:SS.mmmZ`, as in entries.
    ///
    /// # Errors
    /// [`NotATime`] for any other spelling.
    pub fn parse_millis(text: &str) -> Result<Self, NotATime> {
        let (seconds, fraction) =
            text.strip_suffix('Z').and_then(|text| text.split_once('.')).ok_or(NotATime)?;
        let moment = Self::read(seconds, fraction.parse().map_err(|_| NotATime)?)?;
        if moment.to_millis() == text { Ok(moment) } else { Err(NotATime) }
    }

    fn read(text: &str, millis: i64) -> Result<Self, NotATime> {
        let (date, time) = text.split_once('T').ok_or(NotATime)?;
        let date = Date::parse(date)?.0;
        let number = |range: std::ops::Range<usize>| -> Result<i8, NotATime> {
            time.get(range).and_then(|digits| digits.parse().ok()).ok_or(NotATime)
        };
        let time = civil::Time::new(number(0..2)?, number(3..5)?, number(6..8)?, 0)
            .map_err(|_| NotATime)?;
        Ok(Self(seconds_since_1970(date.to_datetime(time)) * 1000 + millis))
    }

    fn civil(self) -> Option<civil::DateTime> {
        EPOCH.checked_add(SignedDuration::from_millis(self.0)).ok()
    }

    /// `YYYY-MM-DDTHH:MM:SSZ`.
    pub fn to_seconds(self) -> String {
        self.civil().map_or_else(String::new, |at| format!("{}Z", at.strftime("%Y-%m-%dT%H:%M:%S")))
    }

    /// `YYYY-MM-DDTHH:MM:SS.mmmZ`.
    pub fn to_millis(self) -> String {
        let seconds = self.to_seconds();
        format!("{}.{:03}Z", seconds.trim_end_matches('Z'), self.0.rem_euclid(1000))
    }

    /// How long after `earlier` this is; nothing if it is not after.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The moment so much later, at most the end of the year 9999.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self::from_millis(self.0.saturating_add(millis)).unwrap_or(Self::LAST)
    }

    /// The moment so much earlier, at least the start of the year 0000.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self::from_millis(self.0.saturating_sub(millis)).unwrap_or(Self(-62_167_219_200_000))
    }

    /// The same moment with its seconds and milliseconds zeroed, as clients write `claimed_at`.
    #[must_use]
    pub const fn at_the_minute(self) -> Self {
        Self(self.0 - self.0.rem_euclid(60_000))
    }

    /// The day it falls on in UTC.
    pub fn date(self) -> Date {
        self.civil().map_or(Date(civil::Date::ZERO), |at| Date(at.date()))
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_millis())
    }
}

fn seconds_since_1970(at: civil::DateTime) -> i64 {
    at.duration_since(EPOCH).as_secs()
}

/// A day of the calendar, `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    /// Reads `YYYY-MM-DD`.
    ///
    /// # Errors
    /// [`NotATime`] for any other spelling and for a day that does not exist.
    pub fn parse(text: &str) -> Result<Self, NotATime> {
        let [y, m, d] = three_numbers(text).ok_or(NotATime)?;
        let narrow = |number: i16| i8::try_from(number).map_err(|_| NotATime);
        civil::Date::new(y, narrow(m)?, narrow(d)?).map(Self).map_err(|_| NotATime)
    }

    /// The last day of a month written `YYYY-MM`.
    ///
    /// # Errors
    /// [`NotATime`] for any other spelling and for a month that does not exist.
    pub fn last_of_month(text: &str) -> Result<Self, NotATime> {
        Self::parse(&format!("{text}-01")).map(|first| Self(first.0.last_of_month()))
    }

    /// The day so many days later, at most the last day of the year 9999.
    #[must_use]
    pub fn plus_days(self, days: u16) -> Self {
        let later = self.0.checked_add(SignedDuration::from_hours(24 * i64::from(days)));
        Self(later.unwrap_or(civil::Date::MAX))
    }

    /// When the day is over everywhere on Earth: 12:00 UTC of the next day, at most [`Moment::LAST`].
    pub fn over_everywhere(self) -> Moment {
        let noon = seconds_since_1970(self.0.at(12, 0, 0, 0));
        Moment((noon + SECONDS_OF_A_DAY) * 1000).min(Moment::LAST)
    }
}

fn three_numbers(text: &str) -> Option<[i16; 3]> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        let digits = text.get(range)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    Some([number(0..4)?, number(5..7)?, number(8..10)?])
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0.strftime("%Y-%m-%d"))
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_one_spelling() {
        for good in ["2026-11-20T10:01:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
            assert_eq!(Moment::parse_seconds(good).unwrap().to_seconds(), good);
        }
        for bad in [
            "2026-11-20T10:01:00+00:00",
            "2026-11-20T10:01:60Z",
            "2026-11-20t10:01:00Z",
            "2026-11-20T10:01Z",
            "2026-02-29T10:01:00Z",
            "2026-11-20T24:00:00Z",
            "+026-11-20T10:01:00Z",
            "2026-11-20T1a:01:00Z",
            "2026-11-20T10:01:00.000Z",
            "2026-11-20 10:01:00Z",
            "2026-11-20T+1:01:00Z",
            "",
        ] {
            assert_eq!(Moment::parse_seconds(bad), Err(NotATime), "{bad:?}");
        }
        let at = Moment::parse_millis("2026-11-20T10:10:10.001Z").unwrap();
        assert_eq!(at.to_millis(), "2026-11-20T10:10:10.001Z");
        for bad in ["2026-11-20T10:10:10Z", "2026-11-20T10:10:10.01Z", "2026-11-20T10:10:10.+01Z"] {
            assert_eq!(Moment::parse_millis(bad), Err(NotATime), "{bad:?}");
        }
    }

    #[test]
    fn a_day_must_exist_and_ends_everywhere_at_noon_of_the_next() {
        let day = Date::parse("2028-02-29").unwrap();
        assert_eq!(day.over_everywhere().to_seconds(), "2028-03-01T12:00:00Z");
        for bad in
            ["2026-02-29", "2026-13-01", "2026-1-01", "2026-01-001", "20260101", "-026-01-01"]
        {
            assert_eq!(Date::parse(bad), Err(NotATime), "{bad:?}");
        }
        let last = Date::parse("9999-12-31").unwrap();
        assert_eq!(last.over_everywhere().to_millis(), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn days_are_counted_by_the_calendar() {
        let plus = |day: &str, days| Date::parse(day).unwrap().plus_days(days).to_string();
        assert_eq!(plus("2028-02-28", 1), "2028-02-29");
        assert_eq!(plus("2026-12-25", 14), "2027-01-08");
        assert_eq!(plus("9999-12-30", 365), "9999-12-31");
        for (month, day) in [("2028-02", "2028-02-29"), ("2026-12", "2026-12-31")] {
            assert_eq!(Date::last_of_month(month).unwrap().to_string(), day);
        }
        for bad in ["2026-13", "2026-1", "2026-01-01", ""] {
            assert_eq!(Date::last_of_month(bad), Err(NotATime), "{bad:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn writing_and_reading_a_moment_gives_it_back(millis in -62_167_219_200_000_i64..253_402_300_800_000) {
            let moment = Moment::from_millis(millis).unwrap();
            proptest::prop_assert_eq!(Moment::parse_millis(&moment.to_millis()), Ok(moment));
        }
    }
}
