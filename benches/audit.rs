//! How fast a ledger is audited, and what a proof of a fresh entry costs. Run with
//! `cargo bench --bench audit -- [entries]`.
//!
//! The entries are agreements by distinct keys with two words each, every third followed by a reveal, and
//! every signature is checked. Files come from memory, so that this is the cost of the audit alone.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should say where")]

#[expect(dead_code, reason = "the tests use more of it")]
#[path = "../tests/verify/grown.rs"]
mod grown;

use std::convert::Infallible;
use std::time::Duration;

use onrecord::clock::instant;
use onrecord::crypto::{Hash, sha256};
use onrecord::service::audit::{Settings, audit};
use onrecord::tlog::{Nodes, Policy, Recent, leaf_hash, prove_inclusion};
use onrecord::verify::{History, check_leaf};

fn main() {
    let asked = std::env::args().find_map(|argument| argument.parse().ok());
    measure_proofs(10_000_000);
    measure_audit(asked.unwrap_or(20_000));
}

/// The processor time this process has used, on all threads: what counts on a machine that others use too.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 =
        after_name.split_whitespace().skip(11).take(2).flat_map(str::parse::<u64>).sum();
    Duration::from_millis(10 * ticks)
}

fn measure(what: &str, count: usize, run: impl FnOnce()) {
    let (start, used) = (instant(), processor_time());
    run();
    let (wall, used) = (start.elapsed(), processor_time() - used);
    let per_second = count as f64 / wall.as_secs_f64();
    let micros = used.as_secs_f64() * 1e6 / count as f64;
    println!(
        "{what}: {count} in {wall:.2?}, {per_second:.0}/s, {micros:.2} µs of processor time each"
    );
}

/// A tree of any size, whose hashes mean nothing.
struct Anything;

impl Nodes for Anything {
    type Error = Infallible;

    fn node(&self, level: u8, index: u64) -> Result<Hash, Infallible> {
        Ok(sha256(&[&[level][..], &index.to_be_bytes()].concat()))
    }
}

fn measure_proofs(base: u64) {
    const FRESH: u64 = 65_536;
    let base = base / 256 * 256;
    let Ok(mut tree) = Recent::new(base, &Anything);
    let leaves: Vec<Hash> = (0..FRESH).map(|index| leaf_hash(&index.to_be_bytes())).collect();
    measure("append to a tree of 10,000,000", leaves.len(), || {
        leaves.iter().for_each(|leaf| tree.push(*leaf));
    });
    measure("prove a fresh entry of 10,000,000", leaves.len(), || {
        for index in base..tree.size() {
            let path = prove_inclusion(index, tree.size(), &tree).unwrap();
            assert!(!path.is_empty());
        }
    });
}

fn measure_audit(count: usize) {
    let leaves = grown::leaves(count);
    let bytes: usize = leaves.iter().map(Vec::len).sum();
    println!("{count} leaves of {} bytes", bytes / count);
    let mut checked = Vec::new();
    let mut history = History::new(grown::ORIGIN.parse().unwrap());
    measure("read leaves and check signatures, one thread", count, || {
        checked = leaves.iter().map(|leaf| check_leaf(leaf, history.origin())).collect();
    });
    measure("follow them in order", count, || {
        for checked in checked.drain(..) {
            assert_eq!(history.push(checked, &leaves[..]).unwrap().faults, []);
        }
    });
    let files = grown::Files::of(&leaves);
    let settings = Settings::new(Policy::of_log(grown::log().verifier_key().clone()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    measure("audit, all threads", count, || {
        let report = runtime.block_on(audit(files.clone(), settings, ())).unwrap();
        assert!(report.is_clean());
    });
}
