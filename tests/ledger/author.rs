//! Those who sign statements.

use onrecord::crypto::{Hash, PrivateKey};
use onrecord::encoding::json::Json;
use onrecord::encoding::time::Moment;
use onrecord::ledger::{Candidate, read};
use onrecord::statement::draft::Frame;
use onrecord::statement::fields::Seen;
use onrecord::statement::{Disclosure, Draft, Reason, Submission, kind};

const LOG: &str = "ledger.example/test";

pub fn noon() -> Moment {
    Moment::parse_seconds("2026-11-20T12:00:00Z").unwrap()
}

pub struct Author {
    pub keys: Vec<PrivateKey>,
    pub log: String,
    pub seen: Option<Seen>,
    pub claimed_at: Moment,
    pub nonce: std::cell::Cell<u8>,
}

impl Author {
    pub fn new(seed: u8) -> Self {
        Self {
            keys: vec![PrivateKey::from_seed(&[seed; 32])],
            log: LOG.to_owned(),
            seen: None,
            claimed_at: noon(),
            nonce: std::cell::Cell::new(seed),
        }
    }

    pub fn with(mut self, seed: u8) -> Self {
        self.keys.push(PrivateKey::from_seed(&[seed; 32]));
        self
    }

    /// Signs a statement. `words` are name, text and whether it is sealed.
    pub fn sign(
        &self,
        kind: &str,
        fields: &[(&str, Json<'static>)],
        words: &[(&str, &str, bool)],
    ) -> Candidate {
        self.finish(self.draft(kind, fields, words))
    }

    fn draft(
        &self,
        kind: &str,
        fields: &[(&str, Json<'static>)],
        words: &[(&str, &str, bool)],
    ) -> Draft {
        let mut draft = Draft::new(kind::find(kind).unwrap());
        for (name, value) in fields {
            draft.set(name, value.clone());
        }
        for (place, (name, text, sealed)) in words.iter().enumerate() {
            let word = Disclosure::make(&[place as u8; 16], name, Json::text(*text)).unwrap();
            if *sealed { draft.seal(word) } else { draft.disclose(word) }
        }
        draft
    }

    pub fn finish(&self, draft: Draft) -> Candidate {
        self.nonce.set(self.nonce.get().wrapping_add(101));
        let prepared = draft.prepare(&self.frame()).unwrap();
        let keys: Vec<_> = self.keys.iter().collect();
        let submission = Submission::of(&prepared.sign(&keys), &prepared.public);
        read(&submission, &self.log).map_err(|unfit| unfit.into_refusal()).unwrap()
    }

    fn frame(&self) -> Frame {
        Frame {
            log: self.log.clone(),
            signers: self.keys.iter().map(PrivateKey::did).collect(),
            nonce: [self.nonce.get(); 16],
            claimed_at: self.claimed_at,
            seen: self.seen,
        }
    }

    pub fn agreement(&self, subjects: &[&str]) -> Candidate {
        self.agreement_with(subjects, "closed")
    }

    pub fn agreement_welcoming(&self, subjects: &[&str]) -> Candidate {
        self.agreement_with(subjects, "welcome")
    }

    fn agreement_with(&self, subjects: &[&str], offers: &'static str) -> Candidate {
        let by = Json::map([("by", Json::text(subjects[0].to_owned()))]);
        let me = Json::map([("by", Json::text("signer"))]);
        let fields = [
            ("basis", Json::text("spoken")),
            ("commitments", Json::List(vec![by, me])),
            ("lang", Json::text("en")),
            ("offers", Json::text(offers)),
            (
                "subjects",
                Json::List(subjects.iter().map(|s| Json::text((*s).to_owned())).collect()),
            ),
        ];
        let words = [
            ("title", "A refund", false),
            ("commitment_1", "They refund 5.", false),
            ("commitment_2", "I send it back.", false),
            ("signer_name", "Ana", true),
        ];
        self.sign("agreement", &fields, &words)
    }

    pub fn follow_up(
        &self,
        kind: &str,
        thread: &Candidate,
        more: &[(&str, Json<'static>)],
    ) -> Candidate {
        self.follow_up_with(kind, thread, more, &[])
    }

    pub fn follow_up_with(
        &self,
        kind: &str,
        thread: &Candidate,
        more: &[(&str, Json<'static>)],
        words: &[(&str, &str, bool)],
    ) -> Candidate {
        let thread = ("thread", Json::text(thread.signed.id().to_string()));
        self.sign(kind, &[&[thread], more].concat(), words)
    }

    /// Why a follow-up cannot even be signed.
    pub fn refused(
        &self,
        kind: &str,
        thread: &Candidate,
        more: &[(&str, Json<'static>)],
    ) -> Reason {
        let thread = ("thread", Json::text(thread.signed.id().to_string()));
        self.refused_with(kind, &[&[thread], more].concat(), &[("note", "Because.", false)])
    }

    pub fn refused_with(
        &self,
        kind: &str,
        fields: &[(&str, Json<'static>)],
        words: &[(&str, &str, bool)],
    ) -> Reason {
        self.draft(kind, fields, words).prepare(&self.frame()).unwrap_err().reason
    }

    pub fn reveal(&self, target: &Candidate, words: &[Disclosure]) -> Candidate {
        let mut draft = Draft::new(kind::find("reveal").unwrap());
        draft.set("re", Json::text(target.signed.id().to_string()));
        draft.set("digests", digests(words.iter().map(Disclosure::digest)));
        words.iter().for_each(|word| draft.disclose(word.clone()));
        self.finish(draft)
    }

    pub fn erasure(&self, target: &Candidate, words: &[Hash]) -> Candidate {
        let fields = [
            ("re", Json::text(target.signed.id().to_string())),
            ("digests", digests(words.iter().copied())),
            ("reason", Json::text("privacy")),
        ];
        self.sign("erasure", &fields, &[])
    }
}

pub fn digests(digests: impl Iterator<Item = Hash>) -> Json<'static> {
    let mut texts: Vec<_> = digests.map(|digest| digest.to_base64url()).collect();
    texts.sort();
    Json::List(texts.into_iter().map(Json::text).collect())
}

pub fn policy(operator: &Author) -> Candidate {
    let fields = [
        ("final_days", Json::Integer(30)),
        ("operator_keys", Json::List(vec![Json::text(operator.keys[0].did().to_string())])),
        ("reserved_domains", Json::Bool(true)),
        ("response_days", Json::Integer(10)),
    ];
    operator.sign("policy", &fields, &[])
}
