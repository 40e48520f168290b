//! The page of one entry, whole without scripts: the words, who signed, what was agreed or said, where it
//! stands, and the checks that show it. The checks themselves are run by whoever reads, not here.

mod facts;
mod links;
mod words;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::entry_link::EntryLink;
use super::markup::Markup;
use super::strings::Message;
use super::{Frame, Page, Visit, kind_name, render};
use crate::entry::file_name;
use crate::http::answer::{self, BUNDLE, JSON};
use crate::http::api::shapes;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, Part, looking_up};
use crate::http::state::App;
use crate::service::{EntryView, View};
use crate::statement::Statement;
use crate::statement::fields::{Commitment, Debtor};
use crate::wire::{Entry, Leaf};
use facts::{Fact, facts, raw_facts};
use links::EntryLinks;
use words::{Word, gone, word};

/// The checks of an entry, in the order in which each rests on those before it.
const CHECKS: [&str; 7] =
    ["statement", "signature", "key", "disclosures", "inclusion", "log_signature", "prev"];

#[derive(Template)]
#[template(path = "entry.html", config = "src/http/pages/askama.toml")]
struct EntryPage {
    frame: Frame,
    index: u64,
    link: EntryLink,
    kind: Message,
    /// What the signers say by it, in a sentence. None of a kind that is not known.
    says: Option<Message>,
    title: Option<Word>,
    /// The language that the signers say their words are in.
    language: Option<String>,
    subjects: Option<String>,
    imported_from: Option<String>,
    time: String,
    claimed_at: Option<String>,
    signers: Vec<String>,
    commitments: Vec<Promise>,
    words: Vec<Word>,
    facts: Vec<Fact>,
    chains: Vec<Fact>,
    checks: [(&'static str, Message, Message); CHECKS.len()],
    id: String,
    leaf_hash: String,
    statement: Option<String>,
    /// The links of its leaf.
    hashes: Option<String>,
    checkpoint_size: u64,
    bundle_name: String,
}

/// A commitment: what, by whom, until when.
struct Promise {
    word: Word,
    by: Markup,
    due: Option<Markup>,
}

impl Page for EntryPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// One entry, for people
#[utoipa::path(
    get, path = "/e/{entry}", operation_id = "entry_page", tag = "pages",
    params(("entry" = String, Path, description = "<index>-<first 32 hexadecimal digits of the leaf hash>; with .json at its end, the entry as the API gives it")),
    responses(
        (status = 200, description = "The page", content((String = "text/html; charset=utf-8"), (Entry = "application/json"))),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn entry(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    Part(name): Part<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    looking_up(move || {
        let (name, is_json) =
            name.strip_suffix(".json").map_or((&*name, false), |name| (name, true));
        let unknown = || Failure::not_found("No entry has this number and this hash");
        let link = EntryLink::parse(name).ok_or_else(unknown)?;
        let view = app.view()?;
        let found = view.entry(link.index())?.filter(|found| link.names(found));
        let found = found.ok_or_else(unknown)?;
        if is_json {
            return answer::json(&shapes::entry_at(&app, &view, &found)?);
        }
        render(&entry_page(&visit, &view, found, link)?)
    })
    .await
}

fn entry_page(
    visit: &Visit,
    view: &View,
    entry: EntryView,
    link: EntryLink,
) -> Result<EntryPage, Failure> {
    let others = EntryLinks::look_up(view, &entry)?;
    let payload = entry.entry.envelope.payload();
    let statement = Statement::read(payload).ok();
    let (title, words, commitments) = split_words(visit, &entry, statement.as_ref());
    let links = &entry.entry.links;
    let subjects: Vec<_> = links.subjects.iter().map(|(domain, _)| domain.as_str()).collect();
    let subjects = subjects.join(&visit.say("list-separator").text());
    let subjects = (!subjects.is_empty()).then_some(subjects);
    let kind = kind_name(visit, &entry);
    Ok(EntryPage {
        frame: frame(
            visit,
            &entry,
            &kind,
            title.as_ref().and_then(Word::text),
            subjects.as_deref(),
        ),
        index: entry.entry.index,
        kind,
        says: statement.as_ref().map(|s| visit.say(format!("says-{}", s.kind().name))),
        title,
        language: statement.as_ref().and_then(|s| s.fields().text("lang")).map(str::to_owned),
        subjects,
        imported_from: entry.imported_from.as_ref().map(ToString::to_string),
        time: entry.entry.time.to_millis(),
        claimed_at: statement.as_ref().and_then(Statement::claimed_at).map(|at| at.to_seconds()),
        signers: links.signers.iter().map(|(signer, _)| signer.to_string()).collect(),
        commitments,
        words,
        facts: match &statement {
            Some(statement) => facts(visit, statement, &others),
            None => raw_facts(payload),
        },
        chains: others.chains(visit, &entry),
        checks: CHECKS.map(|name| {
            let meaning = visit.say(format!("check-meaning-{name}"));
            (name, visit.say(format!("check-{name}")), meaning)
        }),
        id: entry.entry.envelope.id().to_string(),
        leaf_hash: entry.leaf_hash.to_hex(),
        statement: pretty(payload),
        hashes: serde_json::from_slice(&entry.leaf)
            .ok()
            .and_then(|leaf: Leaf<'_>| pretty(leaf.links.get().as_bytes())),
        checkpoint_size: view.size(),
        bundle_name: file_name(visit.app().ledger().origin().as_str(), entry.entry.index),
        link,
    })
}

fn frame(
    visit: &Visit,
    entry: &EntryView,
    kind: &Message,
    title: Option<&str>,
    subjects: Option<&str>,
) -> Frame {
    let index = entry.entry.index;
    let heading = title.map_or_else(|| kind.text(), str::to_owned);
    let title = visit.say("entry-title").with("index", index).with("heading", heading);
    let description = match subjects {
        Some(subjects) => visit.say("entry-description-with").with("subjects", subjects.to_owned()),
        None => visit.say("entry-description"),
    };
    let api = format!("/api/v1/entries/{index}");
    visit
        .frame(&title, &description.with("kind", kind.unmarked()))
        .alternate(JSON, &format!("{}.json", EntryLink::of(entry).path()))
        .alternate(BUNDLE, &format!("{api}/bundle"))
}

/// The title, the words that stand alone, and the commitments with theirs.
fn split_words(
    visit: &Visit,
    entry: &EntryView,
    statement: Option<&Statement>,
) -> (Option<Word>, Vec<Word>, Vec<Promise>) {
    let promised = statement.map_or(&[][..], |s| s.fields().commitments("commitments"));
    let names: Vec<_> = (1..=promised.len()).map(|number| format!("commitment_{number}")).collect();
    let named = |name: &str| {
        let view = entry.words.iter().find(|word| word.name.as_deref() == Some(name))?;
        Some(word(visit, view))
    };
    let promises = names.iter().zip(promised).map(|(name, commitment)| {
        let label = words::label(visit, Some(name));
        promise(visit, commitment, named(name).unwrap_or_else(|| gone(visit, label)))
    });
    let promises = promises.collect();
    let mut rest: Vec<_> = entry.words.iter().collect();
    rest.retain(|word| {
        word.name.as_ref().is_none_or(|name| name != "title" && !names.contains(name))
    });
    rest.sort_by_key(|word| reading_place(word.name.as_deref()));
    let title = named("title");
    (title, rest.into_iter().map(|view| word(visit, view)).collect(), promises)
}

/// Long texts first, then what they rest on, then who it was and what cannot be told any more.
fn reading_place(name: Option<&str>) -> (u8, String) {
    let place = match name {
        Some("narrative" | "note" | "rules") => 0,
        Some("terms") => 1,
        Some(name) if name.starts_with("evidence_") => 2,
        Some("signer_name") => 3,
        Some(_) => 4,
        None => 5,
    };
    (place, name.unwrap_or_default().to_owned())
}

fn promise(visit: &Visit, commitment: &Commitment, word: Word) -> Promise {
    let by = match &commitment.by {
        Debtor::Signer => Markup::trusted(visit.say("commitment-by-signer").to_string()),
        Debtor::Subject(domain) => Markup::isolated(domain.as_str()),
    };
    Promise { word, by, due: commitment.due.as_ref().map(|due| visit.when(due)) }
}

/// JSON over several lines. It is shown, never checked, in this form.
fn pretty(json: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(json).ok()?;
    serde_json::to_string_pretty(&value).ok()
}
