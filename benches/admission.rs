//! What admission costs without disk and network: reading a submission (its signature included), and planning
//! a batch. `cargo bench --bench admission`.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should say where")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use onrecord::crypto::{Hash, PrivateKey};
use onrecord::encoding::json::Json;
use onrecord::encoding::time::Moment;
use onrecord::ledger::{Facts, Policy, Standing, plan, read};
use onrecord::statement::draft::Frame;
use onrecord::statement::{Disclosure, Draft, Submission, kind};

const LOG: &str = "ledger.example/bench";
const BATCH: u8 = 128;

fn noon() -> Moment {
    Moment::parse_seconds("2026-11-20T12:00:00Z").unwrap()
}

/// An agreement with about 1 KiB of words, by a key of its own.
fn submission(number: u8) -> Submission {
    let key = PrivateKey::from_seed(&[number; 32]);
    let mut draft = Draft::new(kind::find("agreement").unwrap());
    draft.set("basis", Json::text("spoken"));
    draft.set("commitments", Json::List(vec![Json::map([("by", Json::text("acme.example"))])]));
    draft.set("lang", Json::text("en"));
    draft.set("offers", Json::text("closed"));
    draft.set("subjects", Json::List(vec![Json::text("acme.example")]));
    let narrative = "They promised it on the phone. ".repeat(31);
    for (name, text) in
        [("title", "A refund"), ("commitment_1", "Acme refunds me."), ("narrative", &narrative)]
    {
        let text = Json::text(text.to_owned());
        draft.disclose(Disclosure::make(&[number; 16], name, text).unwrap());
    }
    let prepared = draft.prepare(&Frame {
        log: LOG.to_owned(),
        signers: vec![key.did()],
        nonce: [number; 16],
        claimed_at: noon(),
        seen: None,
    });
    let prepared = prepared.unwrap();
    Submission::of(&prepared.sign(&[&key]), &prepared.public)
}

fn admission(criterion: &mut Criterion) {
    let submissions: Vec<_> = (1..=BATCH).map(submission).collect();
    let mut group = criterion.benchmark_group("admission");
    group.throughput(Throughput::Elements(1));
    group.bench_function("read one submission", |bencher| {
        bencher.iter(|| read(black_box(&submissions[0]), LOG).map_err(|_| ()).unwrap());
    });
    let candidates: Vec<_> = submissions
        .iter()
        .map(|submission| read(submission, LOG).map_err(|unfit| unfit.into_refusal()).unwrap())
        .collect();
    let policy = Policy { operator_keys: Vec::new(), reserved_domains: true };
    let standing = Standing { size: 1, newest: Some((Hash::from_bytes([0; 32]), noon())) };
    group.throughput(Throughput::Elements(BATCH.into()));
    group.bench_function("plan a batch", |bencher| {
        let input = || (Facts::new(Some(policy.clone())), candidates.clone());
        let run = |(facts, batch)| {
            let planned = plan(standing, facts, batch, noon());
            assert_eq!(planned.entries.len(), usize::from(BATCH));
            planned
        };
        bencher.iter_batched(input, run, BatchSize::SmallInput);
    });
    group.finish();
}

criterion_group!(benches, admission);
criterion_main!(benches);
