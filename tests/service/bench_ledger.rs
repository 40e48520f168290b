//! A ledger to try things on: a set clock, a fixed key, and people who sign.

use std::sync::Arc;
use std::time::Duration;

use onrecord::clock::SetClock;
use onrecord::crypto::{Hash, PrivateKey};
use onrecord::encoding::json::Json;
use onrecord::encoding::time::Moment;
use onrecord::service::founding::{Randomness, policy};
use onrecord::service::{IndexState, Ledger, Parts, PublishError, Receipt};
use onrecord::statement::draft::Frame;
use onrecord::statement::{Disclosure, Draft, Submission, kind};
use onrecord::store::memory::MemoryFolder;
use onrecord::tlog::LogSigner;

pub const ORIGIN: &str = "ledger.example/test";

pub fn noon() -> Moment {
    Moment::parse_seconds("2026-11-20T12:00:00Z").unwrap()
}

pub fn log_key() -> LogSigner {
    LogSigner::new(ORIGIN.parse().unwrap(), PrivateKey::from_seed(&[100; 32]))
}

/// The parts of a ledger in memory that outlives the process that runs on it.
pub fn parts(folder: &MemoryFolder) -> Parts {
    let index = folder.index();
    Parts {
        journal: Box::new(folder.journal().unwrap()),
        objects: Arc::new(folder.objects()),
        open_index: Box::new(move || Ok(Arc::new(index))),
        signer: log_key(),
        clock: Arc::new(SetClock::at(noon())),
        queue_max: 64,
    }
}

/// Starts a ledger, with entry 0 if it has none.
pub async fn start(parts: Parts) -> Ledger {
    let ledger = Ledger::start(parts).unwrap();
    loop {
        match ledger.health().index {
            IndexState::Ready => break,
            IndexState::Building { .. } => tokio::time::sleep(Duration::from_millis(1)).await,
            IndexState::Failed(why) => panic!("{why}"),
        }
    }
    if ledger.view().is_none() {
        let operator = PrivateKey::from_seed(&[200; 32]);
        let random = Randomness { nonce: [0; 16], salt: [0; 16] };
        let first = policy(ORIGIN, &operator, true, None, random, noon()).unwrap();
        publish(&ledger, &first).await.unwrap();
    }
    ledger
}

pub async fn publish(ledger: &Ledger, submission: &Submission) -> Result<Receipt, PublishError> {
    ledger.publish(submission, |_| None).await
}

/// Someone with a key.
pub struct Person(pub PrivateKey);

impl Person {
    pub fn new(number: u32) -> Self {
        let mut seed = [7; 32];
        seed[..4].copy_from_slice(&number.to_be_bytes());
        Self(PrivateKey::from_seed(&seed))
    }

    pub fn sign(&self, draft: Draft, number: u64) -> Submission {
        let mut nonce = [1; 16];
        nonce[..8].copy_from_slice(&number.to_be_bytes());
        let frame = Frame {
            log: ORIGIN.to_owned(),
            signers: vec![self.0.did()],
            nonce,
            claimed_at: noon(),
            seen: None,
        };
        let prepared = draft.prepare(&frame).unwrap();
        Submission::of(&prepared.sign(&[&self.0]), &prepared.public)
    }

    /// An agreement with a title, a commitment and a sealed name.
    pub fn agreement(&self, number: u64, title: &str) -> Submission {
        self.sign(draft_of_agreement(number, title), number)
    }

    /// An agreement whose title is sealed, and the title.
    pub fn agreement_with_sealed_title(
        &self,
        number: u64,
        title: &str,
    ) -> (Submission, Disclosure) {
        let sealed = word(number, "title", title);
        let mut draft = draft_without_title(number);
        draft.seal(sealed.clone());
        (self.sign(draft, number), sealed)
    }

    /// Another's agreement, from a public source.
    pub fn imported(&self, number: u64, source: &'static str) -> Submission {
        let mut draft = draft_of_agreement(number, "A refund");
        draft.set("imported_from", Json::text(source));
        self.sign(draft, number)
    }

    pub fn assessment(&self, thread: &Submission, number: u64) -> Submission {
        let mut draft = Draft::new(kind::find("assessment").unwrap());
        draft.set("resolved", Json::text("no"));
        draft.set("thread", Json::text(id_of(thread)));
        self.sign(draft, number)
    }

    pub fn erasure(&self, target: &Submission, digest: Hash, number: u64) -> Submission {
        let mut draft = Draft::new(kind::find("erasure").unwrap());
        draft.set("re", Json::text(id_of(target)));
        draft.set("digests", Json::List(vec![Json::text(digest.to_base64url())]));
        draft.set("reason", Json::text("privacy"));
        self.sign(draft, number)
    }

    pub fn reveal(&self, target: &Submission, word: Disclosure, number: u64) -> Submission {
        let mut draft = Draft::new(kind::find("reveal").unwrap());
        draft.set("re", Json::text(id_of(target)));
        draft.set("digests", Json::List(vec![Json::text(word.digest().to_base64url())]));
        draft.disclose(word);
        self.sign(draft, number)
    }
}

fn draft_of_agreement(number: u64, title: &str) -> Draft {
    let mut draft = draft_without_title(number);
    draft.disclose(word(number, "title", title));
    draft
}

fn draft_without_title(number: u64) -> Draft {
    let mut draft = Draft::new(kind::find("agreement").unwrap());
    draft.set("basis", Json::text("spoken"));
    draft.set("commitments", Json::List(vec![Json::map([("by", Json::text("acme.example"))])]));
    draft.set("lang", Json::text("en"));
    draft.set("offers", Json::text("closed"));
    draft.set("subjects", Json::List(vec![Json::text("acme.example")]));
    draft.disclose(word(number, "commitment_1", "Acme refunds me."));
    draft.seal(sealed_name(number));
    draft
}

pub fn word(number: u64, name: &str, text: &str) -> Disclosure {
    let mut salt = [2; 16];
    salt[..8].copy_from_slice(&number.to_be_bytes());
    Disclosure::make(&salt, name, Json::text(text.to_owned())).unwrap()
}

pub fn sealed_name(number: u64) -> Disclosure {
    word(number, "signer_name", "Ana Example")
}

pub fn id_of(submission: &Submission) -> String {
    let candidate = onrecord::ledger::read(submission, ORIGIN);
    candidate.map_err(|unfit| unfit.into_refusal()).unwrap().signed.id().to_string()
}
