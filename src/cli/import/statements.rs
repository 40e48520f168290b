//! What a complaint becomes: an agreement whose only commitment is to answer it, a breach that says what the
//! consumer complained about, and an assessment where the database says that the consumer disputed the
//! answer. No promise is invented: nothing is said to be due on a day, and the outcome asked for is an
//! explanation, which is what an answer is.
//!
//! Everything that is random elsewhere is derived from the importer's key and the complaint here, so that the
//! same complaint becomes the same statement again, which a ledger logs once.

use super::cfpb::Complaint;
use crate::crypto::{Hash, PrivateKey, sha256_of};
use crate::encoding::domain::Domain;
use crate::encoding::json::Json;
use crate::encoding::text::{check_line, check_lines};
use crate::encoding::time::Moment;
use crate::statement::draft::Frame;
use crate::statement::{Disclosure, Draft, Prepared, Reason, Refusal, StatementId, kind};
use unicode_normalization::UnicodeNormalization as _;

/// Where the complaints come from.
const SOURCE: &str = "consumerfinance.gov";
/// Bytes of a text, so that its disclosure stays below 16 KiB also when every letter is escaped to two.
const TEXT_MAX: usize = 5_500;

/// Makes the statements of one importer for one ledger.
#[derive(Debug)]
pub(super) struct Importer {
    key: PrivateKey,
    secret: Hash,
    log: String,
}

/// The statements that may follow an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Agreement,
    Breach,
    Assessment,
}

impl Step {
    const fn kind(self) -> &'static str {
        match self {
            Self::Agreement => "agreement",
            Self::Breach => "breach",
            Self::Assessment => "assessment",
        }
    }

    /// The steps of a complaint, in order.
    pub(super) fn of(complaint: &Complaint) -> Vec<Self> {
        let mut steps = vec![Self::Agreement, Self::Breach];
        steps.extend(complaint.is_disputed.then_some(Self::Assessment));
        steps
    }
}

impl Importer {
    pub(super) fn new(key: PrivateKey, log: String) -> Self {
        let secret = sha256_of(&[b"onrecord import 1\n", key.seed(), log.as_bytes()]);
        Self { key, secret, log }
    }

    /// The key that signs.
    pub(super) const fn key(&self) -> &PrivateKey {
        &self.key
    }

    /// One statement of a complaint. `thread` is the agreement's id, for those that follow it.
    pub(super) fn prepare(
        &self,
        step: Step,
        complaint: &Complaint,
        domain: &Domain,
        thread: Option<StatementId>,
        claimed_at: Moment,
    ) -> Result<Prepared, Refusal> {
        let Some(kind) = kind::find(step.kind()) else {
            return Err(Refusal::new(Reason::UnknownKind, step.kind()));
        };
        let mut draft = Draft::new(kind);
        if let Some(thread) = thread {
            draft.set("thread", Json::text(thread.to_string()));
        }
        for (name, value) in fields(step, complaint, domain) {
            draft.set(name, value);
        }
        for (name, text) in words(step, complaint) {
            let salt = self.derive(step, &complaint.id, name);
            draft.disclose(Disclosure::make(&salt, name, Json::text(text))?);
        }
        draft.prepare(&Frame {
            log: self.log.clone(),
            signers: vec![self.key.did()],
            nonce: self.derive(step, &complaint.id, ""),
            claimed_at,
            seen: None,
        })
    }

    /// 16 bytes that nobody without the key can tell from random ones.
    fn derive(&self, step: Step, complaint: &str, word: &str) -> [u8; 16] {
        let label = format!("\n{}\n{complaint}\n{word}", step.kind());
        let hash = sha256_of(&[self.secret.as_bytes(), label.as_bytes()]);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.as_bytes()[..16]);
        bytes
    }
}

fn fields(
    step: Step,
    complaint: &Complaint,
    domain: &Domain,
) -> Vec<(&'static str, Json<'static>)> {
    let domain = || Json::text(domain.to_string());
    match step {
        Step::Agreement => vec![
            ("basis", Json::text("statutory")),
            ("commitments", Json::List(vec![Json::map([("by", domain())])])),
            ("imported_from", Json::text(SOURCE)),
            ("lang", Json::text("en")),
            ("offers", Json::text("closed")),
            ("subjects", Json::List(vec![domain()])),
        ],
        Step::Breach => vec![
            ("commitment_numbers", Json::List(vec![Json::Integer(1)])),
            ("desired_outcome", Json::text("explanation")),
            ("since", Json::text(complaint.received.to_string())),
        ],
        Step::Assessment => vec![("resolved", Json::text("no"))],
    }
}

fn words(step: Step, complaint: &Complaint) -> Vec<(&'static str, String)> {
    match step {
        Step::Agreement => vec![
            ("commitment_1", format!("Answer complaint {}", complaint.id)),
            ("narrative", lines(&about(complaint))),
            ("title", line(&format!("Complaint {}: {}", complaint.id, complaint.product))),
        ],
        Step::Breach => vec![("narrative", lines(&complained(complaint)))],
        Step::Assessment => vec![("note", lines(&disputed(complaint)))],
    }
}

fn about(complaint: &Complaint) -> String {
    let mut text = format!(
        "Imported from the CFPB's public complaint database. Company: {}. Received on {}",
        complaint.company, complaint.received
    );
    if let Some(sent) = complaint.sent {
        text.push_str(&format!(", sent to the company on {sent}"));
    }
    text + "."
}

fn complained(complaint: &Complaint) -> String {
    let rows = [
        ("Product", &complaint.product),
        ("Sub-product", &complaint.sub_product),
        ("Issue", &complaint.issue),
        ("Sub-issue", &complaint.sub_issue),
    ];
    let rows = rows.iter().filter(|(_, value)| !value.is_empty());
    let mut parts: Vec<_> = rows.map(|(name, value)| format!("{name}: {value}")).collect();
    if !complaint.narrative.is_empty() {
        parts.push(format!("\n{}", complaint.narrative));
    }
    parts.join("\n")
}

fn disputed(complaint: &Complaint) -> String {
    let answer = if complaint.response.is_empty() { "not stated" } else { &complaint.response };
    format!("The consumer disputed the company's response ({answer}).")
}

/// As one line of a statement: in NFC, without what may not stand there.
fn line(text: &str) -> String {
    clean(text, |letter| check_line(letter).is_ok())
}

fn lines(text: &str) -> String {
    clean(text, |letter| check_lines(letter).is_ok())
}

fn clean(text: &str, is_allowed: impl Fn(&str) -> bool) -> String {
    let mut buffer = [0; 4];
    let mut clean = String::with_capacity(text.len());
    for letter in text.nfc() {
        if clean.len() + letter.len_utf8() > TEXT_MAX {
            clean.push_str(" […]");
            break;
        }
        clean.push(if is_allowed(letter.encode_utf8(&mut buffer)) { letter } else { ' ' });
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::time::Date;

    fn complaint() -> Complaint {
        let text = |text: &str| text.to_owned();
        Complaint {
            id: text("511074"),
            company: text("Acme"),
            received: Date::parse("2013-08-30").unwrap(),
            sent: None,
            product: text("Mortgage\u{7}"),
            sub_product: String::new(),
            issue: text("Fees"),
            sub_issue: String::new(),
            narrative: "\"\u{1}é\" ".repeat(5_000),
            response: String::new(),
            is_disputed: true,
        }
    }

    fn prepare(importer: &Importer, step: Step) -> Prepared {
        let domain = Domain::parse("acme.example").unwrap();
        let thread = (step != Step::Agreement).then(|| StatementId::from_hash(importer.secret));
        let at = Moment::parse_seconds("2026-11-20T10:00:00Z").unwrap();
        importer.prepare(step, &complaint(), &domain, thread, at).unwrap()
    }

    #[test]
    fn the_same_complaint_becomes_the_same_bytes_again() {
        let importer = |seed| Importer::new(PrivateKey::from_seed(&[seed; 32]), "a.example".into());
        for step in Step::of(&complaint()) {
            let payload = prepare(&importer(1), step).payload().to_vec();
            assert_eq!(prepare(&importer(1), step).payload(), payload);
            assert_ne!(prepare(&importer(2), step).payload(), payload);
        }
    }

    #[test]
    fn only_the_promise_to_answer_is_made_and_nothing_is_due() {
        let importer = Importer::new(PrivateKey::from_seed(&[1; 32]), "a.example".into());
        let prepared = prepare(&importer, Step::Agreement);
        let commitments = prepared.statement().fields().commitments("commitments");
        assert_eq!((commitments.len(), &commitments[0].due), (1, &None));
        assert_eq!(prepared.statement().fields().domain("imported_from").unwrap().as_str(), SOURCE);
    }

    #[test]
    fn no_two_words_share_a_salt() {
        let importer = Importer::new(PrivateKey::from_seed(&[1; 32]), "a.example".into());
        let mut seen = std::collections::BTreeSet::new();
        for step in [Step::Agreement, Step::Breach, Step::Assessment] {
            for word in ["", "title", "narrative", "note"] {
                assert!(seen.insert(importer.derive(step, "1", word)));
                assert!(seen.insert(importer.derive(step, "11", word)));
            }
        }
    }
}
