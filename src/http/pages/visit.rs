//! Who asks for a page: in which language, and at which address. No cookie remembers it; a language
//! chosen by `?lang=` is carried on by the links of the page.

use std::borrow::Cow;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;

use super::entry_link::EntryLink;
use super::frame::{Ended, Frame, link};
use super::language::Language;
use super::markup::Markup;
use super::strings::{Message, Strings};
use crate::http::error::Failure;
use crate::http::state::App;

/// What the address of a page may ask for beside its language. Whatever else it says, as a mark of who sent the
/// reader, is no part of the addresses that a page gives of itself.
const PARAMETERS: [&str; 7] = ["cursor", "days", "domain", "entry", "in", "kind", "q"];

/// A request for a page, as far as what is around every page depends on it.
pub struct Visit {
    app: App,
    strings: &'static Strings,
    is_chosen: bool,
    path: String,
    query: String,
}

impl Visit {
    /// Reads it. A language that is not offered is as good as none.
    pub fn of(app: &App, parts: &Parts) -> Self {
        let accepted = parts.headers.get_all(ACCEPT_LANGUAGE).iter();
        let accepted: Vec<_> = accepted.filter_map(|header| header.to_str().ok()).collect();
        Self::new(app, parts, Language::accepted(&accepted.join(",")))
    }

    /// Reads it for a part of another site, which says the language by the address: what the reader's browser
    /// accepts need not be the language of that site.
    pub fn by_address(app: &App, parts: &Parts) -> Self {
        Self::new(app, parts, None)
    }

    fn new(app: &App, parts: &Parts, accepted: Option<Language>) -> Self {
        let pairs = || parts.uri.query().unwrap_or_default().split('&').filter(|p| !p.is_empty());
        let chosen = pairs().find_map(|pair| Language::from_tag(pair.strip_prefix("lang=")?));
        let name = |pair: &str| pair.split('=').next().unwrap_or_default().to_owned();
        let other = pairs().filter(|pair| PARAMETERS.contains(&name(pair).as_str()));
        let other: Vec<_> = other.collect();
        Self {
            app: app.clone(),
            strings: Strings::of(chosen.or(accepted).unwrap_or(Language::En)),
            is_chosen: chosen.is_some(),
            path: parts.uri.path().to_owned(),
            query: other.join("&"),
        }
    }

    /// The state of the server.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The reader's language.
    pub fn language(&self) -> Language {
        self.strings.language()
    }

    /// The same request, answered in this language.
    pub fn in_language(&self, language: Language) -> Self {
        Self {
            app: self.app.clone(),
            strings: Strings::of(language),
            is_chosen: true,
            path: self.path.clone(),
            query: self.query.clone(),
        }
    }

    /// A message in the reader's language.
    pub fn say(&self, id: impl Into<Cow<'static, str>>) -> Message {
        self.strings.say(id)
    }

    /// A moment, day or month as people of the reader's language write it; see [`Frame::when`].
    pub fn when(&self, iso: &str) -> Markup {
        self.strings.when(iso)
    }

    /// As [`Visit::when`], as a text for messages.
    pub fn written(&self, iso: &str) -> String {
        self.strings.written(iso)
    }

    /// The path of a page of this ledger, for a link that carries a chosen language on.
    pub fn link(&self, path: &str) -> String {
        let chosen = self.is_chosen.then(|| self.strings.language());
        link(self.app.root_path(), path, chosen)
    }

    /// Refuses a page on which a person or an organization signs, where nothing is admitted.
    ///
    /// # Errors
    /// That this is a mirror, or the end of the ledger.
    pub fn expect_admission(&self) -> Result<(), Failure> {
        Ok(self.app.ledger().expect_admission()?)
    }

    /// What a page has around it, with its title and its description for search engines.
    pub fn frame(&self, title: &Message, description: &Message) -> Frame {
        Frame {
            strings: self.strings,
            is_chosen: self.is_chosen,
            title: title.text(),
            description: description.text(),
            origin: self.app.ledger().origin().to_string(),
            public_url: self.app.public_url().to_owned(),
            root: self.app.root_path().to_owned(),
            path: self.path.clone(),
            query: self.query.clone(),
            assets: self.app.assets(),
            ended: self.app.ledger().end().map(|end| Ended {
                link: EntryLink::new(end.index, &end.leaf_hash),
                successor: end.successor,
            }),
            mirrored: self.app.ledger().mirrored().map(ToString::to_string),
            is_indexed: true,
            alternates: Vec::new(),
            scripts: Vec::new(),
            strings_of_scripts: Vec::new(),
        }
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::of(app, parts))
    }
}
