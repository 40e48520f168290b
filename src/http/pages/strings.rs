//! The strings of pages, in every language: Fluent files in `strings/<language>/`. A message knows
//! its language and its values, and becomes HTML in which every value stands in a `<bdi>`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::Embed;
use unic_langid::LanguageIdentifier;

use super::language::Language;
use super::markup::{Markup, escape};

#[derive(Embed)]
#[folder = "src/http/pages/strings"]
struct Files;

/// Fluent puts these around what it inserts.
const BEGIN_VALUE: char = '\u{2068}';
const END_VALUE: char = '\u{2069}';

/// The strings of one language.
pub struct Strings {
    language: Language,
    bundle: FluentBundle<FluentResource>,
    ids: Vec<String>,
}

impl Strings {
    /// The strings of that language.
    pub fn of(language: Language) -> &'static Self {
        static ALL: LazyLock<[Strings; 3]> = LazyLock::new(|| Language::ALL.map(Strings::read));
        let [en, es, ar] = &*ALL;
        match language {
            Language::En => en,
            Language::Es => es,
            Language::Ar => ar,
        }
    }

    fn read(language: Language) -> Self {
        let tag: Option<LanguageIdentifier> = language.tag().parse().ok();
        let mut bundle = FluentBundle::new_concurrent(tag.into_iter().collect());
        let mut ids = Vec::new();
        for name in Files::iter().filter(|name| name.split('/').next() == Some(language.tag())) {
            let Some(file) = Files::get(&name) else { continue };
            let source = String::from_utf8_lossy(&file.data).into_owned();
            ids.extend(ids_in(&source));
            let read = FluentResource::try_new(source);
            let resource = read.unwrap_or_else(|(resource, errors)| {
                tracing::error!(%name, ?errors, "strings of pages cannot be read");
                resource
            });
            if let Err(errors) = bundle.add_resource(resource) {
                tracing::error!(%name, ?errors, "strings of pages are there twice");
            }
        }
        Self { language, bundle, ids }
    }

    /// Their language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// A message, before its values.
    pub fn say(&'static self, id: impl Into<Cow<'static, str>>) -> Message {
        Message { strings: self, id: id.into(), values: FluentArgs::new() }
    }

    /// Every message whose id begins with one of these, as a JSON object for a page's script. Where a
    /// value belongs, the text has `{$name}`.
    pub fn for_scripts(&'static self, beginnings: &[&str]) -> Markup {
        let is_wanted = |id: &&String| beginnings.iter().any(|beginning| id.starts_with(beginning));
        let wanted = self.ids.iter().filter(is_wanted);
        let texts: BTreeMap<&str, String> =
            wanted.map(|id| (id.as_str(), self.say(id.clone()).text())).collect();
        // The only character that could end the element the object stands in.
        Markup::trusted(serde_json::to_string(&texts).unwrap_or_default().replace('<', "\\u003c"))
    }
}

fn ids_in(source: &str) -> impl Iterator<Item = String> {
    let id = |line: &str| {
        let (id, _) = line.split_once(" =")?;
        id.starts_with(|first: char| first.is_ascii_lowercase()).then(|| id.to_owned())
    };
    source.lines().filter_map(id).collect::<Vec<_>>().into_iter()
}

/// A message in one language, with its values.
#[derive(Debug)]
pub struct Message {
    strings: &'static Strings,
    id: Cow<'static, str>,
    values: FluentArgs<'static>,
}

impl Message {
    /// The same, with a value: a text or a number. A number chooses among plural forms.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<FluentValue<'static>>) -> Self {
        let value = match value.into() {
            FluentValue::String(text) if text.contains([BEGIN_VALUE, END_VALUE]) => {
                FluentValue::from(text.replace([BEGIN_VALUE, END_VALUE], ""))
            }
            value => value,
        };
        self.values.set(name, value);
        self
    }

    /// As text for other programs, without the marks that isolate values.
    pub fn plain(&self) -> String {
        self.text().replace([BEGIN_VALUE, END_VALUE], "")
    }

    /// As text for places where HTML cannot stand, such as a title: values keep the Unicode marks
    /// that isolate them.
    pub fn text(&self) -> String {
        let message = self.strings.bundle.get_message(&self.id);
        let Some(pattern) = message.and_then(|message| message.value()) else {
            tracing::error!(id = %self.id, "a page has no such string");
            return self.id.clone().into_owned();
        };
        let mut unresolved = Vec::new();
        let values = Some(&self.values);
        self.strings.bundle.format_pattern(pattern, values, &mut unresolved).into_owned()
    }

    /// As text without those marks, for texts that are parts of others, such as dates.
    pub fn unmarked(&self) -> String {
        self.text().replace([BEGIN_VALUE, END_VALUE], "")
    }
}

impl fmt::Display for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let html = escape(&self.text());
        formatter.write_str(&html.replace(BEGIN_VALUE, "<bdi>").replace(END_VALUE, "</bdi>"))
    }
}

impl askama::filters::HtmlSafe for Message {}

impl fmt::Debug for Strings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.language.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries_in_all(language: Language, count: u64) -> String {
        Strings::of(language).say("home-entries-in-all").with("count", count).unmarked()
    }

    #[test]
    fn numbers_choose_the_plural_form_of_the_language() {
        assert_eq!(entries_in_all(Language::En, 1), "1 entry in all.");
        assert_eq!(entries_in_all(Language::En, 2), "2 entries in all.");
        assert_eq!(entries_in_all(Language::Es, 1), "1 entrada en total.");
        let arabic = [0, 1, 2, 3, 11, 100].map(|count| entries_in_all(Language::Ar, count));
        let forms = arabic.map(|text| text.replace(|c: char| c.is_ascii_digit(), ""));
        assert_eq!(forms.iter().collect::<std::collections::BTreeSet<_>>().len(), 6, "{forms:?}");
    }

    #[test]
    fn a_value_is_escaped_and_stands_in_a_bdi() {
        let message =
            Strings::of(Language::En).say("line-imported").with("source", "<b>\u{2069}\"&");
        assert!(message.to_string().contains("<bdi>&#60;b&#62;&#34;&#38;</bdi>"), "{message}");
        assert!(message.text().contains("\u{2068}<b>\"&\u{2069}"));
    }

    #[test]
    fn scripts_get_texts_with_names_where_values_belong() {
        let json = Strings::of(Language::En).for_scripts(&["entry-heading-"]).to_string();
        assert_eq!(
            json,
            "{\"entry-heading-with\":\"\u{2068}{$kind}\u{2069}: \u{2068}{$subjects}\u{2069}\"}"
        );
    }
}
