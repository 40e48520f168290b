//! Writes statements as a client does, from a number in place of randomness.

use std::fmt;

use onrecord::clock;
use onrecord::crypto::{PrivateKey, sha256};
use onrecord::encoding::json::Json;
use onrecord::statement::draft::Frame;
use onrecord::statement::{Disclosure, Draft, Prepared, StatementId, Submission, kind};
use serde_json::json;

/// A signed statement, ready to be sent.
pub struct Written {
    pub id: StatementId,
    pub words: Vec<Disclosure>,
    pub sent: Submission,
    key: PrivateKey,
    log: String,
}

/// An agreement in which the narrative says this. Its key is fresh: it follows from the number.
pub fn agreement(log: &str, number: u64, narrative: &str) -> Written {
    let mut draft = Draft::new(kind::find("agreement").unwrap());
    draft.set("subjects", Json::List(vec![Json::text("acme.example")]));
    draft.set("basis", Json::text("spoken"));
    draft.set("offers", Json::text("closed"));
    draft.set("lang", Json::text("en"));
    let commitment = Json::map([("by", Json::text("acme.example"))]).into_owned();
    draft.set("commitments", Json::List(vec![commitment]));
    let title = format!("Agreement {number}");
    for (name, value) in
        [("title", &*title), ("commitment_1", "Acme refunds it."), ("narrative", narrative)]
    {
        let salt = seed(number, name)[..16].try_into().unwrap();
        draft.disclose(Disclosure::make(&salt, name, Json::text(value)).unwrap());
    }
    let key = PrivateKey::from_seed(&seed(number, "key"));
    let prepared = draft.prepare(&frame(log, &key, number)).unwrap();
    written(prepared, key, log)
}

/// The erasure of all words of an agreement, by its signer.
pub fn erasure(target: &Written, number: u64) -> Written {
    let mut draft = Draft::new(kind::find("erasure").unwrap());
    draft.set("re", Json::text(target.id.to_string()));
    draft.set("reason", Json::text("privacy"));
    let digests = target.words.iter().map(|word| word.digest().to_base64url());
    let mut digests: Vec<String> = digests.collect();
    digests.sort();
    draft.set("digests", Json::List(digests.into_iter().map(Json::text).collect()));
    follow_up(target, number, draft)
}

/// What a signer says next on an agreement of theirs.
pub fn follow_up(target: &Written, number: u64, draft: Draft) -> Written {
    let prepared = draft.prepare(&frame(&target.log, &target.key, number)).unwrap();
    written(prepared, target.key.clone(), &target.log)
}

fn frame(log: &str, key: &PrivateKey, number: u64) -> Frame {
    Frame {
        log: log.to_owned(),
        signers: vec![key.did()],
        nonce: seed(number, "nonce")[..16].try_into().unwrap(),
        claimed_at: clock::now().at_the_minute(),
        seen: None,
    }
}

fn written(prepared: Prepared, key: PrivateKey, log: &str) -> Written {
    let envelope = prepared.sign(&[&key]);
    let words = prepared.public;
    let sent = Submission::of(&envelope, &words);
    Written { id: envelope.id(), words, sent, key, log: log.to_owned() }
}

/// The body of the request.
impl fmt::Display for Written {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signatures = self.sent.signatures.iter();
        let signatures: Vec<_> =
            signatures.map(|(keyid, sig)| json!({ "keyid": keyid, "sig": sig })).collect();
        let body = json!({
            "envelope": {
                "payload": self.sent.payload,
                "payloadType": self.sent.payload_type,
                "signatures": signatures,
            },
            "disclosures": self.sent.disclosures,
        });
        body.fmt(formatter)
    }
}

fn seed(number: u64, purpose: &str) -> [u8; 32] {
    *sha256(format!("process test {number} {purpose}").as_bytes()).as_bytes()
}
