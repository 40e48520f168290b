//! What a site puts into its pages to show an entry: HTML that needs no inline style and no inline script, and what the
//! content security policy of the site has to allow for it.

use super::{badge, card, element};
use crate::http::pages::Visit;
use crate::http::pages::entry_link::EntryLink;
use crate::http::pages::markup::escape;
use crate::service::EntryView;

/// Of a card, in CSS pixels, unless less is asked for.
pub const CARD_WIDTH: u32 = 480;
/// Of a card, in CSS pixels, unless less is asked for.
pub const CARD_HEIGHT: u32 = 360;
/// What a card may do: run its script, and open the entry in a tab that is a page like any other. It has no origin.
pub const SANDBOX: &str = "allow-scripts allow-popups allow-popups-to-escape-sandbox";

/// The snippets of an entry in the language of a visit.
pub struct Snippets<'a> {
    visit: &'a Visit,
    entry: &'a EntryView,
    link: EntryLink,
}

impl<'a> Snippets<'a> {
    /// Of this entry. The language is part of addresses unless it is English, which they mean without one.
    pub fn of(visit: &'a Visit, entry: &'a EntryView) -> Self {
        Self { visit, entry, link: EntryLink::of(entry) }
    }

    /// A link to the page of the entry.
    pub fn link(&self) -> String {
        format!("<a href=\"{}\">{}</a>", self.url(&self.link.path()), self.text())
    }

    /// A link with a badge in it.
    pub fn badge(&self) -> String {
        let badge::Label { text, width } = badge::label(self.visit, self.entry);
        let image = format!(
            "<img src=\"{}\" alt=\"{}\" width=\"{width}\" height=\"{}\">",
            self.url(&badge::path(&self.link, None)),
            unmarked(&text),
            badge::height(),
        );
        format!("<a href=\"{}\">{image}</a>", self.url(&self.link.path()))
    }

    /// The address of the card.
    pub fn card_url(&self) -> String {
        self.url(&self.link.card_path())
    }

    /// The card in a frame of that size.
    pub fn card(&self, width: u32, height: u32) -> String {
        format!(
            "<iframe src=\"{}\" title=\"{}\" width=\"{width}\" height=\"{height}\" frameborder=\"0\" \
             loading=\"lazy\" sandbox=\"{SANDBOX}\"></iframe>",
            self.card_url(),
            unmarked(&card::title(self.visit, self.entry).text()),
        )
    }

    /// The element with a link in it, and its script.
    pub fn element(&self) -> String {
        let script = format!("{}{}", self.visit.app().public_url(), element::PATH);
        format!(
            "<onrecord-proof entry=\"{}\">{}</onrecord-proof>\n<script type=\"module\" src=\"{}\"></script>",
            self.link,
            self.link(),
            escape(&script),
        )
    }

    fn text(&self) -> String {
        let text = self.visit.say("embed-link-text").with("index", self.link.index().to_string());
        unmarked(&text.with("origin", self.visit.app().ledger().origin().to_string()).text())
    }

    fn url(&self, path: &str) -> String {
        let path = match self.visit.language().tag() {
            "en" => path.to_owned(),
            tag => format!("{path}?lang={tag}"),
        };
        escape(&format!("{}{path}", self.visit.app().public_url()))
    }
}

/// A text for HTML that people copy. The marks around values are left out there: they cannot be seen in an editor.
fn unmarked(text: &str) -> String {
    escape(&text.replace(['\u{2068}', '\u{2069}'], ""))
}
