//! One entry of a feed, in words: what its page says, without markup.

use crate::http::pages::Visit;
use crate::http::pages::entry::{EntryLinks, Said};
use crate::service::{EntryView, LookupError, View};
use crate::statement::membership::Outline;
use crate::wire::FeedItem;

/// One entry.
pub(super) struct Item {
    /// The address of its page.
    pub url: String,
    pub title: String,
    /// What it says.
    pub text: String,
    /// The language that its signers say their words are in.
    pub language: Option<String>,
    /// When it was admitted.
    pub time: String,
    /// Its kind and the organizations it names.
    pub tags: Vec<String>,
}

impl Item {
    pub(super) fn new(
        visit: &Visit,
        view: &View,
        entry: &EntryView,
        public_url: &str,
    ) -> Result<Self, LookupError> {
        let said = Said::new(visit, entry, &EntryLinks::look_up(view, entry)?);
        let what = match &said.subjects {
            Some(subjects) => format!("{} · {subjects}", said.kind.plain()),
            None => said.kind.plain(),
        };
        let title = match said.public_title() {
            Some(title) => format!("{what}: {title}"),
            None => what,
        };
        let kind = Outline::read(entry.entry.envelope.payload());
        let kind = kind.map(|outline| outline.kind().to_owned());
        // Of an entry that is withheld, not even whom it names is told.
        let subjects = entry.entry.links.subjects.iter().filter(|_| entry.withheld.is_none());
        let domains = subjects.map(|(domain, _)| domain.to_string());
        Ok(Self {
            url: format!("{public_url}{}", said.link.path()),
            title,
            text: text(visit, &said),
            language: said.language.clone(),
            time: said.time.clone(),
            tags: kind.into_iter().chain(domains).collect(),
        })
    }

    pub(super) fn into_wire(self) -> FeedItem {
        let Self { url, title, text, time, tags, .. } = self;
        FeedItem { id: url.clone(), url, title, content_text: text, date_published: time, tags }
    }
}

/// Who states what, and then the public words, each under its name.
fn text(visit: &Visit, said: &Said) -> String {
    let imported = said.imported_from.as_ref();
    let imported =
        imported.map(|source| visit.say("line-imported").with("source", source.clone()).plain());
    let says = said.says.as_ref().map(|says| says.plain());
    let words = said.commitments.iter().map(|promise| &promise.word).chain(&said.words);
    let words = words.filter_map(|word| Some(format!("{}: {}", word.label.plain(), word.text()?)));
    let parts: Vec<_> = imported.into_iter().chain(says).chain(words).collect();
    parts.join("\n\n")
}
