//! Writes iCalendar (RFC 5545): lines that end in CRLF and are folded at 75 octets, escaped texts, all-day events.
//! Not which events there are.

use crate::encoding::time::{Date, Moment};

/// Octets of a line, at most, without its end.
const LINE: usize = 75;
/// How often a calendar should look for changes.
const REFRESH: &str = "PT1H";

/// A calendar.
pub struct Calendar {
    /// What it is called.
    pub name: String,
    /// The language of its texts.
    pub language: &'static str,
    /// As of when its events are.
    pub as_of: Moment,
    /// Its events.
    pub events: Vec<Event>,
}

/// An event of one whole day.
pub struct Event {
    /// The same for the same thing, for good.
    pub uid: String,
    /// The day.
    pub day: Date,
    /// What is due.
    pub summary: String,
    /// The address of the page that says more.
    pub url: String,
}

impl Calendar {
    /// The calendar as text.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let name = escape(&self.name);
        for property in [
            "BEGIN:VCALENDAR".to_owned(),
            "VERSION:2.0".to_owned(),
            "PRODID:-//onrecord//due dates//EN".to_owned(),
            format!("NAME;LANGUAGE={}:{name}", self.language),
            format!("X-WR-CALNAME:{name}"),
            format!("REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"),
            format!("X-PUBLISHED-TTL:{REFRESH}"),
        ] {
            line(&mut text, &property);
        }
        self.events.iter().for_each(|event| self.write(event, &mut text));
        if self.events.is_empty() {
            // A calendar has at least one component, so that one without events says what its times are in.
            UTC.iter().for_each(|property| line(&mut text, property));
        }
        line(&mut text, "END:VCALENDAR");
        text
    }

    fn write(&self, event: &Event, text: &mut String) {
        for property in [
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}", escape(&event.uid)),
            format!("DTSTAMP:{}", digits(&self.as_of.to_seconds())),
            format!("DTSTART;VALUE=DATE:{}", digits(&event.day.to_string())),
            format!("SUMMARY;LANGUAGE={}:{}", self.language, escape(&event.summary)),
            format!("URL:{}", event.url),
            "TRANSP:TRANSPARENT".to_owned(),
            "END:VEVENT".to_owned(),
        ] {
            line(text, &property);
        }
    }
}

const UTC: [&str; 8] = [
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
];

/// A date or time without the marks between its digits.
fn digits(iso: &str) -> String {
    iso.replace(['-', ':'], "")
}

/// A value of type TEXT (RFC 5545 §3.3.11).
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' => escaped.push_str("\\n"),
            character if character.is_control() => {}
            character => escaped.push(character),
        }
    }
    escaped
}

/// Adds a line, folded between characters (RFC 5545 §3.1).
fn line(text: &mut String, property: &str) {
    let mut length = 0;
    for character in property.chars() {
        if length + character.len_utf8() > LINE {
            text.push_str("\r\n ");
            length = 1;
        }
        text.push(character);
        length += character.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(events: Vec<Event>) -> String {
        let as_of = Moment::parse_millis("2026-11-20T10:30:00.123Z").unwrap();
        Calendar { name: "Due, in all".to_owned(), language: "en", as_of, events }.to_text()
    }

    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn no_line_is_longer_than_75_octets_and_unfolding_gives_the_text_back() {
        let summary = format!("{}; a,b\\c\nd", "استرداد ".repeat(30));
        let day = Date::parse("2026-12-01").unwrap();
        let url = format!("https://ledger.example/t/{}", "a".repeat(100));
        let event = Event { uid: "1@ledger.example".to_owned(), day, summary, url: url.clone() };
        let text = calendar(vec![event]);
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
        let longest = text.split("\r\n").map(str::len).max();
        assert!(longest.is_some_and(|octets| (70..=75).contains(&octets)), "{longest:?}");
        let lines = unfolded(&text);
        let wanted = format!("SUMMARY;LANGUAGE=en:{}\\; a\\,b\\\\c\\nd", "استرداد ".repeat(30));
        for wanted in [
            wanted.as_str(),
            "X-WR-CALNAME:Due\\, in all",
            "DTSTAMP:20261120T103000Z",
            "DTSTART;VALUE=DATE:20261201",
            &format!("URL:{url}"),
        ] {
            assert!(lines.iter().any(|line| line == wanted), "{wanted} in {lines:?}");
        }
    }

    #[test]
    fn a_calendar_without_events_has_a_component_still() {
        let lines = unfolded(&calendar(Vec::new()));
        let began = lines.iter().filter(|line| line.starts_with("BEGIN:"));
        let began: Vec<_> = began.map(String::as_str).collect();
        assert_eq!(began, ["BEGIN:VCALENDAR", "BEGIN:VTIMEZONE", "BEGIN:STANDARD"]);
        assert_eq!(lines.iter().filter(|line| line.starts_with("END:")).count(), 3);
    }
}
