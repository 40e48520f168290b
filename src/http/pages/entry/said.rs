//! What an entry says, in the reader's language and in the order in which it is read: on its own page, and
//! beside others where a page shows several. Not what shows that it is on record.

use super::facts::{Fact, facts, raw_facts};
use super::links::EntryLinks;
use super::words::{self, Word, decided, gone, word};
use crate::http::pages::entry_link::EntryLink;
use crate::http::pages::markup::Markup;
use crate::http::pages::standing::{Row, replies};
use crate::http::pages::strings::Message;
use crate::http::pages::{Visit, kind_name, subject_names};
use crate::service::{EntryView, LookupError, View};
use crate::statement::Statement;
use crate::statement::fields::{Commitment, Debtor};
use crate::thread::state::State;

/// What an entry says.
pub struct Said {
    /// Its number.
    pub index: u64,
    /// Where its page is.
    pub link: EntryLink,
    /// Its kind.
    pub kind: Message,
    /// What the signers say by it, in a sentence. None of a kind that is not known.
    pub says: Option<Message>,
    /// Its title, when its kind has one.
    pub title: Option<Word>,
    /// The language that the signers say their words are in.
    pub language: Option<String>,
    /// The organizations it is about.
    pub subjects: Option<String>,
    /// Where its agreement was imported from.
    pub imported_from: Option<String>,
    /// Why the operator withholds it, if so. Then nothing of what it says is here.
    pub withheld: Option<Markup>,
    /// When it was admitted.
    pub time: String,
    /// When the signers say that they signed it.
    pub claimed_at: Option<String>,
    /// Who signed it.
    pub signers: Vec<String>,
    /// The commitments it lists.
    pub commitments: Vec<Promise>,
    /// Its other words.
    pub words: Vec<Word>,
    /// Its clear fields.
    pub facts: Vec<Fact>,
    /// Where it is a claim about organizations, what each replies or that it does not.
    pub replies: Vec<Row>,
}

/// A commitment: what, by whom, until when.
pub struct Promise {
    /// What was promised.
    pub word: Word,
    /// By whom.
    pub by: Markup,
    /// Until when.
    pub due: Option<Markup>,
}

impl Said {
    /// What this entry says; `others` are the entries that it names.
    pub fn new(visit: &Visit, entry: &EntryView, others: &EntryLinks) -> Self {
        let payload = entry.entry.envelope.payload();
        let shown = entry.withheld.is_none();
        let statement = Statement::read(payload).ok().filter(|_| shown);
        let (title, words, commitments) = split_words(visit, entry, statement.as_ref());
        let links = &entry.entry.links;
        let claimed_at = statement.as_ref().and_then(Statement::claimed_at);
        Self {
            index: entry.entry.index,
            link: EntryLink::of(entry),
            kind: kind_name(visit, entry),
            says: statement.as_ref().map(|s| visit.say(format!("says-{}", s.kind().name))),
            title,
            language: statement.as_ref().and_then(|s| s.fields().text("lang")).map(str::to_owned),
            subjects: subject_names(visit, entry),
            imported_from: entry.imported_from.as_ref().map(ToString::to_string),
            withheld: entry.withheld.as_ref().map(|decision| decided(visit, decision)),
            time: entry.entry.time.to_millis(),
            claimed_at: claimed_at.map(|at| at.to_seconds()),
            signers: links.signers.iter().map(|(signer, _)| signer.to_string()).collect(),
            commitments,
            words,
            facts: match &statement {
                Some(statement) => facts(visit, statement, others),
                None if shown => raw_facts(payload),
                None => Vec::new(),
            },
            replies: Vec::new(),
        }
    }

    /// What organizations reply to an entry of a thread that stands so; nothing where the entry is withheld.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn replies(
        visit: &Visit,
        view: &View,
        entry: &EntryView,
        state: Option<&State>,
    ) -> Result<Vec<Row>, LookupError> {
        match state.filter(|_| entry.withheld.is_none()) {
            Some(state) => replies(visit, view, state, entry.entry.index),
            None => Ok(Vec::new()),
        }
    }

    /// Its title, when it is public.
    pub fn public_title(&self) -> Option<&str> {
        self.title.as_ref().and_then(Word::text)
    }
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
