//! What is told of a page: the count of each result, a row for each thing, and what none of it shows.

use owo_colors::OwoColorize as _;

use crate::cli::failure::Failure;
use crate::cli::terminal::{self, escape};
use crate::wire::{Outcome, PageThing, PageThingKind, PageVerdict};

/// What checks of a page never show.
const NEVER_SHOWN: [&str; 6] = [
    "whether the page's own words say what the entries say: they are not compared",
    "whether the page shows other things to other visitors, at other times, or by its scripts and style sheets",
    "what other pages name that stand in its frames: of frames only cards are looked at",
    "whether a visitor sees what is named, or the page hides it",
    "whether the words of an entry are true, and whose its keys are",
    "what happened after each entry, such as answers, withdrawals or erasures",
];
const FIRST_CONTACT: &str =
    "whether a ledger that was met for the first time just now is the one it says it is";

/// Where a page came from.
pub(super) struct Source {
    pub(super) name: String,
    pub(super) redirected_from: Vec<String>,
}

/// Everything together. A page on which nothing was found shows nothing.
pub(super) fn put_together(
    source: Source,
    things: Vec<PageThing>,
    left_out: u64,
    has_met_new: bool,
) -> PageVerdict {
    let count = |result| things.iter().filter(|thing| thing.result == result).count() as u64;
    let (verified, failed) = (count(Outcome::Verified), count(Outcome::Failed));
    let not_checked = count(Outcome::NotChecked);
    let verdict = if failed > 0 {
        Outcome::Failed
    } else if not_checked + left_out > 0 || verified == 0 {
        Outcome::NotChecked
    } else {
        Outcome::Verified
    };
    let not_shown = NEVER_SHOWN.into_iter().chain(has_met_new.then_some(FIRST_CONTACT));
    PageVerdict {
        verdict,
        page: source.name,
        redirected_from: source.redirected_from,
        verified,
        failed,
        not_checked,
        left_out,
        things,
        not_shown: not_shown.map(str::to_owned).collect(),
    }
}

/// Prints it for a person.
pub(super) fn print(verdict: &PageVerdict) -> Result<(), Failure> {
    terminal::line(headline(verdict))?;
    for address in &verdict.redirected_from {
        terminal::line(format_args!("  redirected from {}", escape(address)))?;
    }
    for thing in &verdict.things {
        print_thing(thing)?;
    }
    if verdict.left_out > 0 {
        let shown = verdict.things.len();
        terminal::line(format_args!(
            "  {} more were left out: {shown} of a page are told apart",
            verdict.left_out
        ))?;
    }
    if verdict.things.is_empty() {
        return Ok(());
    }
    terminal::line("What these checks do not show:".bold())?;
    verdict.not_shown.iter().try_for_each(|text| terminal::line(format_args!("  - {text}")))
}

fn headline(verdict: &PageVerdict) -> String {
    let page = match &verdict.page[..] {
        "-" => "standard input".to_owned(),
        page => escape(page).into_owned(),
    };
    let word = match verdict.verdict {
        Outcome::Verified => "verified".green().bold().to_string(),
        Outcome::Failed => "does not verify".red().bold().to_string(),
        Outcome::NotChecked => "could not be checked".yellow().bold().to_string(),
    };
    let total = verdict.things.len() as u64 + verdict.left_out;
    if total == 0 {
        return format!("{word}: nothing of onrecord is on {page}");
    }
    let things = if total == 1 { "thing" } else { "things" };
    let (good, bad) = (verdict.verified, verdict.failed);
    let unknown = verdict.not_checked + verdict.left_out;
    format!(
        "{word}: {total} {things} of onrecord on {page}: {good} verified, {bad} failed, {unknown} not checked"
    )
}

fn print_thing(thing: &PageThing) -> Result<(), Failure> {
    let result = match thing.result {
        Outcome::Verified => "verified   ".green().to_string(),
        Outcome::Failed => "FAILED     ".red().bold().to_string(),
        Outcome::NotChecked => "not checked".yellow().to_string(),
    };
    let kind = match thing.kind {
        PageThingKind::Link => "link",
        PageThingKind::Badge => "badge",
        PageThingKind::Card => "card",
        PageThingKind::Element => "element",
    };
    let line = format!("line {}", thing.line);
    terminal::line(format_args!("  {result}  {kind:<7}  {line:<9}  {}", what(thing)))?;
    let failing = thing.checks.iter().filter(|check| check.result == Outcome::Failed);
    for check in failing {
        terminal::line(format_args!("      {:<15} {}", check.name, escape(&check.detail)))?;
    }
    thing
        .remarks
        .iter()
        .try_for_each(|remark| terminal::line(format_args!("      {}", escape(remark))))
}

/// Which entry of which ledger it is, as far as that is known.
fn what(thing: &PageThing) -> String {
    let Some(index) = thing.index else { return escape(&thing.address).into_owned() };
    let ledger = thing.origin.as_ref().or(thing.ledger.as_ref());
    let ledger = ledger.map_or("", |ledger| ledger);
    let kind = thing.statement_kind.as_deref();
    let kind = kind.map(|kind| format!(", {}", escape(kind))).unwrap_or_default();
    format!("entry {index} of {}{kind}", escape(ledger))
}

/// The next step where nothing was found.
pub(super) fn say_what_is_looked_for() {
    terminal::note(format_args!(
        "{} Check that it is the right page. What its scripts add later is not seen: save the page as the \
         browser shows it, and name the file with --page and its address with --base.\n\
         Looked for are links to …/e/{{index}}-{{hash}} and …/t/…, images at …/badge/….svg, frames at \
         …/embed/…, also below t/ and o/ there, and <onrecord-proof>.",
        "next:".bold()
    ));
}
