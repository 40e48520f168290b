//! Follows the stream through interruptions, event after event: each is checked, then told.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Watch;
use super::received::Received;
use super::tell::Teller;
use crate::cli::Outcome;
use crate::cli::contact::{self, Contact};
use crate::cli::failure::Failure;
use crate::cli::terminal::{self, escape};
use crate::clock::instant;
use crate::net::{Event, Events, FetchError};
use crate::tlog::{Policy, SignedCheckpoint, TILE_WIDTH, TilePath, TileReader, TileTree, Tiles};
use crate::verify::{Following, Mismatch, NotConfirmed};
use crate::wire::{StreamCheckpoint, StreamErasure, StreamState};

/// Before the first new try; each one after waits twice as long.
const PAUSE: Duration = Duration::from_secs(1);
const PAUSE_MAX: Duration = Duration::from_secs(30);
/// From one question for another key of the ledger to the next.
const ASKED_AGAIN: Duration = Duration::from_secs(60);
const TILE_BYTES_MAX: usize = TILE_WIDTH as usize * 32;
const SHOWS_TWO: &str = "Keep what was printed, do not use this ledger until its operator explains it, and tell \
                         others: `onrecord audit` looks at the whole of it.";

pub(super) struct Followed<'a> {
    contact: &'a Contact,
    policy: Policy,
    following: Following,
    teller: Teller,
    watch: &'a Watch,
    /// When the ledger was asked last who signs its checkpoints as well.
    asked: Option<Instant>,
    told: u64,
    /// How long to wait before the next try.
    pause: Duration,
}

/// What follows an event.
enum Next {
    /// More.
    Go,
    /// The stream is over; another begins where it ended.
    Again,
    /// All that was wanted was told.
    Done,
}

impl<'a> Followed<'a> {
    pub(super) fn new(
        contact: &'a Contact,
        policy: Policy,
        following: Following,
        teller: Teller,
        watch: &'a Watch,
    ) -> Self {
        Self { contact, policy, following, teller, watch, asked: None, told: 0, pause: PAUSE }
    }

    /// Follows until all that was wanted was told.
    pub(super) fn run(&mut self) -> Result<Outcome, Failure> {
        loop {
            let path = self.watch.path(self.following.next());
            let ended = match self.contact.run(self.contact.client().events(&path)) {
                Ok(events) => self.one_stream(events)?,
                Err(error) => Some(error),
            };
            match ended {
                None => return Ok(Outcome::Done),
                Some(error) if error.may_pass() => self.wait(&error),
                Some(error) => return Err(contact::failure(&error)),
            }
        }
    }

    /// Follows one stream to its end. Nothing when all that was wanted was told, else why it ended.
    fn one_stream(&mut self, mut events: Events) -> Result<Option<FetchError>, Failure> {
        let url = self.contact.client().ledger().join("api/v1/stream").to_string();
        let over =
            |cause: &str| FetchError::Unreachable { url: url.clone(), cause: cause.to_owned() };
        loop {
            let event = match self.contact.run(events.next()) {
                Ok(Some(event)) => event,
                Ok(None) => return Ok(Some(over("the stream ended"))),
                Err(error) => return Ok(Some(error)),
            };
            match self.event(&event)? {
                Next::Go => {}
                Next::Again => return Ok(Some(over("the ledger ended the stream"))),
                Next::Done => return Ok(None),
            }
        }
    }

    fn wait(&mut self, error: &FetchError) {
        let seconds = self.pause.as_secs();
        terminal::note(format_args!("{}; trying again in {seconds} s", escape(&error.to_string())));
        std::thread::sleep(self.pause);
        self.pause = (2 * self.pause).min(PAUSE_MAX);
    }

    fn event(&mut self, event: &Event) -> Result<Next, Failure> {
        match event.name.as_str() {
            "entry" => self.entry(&event.data),
            "checkpoint" => self.checkpoint(&event.data),
            "erasure" => {
                let erasure: StreamErasure = read("erasure", &event.data)?;
                self.teller.erasure(&erasure)?;
                Ok(Next::Go)
            }
            "state" => {
                let turn: StreamState = read("state", &event.data)?;
                self.teller.turn(&turn)?;
                Ok(Next::Go)
            }
            "dropped" => Ok(Next::Again),
            // What later versions tell beside these.
            _ => Ok(Next::Go),
        }
    }

    fn entry(&mut self, data: &str) -> Result<Next, Failure> {
        let received = Received::read(data).map_err(|what| not_understood("entry", &what))?;
        let index = received.index();
        match &received.leaf {
            Some(leaf) => {
                let entry = self.following.entry(index, leaf).map_err(|error| mismatch(&error))?;
                received.check(&entry, leaf, self.watch).map_err(|why| {
                    let what = format!("entry {index} is not told as it is: {why}");
                    Failure::mismatch(what, SHOWS_TWO)
                })?;
                self.teller.entry(&entry, leaf, data)?;
            }
            None => {
                let missing = || not_understood("entry", &"its leaf hash is none");
                let (hash, decision) = received.withheld().ok_or_else(missing)?;
                self.following.withheld(index, hash).map_err(|error| mismatch(&error))?;
                terminal::note(format_args!(
                    "entry {index} is withheld; the decision is entry {}",
                    decision.index
                ));
            }
        }
        self.pause = PAUSE;
        self.told += 1;
        if self.watch.count != Some(self.told) {
            return Ok(Next::Go);
        }
        self.confirm_newest()?;
        Ok(Next::Done)
    }

    fn checkpoint(&mut self, data: &str) -> Result<Next, Failure> {
        let StreamCheckpoint { cursor, note } = read("checkpoint", data)?;
        let signed: SignedCheckpoint =
            note.parse().map_err(|error| not_understood("checkpoint", &error))?;
        self.following.passed(cursor).map_err(|error| mismatch(&error))?;
        self.pause = PAUSE;
        self.confirm(&signed)?;
        Ok(Next::Go)
    }

    /// Before the end: what was told is held against the newest checkpoint.
    fn confirm_newest(&mut self) -> Result<(), Failure> {
        let signed = self.contact.announced()?;
        self.confirm(&signed)?;
        match self.following.unconfirmed() {
            0 => Ok(()),
            count => {
                let what =
                    format!("{count} of the entries told are not in the newest checkpoint yet");
                Err(Failure::new(what, "Verify them by `onrecord verify` in a moment."))
            }
        }
    }

    fn confirm(&mut self, signed: &SignedCheckpoint) -> Result<(), Failure> {
        let tiles = LedgerTiles(self.contact);
        match self.following.checkpoint(signed, |size| TileReader::new(&tiles, size)) {
            Ok(()) => {
                self.follow_keys(signed);
                Ok(())
            }
            Err(NotConfirmed::Mismatch(error)) => Err(mismatch(&error)),
            Err(NotConfirmed::Tree(error)) => {
                terminal::note(format_args!(
                    "the checkpoint of {} entries could not be checked, the next one will be: {}",
                    signed.checkpoint().size(),
                    escape(&error.to_string())
                ));
                Ok(())
            }
        }
    }

    /// Learns a key that follows the known ones while both sign. What is not learned now is asked for again.
    fn follow_keys(&mut self, signed: &SignedCheckpoint) {
        let is_early = self.asked.is_some_and(|asked| asked.elapsed() < ASKED_AGAIN);
        if is_early || !contact::has_unknown_key(signed, &self.policy) {
            return;
        }
        self.asked = Some(instant());
        match self.contact.follow_keys(signed, self.policy.clone()) {
            Ok(policy) => {
                let origin = signed.checkpoint().origin().as_str();
                policy.log_keys(origin).for_each(|key| self.following.believe(key.clone()));
                self.policy = policy;
            }
            Err(failure) => terminal::note(format_args!("{failure}")),
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(name: &str, data: &str) -> Result<T, Failure> {
    serde_json::from_str(data).map_err(|error| not_understood(name, &error))
}

fn not_understood(name: &str, why: &dyn std::fmt::Display) -> Failure {
    let what = format!("the ledger told of an event `{name}` that is none: {why}");
    Failure::new(escape(&what), "Check that it is the address of a ledger.")
}

fn mismatch(error: &Mismatch) -> Failure {
    Failure::mismatch(escape(&error.to_string()), SHOWS_TWO)
}

/// The tiles of the ledger, fetched as they are asked for.
struct LedgerTiles<'a>(&'a Contact);

impl Tiles for LedgerTiles<'_> {
    type Error = Failure;

    fn tile(&self, path: &TilePath) -> Result<Arc<TileTree>, Failure> {
        let bytes = self.0.wait(self.0.client().get(&path.to_string(), TILE_BYTES_MAX))?;
        let exact = TileTree::parse(&bytes, path.width());
        let tree = exact.or_else(|_| TileTree::parse(&bytes, TILE_WIDTH));
        tree.map(Arc::new).map_err(|error| Failure::new(format!("{path}: {error}"), SHOWS_TWO))
    }
}
