//! Random ledgers that a ledger could have admitted: every number is in the list in force, every `re` is there
//! and of its kind, subjects speak of what they owe, and nothing but assessments, subjects and the operator
//! follows a withdrawal.

use onrecord::encoding::time::{Date, Moment};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::plain::Plain;

/// The organizations. The last one is a subject of nothing.
pub const DOMAINS: [&str; 4] = ["acme.example", "meat.example", "ship.example", "rival.example"];

/// What chance says of one entry: what to state, which of several things to state it of, when, and how.
pub type Chance = (u8, u16, u32, u8);

pub fn chances() -> impl Strategy<Value = Vec<Chance>> {
    prop::collection::vec((0_u8..40, any::<u16>(), 0_u32..700_000, any::<u8>()), 1..60)
}

/// A thread as far as the making of admissible entries needs it.
struct Thread {
    id: String,
    subjects: Vec<&'static str>,
    list: Vec<Value>,
    offers: Vec<(String, Moment)>,
    breaches: Vec<String>,
    judged: Vec<(String, &'static str)>,
    amendments: Vec<String>,
    withdrawn: bool,
    terminated: bool,
}

/// Makes a ledger of what chance says.
pub fn ledger(chances: &[Chance]) -> Vec<Plain> {
    let mut making = Making {
        time: Moment::parse_millis("2026-01-01T00:00:00.000Z").unwrap(),
        entries: Vec::new(),
        threads: Vec::new(),
    };
    making.push(policy(14, 60));
    for chance in chances {
        making.time = making.time.plus(std::time::Duration::from_secs(chance.2.into()));
        making.step(*chance);
    }
    making.entries
}

struct Making {
    time: Moment,
    entries: Vec<Plain>,
    threads: Vec<Thread>,
}

fn policy(response_days: u16, final_days: u16) -> Value {
    let key = "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw";
    json!({"kind": "policy", "operator_keys": [key], "response_days": response_days,
        "final_days": final_days, "reserved_domains": true})
}

impl Making {
    fn push(&mut self, fields: Value) -> String {
        let entry = Plain::new(self.entries.len() as u64, self.time, fields);
        self.entries.push(entry);
        self.entries.last().unwrap().id.to_string()
    }

    fn day(&self, days: u8) -> String {
        // From a month before to about seven months after.
        let days = std::time::Duration::from_secs(86_400 * u64::from(days));
        let month = std::time::Duration::from_secs(86_400 * 30);
        self.time.minus(month).plus(days).date().to_string()
    }

    fn step(&mut self, (what, which, _, how): Chance) {
        let domain = DOMAINS[usize::from(which) % 3];
        match what {
            0..6 => self.agree(which, how),
            6..8 => {
                let mut claim = json!({"kind": "claim", "domain": domain});
                if how % 3 > 0 {
                    claim["response_days"] = json!(how % 30 + 1);
                }
                if how % 5 > 0 {
                    claim["final_days"] = json!(how % 90 + 1);
                }
                self.push(claim);
            }
            8 => drop(self.push(policy(u16::from(how % 30) + 1, u16::from(how % 90) + 1))),
            _ if self.threads.is_empty() => {}
            _ => {
                let place = usize::from(which) % self.threads.len();
                let mut thread = self.threads.swap_remove(place);
                self.follow(&mut thread, what, which, how);
                self.threads.push(thread);
                let last = self.threads.len() - 1;
                self.threads.swap(place, last);
            }
        }
    }

    fn list(&self, subjects: &[&str], which: u16, how: u8) -> Vec<Value> {
        let promise = |place: u16| {
            let by = match usize::from(which / 3 + place) % (subjects.len() + 1) {
                0 => "signer",
                other => subjects[other - 1],
            };
            let due = self.day(how.wrapping_mul(place as u8 + 1));
            match (how / 8 + place as u8) % 3 {
                0 => json!({"by": by}),
                1 => json!({"by": by, "due": due}),
                _ => json!({"by": by, "due": due[..7]}),
            }
        };
        (0..which % 4 + 1).map(promise).collect()
    }

    fn agree(&mut self, which: u16, how: u8) {
        let subjects = DOMAINS[..3]
            .iter()
            .copied()
            .skip(usize::from(how % 3))
            .take(1 + usize::from(how / 3 % 3));
        let subjects: Vec<_> = subjects.collect();
        let list = self.list(&subjects, which, how);
        let mut fields = json!({"kind": "agreement", "basis": "written", "lang": "en",
            "offers": "welcome", "subjects": subjects, "commitments": list});
        if how.is_multiple_of(7) {
            fields["imported_from"] = json!("registry.example");
        }
        let id = self.push(fields);
        self.threads.push(Thread {
            id,
            subjects,
            list,
            offers: Vec::new(),
            breaches: Vec::new(),
            judged: Vec::new(),
            amendments: Vec::new(),
            withdrawn: false,
            terminated: false,
        });
    }

    /// A statement of a thread, by its signers, a subject, another organization or the operator.
    fn follow(&mut self, thread: &mut Thread, what: u8, which: u16, how: u8) {
        let subject = thread.subjects[usize::from(how) % thread.subjects.len()];
        match what {
            9..20 if !thread.withdrawn => self.by_signers(thread, what, which, how),
            9..20 => drop(self.push(assessment(thread, how))),
            20..26 => self.respond(thread, subject, which, how),
            26..30 => self.judge(thread, subject, which),
            30..34 => {
                let owed = (1_u8..).zip(&thread.list).filter(|(_, one)| one["by"] == subject);
                let owed: Vec<_> = owed.map(|(number, _)| number).collect();
                if !owed.is_empty() {
                    let mut fields = self.fulfilment(thread, owed, how);
                    fields["domain"] = json!(subject);
                    self.push(fields);
                }
            }
            34..36 => {
                let expires = self.day(how);
                let id = self.push(json!({"kind": "offer", "thread": thread.id,
                    "domain": DOMAINS[3], "expires": expires}));
                thread.offers.push((id, Date::parse(&expires).unwrap().over_everywhere()));
            }
            36 if !thread.terminated => {
                let effective = self.day(how);
                self.push(json!({"kind": "termination", "thread": thread.id, "domain": subject,
                    "effective": effective}));
                thread.terminated = true;
            }
            37 => {
                let list = self.list(&thread.subjects, which, how);
                let fields = json!({"kind": "amendment", "thread": thread.id, "by": "unilateral",
                    "domain": subject, "effective": self.day(how), "commitments": list});
                let id = self.push(fields);
                thread.amendments.push(id);
            }
            _ => self.moderate(thread, which, how),
        }
    }

    fn by_signers(&mut self, thread: &mut Thread, what: u8, which: u16, how: u8) {
        let numbers: Vec<u8> =
            (1..=thread.list.len() as u8).filter(|n| (which >> n) & 1 == 1 || *n == 1).collect();
        match what {
            9..13 => {
                let since = self.day(how);
                let id = self.push(json!({"kind": "breach", "thread": thread.id, "since": since,
                    "desired_outcome": "refund", "commitment_numbers": numbers}));
                thread.breaches.push(id);
            }
            13..16 => {
                let fields = self.fulfilment(thread, numbers, how);
                self.push(fields);
            }
            16 => {
                let list = self.list(&thread.subjects, which, how);
                let fields = json!({"kind": "amendment", "thread": thread.id, "by": "mutual",
                    "effective": self.day(how), "commitments": list});
                let id = self.push(fields);
                thread.list = list;
                thread.amendments.push(id);
            }
            17 if how.is_multiple_of(4) => {
                self.push(json!({"kind": "withdrawal", "thread": thread.id}));
                thread.withdrawn = true;
            }
            18 if thread.offers.last().is_some_and(|(_, late)| self.time < *late) => {
                let (offer, _) = thread.offers.pop().unwrap();
                self.push(json!({"kind": "acceptance", "thread": thread.id, "re": offer}));
            }
            _ => drop(self.push(assessment(thread, how))),
        }
    }

    fn fulfilment(&self, thread: &Thread, numbers: Vec<u8>, how: u8) -> Value {
        json!({"kind": "fulfilment", "thread": thread.id, "commitment_numbers": numbers,
            "extent": (["full", "partial"][usize::from(how % 2)]), "occurred_on": self.day(how)})
    }

    fn respond(&mut self, thread: &Thread, subject: &str, which: u16, how: u8) {
        let Some(last) = thread.breaches.len().checked_sub(1) else { return };
        let breach = &thread.breaches[usize::from(which) % (last + 1)];
        let mut fields = json!({"kind": "response", "thread": thread.id, "domain": subject,
            "re": breach, "stage": (["acknowledged", "in_progress", "final"][usize::from(how % 3)])});
        match how % 3 {
            1 => fields["expected_final_by"] = json!(self.day(how)),
            2 => fields["outcome"] = json!("apology"),
            _ => {}
        }
        self.push(fields);
    }

    fn judge(&mut self, thread: &mut Thread, subject: &'static str, which: u16) {
        let all: Vec<_> = std::iter::once(&thread.id).chain(&thread.amendments).collect();
        let re = all[usize::from(which) % all.len()].clone();
        if thread.judged.contains(&(re.clone(), subject)) {
            return;
        }
        let verdict = ["confirmed", "partly", "declined"][usize::from(which / 5 % 3)];
        let mut fields = json!({"kind": "countersignature", "thread": thread.id, "re": re,
            "domain": subject, "verdict": verdict});
        if verdict == "declined" {
            fields["reason"] = json!("duplicate");
        }
        self.push(fields);
        thread.judged.push((re, subject));
    }

    fn moderate(&mut self, thread: &Thread, which: u16, how: u8) {
        let mut targets: Vec<_> = thread.breaches.iter().chain(&thread.amendments).collect();
        targets.push(&thread.id);
        let re = targets[usize::from(which) % targets.len()];
        let decision = ["withheld", "restored", "erased"][usize::from(how % 3)];
        let digests = match how % 3 {
            2 => vec!["SJHJyus83paYBUFSgFYuMVP4dzSXf68hjz0FgWeAF1E"],
            _ => Vec::new(),
        };
        self.push(json!({"kind": "moderation", "re": re, "digests": digests,
            "decision": decision, "ground": "privacy", "source": "notice"}));
    }
}

fn assessment(thread: &Thread, how: u8) -> Value {
    let resolved = ["yes", "partly", "no"][usize::from(how % 3)];
    json!({"kind": "assessment", "thread": thread.id, "resolved": resolved})
}
