//! `onrecord log-key`: one key of a log follows another, step by step (protocol §5, `log_keys`). In between both sign
//! every checkpoint, so that whoever believes the old one can come to believe the new one.

use std::path::Path;

use clap::{Args, Subcommand};

use super::answer::{Kept, Operator, draft_of};
use super::contact::{Contact, LOG_KEYS};
use super::failure::Failure;
use super::pins::Pins;
use super::serve::{LOG, LOG_NEXT, public_key};
use super::verify::BUNDLE_BYTES_MAX;
use super::{Outcome, files, own_key, terminal};
use crate::encoding::json::Json;
use crate::net::LedgerUrl;
use crate::tlog::{Origin, VerifierKey};
use crate::verify;

/// Let another key of a log follow the one that signs its checkpoints, as its operator
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord log-key next https://ledger.example        then restart the ledger: both keys sign
  onrecord log-key announce https://ledger.example    puts both on record
  onrecord log-key retire https://ledger.example --for-good    months later; then restart the ledger

In between, witnesses get the new key's line, and whoever uses the ledger learns the key by themselves.
docs/operating.md has the whole procedure, and what to do when a key was lost or stolen.")]
pub(super) struct LogKey {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Next(Next),
    Announce(Announce),
    Retire(Retire),
}

/// Make the key that is to follow; once the ledger is restarted, both sign
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord log-key next https://ledger.example --data /var/lib/onrecord

It prints the line `log KEY` for the policies of witnesses, and leaves the key in keys/ of the folder.")]
struct Next {
    #[command(flatten)]
    of: Of,
}

/// Put on record that both keys sign, so that the new one comes to be believed
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord log-key announce https://ledger.example --data /var/lib/onrecord

Keep the bundle: `onrecord policy learn` makes those believe the new key who did not come by in time.")]
struct Announce {
    #[command(flatten)]
    of: Of,
    #[command(flatten)]
    result: Kept,
}

/// Put on record that the new key signs alone, and destroy the old one
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord log-key retire https://ledger.example --data /var/lib/onrecord --for-good

When it was interrupted, give it again.")]
struct Retire {
    #[command(flatten)]
    of: Of,
    /// Says that you know that it cannot be taken back
    #[arg(long)]
    for_good: bool,
    #[command(flatten)]
    result: Kept,
}

/// The ledger whose key it is.
#[derive(Args)]
struct Of {
    /// Address of the ledger
    #[arg(value_name = "URL")]
    ledger: LedgerUrl,
    #[command(flatten)]
    operator: Operator,
}

/// A ledger and its folder, which belong together.
struct Met {
    contact: Contact,
    origin: Origin,
    key: VerifierKey,
}

impl LogKey {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        match self.verb {
            Verb::Next(verb) => verb.run(),
            Verb::Announce(verb) => verb.run(),
            Verb::Retire(verb) => verb.run(),
        }
    }
}

impl Of {
    fn data(&self) -> &Path {
        self.operator.data()
    }

    /// Meets the ledger, whose checkpoint is by the key in the folder.
    fn meet(&self) -> Result<Met, Failure> {
        let key = public_key(&self.data().join(LOG))?;
        let contact = Contact::new(self.ledger.clone())?;
        let origin = contact.origin()?;
        let key = VerifierKey::of_log(origin.key_name().clone(), &key);
        if contact.announced()?.verify(&key).is_err() {
            let folder = files::shown(self.data());
            let what = format!("{origin} does not sign with the key in {folder}");
            return Err(Failure::new(what, "Name the folder of that ledger with --data."));
        }
        Ok(Met { contact, origin, key })
    }

    /// The key that is to follow.
    fn next(&self, origin: &Origin) -> Result<VerifierKey, Failure> {
        let path = self.data().join(LOG_NEXT);
        if !path.exists() {
            let what = format!("there is no {}", files::shown(&path));
            return Err(Failure::new(what, "Make it with `onrecord log-key next`."));
        }
        Ok(VerifierKey::of_log(origin.key_name().clone(), &public_key(&path)?))
    }
}

impl Next {
    fn run(self) -> Result<Outcome, Failure> {
        let Met { origin, .. } = self.of.meet()?;
        let path = self.of.data().join(LOG_NEXT);
        if path.exists() {
            let what = format!("{} is there already", files::shown(&path));
            let next = "One key follows at a time. Go on with `onrecord log-key announce`.";
            return Err(Failure::new(what, next));
        }
        let passphrase = self.of.operator.passphrase()?;
        let key = own_key::open_or_make(&path, passphrase.as_deref(), None)?;
        let key = VerifierKey::of_log(origin.key_name().clone(), &key.public_key());
        terminal::line(format_args!("log {key}"))?;
        terminal::note(format_args!(
            "The key is in {}. Keep a copy of it as of the other keys. Restart the ledger: from then on both \
             sign. Give the line above to whoever runs a witness, then `onrecord log-key announce`.",
            files::shown(&path)
        ));
        Ok(Outcome::Done)
    }
}

impl Announce {
    fn run(self) -> Result<Outcome, Failure> {
        let Met { contact, origin, key } = self.of.meet()?;
        let keys = [key, self.of.next(&origin)?];
        name(self.result, &self.of.operator, &contact, &keys)
    }
}

impl Retire {
    fn run(self) -> Result<Outcome, Failure> {
        let Met { contact, origin, key: old } = self.of.meet()?;
        let next = self.of.next(&origin)?;
        let named = named(&contact, &origin)?;
        if !named.contains(&next) {
            let what = format!("{next} is not on record yet");
            let next =
                "Put it there with `onrecord log-key announce`, and give readers time to learn it.";
            return Err(Failure::new(what, next));
        }
        if !self.for_good {
            let what = format!("nothing was done: {old} would sign no more");
            let next = "Whoever did not come by since the new key was announced has to be told of it by another \
                        way. If you want it, say --for-good as well.";
            return Err(Failure::new(what, next));
        }
        // When it was interrupted after the entry, only the file is left.
        if named.contains(&old) {
            name(self.result, &self.of.operator, &contact, &[next])?;
        }
        let (from, to) = (self.of.data().join(LOG_NEXT), self.of.data().join(LOG));
        files::rename(&from, &to)?;
        terminal::note(format_args!(
            "{} holds the new key now, and the old one is gone. Restart the ledger: from then on the new one \
             signs alone.",
            files::shown(&to)
        ));
        Ok(Outcome::Done)
    }
}

/// Publishes that those keys sign.
fn name(
    result: Kept,
    operator: &Operator,
    contact: &Contact,
    keys: &[VerifierKey],
) -> Result<Outcome, Failure> {
    let key = operator.open()?;
    let mut texts: Vec<String> = keys.iter().map(ToString::to_string).collect();
    texts.sort_unstable();
    let mut draft = draft_of("log_keys")?;
    draft.set("vkeys", Json::List(texts.into_iter().map(Json::text).collect()));
    result.publish(contact, draft, &key)
}

/// The keys that the ledger has on record, where the remembered key signed for that.
fn named(contact: &Contact, origin: &Origin) -> Result<Vec<VerifierKey>, Failure> {
    let Some(policy) = Pins::of_this_person()?.policy(origin)? else { return Ok(Vec::new()) };
    match contact.bytes_if_any(LOG_KEYS, BUNDLE_BYTES_MAX)? {
        Some(bundle) => Ok(verify::log_keys(&bundle, &policy).unwrap_or_default()),
        None => Ok(Vec::new()),
    }
}
