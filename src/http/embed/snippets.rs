//! What a site puts into its pages to show something of a ledger: HTML that needs no inline style and no inline script,
//! and what the content security policy of the site has to allow for it.

use super::shown::Shown;
use super::{badge, element};
use crate::http::pages::Visit;
use crate::http::pages::markup::escape;

/// Of a card, in CSS pixels, unless less is asked for.
pub const CARD_WIDTH: u32 = 480;
/// Of a card, in CSS pixels, unless less is asked for.
pub const CARD_HEIGHT: u32 = 360;
/// What a card may do: run its script, and open the entry in a tab that is a page like any other. It has no origin.
pub const SANDBOX: &str = "allow-scripts allow-popups allow-popups-to-escape-sandbox";

/// The snippets of what is shown, in the language of a visit.
pub struct Snippets<'a> {
    visit: &'a Visit,
    shown: &'a Shown,
}

impl<'a> Snippets<'a> {
    /// Of this. The language is part of addresses unless it is English, which they mean without one.
    pub fn of(visit: &'a Visit, shown: &'a Shown) -> Self {
        Self { visit, shown }
    }

    /// A link to its page.
    pub fn link(&self) -> String {
        format!("<a href=\"{}\">{}</a>", self.url(&self.shown.page_path()), self.text())
    }

    /// A link with a badge in it. The width of one whose counts change is left to the picture.
    pub fn badge(&self) -> String {
        let (alt, width) = match self.shown {
            Shown::Entry(entry) => {
                let badge::Label { text, width, .. } = badge::label(self.visit, entry);
                (unmarked(&text), format!(" width=\"{width}\""))
            }
            _ => (self.text(), String::new()),
        };
        let image = format!(
            "<img src=\"{}\" alt=\"{alt}\"{width} height=\"{}\">",
            self.url(&self.shown.badge_path(None)),
            badge::height(),
        );
        format!("<a href=\"{}\">{image}</a>", self.url(&self.shown.page_path()))
    }

    /// The address of the card.
    pub fn card_url(&self) -> String {
        self.url(&self.shown.card_path())
    }

    /// The card in a frame of that size.
    pub fn card(&self, width: u32, height: u32) -> String {
        format!(
            "<iframe src=\"{}\" title=\"{}\" width=\"{width}\" height=\"{height}\" frameborder=\"0\" \
             loading=\"lazy\" sandbox=\"{SANDBOX}\"></iframe>",
            self.card_url(),
            unmarked(&self.shown.title(self.visit).text()),
        )
    }

    /// The element with a link in it, and its script.
    pub fn element(&self) -> String {
        let script = format!("{}{}", self.visit.app().public_url(), element::PATH);
        format!(
            "<onrecord-proof {}=\"{}\">{}</onrecord-proof>\n<script type=\"module\" src=\"{}\"></script>",
            self.shown.of().word(),
            self.shown.name(),
            self.link(),
            escape(&script),
        )
    }

    fn text(&self) -> String {
        let Shown::Entry(entry) = self.shown else {
            return unmarked(&self.shown.title(self.visit).text());
        };
        let text = self.visit.say("embed-link-text").with("index", entry.entry.index.to_string());
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
