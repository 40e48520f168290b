//! A ledger of a few hundred entries, made by admission itself, and its files as a server would give them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use onrecord::crypto::{DidKey, Hash, PrivateKey};
use onrecord::encoding::json::Json;
use onrecord::encoding::time::Moment;
use onrecord::ledger::{Candidate, Facts, Outcome, Standing, plan};
use onrecord::net::FetchError;
use onrecord::service::audit::Source;
use onrecord::statement::draft::Frame;
use onrecord::statement::fields::Seen;
use onrecord::statement::{Disclosure, Draft, Signed, StatementId, kind};
use onrecord::tlog::{
    LogSigner, Recent, TileKind, TilePath, encode_bundle, encode_hashes, leaf_hash,
};

pub const ORIGIN: &str = "ledger.example/grown";
pub const NOW: &str = "2026-11-20T12:00:00Z";

/// The key of the signer with that number; the operator's is 0.
pub fn key(number: usize) -> PrivateKey {
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&(number as u64).to_be_bytes());
    PrivateKey::from_seed(&seed)
}

pub fn log() -> LogSigner {
    LogSigner::new(ORIGIN.parse().unwrap(), key(1_000_000))
}

pub fn texts(list: &[&str]) -> Json<'static> {
    Json::List(list.iter().map(|text| Json::text((*text).to_owned())).collect())
}

/// A statement of this ledger, its nonce made of the number.
pub fn signed(draft: Draft, by: &PrivateKey, number: usize) -> Candidate {
    signed_seeing(draft, by, number, None)
}

/// The same by someone who had seen a checkpoint.
pub fn signed_seeing(
    draft: Draft,
    by: &PrivateKey,
    number: usize,
    seen: Option<Seen>,
) -> Candidate {
    let mut nonce = [0; 16];
    nonce[..8].copy_from_slice(&(number as u64).to_be_bytes());
    let signers: Vec<DidKey> = vec![by.did()];
    let claimed_at = Moment::parse_seconds(NOW).unwrap();
    let frame = Frame { log: ORIGIN.into(), signers, nonce, claimed_at, seen };
    let prepared = draft.prepare(&frame).unwrap();
    let words = prepared.public.clone();
    let signed = Signed::check_envelope(prepared.sign(&[by]), ORIGIN).unwrap();
    Candidate { signed, words }
}

/// A word of the statement with that number.
pub fn word(name: &str, number: usize) -> Disclosure {
    let mut salt = [1; 16];
    salt[..8].copy_from_slice(&(number as u64).to_be_bytes());
    Disclosure::make(&salt, name, Json::text(format!("{name} {number}"))).unwrap()
}

fn policy() -> Candidate {
    signed(rules(), &key(0), 0)
}

/// The policy of the ledger.
pub fn rules() -> Draft {
    let mut draft = Draft::new(kind::find("policy").unwrap());
    draft.set("operator_keys", texts(&[key(0).did().as_str()]));
    draft.set("response_days", Json::Integer(10));
    draft.set("final_days", Json::Integer(30));
    draft.set("reserved_domains", Json::Bool(true));
    draft
}

/// An agreement by the key with that number.
fn agreement(number: usize) -> Candidate {
    signed(agreed(number), &key(number), number)
}

/// What is agreed in it.
pub fn agreed(number: usize) -> Draft {
    let domain = format!("company{}.example", number % 5);
    let mut draft = Draft::new(kind::find("agreement").unwrap());
    draft.set("basis", Json::text("spoken"));
    draft.set("lang", Json::text("en"));
    draft.set("offers", Json::text("closed"));
    draft.set("subjects", texts(&[&domain]));
    let commitment = Json::map([("by", Json::text(domain))]).into_owned();
    draft.set("commitments", Json::List(vec![commitment]));
    draft.disclose(word("title", number));
    draft.disclose(word("commitment_1", number));
    draft.seal(word("narrative", number));
    draft
}

/// The reveal of the narrative that the agreement with that number sealed.
fn reveal(of: StatementId, number: usize) -> Candidate {
    signed(revealed(of, number), &key(number), number)
}

/// What is revealed in it.
pub fn revealed(of: StatementId, number: usize) -> Draft {
    let narrative = word("narrative", number);
    let mut draft = Draft::new(kind::find("reveal").unwrap());
    draft.set("re", Json::text(of.to_string()));
    draft.set("digests", texts(&[&narrative.digest().to_base64url()]));
    draft.disclose(narrative);
    draft
}

/// The leaves of a ledger: a policy, then agreements, every third followed by the reveal of a word of the
/// one ten before.
pub fn leaves(count: usize) -> Vec<Vec<u8>> {
    let mut batch = vec![policy()];
    let mut agreements = vec![];
    let mut number = 0;
    while batch.len() < count {
        number += 1;
        let made = agreement(number);
        agreements.push(made.signed.id());
        batch.push(made);
        if number % 3 == 0 && number > 10 && batch.len() < count {
            batch.push(reveal(agreements[number - 11], number - 10));
        }
    }
    admitted(batch)
}

/// The leaves of a ledger of a policy and these.
pub fn leaves_of(statements: Vec<Candidate>) -> Vec<Vec<u8>> {
    admitted([vec![policy()], statements].concat())
}

fn admitted(batch: Vec<Candidate>) -> Vec<Vec<u8>> {
    let standing = Standing { size: 0, newest: None };
    let now = Moment::parse_seconds(NOW).unwrap();
    let plan = plan(standing, Facts::new(None), batch, now);
    assert!(plan.outcomes.iter().all(|outcome| matches!(outcome, Outcome::Admitted(_))));
    plan.entries.into_iter().map(|entry| entry.leaf.to_vec()).collect()
}

/// The files of a ledger, and how often each was asked for.
#[derive(Clone, Default)]
pub struct Files {
    pub files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    pub asked: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Files {
    /// Every file of the ledger with these leaves: full tiles, the partial ones of its size, a checkpoint.
    pub fn of(leaves: &[Vec<u8>]) -> Self {
        Self::signed_by(&log(), leaves)
    }

    /// The same with a checkpoint by this signer.
    pub fn signed_by(signer: &LogSigner, leaves: &[Vec<u8>]) -> Self {
        let mut tree = Recent::default();
        leaves.iter().for_each(|leaf| tree.push(leaf_hash(leaf)));
        let mut files = BTreeMap::new();
        let kinds = (0..3).map(|level| TileKind::Hashes { level }).chain([TileKind::Entries]);
        for path in kinds.flat_map(|kind| TilePath::all_in_tree(kind, tree.size())) {
            let places = path.first()..path.first() + u64::from(path.width());
            let bytes = match path.kind() {
                TileKind::Entries => {
                    encode_bundle(places.map(|place| &leaves[place as usize])).unwrap()
                }
                TileKind::Hashes { level } => {
                    let hashes = places.map(|place| tree.get(level * 8, place).unwrap());
                    encode_hashes(&hashes.collect::<Vec<Hash>>())
                }
            };
            files.insert(path.to_string(), bytes);
        }
        let checkpoint = signer.sign(tree.size(), tree.root().unwrap()).unwrap();
        files.insert("checkpoint".into(), checkpoint.to_string().into_bytes());
        Self { files: Arc::new(Mutex::new(files)), asked: Arc::default() }
    }

    /// Changes a file.
    pub fn change(&self, path: &str, change: impl FnOnce(&mut Vec<u8>)) {
        change(self.files.lock().unwrap().get_mut(path).unwrap());
    }
}

impl Source for Files {
    async fn file(&self, path: &str, bytes_max: usize) -> Result<Bytes, FetchError> {
        *self.asked.lock().unwrap().entry(path.to_owned()).or_default() += 1;
        let found = self.files.lock().unwrap().get(path).cloned();
        let missing = FetchError::Unexpected { url: path.to_owned(), status: 404 };
        let bytes = found.ok_or(missing)?;
        assert!(bytes.len() <= bytes_max, "{path}");
        Ok(bytes.into())
    }
}
