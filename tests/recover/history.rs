//! One made-up history of a ledger, planned once: agreements, follow-ups, reveals and erasures.

use std::sync::OnceLock;

use onrecord::crypto::{Hash, PrivateKey};
use onrecord::encoding::json::Json;
use onrecord::encoding::time::Moment;
use onrecord::ledger::{Candidate, Facts, Outcome, Planned, Standing, plan, read};
use onrecord::service::{Kept, Published, indexing};
use onrecord::statement::draft::Frame;
use onrecord::statement::{Disclosure, Draft, Submission, kind};
use onrecord::store::{Batch, Head, Indexed, Record, Word, WordRef};
use onrecord::tlog::{Frontier, LogSigner};

pub const LOG: &str = "ledger.example/recover";
/// Entries of the history at least: three full bundles and some.
const SIZE: u64 = 800;

/// A batch as the sequencer commits and publishes it.
pub struct Step {
    pub batch: Batch,
    pub kept: Vec<Kept>,
    pub indexed: Vec<Indexed>,
    pub published: Published,
}

pub fn signer() -> LogSigner {
    LogSigner::new(LOG.parse().unwrap(), PrivateKey::from_seed(&[200; 32]))
}

/// The history, the same for all tests.
pub fn history() -> &'static [Step] {
    static HISTORY: OnceLock<Vec<Step>> = OnceLock::new();
    HISTORY.get_or_init(|| {
        let mut writer = Writer::new();
        while writer.standing.size < SIZE {
            writer.step();
        }
        writer.steps
    })
}

struct Writer {
    standing: Standing,
    facts: Facts,
    frontier: Frontier,
    steps: Vec<Step>,
    /// Agreements whose name is sealed still, and those whose words may be erased.
    sealed: Vec<(Candidate, u8, Disclosure)>,
    erasable: Vec<(Candidate, u8, Hash)>,
    count: u64,
}

impl Writer {
    fn new() -> Self {
        let mut writer = Self {
            standing: Standing { size: 0, newest: None },
            facts: Facts::new(None),
            frontier: Frontier::new(),
            steps: Vec::new(),
            sealed: Vec::new(),
            erasable: Vec::new(),
            count: 0,
        };
        let operator = PrivateKey::from_seed(&[1; 32]).did().to_string();
        let mut draft = Draft::new(kind::find("policy").unwrap());
        draft.set("final_days", Json::Integer(30));
        draft.set("response_days", Json::Integer(10));
        draft.set("operator_keys", Json::List(vec![Json::text(operator)]));
        draft.set("reserved_domains", Json::Bool(true));
        let policy = writer.sign(draft, 1);
        writer.commit(vec![policy]);
        writer
    }

    /// A batch of 1 to 20 submissions.
    fn step(&mut self) {
        let batch = (0..1 + self.steps.len() % 20).map(|_| self.next()).collect();
        self.commit(batch);
    }

    fn next(&mut self) -> Candidate {
        let author = 2 + (self.count % 40) as u8;
        match self.count % 11 {
            7 if self.sealed.len() > 30 => {
                let (target, author, word) = self.sealed.remove(20);
                self.erasable.push((target.clone(), author, word.digest()));
                let mut draft = about("reveal", &target, &[word.digest()]);
                draft.disclose(word);
                self.sign(draft, author)
            }
            9 if self.erasable.len() > 50 => {
                let at = (self.count as usize * 31) % self.erasable.len();
                let (target, author, digest) = self.erasable.remove(at);
                let mut draft = about("erasure", &target, &[digest]);
                draft.set("reason", Json::text("privacy"));
                self.sign(draft, author)
            }
            4 if self.sealed.len() > 10 => {
                let (target, author, _) = &self.sealed[self.sealed.len() - 7];
                let (target, author) = (target.clone(), *author);
                let mut draft = Draft::new(kind::find("breach").unwrap());
                draft.set("thread", Json::text(target.signed.id().to_string()));
                draft.set("commitment_numbers", Json::List(vec![Json::Integer(1)]));
                draft.set("since", Json::text("2026-11-01"));
                draft.set("desired_outcome", Json::text("refund"));
                self.sign(draft, author)
            }
            _ => self.agreement(author),
        }
    }

    fn agreement(&mut self, author: u8) -> Candidate {
        let subject = format!("s{}.example", self.count % 7);
        let mut draft = Draft::new(kind::find("agreement").unwrap());
        draft.set("basis", Json::text("spoken"));
        draft.set("lang", Json::text("en"));
        draft.set("offers", Json::text("closed"));
        draft.set("subjects", Json::List(vec![Json::text(subject.clone())]));
        let by = Json::map([("by", Json::text(subject))]).into_owned();
        draft.set("commitments", Json::List(vec![by]));
        let title = self.word("title");
        let name = self.word("signer_name");
        draft.disclose(title.clone());
        draft.disclose(self.word("commitment_1"));
        draft.seal(name.clone());
        let agreement = self.sign(draft, author);
        self.erasable.push((agreement.clone(), author, title.digest()));
        self.sealed.push((agreement.clone(), author, name));
        agreement
    }

    fn word(&self, name: &str) -> Disclosure {
        let mut salt = [0; 16];
        salt[..8].copy_from_slice(&self.count.to_be_bytes());
        let text = format!("{name} of {} {}", self.count, "word ".repeat(self.count as usize % 40));
        Disclosure::make(&salt, name, Json::text(text.trim().to_owned())).unwrap()
    }

    fn sign(&mut self, draft: Draft, author: u8) -> Candidate {
        let key = PrivateKey::from_seed(&[author; 32]);
        let mut nonce = [0; 16];
        nonce[..8].copy_from_slice(&self.count.to_be_bytes());
        self.count += 1;
        let frame = Frame {
            log: LOG.to_owned(),
            signers: vec![key.did()],
            nonce,
            claimed_at: noon(),
            seen: None,
        };
        let prepared = draft.prepare(&frame).unwrap();
        let submission = Submission::of(&prepared.sign(&[&key]), &prepared.public);
        read(&submission, LOG).map_err(|unfit| unfit.into_refusal()).unwrap()
    }

    fn commit(&mut self, candidates: Vec<Candidate>) {
        let plan = plan(self.standing, self.facts.clone(), candidates, noon());
        for outcome in &plan.outcomes {
            assert!(matches!(outcome, Outcome::Admitted(_)), "{outcome:?}");
        }
        plan.entries.iter().for_each(|entry| self.frontier.push(entry.leaf_hash));
        let checkpoint = signer().sign(self.frontier.size(), self.frontier.root()).unwrap();
        let head = Head {
            size: self.frontier.size(),
            root: self.frontier.root(),
            checkpoint: checkpoint.to_string(),
        };
        let batch =
            Batch::new(plan.entries.iter().map(record).collect(), erased(&plan.entries), head)
                .unwrap();
        let kept = plan.entries.iter().zip(batch.records()).map(|(entry, record)| Kept {
            leaf: record.leaf.clone(),
            hash: entry.leaf_hash,
            words: record.words.clone(),
        });
        let newest = plan.entries.last().map(|entry| (entry.leaf_hash, plan.time));
        self.standing = Standing { size: self.frontier.size(), newest };
        self.steps.push(Step {
            kept: kept.collect(),
            indexed: plan.entries.iter().map(indexing::of_planned).collect(),
            published: Published::new(checkpoint, plan.time),
            batch,
        });
        self.facts = plan.facts;
    }
}

fn noon() -> Moment {
    Moment::parse_seconds("2026-11-20T12:00:00Z").unwrap()
}

fn about(kind_name: &str, target: &Candidate, digests: &[Hash]) -> Draft {
    let mut draft = Draft::new(kind::find(kind_name).unwrap());
    draft.set("re", Json::text(target.signed.id().to_string()));
    let digests = digests.iter().map(|digest| Json::text(digest.to_base64url())).collect();
    draft.set("digests", Json::List(digests));
    draft
}

fn record(entry: &Planned) -> Record {
    let word = |word: &Disclosure| Word { digest: word.digest(), disclosure: word.to_shared() };
    Record { leaf: entry.leaf.clone(), words: entry.words.iter().map(word).collect() }
}

fn erased(entries: &[Planned]) -> Vec<WordRef> {
    let erased = entries.iter().flat_map(|entry| &entry.erased);
    erased
        .filter_map(|(digest, held)| held.map(|entry| WordRef { entry, digest: *digest }))
        .collect()
}
