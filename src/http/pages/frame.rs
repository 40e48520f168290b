//! What every page has around it: language, title, links that browsers and search engines follow,
//! navigation, style and scripts.

use std::borrow::Cow;

use super::entry_link::EntryLink;
use super::feed::{ATOM, JSON_FEED};
use super::language::Language;
use super::markup::Markup;
use super::strings::{Message, Strings};
use crate::http::assets::Assets;

/// The pages that the head of every page leads to: path and name.
const NAVIGATION: [(&str, &str); 4] = [
    ("/publish", "publish-in-navigation"),
    ("/live", "feed-live"),
    ("/verify", "frame-verify"),
    ("/ledger", "frame-ledger"),
];

/// What a page has around it. Made by `Visit::frame`.
#[derive(Clone, Debug)]
pub struct Frame {
    pub(super) strings: &'static Strings,
    /// Whether the language came by the address.
    pub(super) is_chosen: bool,
    pub(in crate::http) title: String,
    pub(in crate::http) description: String,
    pub(in crate::http) origin: String,
    pub(in crate::http) public_url: String,
    pub(in crate::http) root: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) assets: &'static Assets,
    /// How the ledger ended.
    pub(in crate::http) ended: Option<Ended>,
    /// Where the ledger is of which this is a mirror.
    pub(in crate::http) mirrored: Option<String>,
    pub(in crate::http) is_indexed: bool,
    pub(in crate::http) alternates: Vec<Alternate>,
    pub(in crate::http) scripts: Vec<String>,
    pub(super) strings_of_scripts: Vec<&'static str>,
}

/// The end of the ledger, as every page says it.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The entry that ended it.
    pub link: EntryLink,
    /// Origin of the ledger that goes on.
    pub successor: String,
}

/// The same thing in another form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternate {
    /// Its type.
    pub content_type: &'static str,
    /// Its absolute address.
    pub url: String,
}

/// The page in another language.
pub struct Switch {
    /// The language.
    pub language: Language,
    /// Its path, for links.
    pub path: String,
    /// Its absolute address, for search engines.
    pub url: String,
    /// Whether it is this page.
    pub is_this: bool,
}

impl Frame {
    /// The same, of a page that has another form at this path, such as its JSON.
    #[must_use]
    pub fn alternate(mut self, content_type: &'static str, path: &str) -> Self {
        let url = format!("{}{path}", self.public_url);
        self.alternates.push(Alternate { content_type, url });
        self
    }

    /// The same, of a page that has feeds at this path, but for their endings.
    #[must_use]
    pub fn feeds(self, place: &str) -> Self {
        self.alternate(ATOM, &format!("{place}.atom"))
            .alternate(JSON_FEED, &format!("{place}.json"))
    }

    /// The same, of a page that runs this file of the assets as a module.
    #[must_use]
    pub fn script(mut self, name: &str) -> Self {
        self.scripts.push(self.asset(name));
        self
    }

    /// The same, of a page whose script uses the messages that begin so. It finds them as a JSON
    /// object in the element `strings`.
    #[must_use]
    pub fn strings_for_script(mut self, beginning: &'static str) -> Self {
        self.strings_of_scripts.push(beginning);
        self
    }

    /// The same, of a page that search engines should leave out.
    #[must_use]
    pub fn unlisted(mut self) -> Self {
        self.is_indexed = false;
        self
    }

    /// A message in the reader's language.
    pub fn say(&self, id: impl Into<Cow<'static, str>>) -> Message {
        self.strings.say(id)
    }

    /// A moment, day or month (`YYYY-MM-DDTHH:MM…Z`, `YYYY-MM-DD`, `YYYY-MM`) as people of the
    /// reader's language write it. Moments are in UTC and say so.
    pub fn when(&self, iso: &str) -> Markup {
        self.strings.when(iso)
    }

    /// The reader's language.
    pub fn language(&self) -> Language {
        self.strings.language()
    }

    /// The language when it came by the address, for forms that carry it on.
    pub fn chosen(&self) -> Option<&'static str> {
        self.is_chosen.then(|| self.language().tag())
    }

    /// The path of a page of this ledger, for a link.
    pub fn link(&self, path: &str) -> String {
        link(&self.root, path, self.is_chosen.then(|| self.language()))
    }

    /// The absolute address of a page of this ledger, in no language.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// The path of a file of the assets.
    pub fn asset(&self, name: &str) -> String {
        format!("{}{}", self.root, self.assets.path(name))
    }

    /// The address that stands for this page.
    pub fn canonical(&self) -> String {
        match self.chosen() {
            Some(tag) => format!("{}{}", self.public_url, self.address_in(tag)),
            None => format!("{}{}", self.public_url, self.address()),
        }
    }

    /// The path of this page from another cursor on, or from its beginning, for a link.
    pub fn at_cursor(&self, cursor: Option<u64>) -> String {
        let others = self.query.split('&');
        let others = others.filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
        let cursor = cursor.map(|cursor| format!("cursor={cursor}"));
        let query: Vec<_> = others.chain(cursor.as_deref()).collect();
        self.link(&with_query(&self.path, &query.join("&")))
    }

    /// The page's path and query, in no language.
    pub fn address(&self) -> String {
        with_query(&self.path, &self.query)
    }

    fn address_in(&self, tag: &str) -> String {
        let mark = if self.query.is_empty() { '?' } else { '&' };
        format!("{}{mark}lang={tag}", self.address())
    }

    /// The page in every language.
    pub fn switches(&self) -> Vec<Switch> {
        let switch = |language: Language| {
            let address = self.address_in(language.tag());
            Switch {
                language,
                path: format!("{}{address}", self.root),
                url: format!("{}{address}", self.public_url),
                is_this: language == self.language(),
            }
        };
        Language::ALL.into_iter().map(switch).collect()
    }

    /// Links of the head: path, name, and whether it is this page.
    pub fn navigation(&self) -> Vec<(String, Message, bool)> {
        let link = |&(path, name): &(&str, &'static str)| {
            (self.link(path), self.say(name), self.path == path)
        };
        NAVIGATION.iter().map(link).collect()
    }

    /// The messages for the page's script, if it has one that uses any.
    pub fn script_strings(&self) -> Option<Markup> {
        let wanted = &self.strings_of_scripts;
        (!wanted.is_empty()).then(|| self.strings.for_scripts(wanted))
    }
}

/// A path below the root, carrying on the language that was chosen by the address.
pub fn link(root: &str, path: &str, chosen: Option<Language>) -> String {
    let mark = if path.contains('?') { '&' } else { '?' };
    match chosen {
        Some(language) => format!("{root}{path}{mark}lang={}", language.tag()),
        None => format!("{root}{path}"),
    }
}

fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
