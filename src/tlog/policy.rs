//! A trust policy: which logs are known, which witnesses, and which of these must have cosigned (C2SP
//! tlog-policy). [`Policy::judge`] holds a signed checkpoint against it, and tells by when what the
//! checkpoint covers existed (protocol §7). The file is read in `policy_file`.

use super::checkpoint::{BadLogSignature, SignedCheckpoint, verify_log_lines};
use super::cosignature::verify_cosignature;
use super::foreign_checkpoint::ForeignCheckpoint;
use super::key::{KeyId, KeyName, Scheme, VerifierKey};
use super::note::Note;

/// A rule that says which checkpoints to believe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub(super) logs: Vec<Listed>,
    pub(super) witnesses: Vec<Listed>,
    /// Each refers only to groups before it.
    pub(super) groups: Vec<Group>,
    pub(super) quorum: Option<Member>,
}

/// A log or a witness as a policy lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub(super) name: Box<str>,
    pub(super) key: VerifierKey,
    pub(super) url: Option<Box<str>>,
}

impl Listed {
    /// What it is called: a log by its origin, a witness by a name that counts in this file alone.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its key.
    pub const fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// Where it answers, where the file says so; that it is an address is not checked.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }
}

/// Who cosigns: one witness, or a group of which enough did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Member {
    Witness(usize),
    Group(usize),
}

/// Members of which at least `threshold` (1 to their number) must have cosigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) name: Box<str>,
    pub(super) threshold: usize,
    pub(super) members: Vec<Member>,
}

/// What a policy finds about a checkpoint, part by part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Whether a known key of the log named in the checkpoint signed it.
    pub log: LogFinding,
    /// What each witness of the policy says, in the order of the policy.
    pub witnesses: Vec<(KeyName, WitnessFinding)>,
    /// Whether enough of them say it.
    pub quorum: QuorumFinding,
    /// Who else has a line under the checkpoint. The policy does not know their keys, so nothing in these
    /// lines was checked and nothing rests on them.
    pub unknown: Vec<(KeyName, KeyId)>,
}

impl Judgement {
    /// Whether the checkpoint is to be believed: signed by its log, cosigned by the quorum, and without
    /// a bad line under a known key's name.
    pub fn holds(&self) -> bool {
        let has_bad = self.witnesses.iter().any(|(_, finding)| *finding == WitnessFinding::Bad);
        matches!(self.log, LogFinding::Signed(_))
            && self.quorum != QuorumFinding::NotMet
            && !has_bad
    }
}

/// What was found about the signature of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogFinding {
    /// Good, by the key with this id.
    Signed(KeyId),
    /// The policy has no key for the log that the checkpoint is of.
    UnknownLog,
    /// No line names a key that the policy has for this log.
    Missing,
    /// A line names such a key but is not by it.
    Bad,
}

/// What was found about one witness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WitnessFinding {
    /// It had seen the checkpoint by then, in seconds since 1970.
    SeenBy(u64),
    /// Its only lines say no time, so that they do not count.
    Untimed,
    /// It has no line.
    Absent,
    /// A line is under its name but not by it.
    Bad,
    /// It has a line of a type that is not checked yet.
    UnknownType,
}

/// What was found about the quorum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuorumFinding {
    /// The policy asks for none.
    NoneAsked,
    /// Met, and by this time, in seconds since 1970, the checkpoint and all it covers existed.
    Met {
        /// The earliest time such that cosignatures up to it form the quorum.
        existed_by: u64,
    },
    /// Too few cosigned.
    NotMet,
}

impl Policy {
    /// The policy that believes this log's key alone and asks for no witness.
    pub fn of_log(key: VerifierKey) -> Self {
        let nobody =
            Self { logs: Vec::new(), witnesses: Vec::new(), groups: Vec::new(), quorum: None };
        nobody.and_log_key(key)
    }

    /// The same, which believes this key of a log as well.
    #[must_use]
    pub fn and_log_key(mut self, key: VerifierKey) -> Self {
        let name = key.name().as_str().into();
        self.logs.push(Listed { name, key, url: None });
        self
    }

    /// The logs it knows; one log may have several keys.
    pub fn logs(&self) -> &[Listed] {
        &self.logs
    }

    /// The keys that it knows of the log with that origin.
    pub fn log_keys(&self, origin: &str) -> impl Iterator<Item = &VerifierKey> {
        self.logs.iter().map(Listed::key).filter(move |key| key.name().as_str() == origin)
    }

    /// The witnesses it knows, whether or not the quorum names them.
    pub fn witnesses(&self) -> &[Listed] {
        &self.witnesses
    }

    /// Holds a checkpoint against the policy.
    pub fn judge(&self, signed: &SignedCheckpoint) -> Judgement {
        self.judge_note(signed.checkpoint().origin().as_str(), signed.note())
    }

    /// The same for a checkpoint of any log.
    pub fn judge_foreign(&self, checkpoint: &ForeignCheckpoint) -> Judgement {
        self.judge_note(checkpoint.origin(), checkpoint.note())
    }

    fn judge_note(&self, origin: &str, note: &Note) -> Judgement {
        let findings: Vec<WitnessFinding> =
            self.witnesses.iter().map(|one| find_witness(note, &one.key)).collect();
        Judgement {
            log: self.find_log(origin, note),
            quorum: self.find_quorum(&findings),
            witnesses: self
                .witnesses
                .iter()
                .map(|one| one.key.name().clone())
                .zip(findings)
                .collect(),
            unknown: self.find_unknown(origin, note),
        }
    }

    /// What is found about the signature of the log with that origin under a note.
    pub(super) fn find_log(&self, origin: &str, note: &Note) -> LogFinding {
        let mut found = LogFinding::UnknownLog;
        for key in self.log_keys(origin) {
            match verify_log_lines(note, key) {
                // A bad line under a known key spoils the note, whatever other keys signed.
                Err(BadLogSignature::Bad) => return LogFinding::Bad,
                Ok(()) => found = LogFinding::Signed(key.id()),
                Err(BadLogSignature::Missing) if found == LogFinding::UnknownLog => {
                    found = LogFinding::Missing;
                }
                Err(BadLogSignature::Missing | BadLogSignature::OtherLog) => {}
            }
        }
        found
    }

    fn find_quorum(&self, findings: &[WitnessFinding]) -> QuorumFinding {
        let Some(quorum) = self.quorum else { return QuorumFinding::NoneAsked };
        let witnesses: Vec<Option<u64>> = findings.iter().map(time_of).collect();
        let mut groups: Vec<Option<u64>> = Vec::with_capacity(self.groups.len());
        for group in &self.groups {
            let time = time_of_group(group, &witnesses, &groups);
            groups.push(time);
        }
        match time_of_member(quorum, &witnesses, &groups) {
            Some(existed_by) => QuorumFinding::Met { existed_by },
            None => QuorumFinding::NotMet,
        }
    }

    fn find_unknown(&self, origin: &str, note: &Note) -> Vec<(KeyName, KeyId)> {
        let of_this_log = self.log_keys(origin);
        let witnesses = self.witnesses.iter().map(Listed::key);
        let known: Vec<&VerifierKey> = of_this_log.chain(witnesses).collect();
        let lines = note.signatures().iter();
        lines
            .filter(|line| !known.iter().any(|key| line.names(key)))
            .map(|line| (line.name().clone(), line.id()))
            .collect()
    }
}

fn find_witness(note: &Note, key: &VerifierKey) -> WitnessFinding {
    let mut found = WitnessFinding::Absent;
    for line in note.signatures().iter().filter(|line| line.names(key)) {
        if matches!(key.scheme(), Scheme::Unknown(_)) {
            return WitnessFinding::UnknownType;
        }
        found = match (verify_cosignature(note, line, key), found) {
            (Err(_), _) => return WitnessFinding::Bad,
            (Ok(0), WitnessFinding::Absent) => WitnessFinding::Untimed,
            (Ok(0), found) => found,
            (Ok(time), WitnessFinding::SeenBy(earlier)) => {
                WitnessFinding::SeenBy(time.min(earlier))
            }
            (Ok(time), _) => WitnessFinding::SeenBy(time),
        };
    }
    found
}

const fn time_of(finding: &WitnessFinding) -> Option<u64> {
    match finding {
        WitnessFinding::SeenBy(time) => Some(*time),
        _ => None,
    }
}

fn time_of_member(
    member: Member,
    witnesses: &[Option<u64>],
    groups: &[Option<u64>],
) -> Option<u64> {
    match member {
        Member::Witness(place) => *witnesses.get(place)?,
        Member::Group(place) => *groups.get(place)?,
    }
}

/// A group has witnessed when the last of the earliest `threshold` members has.
fn time_of_group(group: &Group, witnesses: &[Option<u64>], groups: &[Option<u64>]) -> Option<u64> {
    let times = group.members.iter();
    let mut times: Vec<u64> =
        times.filter_map(|member| time_of_member(*member, witnesses, groups)).collect();
    times.sort_unstable();
    times.get(group.threshold.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::PrivateKey;
    use crate::tlog::{Cosigner, LogSigner, NoteSignature, leaf_hash};

    fn log(seed: u8) -> LogSigner {
        LogSigner::new("ledger.example".parse().unwrap(), PrivateKey::from_seed(&[seed; 32]))
    }

    fn witness(number: u8) -> Cosigner {
        Cosigner::new(format!("w{number}").parse().unwrap(), PrivateKey::from_seed(&[number; 32]))
    }

    /// Witnesses 1, 2 and 3 in a group of two, and the group or 4.
    fn policy() -> Policy {
        let mut text = format!("log {}\n", log(100).verifier_key());
        for number in 1..=4 {
            text += &format!("witness {number} {}\n", witness(number).verifier_key());
        }
        text += "group two 2 1 2 3\ngroup all all two 4\nquorum all\n";
        Policy::parse(text.as_bytes()).unwrap()
    }

    fn cosigned(times: &[(u8, u64)]) -> SignedCheckpoint {
        let signed = log(100).sign(5, leaf_hash(b"")).unwrap();
        times.iter().fold(signed, |signed, (number, time)| {
            let line = witness(*number).cosign(signed.note(), *time).unwrap();
            signed.and(line).unwrap()
        })
    }

    #[test]
    fn what_existed_is_dated_by_the_earliest_quorum() {
        let quorum = |times: &[(u8, u64)]| policy().judge(&cosigned(times)).quorum;
        assert_eq!(quorum(&[]), QuorumFinding::NotMet);
        assert_eq!(quorum(&[(1, 10), (2, 20), (3, 30)]), QuorumFinding::NotMet);
        assert_eq!(quorum(&[(4, 5), (1, 10)]), QuorumFinding::NotMet);
        assert_eq!(quorum(&[(4, 5), (1, 10), (2, 20)]), QuorumFinding::Met { existed_by: 20 });
        let later = [(4, 5), (1, 30), (2, 20), (3, 10)];
        assert_eq!(quorum(&later), QuorumFinding::Met { existed_by: 20 });
        assert_eq!(quorum(&[(4, 50), (1, 10), (2, 20)]), QuorumFinding::Met { existed_by: 50 });
    }

    #[test]
    fn a_key_counts_once_and_never_without_a_time() {
        let judged = policy().judge(&cosigned(&[(4, 5), (1, 10), (1, 20)]));
        assert_eq!(judged.quorum, QuorumFinding::NotMet);
        let judged = policy().judge(&cosigned(&[(4, 5), (1, 10), (2, 0)]));
        assert_eq!(judged.witnesses[1].1, WitnessFinding::Untimed);
        assert_eq!(judged.quorum, QuorumFinding::NotMet);
        let judged = policy().judge(&cosigned(&[(4, 5), (1, 10), (2, 0), (2, 40), (2, 30)]));
        assert_eq!(judged.quorum, QuorumFinding::Met { existed_by: 30 });
    }

    #[test]
    fn a_bad_line_under_a_known_name_spoils_a_met_quorum() {
        let good = cosigned(&[(4, 5), (1, 10), (2, 20)]);
        assert!(policy().judge(&good).holds());
        let key = witness(3);
        let key = key.verifier_key();
        let bad = NoteSignature::new(key.name().clone(), key.id(), vec![0; 72]).unwrap();
        let judged = policy().judge(&good.and(bad).unwrap());
        assert_eq!(judged.witnesses[2].1, WitnessFinding::Bad);
        assert!(!judged.holds());
    }

    #[test]
    fn lines_by_unknown_keys_are_listed_and_count_for_nothing() {
        let judged = policy().judge(&cosigned(&[(9, 1), (4, 5), (1, 10), (2, 20)]));
        assert!(judged.holds());
        assert_eq!(judged.unknown.len(), 1);
        assert_eq!(judged.unknown[0].0.as_str(), "w9");
    }

    #[test]
    fn any_of_several_keys_of_a_log_will_do() {
        let lines = |seeds: &[u8]| -> String {
            seeds.iter().map(|seed| format!("log {}\n", log(*seed).verifier_key())).collect()
        };
        let judge = |seeds: &[u8]| {
            let text = format!("{}quorum none\n", lines(seeds));
            Policy::parse(text.as_bytes()).unwrap().judge(&cosigned(&[])).log
        };
        assert_eq!(judge(&[100]), LogFinding::Signed(log(100).verifier_key().id()));
        assert_eq!(judge(&[101, 100]), judge(&[100]));
        assert_eq!(judge(&[100, 101]), judge(&[100]));
        assert_eq!(judge(&[101]), LogFinding::Missing);
        assert_eq!(judge(&[]), LogFinding::UnknownLog);
    }
}
