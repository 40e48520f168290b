//! What `respond`, `countersign`, `decline`, `offer`, `notice`, `moderate`, `end` and `log-key` have in common: a statement about an
//! entry, signed and published in one go, whose bundle is kept.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use owo_colors::OwoColorize as _;
use zeroize::Zeroizing;

use super::contact::Contact;
use super::entry_url::{self, EntryUrl};
use super::failure::Failure;
use super::files;
use super::own_key::read_passphrase;
use super::passphrase::PassphraseSource;
use super::pins::Pins;
use super::publish;
use super::serve::operator_key;
use super::signed_file::SignedFile;
use super::{Outcome, key, terminal};
use crate::clock;
use crate::crypto::PrivateKey;
use crate::encoding::domain::Domain;
use crate::encoding::json::Json;
use crate::entry::{Bundle, Entry, file_name};
use crate::statement::draft::Frame;
use crate::statement::{Disclosure, Draft, Reason, Refusal, Statement, StatementId, kind};
use crate::wire;

/// What it is about, and how the result is kept.
#[derive(Args)]
pub(super) struct About {
    /// Address of the entry it is about
    #[arg(value_name = "ENTRY")]
    entry: String,
    #[command(flatten)]
    result: Kept,
}

/// How the result is kept and told.
#[derive(Args)]
pub(super) struct Kept {
    /// Folder to keep the bundle in [default: this one]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Who signs for an organization.
#[derive(Args)]
pub(super) struct Organization {
    /// Domain that is spoken for [default: the agreement's organization, where it has one]
    #[arg(long, value_name = "DOMAIN", value_parser = Domain::from_typed)]
    domain: Option<Domain>,
    /// Key file that claimed the domain
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    #[command(flatten)]
    passphrase: PassphraseSource,
}

/// Who signs for the operator of a ledger.
#[derive(Args)]
pub(super) struct Operator {
    /// Folder of the ledger, whose operator's key signs [default: ./onrecord-data]
    #[arg(
        long,
        env = "ONRECORD_DATA",
        value_name = "FOLDER",
        default_value = "./onrecord-data",
        hide_default_value = true
    )]
    data: PathBuf,
    /// File whose first line encrypts the ledger's own keys [default: they are not encrypted]
    #[arg(long, env = "ONRECORD_KEY_PASSPHRASE_FILE", value_name = "FILE")]
    key_passphrase_file: Option<PathBuf>,
}

impl Operator {
    pub(super) fn open(&self) -> Result<PrivateKey, Failure> {
        operator_key(&self.data, self.key_passphrase_file.as_deref())
    }

    /// The folder of the ledger.
    pub(super) fn data(&self) -> &Path {
        &self.data
    }

    /// What the ledger's keys are encrypted with.
    pub(super) fn passphrase(&self) -> Result<Option<Zeroizing<String>>, Failure> {
        self.key_passphrase_file.as_deref().map(read_passphrase).transpose()
    }
}

impl Organization {
    pub(super) fn open(&self) -> Result<PrivateKey, Failure> {
        key::open(&self.key, &self.passphrase)
    }

    /// The domain, where the agreement does not tell it.
    pub(super) fn named(&self) -> Result<&Domain, Failure> {
        self.domain.as_ref().ok_or_else(|| {
            Failure::new("no domain is named", "Say by --domain for which one you speak.")
        })
    }
}

/// A ledger and an entry of it.
pub(super) struct Answering {
    contact: Contact,
    url: EntryUrl,
    about: About,
}

/// An entry whose bundle verified.
pub(super) struct Target {
    /// The id of its statement.
    pub(super) id: StatementId,
    /// The thread it stands in.
    pub(super) thread: StatementId,
    /// The organizations it is about.
    subjects: Vec<Domain>,
}

impl About {
    /// Looks who is to be asked. Nothing is sent yet.
    pub(super) fn begin(self) -> Result<Answering, Failure> {
        let url = entry_url::parse(&self.entry)?.ok_or_else(|| {
            let what = format!("{} is not the address of an entry", terminal::escape(&self.entry));
            Failure::new(what, "Copy the address of the entry's page.")
        })?;
        let contact = Contact::new(url.ledger.clone())?;
        Ok(Answering { contact, url, about: self })
    }
}

impl Answering {
    /// The entry, once its bundle verifies by the ledger's remembered key.
    pub(super) fn target(&self) -> Result<Target, Failure> {
        let origin = self.contact.origin()?;
        let bytes = self.url.fetch_bundle(&self.contact)?;
        let bundle = Bundle::parse(&bytes).map_err(|error| not_an_entry(&error.to_string()))?;
        let policy = Pins::of_this_person()?.policy(&origin)?;
        if let Some(finding) = policy.and_then(|policy| publish::fault(&bundle, &policy)) {
            let what = format!("the entry does not verify: {finding}");
            let next = "Do not answer it. Show the operator this message.";
            return Err(Failure::mismatch(terminal::escape(&what), next));
        }
        let entry = Entry::parse(&bundle.leaf).map_err(|error| not_an_entry(&error.to_string()))?;
        let statement = Statement::read(entry.envelope.payload());
        let statement = statement.map_err(|refusal| not_an_entry(&refusal.to_string()))?;
        let id = entry.envelope.id();
        let membership = statement.membership();
        let thread = membership.thread.or(membership.opens_thread.then_some(id));
        let thread = thread.ok_or_else(|| {
            let what = format!("a {} stands in no thread by itself", statement.kind().name);
            Failure::new(what, "Name the agreement, or what its signers stated about it.")
        })?;
        let subjects = entry.links.subjects.into_iter().map(|(domain, _)| domain).collect();
        Ok(Target { id, thread, subjects })
    }

    /// The entry as the ledger shows it now, with the state of its words.
    pub(super) fn shown(&self) -> Result<wire::Entry, Failure> {
        self.url.fetch_entry(&self.contact)
    }

    /// Signs the statement, publishes it and keeps its bundle.
    pub(super) fn publish(self, draft: Draft, key: &PrivateKey) -> Result<Outcome, Failure> {
        self.about.result.publish(&self.contact, draft, key)
    }
}

impl Kept {
    /// Signs the statement, publishes it and keeps its bundle.
    pub(super) fn publish(
        self,
        contact: &Contact,
        draft: Draft,
        key: &PrivateKey,
    ) -> Result<Outcome, Failure> {
        let origin = contact.origin()?;
        let frame = Frame {
            log: origin.to_string(),
            signers: vec![key.did()],
            nonce: key::random()?,
            claimed_at: clock::now().at_the_minute(),
            seen: None,
        };
        let prepared = draft.prepare(&frame).map_err(|refusal| refused(&refusal))?;
        let signed = SignedFile {
            envelope: prepared.sign(&[key]),
            disclosures: prepared.public,
            sealed: prepared.sealed,
        };
        let (newly, bundle) = publish::send(&signed, contact)?;
        let (index, _) = publish::check(&bundle, &signed, &origin)?;
        let folder = self.out.unwrap_or_default();
        let path = folder.join(file_name(origin.as_str(), index));
        publish::keep(bundle, &signed, &path)?;
        let id = signed.envelope.id().to_string();
        if self.json {
            let bundle = path.display().to_string();
            terminal::json_line(&wire::Published { file: None, index, id, newly, bundle })?;
            return Ok(Outcome::Done);
        }
        terminal::line(format_args!("{}: entry {index} of {origin}", "Published".bold()))?;
        terminal::line(id)?;
        terminal::line(format_args!("The bundle verifies; it is in {}", files::shown(&path)))?;
        Ok(Outcome::Done)
    }
}

impl Target {
    /// The domain that is spoken for, which is one of its organizations.
    pub(super) fn domain(&self, by: &Organization) -> Result<Domain, Failure> {
        if let Some(domain) = &by.domain {
            return Ok(domain.clone());
        }
        match self.subjects.as_slice() {
            [only] => Ok(only.clone()),
            several => {
                let names: Vec<_> = several.iter().map(Domain::as_str).collect();
                let what = format!("the entry is about several domains: {}", names.join(", "));
                Err(Failure::new(what, "Say by --domain for which of them you speak."))
            }
        }
    }
}

/// A statement of that kind, empty.
pub(super) fn draft_of(name: &str) -> Result<Draft, Failure> {
    let newer = || Failure::new(format!("a {name} is not known"), "Take a newer onrecord.");
    kind::find(name).map(Draft::new).ok_or_else(newer)
}

/// A statement of that kind by this organization, in the thread and about the statement `re` of it.
pub(super) fn draft_about(
    name: &str,
    domain: &Domain,
    re: &StatementId,
    thread: &StatementId,
) -> Result<Draft, Failure> {
    let mut draft = draft_of(name)?;
    draft.set("domain", Json::text(domain.to_string()));
    draft.set("re", Json::text(re.to_string()));
    draft.set("thread", Json::text(thread.to_string()));
    Ok(draft)
}

/// A choice as statements write it.
pub(super) fn token(choice: impl ValueEnum) -> Json<'static> {
    let value = choice.to_possible_value();
    Json::text(value.map(|value| value.get_name().replace('-', "_")).unwrap_or_default())
}

/// Adds words that everyone will read, if there are any.
pub(super) fn say(draft: &mut Draft, name: &str, text: Option<String>) -> Result<(), Failure> {
    let Some(text) = text else { return Ok(()) };
    let word = Disclosure::make(&key::random()?, name, Json::text(text));
    draft.disclose(word.map_err(|refusal| refused(&refusal))?);
    Ok(())
}

/// What the ledger would refuse is not sent.
pub(super) fn refused(refusal: &Refusal) -> Failure {
    let next = match refusal.reason {
        Reason::BadText => "Write it in plain characters, on one line where that is asked.",
        _ => "Correct it and try again.",
    };
    Failure::new(terminal::escape(&format!("a ledger would refuse this: {refusal}")), next)
}

fn not_an_entry(why: &str) -> Failure {
    let what = terminal::escape(&format!("the ledger gives no entry there: {why}")).into_owned();
    Failure::new(what, "Check the address.")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::statement::fields::Form;

    /// Holds the choices of an option to the words that the kind allows in the field.
    pub fn expect_every_word<T: ValueEnum>(kind: &str, field: &str) {
        let kind = kind::find(kind).unwrap();
        let field = kind.fields.iter().find(|known| known.name == field).unwrap();
        let Form::Token(words) = field.form else { panic!("{} is no choice", field.name) };
        let choices: Vec<_> = T::value_variants().iter().map(|one| token(one.clone())).collect();
        let words: Vec<_> = words.iter().map(|word| Json::text(*word)).collect();
        assert_eq!(choices, words, "{}", field.name);
    }
}
