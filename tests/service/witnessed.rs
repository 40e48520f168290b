//! A ledger whose checkpoints are witnessed: what it announces, with witnesses that answer, that do not, and that answer
//! with anything.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use onrecord::crypto::PrivateKey;
use onrecord::service::comparing::CompareError;
use onrecord::service::{
    Ledger, PublishError, View, WitnessingError, WitnessingParts, WitnessingTimes,
};
use onrecord::store::memory::{MemoryFolder, MemoryWitnessed};
use onrecord::tlog::{LogSigner, Policy, Proof, QuorumFinding, SignedCheckpoint, leaf_hash};
use tokio::task::JoinHandle;

use super::bench_ledger::{Person, log_key, parts, publish, start};
use super::witness_server::{Mood, WitnessServer};

/// Shorter than the real ones: what is slow here is the machine, not a network.
const TIMES: WitnessingTimes = WitnessingTimes {
    every: Duration::from_millis(20),
    grace: Duration::from_millis(200),
    limit: Duration::from_secs(2),
};

fn policy(witnesses: &[WitnessServer], quorum: usize) -> Policy {
    let mut text = format!("log {}\n", log_key().verifier_key());
    let names: Vec<String> = (1..=witnesses.len()).map(|number| format!("w{number}")).collect();
    for (name, witness) in names.iter().zip(witnesses) {
        text += &format!("witness {name} {}\n", witness.key());
    }
    text += &match quorum {
        0 => "quorum none\n".to_owned(),
        _ => format!("group g {quorum} {}\nquorum g\n", names.join(" ")),
    };
    Policy::parse(text.as_bytes()).unwrap()
}

async fn witnesses<const COUNT: usize>() -> [WitnessServer; COUNT] {
    let started = join_all((1..=COUNT).map(|n| WitnessServer::start(u8::try_from(n).unwrap())));
    started.await.try_into().ok().unwrap()
}

/// A ledger and what outlives it.
struct Stand {
    folder: MemoryFolder,
    kept: MemoryWitnessed,
    policy: Policy,
    witnesses: Vec<WitnessServer>,
}

impl Stand {
    fn new(witnesses: &[WitnessServer], quorum: usize) -> Self {
        Self {
            folder: MemoryFolder::default(),
            kept: MemoryWitnessed::default(),
            policy: policy(witnesses, quorum),
            witnesses: witnesses.to_vec(),
        }
    }

    fn parts(&self) -> WitnessingParts {
        WitnessingParts {
            policy: self.policy.clone(),
            witnesses: self.witnesses.iter().map(WitnessServer::client).collect(),
            store: Arc::new(self.kept.clone()),
            times: TIMES,
        }
    }

    async fn start(&self) -> Running {
        let ledger = start(parts(&self.folder)).await;
        ledger.rely_on_witnesses(self.parts()).await.unwrap();
        let keeping = ledger.clone();
        let task = tokio::spawn(async move { keeping.keep_witnessing().await });
        Running { ledger, task, policy: self.policy.clone() }
    }
}

struct Running {
    ledger: Ledger,
    task: JoinHandle<()>,
    policy: Policy,
}

impl Running {
    async fn stop(self) {
        self.task.abort();
        self.ledger.stop().await;
    }

    /// The checkpoint announced, once it has that size. Whatever is announced before has met the quorum too.
    async fn announced(&self, size: u64) -> SignedCheckpoint {
        for _ in 0..1_000 {
            if let Some(view) = self.ledger.announced() {
                let signed = note(&view);
                assert!(self.policy.judge(&signed).holds(), "{signed}");
                if view.size() == size {
                    return signed;
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("not announced: {:?}", self.ledger.announced().map(|view| view.size()));
    }

    async fn lines(&self, size: u64, count: usize) {
        for _ in 0..1_000 {
            if self.announced(size).await.note().signatures().len() == count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{}", self.announced(size).await);
    }

    async fn publish(&self, number: u32) -> Proof {
        let submission = Person::new(number).agreement(number.into(), "A refund");
        let receipt = publish(&self.ledger, &submission).await.unwrap();
        proof(&receipt.bundle)
    }

    fn bundle(&self, index: u64) -> Proof {
        proof(&self.ledger.view().unwrap().bundle(index).unwrap().unwrap())
    }

    fn quorum(&self, proof: &Proof) -> QuorumFinding {
        self.policy.judge(proof.checkpoint()).quorum
    }
}

fn proof(bundle: &onrecord::entry::Bundle) -> Proof {
    let proof: Proof = bundle.proof.parse().unwrap();
    proof.verify(&leaf_hash(&bundle.leaf)).unwrap();
    proof
}

fn note(view: &View) -> SignedCheckpoint {
    std::str::from_utf8(&view.checkpoint()).unwrap().parse().unwrap()
}

#[tokio::test]
async fn what_met_the_quorum_is_announced_and_a_bundle_gets_better_by_it() {
    let witnesses = witnesses::<3>().await;
    let running = Stand::new(&witnesses, 2).start().await;
    running.announced(1).await;
    let first = running.publish(1).await;
    assert_eq!(running.quorum(&first), QuorumFinding::NotMet);
    running.announced(2).await;
    assert!(matches!(running.quorum(&running.bundle(1)), QuorumFinding::Met { .. }));
    running.lines(2, 4).await;
    assert_eq!(running.ledger.health().witnessed, Some(2));
    running.stop().await;
}

#[tokio::test]
async fn without_a_quorum_the_newest_is_announced_and_gets_the_lines_there_are() {
    let witnesses = witnesses::<1>().await;
    witnesses[0].is_now(Mood::Silent);
    let running = Stand::new(&witnesses, 0).start().await;
    running.publish(1).await;
    assert_eq!(running.ledger.announced().unwrap().size(), 2);
    assert_eq!(running.ledger.health().witnessed, None);
    witnesses[0].is_now(Mood::Good);
    running.lines(2, 2).await;
    running.stop().await;
}

#[tokio::test]
async fn publishing_goes_on_whatever_a_witness_answers_and_nothing_is_announced_by_it() {
    let size = "text/x.tlog.size";
    let moods = [
        Mood::Silent,
        Mood::Untimed,
        Mood::Stranger,
        Mood::Says(200, "text/plain", ""),
        Mood::Says(200, "application/octet-stream", "\u{2014} w1 not base64\n\u{0}\u{7f}"),
        Mood::Says(204, "text/plain", ""),
        Mood::Says(302, "text/plain", ""),
        Mood::Says(400, "text/plain", "bad request"),
        Mood::Says(403, "text/plain", "unknown key"),
        Mood::Says(404, "text/plain", "unknown log"),
        Mood::Says(409, size, "0\n"),
        Mood::Says(409, size, "18446744073709551615\n"),
        Mood::Says(409, size, "99999999999999999999999999\n"),
        Mood::Says(409, "text/x.tlog.size; charset=utf-8", "0\n"),
        Mood::Says(409, size, "garbage"),
        Mood::Says(409, "text/plain", "1\n"),
        Mood::Says(422, "text/plain", "no proof"),
        Mood::Says(429, "text/plain", "slow down"),
        Mood::Says(500, "text/html", "<html>"),
        Mood::Says(503, "text/plain", ""),
    ];
    join_all(moods.into_iter().map(|mood| async {
        let witnesses = witnesses::<1>().await;
        let answers = !matches!(mood, Mood::Silent);
        witnesses[0].is_now(mood);
        let running = Stand::new(&witnesses, 1).start().await;
        assert_eq!(running.quorum(&running.publish(1).await), QuorumFinding::NotMet);
        while witnesses[0].asked() == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        let asked = witnesses[0].asked();
        assert_eq!(running.quorum(&running.publish(2).await), QuorumFinding::NotMet);
        // It is asked about this one too, before its answers are good.
        while answers && witnesses[0].asked() == asked {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(running.ledger.announced().is_none());
        assert_eq!(running.quorum(&running.bundle(1)), QuorumFinding::NotMet);
        assert_eq!(running.ledger.health().read_only, None);
        witnesses[0].is_now(Mood::Good);
        running.announced(3).await;
        running.stop().await;
    }))
    .await;
}

#[tokio::test]
async fn witnesses_that_are_away_or_slow_hold_up_nobody_and_their_lines_are_added() {
    let witnesses = witnesses::<3>().await;
    witnesses[1].is_now(Mood::Silent);
    witnesses[2].is_now(Mood::Slow(Duration::from_millis(900)));
    let running = Stand::new(&witnesses, 1).start().await;
    running.publish(1).await;
    running.announced(2).await;
    assert!(note(&running.ledger.announced().unwrap()).note().signatures().len() < 4);
    running.lines(2, 3).await;
    running.stop().await;
}

#[tokio::test]
async fn an_idle_ledger_asks_nobody() {
    let witnesses = witnesses::<2>().await;
    let running = Stand::new(&witnesses, 2).start().await;
    running.announced(1).await;
    let asked = witnesses[0].asked() + witnesses[1].asked();
    tokio::time::sleep(TIMES.every * 20).await;
    assert_eq!(witnesses[0].asked() + witnesses[1].asked(), asked);
    running.stop().await;
}

#[tokio::test]
async fn a_restart_announces_what_was_witnessed_before_unless_the_policy_asks_for_more() {
    let witnesses = witnesses::<2>().await;
    let mut stand = Stand::new(&witnesses, 1);
    let running = stand.start().await;
    running.publish(1).await;
    running.lines(2, 3).await;
    running.stop().await;
    witnesses.iter().for_each(|witness| witness.is_now(Mood::Silent));
    let running = stand.start().await;
    running.publish(2).await;
    assert_eq!(running.announced(2).await.note().signatures().len(), 3);
    running.stop().await;

    let all: Vec<WitnessServer> =
        witnesses.into_iter().chain([WitnessServer::start(3).await]).collect();
    stand.policy = policy(&all, 3);
    stand.witnesses = all.clone();
    let running = stand.start().await;
    assert!(running.ledger.announced().is_none());
    all.iter().for_each(|witness| witness.is_now(Mood::Good));
    running.announced(3).await;
    running.stop().await;
}

#[tokio::test]
async fn nothing_is_announced_that_is_not_on_the_disk() {
    let witnesses = witnesses::<1>().await;
    let stand = Stand::new(&witnesses, 1);
    stand.kept.set_full(true);
    let running = stand.start().await;
    running.publish(1).await;
    while witnesses[0].asked() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(TIMES.grace * 2).await;
    assert!(running.ledger.announced().is_none());
    stand.kept.set_full(false);
    running.announced(2).await;
    running.stop().await;
}

#[tokio::test]
async fn a_folder_that_was_rolled_back_signs_nothing_where_a_witness_knows_more() {
    let witnesses = witnesses::<2>().await;
    let stand = Stand::new(&witnesses, 2);
    let running = stand.start().await;
    running.publish(1).await;
    running.announced(2).await;
    running.stop().await;

    // At the start: entry 1 is gone, and the witnesses hold a checkpoint of two entries.
    let older =
        Stand { folder: MemoryFolder::default(), kept: MemoryWitnessed::default(), ..stand };
    let ledger = start(parts(&older.folder)).await;
    let Err(WitnessingError::Compare(CompareError::AnotherTree { size: 2, newest: 1, .. })) =
        ledger.rely_on_witnesses(older.parts()).await
    else {
        panic!("it goes on")
    };
    ledger.stop().await;

    // While it runs: the witnesses were away at the start.
    witnesses.iter().for_each(|witness| witness.is_now(Mood::Says(503, "text/plain", "")));
    witnesses.iter().for_each(|witness| witness.shows("away"));
    let ledger = start(parts(&older.folder)).await;
    ledger.rely_on_witnesses(older.parts()).await.unwrap();
    let (keeping, submission) = (ledger.clone(), Person::new(7).agreement(7, "Another"));
    let task = tokio::spawn(async move { keeping.keep_witnessing().await });
    publish(&ledger, &submission).await.unwrap();
    let fork = ledger.view().unwrap();
    let held = log_key().sign(2, leaf_hash(b"another history")).unwrap();
    assert_ne!(*held.checkpoint().root(), fork.root());
    witnesses.iter().for_each(|witness| witness.shows(&held.to_string()));
    witnesses.iter().for_each(|witness| witness.is_now(Mood::Says(422, "text/plain", "")));
    let refused = loop {
        let number = u32::try_from(ledger.view().unwrap().size()).unwrap() + 100;
        let submission = Person::new(number).agreement(number.into(), "Another");
        match publish(&ledger, &submission).await {
            Ok(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            Err(refused) => break refused,
        }
    };
    let PublishError::ReadOnly { why, .. } = refused else { panic!("{refused}") };
    assert!(why.contains("not of this tree"), "{why}");
    assert!(ledger.announced().is_none());
    task.abort();
    ledger.stop().await;
}

#[tokio::test]
async fn a_witness_that_shows_what_this_log_did_not_sign_is_not_believed() {
    let witnesses = witnesses::<1>().await;
    let other = LogSigner::new(log_key().origin().clone(), PrivateKey::from_seed(&[9; 32]));
    let foreign = other.sign(9, leaf_hash(b"no tree of ours")).unwrap();
    witnesses[0].shows(&foreign.to_string());
    witnesses[0].is_now(Mood::Says(422, "text/plain", ""));
    let running = Stand::new(&witnesses, 1).start().await;
    running.publish(1).await;
    while witnesses[0].asked() < 2 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    running.publish(2).await;
    assert_eq!(running.ledger.health().read_only, None);
    running.stop().await;
}
