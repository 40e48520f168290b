//! Entries by their clear fields alone: what the reducer reads of a ledger, without keys, signatures and words.

use std::collections::BTreeMap;

use onrecord::crypto::PrivateKey;
use onrecord::encoding::base64;
use onrecord::encoding::time::Moment;
use onrecord::statement::{Envelope, STATEMENT_TYPE, Statement, StatementId};
use onrecord::thread::course::Stated;
use onrecord::thread::threads::Threads;
use serde_json::{Value, json};

/// An entry, and the statement it was made of.
#[derive(Debug, Clone)]
pub struct Plain {
    pub index: u64,
    pub time: Moment,
    pub id: StatementId,
    pub statement: Statement,
}

impl Plain {
    /// An entry with these clear fields, beside those of every statement.
    pub fn new(index: u64, time: Moment, mut fields: Value) -> Self {
        let signer = PrivateKey::from_seed(&[7; 32]).did();
        let mut nonce = [0; 16];
        nonce[..8].copy_from_slice(&index.to_be_bytes());
        let common = json!({
            "_sd": [],
            "_sd_alg": "sha-256",
            "claimed_at": time.at_the_minute().to_seconds(),
            "log": "ledger.example/vectors",
            "nonce": base64::encode_url(&nonce),
            "signers": [signer.to_string()],
        });
        let common = common.as_object().unwrap().clone();
        fields.as_object_mut().unwrap().extend(common);
        let payload = serde_jcs::to_vec(&fields).unwrap();
        let read = Statement::read(&payload);
        let statement = read.unwrap_or_else(|refusal| panic!("{refusal:?} of {fields}"));
        let id = Envelope::new(STATEMENT_TYPE, payload, Vec::new()).id();
        Self { index, time, id, statement }
    }

    pub fn stated(&self) -> Stated<'_> {
        Stated { index: self.index, time: self.time, id: self.id, statement: &self.statement }
    }
}

/// A ledger whose entries are named by labels.
#[derive(Debug, Clone, Default)]
pub struct Labelled {
    pub entries: Vec<Plain>,
    labels: BTreeMap<String, StatementId>,
}

impl Labelled {
    /// Appends an entry. `thread` and `re` in its fields are labels of earlier ones.
    pub fn push(&mut self, label: &str, index: u64, time: &str, mut fields: Value) {
        for name in ["thread", "re"] {
            if let Some(label) = fields[name].as_str() {
                fields[name] = json!(self.id(label).to_string());
            }
        }
        let entry = Plain::new(index, Moment::parse_millis(time).unwrap(), fields);
        assert!(self.labels.insert(label.to_owned(), entry.id).is_none(), "{label} twice");
        self.entries.push(entry);
    }

    pub fn id(&self, label: &str) -> StatementId {
        *self.labels.get(label).unwrap_or_else(|| panic!("no entry is labelled {label}"))
    }
}

/// The threads of these entries.
pub fn threads<'a>(entries: impl IntoIterator<Item = &'a Plain>) -> Threads {
    let mut threads = Threads::default();
    entries.into_iter().for_each(|entry| threads.push(&entry.stated()));
    threads
}
