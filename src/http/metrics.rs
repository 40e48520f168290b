//! What `/metrics` tells: numbers for Prometheus, of this process and of no client.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Label, Level, Metadata, Recorder, Unit};
use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

use crate::wire::DropReason;

/// Upper bounds of the latency classes, in seconds.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0];
/// Upper bounds of the classes of batches, in statements.
const STATEMENTS: [f64; 11] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0];
/// Recorded by the sequencer.
const BATCH_SUBMISSIONS: &str = "onrecord_batch_submissions";
const ABOUT: Metadata<'static> = Metadata::new("onrecord", Level::INFO, None);

/// How a submission came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishOutcome {
    /// A new entry.
    Logged,
    /// Logged before.
    Known,
    /// Refused for what it is.
    Refused,
    /// Turned away by a rate.
    Limited,
    /// Turned away for now: queue full, read-only or starting.
    Unavailable,
}

impl PublishOutcome {
    const ALL: [(Self, &str); 5] = [
        (Self::Logged, "logged"),
        (Self::Known, "known"),
        (Self::Refused, "refused"),
        (Self::Limited, "limited"),
        (Self::Unavailable, "unavailable"),
    ];
}

/// What is measured at the moment of asking.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Readings {
    /// Entries that the newest published checkpoint covers.
    pub checkpoint_size: u64,
    /// Entries that the newest witnessed checkpoint covers; 0 where the policy asks for no witness.
    pub witnessed_size: u64,
    /// Statements that wait to be written.
    pub queue_length: u64,
    /// Entries that the index is behind.
    pub index_lag: u64,
    /// Entries that the search is behind.
    pub search_lag: u64,
    /// Whether nothing can be published now.
    pub read_only: bool,
    /// Whether what is served is not the newest it should be.
    pub stale: bool,
}

/// The numbers of one server.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    handle: PrometheusHandle,
    publishes: [Counter; 5],
    publish_seconds: Histogram,
    stream_readers: Gauge,
    streams_dropped: [Counter; 3],
    gauges: Gauges,
}

struct Gauges {
    checkpoint_size: Gauge,
    witnessed_size: Gauge,
    queue_length: Gauge,
    index_lag: Gauge,
    search_lag: Gauge,
    read_only: Gauge,
    stale: Gauge,
    memory_bytes: Gauge,
}

impl Metrics {
    /// The numbers of this process, to which the floors below add theirs through `metrics`.
    pub fn of_process() -> Self {
        static NUMBERS: LazyLock<Metrics> = LazyLock::new(|| {
            let (numbers, recorder) = Metrics::new();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("another recorder of metrics was there first");
            }
            numbers
        });
        NUMBERS.clone()
    }

    fn new() -> (Self, PrometheusRecorder) {
        let recorder = recorder().unwrap_or_else(|_| PrometheusBuilder::new().build_recorder());
        describe(&recorder);
        let counter = |key: &Key| recorder.register_counter(key, &ABOUT);
        let gauge =
            |name: &'static str| recorder.register_gauge(&Key::from_static_name(name), &ABOUT);
        let publishes = PublishOutcome::ALL.map(|(_, label)| {
            let labels = vec![Label::from_static_parts("outcome", label)];
            counter(&Key::from_parts("onrecord_publishes_total", labels))
        });
        let streams_dropped = DropReason::ALL.map(|reason| {
            let labels = vec![Label::from_static_parts("reason", reason.token())];
            counter(&Key::from_parts("onrecord_streams_dropped_total", labels))
        });
        let seconds = Key::from_static_name("onrecord_publish_seconds");
        let numbers = Self(Arc::new(Inner {
            handle: recorder.handle(),
            publishes,
            publish_seconds: recorder.register_histogram(&seconds, &ABOUT),
            stream_readers: gauge("onrecord_stream_readers"),
            streams_dropped,
            gauges: Gauges {
                checkpoint_size: gauge("onrecord_checkpoint_size"),
                witnessed_size: gauge("onrecord_witnessed_size"),
                queue_length: gauge("onrecord_queue_length"),
                index_lag: gauge("onrecord_index_lag_entries"),
                search_lag: gauge("onrecord_search_lag_entries"),
                read_only: gauge("onrecord_read_only"),
                stale: gauge("onrecord_stale"),
                memory_bytes: gauge("process_resident_memory_bytes"),
            },
        }));
        (numbers, recorder)
    }

    /// Counts a submission and how long it took to answer since it began.
    pub fn count_publish(&self, outcome: PublishOutcome, took: Duration) {
        for ((known, _), counter) in PublishOutcome::ALL.iter().zip(&self.0.publishes) {
            if *known == outcome {
                counter.increment(1);
            }
        }
        self.0.publish_seconds.record(took.as_secs_f64());
    }

    /// Tells how many follow the stream now.
    pub fn set_stream_readers(&self, readers: usize) {
        self.0.stream_readers.set(readers as f64);
    }

    /// Counts a stream that the ledger ended.
    pub fn count_dropped(&self, reason: DropReason) {
        for (known, counter) in DropReason::ALL.iter().zip(&self.0.streams_dropped) {
            if *known == reason {
                counter.increment(1);
            }
        }
    }

    /// Everything in the text format of Prometheus.
    pub fn render(&self, now: &Readings) -> String {
        let gauges = &self.0.gauges;
        gauges.checkpoint_size.set(now.checkpoint_size as f64);
        gauges.witnessed_size.set(now.witnessed_size as f64);
        gauges.queue_length.set(now.queue_length as f64);
        gauges.index_lag.set(now.index_lag as f64);
        gauges.search_lag.set(now.search_lag as f64);
        gauges.read_only.set(f64::from(u8::from(now.read_only)));
        gauges.stale.set(f64::from(u8::from(now.stale)));
        if let Some(bytes) = resident_bytes() {
            gauges.memory_bytes.set(bytes as f64);
        }
        self.0.handle.render()
    }

    /// Folds what was recorded into its classes. Without it, recordings pile up in memory until
    /// somebody asks for them.
    pub fn tidy(&self) {
        self.0.handle.run_upkeep();
    }
}

fn recorder() -> Result<PrometheusRecorder, BuildError> {
    let builder = PrometheusBuilder::new().set_buckets(&SECONDS)?;
    let batches = Matcher::Full(BATCH_SUBMISSIONS.to_owned());
    Ok(builder.set_buckets_for_metric(batches, &STATEMENTS)?.build_recorder())
}

fn describe(recorder: &PrometheusRecorder) {
    let publishes = KeyName::from("onrecord_publishes_total");
    recorder.describe_counter(publishes, None, "Submissions by outcome.".into());
    let dropped = KeyName::from("onrecord_streams_dropped_total");
    recorder.describe_counter(dropped, None, "Streams that the ledger ended, by reason.".into());
    let batches = KeyName::from(BATCH_SUBMISSIONS);
    recorder.describe_histogram(batches, None, "Submissions planned in one batch.".into());
    let commits = KeyName::from("onrecord_commit_seconds");
    recorder.describe_histogram(commits, Some(Unit::Seconds), "To make a batch durable.".into());
    let gauges = [
        ("onrecord_checkpoint_size", "Entries that the newest published checkpoint covers."),
        ("onrecord_witnessed_size", "Entries that the newest witnessed checkpoint covers."),
        ("onrecord_stream_readers", "Readers that follow the stream."),
        ("onrecord_queue_length", "Statements that wait to be written."),
        ("onrecord_index_lag_entries", "Entries that the index is behind."),
        ("onrecord_search_lag_entries", "Entries that the search is behind."),
        ("onrecord_read_only", "1 when nothing can be published."),
        ("onrecord_stale", "1 when what is served is not the newest."),
    ];
    for (name, text) in gauges {
        recorder.describe_gauge(KeyName::from(name), None, text.into());
    }
    let memory = KeyName::from("process_resident_memory_bytes");
    recorder.describe_gauge(memory, Some(Unit::Bytes), "Memory in use.".into());
    let seconds = KeyName::from("onrecord_publish_seconds");
    let text = "From the end of a submission's body to its answer.";
    recorder.describe_histogram(seconds, Some(Unit::Seconds), text.into());
}

/// Resident memory of this process, where the system tells it as Linux does.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_told() {
        let (metrics, recorder) = Metrics::new();
        metrics::with_local_recorder(&recorder, || {
            metrics::histogram!(BATCH_SUBMISSIONS).record(3.0)
        });
        metrics.count_publish(PublishOutcome::Logged, Duration::from_millis(1));
        metrics.count_publish(PublishOutcome::Logged, Duration::from_millis(4));
        metrics.count_publish(PublishOutcome::Refused, Duration::from_millis(1));
        metrics.tidy();
        let now = Readings { checkpoint_size: 7, ..Readings::default() };
        let text = metrics.render(&now);
        for line in [
            "onrecord_publishes_total{outcome=\"logged\"} 2",
            "onrecord_publishes_total{outcome=\"refused\"} 1",
            "onrecord_publishes_total{outcome=\"limited\"} 0",
            "onrecord_publish_seconds_bucket{le=\"0.005\"} 3",
            "onrecord_publish_seconds_count 3",
            "onrecord_checkpoint_size 7",
            "onrecord_batch_submissions_bucket{le=\"4\"} 1",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
