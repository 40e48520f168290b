//! A ledger to try statements on, one after the other. An audit follows: it has to find nothing wrong with what
//! was admitted, and the same reason in what was refused.

use std::collections::HashSet;
use std::time::Duration;

use onrecord::encoding::domain::Domain;
use onrecord::encoding::json::Json;
use onrecord::encoding::time::Moment;
use onrecord::entry::{Entry, Links};
use onrecord::ledger::{Candidate, Facts, Outcome, Standing, Voice, plan};
use onrecord::statement::Reason;
use onrecord::tlog::{VerifierKey, leaf_hash};
use onrecord::verify::{History, check_leaf};

use crate::author::{Author, noon, policy};

pub struct World {
    facts: Facts,
    standing: Standing,
    leaves: Vec<Vec<u8>>,
    history: History,
    pub now: Moment,
    pub operator: Author,
}

pub const ACME: &str = "acme.example";
pub const BOLT: &str = "bolt.example";

impl World {
    pub fn new() -> Self {
        let mut facts = Facts::new(None);
        for name in [ACME, BOLT] {
            facts.voices.insert(Domain::parse(name).unwrap(), Voice::default());
        }
        facts.parties = Some(HashSet::new());
        let operator = Author::new(200);
        let mut world = Self {
            facts,
            standing: Standing { size: 0, newest: None },
            leaves: Vec::new(),
            history: History::new(operator.log.parse().unwrap()),
            now: noon(),
            operator,
        };
        let policy = policy(&world.operator);
        assert_eq!(world.publish(&policy), None);
        world
    }

    pub fn wait(&mut self, hours: u64) {
        self.now = self.now.plus(Duration::from_secs(hours * 3600));
    }

    /// Why it is refused, if it is; admission and audit agree.
    pub fn publish(&mut self, candidate: &Candidate) -> Option<Reason> {
        let mut plan = plan(self.standing, self.facts.clone(), vec![candidate.clone()], self.now);
        self.facts = plan.facts;
        match plan.outcomes.remove(0) {
            Outcome::Admitted(index) => {
                let planned = plan.entries.remove(0);
                self.standing =
                    Standing { size: index + 1, newest: Some((planned.leaf_hash, plan.time)) };
                self.leaves.push(planned.leaf.to_vec());
                let checked = check_leaf(&planned.leaf, self.history.origin());
                let audited = self.history.push(checked, &self.leaves[..]).unwrap();
                assert_eq!(audited.faults, [], "an audit of what was admitted");
                assert_eq!(audited.rules_not_checked, None);
                None
            }
            Outcome::Refused(refusal) => {
                let faults = self.audit_of_refused(candidate);
                assert_eq!(faults, [refusal.reason.name()], "an audit of what was refused");
                Some(refusal.reason)
            }
            Outcome::Logged(index) => panic!("it is entry {index}"),
        }
    }

    /// Why a log that signs with those keys refuses it, if it does. Nothing is logged.
    pub fn refused_by_a_log_with(
        &self,
        keys: &[VerifierKey],
        candidate: &Candidate,
    ) -> Option<Reason> {
        let mut facts = self.facts.clone();
        facts.signs_with = Some(keys.to_vec());
        let plan = plan(self.standing, facts, vec![candidate.clone()], self.now);
        match &plan.outcomes[..] {
            [Outcome::Refused(refusal)] => Some(refusal.reason),
            outcomes => {
                assert!(matches!(outcomes, [Outcome::Admitted(_)]));
                None
            }
        }
    }

    /// What an audit that was interrupted finds where a ledger logs it nevertheless, but for its links.
    fn audit_of_refused(&mut self, candidate: &Candidate) -> Vec<&'static str> {
        let mut history = History::from_bytes(&self.history.to_bytes()).unwrap();
        let prev = self.leaves.last().map(|leaf| leaf_hash(leaf));
        let entry = Entry {
            envelope: candidate.signed.envelope().clone(),
            index: history.size(),
            links: Links { prev, ..Links::default() },
            time: self.now,
        };
        let checked = check_leaf(&entry.to_leaf(), history.origin());
        let audited = history.push(checked, &self.leaves[..]).unwrap();
        let names = audited.faults.iter().map(|fault| fault.name());
        names.filter(|name| !name.ends_with("link_broken")).collect()
    }

    /// The operator saw that the domain lists the keys of these authors.
    pub fn observe(&mut self, domain: &'static str, keys: &[&Author]) {
        let mut keys: Vec<_> = keys.iter().map(|author| author.keys[0].did().to_string()).collect();
        keys.sort();
        let fields = [
            ("domain", Json::text(domain)),
            ("keys", Json::List(keys.into_iter().map(Json::text).collect())),
            ("method", Json::text("https")),
        ];
        let observation = self.operator.sign("observation", &fields, &[]);
        assert_eq!(self.publish(&observation), None);
    }

    /// The domain lists the key of this author, who claims it.
    pub fn claim(&mut self, domain: &'static str, author: &Author) {
        self.observe(domain, &[author]);
        assert_eq!(self.publish(&claim(author, domain)), None);
    }

    /// It has to be admitted.
    pub fn admit(&mut self, candidate: Candidate) -> Candidate {
        assert_eq!(self.publish(&candidate), None);
        candidate
    }
}

pub fn claim(author: &Author, domain: &'static str) -> Candidate {
    author.sign("claim", &[("domain", Json::text(domain))], &[])
}
