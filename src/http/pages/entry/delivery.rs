//! Whether an entry was delivered to the organizations it is about: a row for each. Not where to, which only they know.

use super::facts::Fact;
use crate::encoding::time::Moment;
use crate::http::pages::Visit;
use crate::http::pages::markup::Markup;
use crate::http::pages::strings::Message;
use crate::service::EntryView;
use crate::service::webhooks::Progress;

/// A row for each organization in whose chain the entry is.
pub fn rows(visit: &Visit, entry: &EntryView) -> Vec<Fact> {
    let row = |domain| {
        let progress = visit.app().ledger().delivery(domain, entry.entry.index);
        let label = visit.say("delivery-to").with("domain", domain.to_string());
        Fact {
            label: Markup::trusted(label.to_string()),
            values: vec![Markup::trusted(said(visit, progress).to_string())],
        }
    };
    entry.entry.links.subjects.iter().map(|(domain, _)| row(domain)).collect()
}

fn said(visit: &Visit, progress: Progress) -> Message {
    let at = |id, time: Moment| visit.say(id).with("time", visit.written(&time.to_millis()));
    match progress {
        Progress::NotRegistered => visit.say("delivery-not-registered"),
        Progress::Delivered { at: Some(time) } => at("delivery-at", time),
        Progress::Delivered { at: None } => visit.say("delivery-done"),
        Progress::NotAsked { from } => visit.say("delivery-not-asked").with("index", from),
        Progress::Unknown => visit.say("delivery-unknown"),
        Progress::Waiting => visit.say("delivery-waiting"),
        Progress::Retrying { since } => at("delivery-retrying", since),
        Progress::Ended => visit.say("delivery-ended"),
    }
}
