//! Preparing a statement to be signed: the client's side of the formats. Randomness and the clock are
//! passed in.

use std::collections::BTreeMap;

use super::disclosure::Disclosure;
use super::envelope::{Envelope, EnvelopeSignature, STATEMENT_TYPE, pae};
use super::fields::Seen;
use super::kind::Kind;
use super::payload::Statement;
use super::refusal::Refusal;
use super::words;
use crate::crypto::{DidKey, PrivateKey};
use crate::encoding::base64;
use crate::encoding::json::Json;
use crate::encoding::time::Moment;

/// What every statement needs beside its kind's own fields.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Origin of the ledger it is meant for.
    pub log: String,
    /// Who will sign.
    pub signers: Vec<DidKey>,
    /// 16 random bytes.
    pub nonce: [u8; 16],
    /// The signers' clock.
    pub claimed_at: Moment,
    /// A fresh checkpoint, to show that the statement is not older.
    pub seen: Option<Seen>,
}

/// A statement in the making.
#[derive(Debug, Clone)]
pub struct Draft {
    kind: &'static Kind,
    fields: BTreeMap<String, Json<'static>>,
    public: Vec<Disclosure>,
    sealed: Vec<Disclosure>,
}

/// A statement ready to be signed: its payload and its words.
#[derive(Debug, Clone)]
pub struct Prepared {
    payload: Vec<u8>,
    statement: Statement,
    /// The words that are sent.
    pub public: Vec<Disclosure>,
    /// The words that stay with the signer.
    pub sealed: Vec<Disclosure>,
}

impl Draft {
    /// An empty statement of that kind.
    pub fn new(kind: &'static Kind) -> Self {
        Self { kind, fields: BTreeMap::new(), public: Vec::new(), sealed: Vec::new() }
    }

    /// Sets a clear field.
    pub fn set(&mut self, name: &str, value: Json<'static>) {
        self.fields.insert(name.to_owned(), value);
    }

    /// Adds a word that everyone may read. For a `reveal`, the word it reveals.
    pub fn disclose(&mut self, word: Disclosure) {
        self.public.push(word);
    }

    /// Adds a word of which only the name becomes public.
    pub fn seal(&mut self, word: Disclosure) {
        self.sealed.push(word);
    }

    /// Puts the payload together and checks it as a ledger would, as far as it can be without one.
    ///
    /// # Errors
    /// What a ledger would refuse it for.
    pub fn prepare(self, frame: &Frame) -> Result<Prepared, Refusal> {
        let Self { kind, mut fields, public, sealed } = self;
        let mut signers = frame.signers.clone();
        signers.sort();
        let texts = |list: Vec<String>| Json::List(list.into_iter().map(Json::text).collect());
        let mut set = |name: &str, value| fields.insert(name.to_owned(), value);
        set("_sd", texts(committed(kind, &public, &sealed)));
        set("_sd_alg", Json::text("sha-256"));
        set("claimed_at", Json::text(frame.claimed_at.to_seconds()));
        set("kind", Json::text(kind.name));
        set("log", Json::text(frame.log.clone()));
        set("nonce", Json::text(base64::encode_url(&frame.nonce)));
        set("signers", texts(signers.iter().map(ToString::to_string).collect()));
        if let Some(seen) = frame.seen {
            let size = Json::Integer(i64::try_from(seen.size).unwrap_or(i64::MAX));
            set("seen", Json::map([("root", Json::text(seen.root.to_base64())), ("size", size)]));
        }
        if !sealed.is_empty() {
            let names = sealed.iter().map(|w| (w.name(), Json::text(w.digest().to_base64url())));
            set("sealed", Json::map(names).into_owned());
        }
        let members = fields.iter().map(|(name, value)| (name.as_str(), value.clone()));
        let payload = Json::map(members).to_canonical().into_bytes();
        let statement = Statement::read(&payload)?;
        words::check(&statement, &public)?;
        Ok(Prepared { payload, statement, public, sealed })
    }
}

/// `_sd`: the digests of all words, except that a reveal commits to none of its own.
fn committed(kind: &Kind, public: &[Disclosure], sealed: &[Disclosure]) -> Vec<String> {
    let public = if kind.carries_words_of_its_target() { &[] } else { public };
    let digests = public.iter().chain(sealed).map(|word| word.digest().to_base64url());
    let mut digests: Vec<_> = digests.collect();
    digests.sort();
    digests
}

impl Prepared {
    /// The bytes that the signature covers, without the envelope's framing.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// What they say.
    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    /// Signs with the keys of all signers, in any order.
    pub fn sign(&self, keys: &[&PrivateKey]) -> Envelope {
        let pae = pae(STATEMENT_TYPE, &self.payload);
        let mut signatures: Vec<_> = keys.iter().map(|key| (key.did(), key.sign(&pae))).collect();
        signatures.sort_by(|(a, _), (b, _)| a.cmp(b));
        let signatures = signatures
            .into_iter()
            .map(|(did, signature)| EnvelopeSignature { keyid: did.fingerprint(), signature });
        Envelope::new(STATEMENT_TYPE, self.payload.clone(), signatures.collect())
    }
}
