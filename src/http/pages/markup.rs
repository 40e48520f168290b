//! HTML that was made with everything foreign in it escaped, so that a template inserts it as it is.

use std::fmt;

/// A piece of HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markup(String);

impl Markup {
    /// HTML made by this program, in which everything foreign is escaped.
    pub fn trusted(html: String) -> Self {
        Self(html)
    }

    /// A text in an element of its own direction.
    pub fn isolated(text: &str) -> Self {
        Self(format!("<bdi>{}</bdi>", escape(text)))
    }

    /// A text in the characters machines write.
    pub fn code(text: &str) -> Self {
        Self(format!("<code translate=\"no\" dir=\"ltr\">{}</code>", escape(text)))
    }

    /// A link to a path or address of this program's making.
    pub fn link(href: &str, content: impl askama::filters::HtmlSafe) -> Self {
        Self(format!("<a href=\"{}\">{content}</a>", escape(href)))
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Markup {}

/// A text as HTML.
pub fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' | '<' | '>' | '"' | '\'' => html.push_str(&format!("&#{};", u32::from(character))),
            character => html.push(character),
        }
    }
    html
}
