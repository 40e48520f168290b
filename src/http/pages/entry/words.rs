//! The words of an entry as its page shows them: what is public, and of everything else what became
//! of it (protocol §4).

use super::facts::{Fact, link_out};
use crate::encoding::json::Json;
use crate::http::pages::Visit;
use crate::http::pages::entry_link::EntryLink;
use crate::http::pages::markup::{Markup, escape};
use crate::http::pages::strings::Message;
use crate::ledger::WordState;
use crate::service::{Decision, WordView};

/// The parts of terms and of evidence, in the order in which they are read.
const PARTS: [&str; 7] = ["label", "title", "url", "media_type", "bytes", "sha256", "salt"];

/// A word with its name for people.
pub struct Word {
    /// Its name in the statement, where that can be told.
    pub name: Option<String>,
    /// What it is.
    pub label: Message,
    /// What it says, when it is public.
    pub content: Option<Content>,
    /// What became of it, otherwise.
    pub hidden: Option<Hidden>,
}

/// What a public word says.
pub enum Content {
    /// A text, perhaps of several lines.
    Text(String),
    /// Named parts, as of terms and evidence.
    Parts(Vec<Part>),
}

/// A part of a word.
pub struct Part {
    /// Its name, when it is shown as it was signed and not set for people.
    pub verbatim: Option<String>,
    /// What it is called and says.
    pub fact: Fact,
}

/// Why a word is not shown.
pub struct Hidden {
    /// Its state as the style sheet names it.
    pub class: &'static str,
    /// Its state in a word.
    pub state: Message,
    /// What that means.
    pub meaning: Message,
    /// Who decided so, when and on what ground.
    pub decision: Option<Markup>,
}

impl Word {
    /// The text, for places that show nothing else.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Some(Content::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Its named parts, if it has any.
    pub fn parts(&self) -> &[Part] {
        match &self.content {
            Some(Content::Parts(parts)) => parts,
            _ => &[],
        }
    }
}

/// A word of an entry.
pub fn word(visit: &Visit, view: &WordView) -> Word {
    let content = view.value.as_ref().map(|value| content(visit, value));
    let hidden = content.is_none().then(|| hidden(visit, view.state, view.withheld.as_ref()));
    Word { name: view.name.clone(), label: label(visit, view.name.as_deref()), content, hidden }
}

/// A word that the entry commits to and that cannot be told from others any more.
pub fn gone(visit: &Visit, label: Message) -> Word {
    Word { name: None, label, content: None, hidden: Some(hidden(visit, WordState::Erased, None)) }
}

fn hidden(visit: &Visit, state: WordState, decision: Option<&Decision>) -> Hidden {
    let class = match state {
        WordState::Sealed => "sealed",
        WordState::Withheld { .. } => "withheld",
        // A public word without a value was erased while it was looked up.
        WordState::Erased | WordState::Public { .. } => "erased",
    };
    let (state, meaning) = (format!("state-{class}"), format!("state-meaning-{class}"));
    Hidden {
        class,
        state: visit.say(state),
        meaning: visit.say(meaning),
        decision: decision.map(|decision| decided(visit, decision)),
    }
}

/// Who decided to withhold something, when and on what ground, as a link to the decision.
pub fn decided(visit: &Visit, decision: &Decision) -> Markup {
    let ground = visit.say(format!("token-ground-{}", decision.ground)).unmarked();
    let said = visit
        .say("withheld-by")
        .with("date", visit.written(&decision.time.to_millis()))
        .with("ground", ground);
    let link = EntryLink::new(decision.index, &decision.leaf_hash);
    Markup::link(&visit.link(&link.path()), said)
}

/// What a word is called. Numbered ones say their number.
pub fn label(visit: &Visit, name: Option<&str>) -> Message {
    let Some(name) = name else { return visit.say("word-not-known") };
    if let Some((kind @ ("commitment" | "evidence"), number)) = name.rsplit_once('_') {
        return visit.say(format!("word-{kind}")).with("number", number.to_owned());
    }
    match name {
        "contact" | "delay_reason" | "explanation" | "facts" | "legal_name" | "narrative"
        | "note" | "price" | "rules" | "signer_name" | "terms" | "title" => {
            visit.say(format!("word-{name}"))
        }
        name => visit.say("word-other").with("name", name.to_owned()),
    }
}

fn content(visit: &Visit, value: &Json<'_>) -> Content {
    match value {
        Json::Text(text) => Content::Text(text.clone().into_owned()),
        Json::Map(parts) => {
            let mut parts: Vec<_> = parts.iter().collect();
            parts.sort_by_key(|(name, _)| PARTS.iter().position(|known| known == name));
            Content::Parts(parts.iter().map(|(name, value)| part(visit, name, value)).collect())
        }
        other => Content::Text(other.to_canonical()),
    }
}

fn part(visit: &Visit, name: &str, value: &Json<'_>) -> Part {
    let label = if PARTS.contains(&name) {
        visit.say(format!("part-{name}"))
    } else {
        visit.say("word-other").with("name", name.to_owned())
    };
    let shown = match (name, value) {
        ("bytes", Json::Integer(count)) => {
            Markup::trusted(visit.say("part-bytes-count").with("count", *count).to_string())
        }
        ("url", Json::Text(url)) => link_out(url),
        ("label" | "title", Json::Text(text)) => {
            Markup::trusted(format!("<span dir=\"auto\">{}</span>", escape(text)))
        }
        (_, Json::Text(text)) => Markup::code(text),
        (_, other) => Markup::code(&other.to_canonical()),
    };
    let verbatim = matches!(value, Json::Text(_)).then(|| name.to_owned());
    Part { verbatim, fact: Fact { label: Markup::trusted(label.to_string()), values: vec![shown] } }
}
