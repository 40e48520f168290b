//! What an organization's threads add up to, on its page: one table in which each figure stands with the sentence that
//! defines it, and charts that show some of its numbers once more. How they are counted is for `thread/` to say.

use crate::encoding::domain::Domain;
use crate::http::pages::Visit;
use crate::http::pages::strings::Message;
use crate::service::{LookupError, View};
use crate::thread::metrics::{Figure, Measure, Metrics, PERIODS};

/// The numbers of these are shown as bars: a name, and the parts of a whole.
const CHARTS: [(&str, [Measure; 4]); 2] = [
    (
        "figures-chart-agreements",
        [Measure::Confirmed, Measure::PartlyConfirmed, Measure::Declined, Measure::OneSided],
    ),
    (
        "figures-chart-outcomes",
        [Measure::Resolved, Measure::PartlyResolved, Measure::NotResolved, Measure::Unassessed],
    ),
];

/// The figures of an organization over some days.
pub struct Figures {
    /// The period, and the checkpoint it ends with.
    pub computed: Message,
    /// The other periods, and where each is shown.
    pub others: Vec<(Message, String)>,
    /// The table, part by part.
    pub groups: Vec<Group>,
    /// What is shown as bars.
    pub charts: Vec<Chart>,
    /// The path of the same as JSON.
    pub json: String,
}

/// Figures about one thing.
pub struct Group {
    /// What they are about.
    pub name: Message,
    /// Those that count anything at all.
    pub rows: Vec<Row>,
}

/// One figure.
pub struct Row {
    /// What it measures.
    pub name: Message,
    /// The sentence that defines it.
    pub formula: Message,
    /// How many, of how many.
    pub part: Message,
    /// The share, or the time.
    pub value: Option<Message>,
}

/// Parts of a whole as bars.
pub struct Chart {
    /// The whole.
    pub caption: Message,
    /// Its parts.
    pub bars: Vec<Bar>,
}

/// One part of a whole.
pub struct Bar {
    /// What it is.
    pub label: Message,
    /// How many.
    pub count: u64,
    /// Where the bar begins and how long it is, in thousandths.
    span: (u64, u64),
}

impl Bar {
    /// Where it begins, as SVG takes it.
    pub fn start(&self) -> String {
        percent(self.span.0)
    }

    /// How long it is, as SVG takes it.
    pub fn length(&self) -> String {
        percent(self.span.1)
    }
}

fn percent(thousandths: u64) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

impl Figures {
    /// Looks them up; nothing where no thread is about the organization.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn find(
        visit: &Visit,
        view: &View,
        domain: &Domain,
        days: u16,
    ) -> Result<Option<Self>, LookupError> {
        let metrics = view.metrics(domain, days)?;
        Ok(metrics.map(|metrics| Self::new(visit, view, &metrics)))
    }

    fn new(visit: &Visit, view: &View, metrics: &Metrics) -> Self {
        let Metrics { domain, days, until, figures, .. } = metrics;
        let until = visit.written(&until.to_millis());
        let computed = visit.say("figures-computed").with("days", *days).with("until", until);
        let others = PERIODS.into_iter().filter(|other| other != days).map(|other| {
            let query = if other == PERIODS[0] { String::new() } else { format!("?days={other}") };
            let path = visit.link(&format!("/o/{domain}{query}"));
            (visit.say("figures-over").with("days", other), format!("{path}#figures"))
        });
        let groups = figures.chunk_by(|one, next| group(one.measure) == group(next.measure));
        Self {
            computed: computed.with("size", view.size()),
            others: others.collect(),
            groups: groups.filter_map(|figures| Group::new(visit, figures)).collect(),
            charts: CHARTS.iter().filter_map(|chart| Chart::new(visit, figures, chart)).collect(),
            json: format!("/api/v1/organizations/{domain}/metrics?days={days}"),
        }
    }
}

/// What a measure is about.
const fn group(measure: Measure) -> &'static str {
    match measure {
        Measure::Agreements
        | Measure::Imported
        | Measure::OneSided
        | Measure::Confirmed
        | Measure::PartlyConfirmed
        | Measure::Declined
        | Measure::Withdrawn => "figures-agreements",
        Measure::FirstResponse
        | Measure::FirstResponseInTime
        | Measure::FirstResponseMedian
        | Measure::FirstResponseP90
        | Measure::FinalResponse => "figures-responses",
        Measure::KeptOnTime
        | Measure::KeptOnTimeBySigners
        | Measure::KeptLate
        | Measure::PartlyKept
        | Measure::Broken
        | Measure::Overdue => "figures-commitments",
        Measure::Resolved
        | Measure::PartlyResolved
        | Measure::NotResolved
        | Measure::Unassessed => "figures-outcomes",
        Measure::Withheld => "figures-withheld",
    }
}

impl Group {
    fn new(visit: &Visit, figures: &[Figure]) -> Option<Self> {
        let name = visit.say(group(figures.first()?.measure));
        let counting = figures.iter().filter(|figure| figure.denominator > 0);
        Some(Self { name, rows: counting.map(|figure| Row::new(visit, figure)).collect() })
    }
}

impl Row {
    fn new(visit: &Visit, figure: &Figure) -> Self {
        let Figure { measure, numerator, denominator, .. } = figure;
        let is_time = matches!(measure, Measure::FirstResponseMedian | Measure::FirstResponseP90);
        let part = visit.say(if is_time { "figures-place" } else { "figures-part" });
        let share = |percent| visit.say("figures-percent").with("percent", percent);
        Self {
            name: name(visit, *measure),
            formula: visit.say(format!("formula-{}", measure.name())),
            part: part.with("numerator", *numerator).with("denominator", *denominator),
            value: if is_time {
                Some(duration(visit, figure.seconds))
            } else {
                figure.percent().map(share)
            },
        }
    }
}

fn name(visit: &Visit, measure: Measure) -> Message {
    visit.say(format!("figure-{}", measure.name()))
}

/// A time in its two largest units, rounded down.
fn duration(visit: &Visit, seconds: Option<u64>) -> Message {
    let Some(seconds) = seconds else { return visit.say("figures-time-none") };
    let minutes = seconds / 60;
    let (days, hours) = (minutes / (24 * 60), minutes / 60);
    if days > 0 {
        visit.say("figures-time-days").with("days", days).with("hours", hours % 24)
    } else if hours > 0 {
        visit.say("figures-time-hours").with("hours", hours).with("minutes", minutes % 60)
    } else {
        visit.say("figures-time-minutes").with("minutes", minutes).with("seconds", seconds % 60)
    }
}

impl Chart {
    fn new(
        visit: &Visit,
        figures: &[Figure],
        (caption, parts): &(&'static str, [Measure; 4]),
    ) -> Option<Self> {
        let shown: Vec<_> = parts
            .iter()
            .filter_map(|part| figures.iter().find(|figure| figure.measure == *part))
            .collect();
        let whole = shown.first().map(|figure| figure.denominator).filter(|whole| *whole > 0)?;
        let is_rtl = visit.language().direction() == "rtl";
        let bar = |figure: &&Figure| {
            let length = figure.numerator * 1_000 / whole;
            Bar {
                label: name(visit, figure.measure),
                count: figure.numerator,
                span: (if is_rtl { 1_000 - length } else { 0 }, length),
            }
        };
        Some(Self {
            caption: visit.say(*caption).with("count", whole),
            bars: shown.iter().map(bar).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::language::Language;
    use crate::http::pages::strings::Strings;

    #[test]
    fn every_measure_has_its_name_and_sentence_and_in_english_the_sentence_of_the_api() {
        for measure in Measure::ALL {
            for language in Language::ALL {
                for id in ["figure", "formula"] {
                    let id = format!("{id}-{}", measure.name());
                    let text = Strings::of(language).say(id.clone()).text();
                    assert_ne!(text, id, "there is no such string in {}", language.tag());
                }
            }
            let said = Strings::of(Language::En).say(format!("formula-{}", measure.name())).text();
            assert_eq!(said, measure.formula());
        }
    }

    #[test]
    fn figures_about_one_thing_stand_together() {
        let groups: Vec<_> = Measure::ALL.iter().map(|measure| group(*measure)).collect();
        let mut runs: Vec<_> = groups.chunk_by(|one, next| one == next).map(|run| run[0]).collect();
        let count = runs.len();
        runs.sort_unstable();
        runs.dedup();
        assert_eq!((count, runs.len()), (5, 5), "{runs:?}");
    }
}
