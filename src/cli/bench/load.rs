//! Submissions signed before the clock starts: distinct keys, one agreement each, about so many bytes of
//! words. The seeds follow from a number, so that two runs send the same load.

use crate::clock;
use crate::crypto::{PrivateKey, sha256_of};
use crate::encoding::base64;
use crate::encoding::json::{Json, write_text};
use crate::statement::draft::Frame;
use crate::statement::{Disclosure, Draft, Kind, Refusal, kind};

/// Bytes of title and commitment, which every agreement has.
const OTHER_WORDS: usize = 60;

/// How many organizations the agreements name, one after the other.
pub(super) const SUBJECTS: u64 = 100;

/// The organization that an agreement names.
pub(super) fn subject(number: u64) -> String {
    format!("bench-{}.example", number % SUBJECTS)
}

/// What the load is made for.
pub(super) struct Plan<'a> {
    /// Origin of the ledger.
    pub(super) origin: &'a str,
    /// Bytes of words in each agreement.
    pub(super) words: usize,
    /// Tells one run's load from another's.
    pub(super) seed: u64,
}

impl Plan<'_> {
    /// Signs submissions `from..to` on all cores.
    pub(super) fn sign(&self, from: u64, to: u64) -> Result<Vec<Vec<u8>>, Refusal> {
        let kind = kind::find("agreement").ok_or_else(no_agreement)?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
        let share = (to - from).div_ceil(threads).max(1);
        let parts = std::thread::scope(|scope| {
            let starts = (0..threads).map(|part| from + part * share);
            let signers: Vec<_> = starts
                .map(|start| {
                    scope.spawn(move || self.sign_part(kind, start, (start + share).min(to)))
                })
                .collect();
            signers
                .into_iter()
                .map(|signer| signer.join().unwrap_or_else(|_| Ok(Vec::new())))
                .collect::<Vec<_>>()
        });
        Ok(parts.into_iter().collect::<Result<Vec<_>, _>>()?.concat())
    }

    fn sign_part(&self, kind: &'static Kind, from: u64, to: u64) -> Result<Vec<Vec<u8>>, Refusal> {
        (from..to).map(|number| self.sign_one(kind, number)).collect()
    }

    fn sign_one(&self, kind: &'static Kind, number: u64) -> Result<Vec<u8>, Refusal> {
        let random =
            sha256_of(&[b"onrecord bench", &self.seed.to_be_bytes(), &number.to_be_bytes()]);
        let key = PrivateKey::from_seed(random.as_bytes());
        let (salt, nonce) = halves(random.as_bytes());
        let subject = subject(number);
        let narrative = "They promised it on the phone. ".repeat(self.words.div_ceil(31));
        let narrative = &narrative[..self.words.saturating_sub(OTHER_WORDS).max(1)];
        let mut draft = Draft::new(kind);
        let by = Json::map([("by", Json::text(subject.clone()))]);
        draft.set("basis", Json::text("spoken"));
        draft.set("commitments", Json::List(vec![by]));
        draft.set("lang", Json::text("en"));
        draft.set("offers", Json::text("closed"));
        draft.set("subjects", Json::List(vec![Json::text(subject)]));
        for (name, text) in [
            ("title", "Refund agreed by phone"),
            ("commitment_1", "The shop refunds EUR 120.00 to my card."),
            ("narrative", narrative),
        ] {
            draft.disclose(Disclosure::make(&salt, name, Json::text(text))?);
        }
        let prepared = draft.prepare(&Frame {
            log: self.origin.to_owned(),
            signers: vec![key.did()],
            nonce,
            claimed_at: clock::now().at_the_minute(),
            seen: None,
        })?;
        let envelope = prepared.sign(&[&key]);
        let mut body = String::from(r#"{"disclosures":["#);
        for (place, word) in prepared.public.iter().enumerate() {
            if place > 0 {
                body.push(',');
            }
            write_text(word.encoded(), &mut body);
        }
        body.push_str(r#"],"envelope":"#);
        envelope.write_to(&mut body);
        body.push('}');
        Ok(body.into_bytes())
    }
}

fn no_agreement() -> Refusal {
    Refusal::new(crate::statement::Reason::UnknownKind, "agreement")
}

fn halves(bytes: &[u8; 32]) -> ([u8; 16], [u8; 16]) {
    let (chunks, _) = bytes.as_chunks::<16>();
    (chunks[0], chunks[1])
}

/// Bodies of so many bytes for the bare server: a key, a signature, and a message.
pub(super) fn sign_bare(count: u64, bytes: usize) -> Vec<Vec<u8>> {
    let bytes = bytes.saturating_sub(32 + 64).max(1);
    let one = |number: u64| {
        let seed = sha256_of(&[b"onrecord bare bench", &number.to_be_bytes()]);
        let key = PrivateKey::from_seed(seed.as_bytes());
        let message = base64::encode(seed.as_bytes()).repeat(bytes.div_ceil(44)).into_bytes();
        let message = &message[..bytes];
        let signature = key.sign(message);
        [key.public_key().as_bytes().as_slice(), signature.as_bytes(), message].concat()
    };
    (0..count).map(one).collect()
}
