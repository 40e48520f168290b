//! Days, months and moments as people of a language write them. Moments are in UTC and say so.

use super::markup::{Markup, escape};
use super::strings::Strings;

impl Strings {
    /// `YYYY-MM-DDTHH:MM…Z`, `YYYY-MM-DD` or `YYYY-MM` as a `<time>`. What is none of them is shown as it is.
    pub fn when(&'static self, iso: &str) -> Markup {
        let human = self.written(iso);
        Markup::trusted(format!("<time datetime=\"{}\">{}</time>", escape(iso), escape(&human)))
    }

    /// The same as a text, for messages that have a date in them.
    pub fn written(&'static self, iso: &str) -> String {
        self.human(iso).unwrap_or_else(|| iso.to_owned())
    }

    fn human(&'static self, iso: &str) -> Option<String> {
        let (day, time) = iso.split_once('T').unwrap_or((iso, ""));
        let mut parts = day.split('-');
        let (year, month) = (parts.next()?.to_owned(), parts.next()?.parse::<u8>().ok()?);
        let month = self.say(format!("month-{month}")).unmarked();
        let Some(day) = parts.next() else {
            return Some(self.say("date-month").with("month", month).with("year", year).unmarked());
        };
        let day = day.trim_start_matches('0').to_owned();
        let date = self.say("date-day").with("day", day).with("month", month).with("year", year);
        let Some(minutes) = time.get(..5) else { return Some(date.unmarked()) };
        let moment = self.say("date-moment").with("date", date.unmarked());
        Some(moment.with("time", minutes.to_owned()).unmarked())
    }
}

#[cfg(test)]
mod tests {
    use crate::http::pages::language::Language;
    use crate::http::pages::strings::Strings;

    fn shown(language: Language, iso: &str) -> String {
        Strings::of(language).when(iso).to_string()
    }

    #[test]
    fn dates_are_written_as_the_language_writes_them() {
        let moment = shown(Language::En, "2026-11-20T10:30:00.000Z");
        let wanted =
            "<time datetime=\"2026-11-20T10:30:00.000Z\">20 November 2026, 10:30 UTC</time>";
        assert_eq!(moment, wanted);
        assert!(shown(Language::Es, "2026-03-01").ends_with(">1 de marzo de 2026</time>"));
        assert!(shown(Language::Ar, "2026-12").ends_with(">ديسمبر 2026</time>"));
        assert!(shown(Language::En, "<soon>").ends_with(">&#60;soon&#62;</time>"));
    }
}
