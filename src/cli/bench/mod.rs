//! `onrecord bench`: measures a ledger from outside, with a load that was signed before. Beside it, on
//! request, the least that any such server must do (`bare`).

mod client;
mod events;
mod load;
mod readers;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use hyper::Method;
use serde::Serialize;

use self::client::{Measured, Shot};
use super::contact::Contact;
use super::failure::Failure;
use super::{Outcome, terminal};
use crate::http::bare;
use crate::net::LedgerUrl;

/// Requests one caller alone sends, one after the other.
const ALONE: u64 = 500;
const READS: usize = 200_000;
const START: &str =
    "Start one with `onrecord serve --unlimited`, on this machine, and give its address.";

/// Measure a ledger from outside
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord serve --unlimited --data /tmp/bench-data &
  onrecord bench http://localhost:8080 --seconds 20
  onrecord bench http://localhost:8080 --beside-bare /tmp
  onrecord bench http://localhost:8080 --readers 2000 --rate 500 --filtered --seconds 600

Submissions are signed before the clock starts, each by a key of its own. They become entries for
good: never measure a ledger that others use. With --readers so many follow the stream meanwhile, and
nothing else is measured; both processes need as many file handles (`ulimit -n`).")]
pub(super) struct Bench {
    /// Address of the ledger
    #[arg(required_unless_present = "serve_bare")]
    url: Option<LedgerUrl>,
    /// How long to publish, and to read each kind of thing
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Connections at once
    #[arg(long, default_value_t = 128)]
    connections: usize,
    /// Bytes of words in each agreement
    #[arg(long, default_value_t = 1024)]
    words: usize,
    /// Publish so many and stop, however long it takes
    #[arg(long)]
    count: Option<u64>,
    /// Follow the stream with so many readers while publishing at --rate
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    readers: Option<u32>,
    /// Statements a second for the readers
    #[arg(long, default_value_t = 500, requires = "readers", value_name = "COUNT",
          value_parser = clap::value_parser!(u64).range(1..))]
    rate: u64,
    /// Each reader follows one of 100 organizations, not everything
    #[arg(long, requires = "readers")]
    filtered: bool,
    /// Only publish
    #[arg(long)]
    only_publish: bool,
    /// Tells this run's load from another's on the same ledger
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Measure, before and after, a bare handler that commits to a file in this folder
    #[arg(long, value_name = "FOLDER")]
    beside_bare: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Be the bare handler, with its file in this folder
    #[arg(long, hide = true, value_name = "FOLDER")]
    serve_bare: Option<PathBuf>,
}

/// One measured row.
#[derive(Serialize)]
struct Row {
    what: &'static str,
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    answers: usize,
    refused: usize,
}

impl Row {
    fn new(what: &'static str, measured: &Measured) -> Self {
        Self {
            what,
            per_second: measured.rate(),
            p50_ms: measured.percentile(0.5),
            p99_ms: measured.percentile(0.99),
            answers: measured.good,
            refused: measured.bad,
        }
    }
}

impl Bench {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|error| failed(error.to_string()))?;
        match (&self.serve_bare, &self.url) {
            (Some(folder), _) => runtime.block_on(serve_bare(folder.clone()))?,
            (None, Some(url)) => {
                let origin = Contact::new(url.clone())?.origin()?.to_string();
                runtime.block_on(self.measure(url, &origin))?;
            }
            (None, None) => {}
        }
        Ok(Outcome::Done)
    }

    async fn measure(&self, url: &LedgerUrl, origin: &str) -> Result<(), Failure> {
        let address = address_of(url)?;
        if let Some(readers) = self.readers {
            return self.measure_readers(address, origin, readers).await;
        }
        let time = Duration::from_secs(self.seconds);
        let count = self.count.unwrap_or(self.seconds * 12_000);
        let plan = load::Plan { origin, words: self.words, seed: self.seed };
        let sign = |from, to| plan.sign(from, to).map_err(|refusal| failed(refusal.to_string()));
        let bytes = sign(0, 1)?.first().map_or(0, Vec::len);
        if let Some(folder) = &self.beside_bare {
            self.report(Row::new("bare handler", &self.measure_bare(folder, bytes).await?))?;
        }
        let shots = publish_shots(sign(0, count)?);
        let time_to_publish = if self.count.is_some() { Duration::MAX / 4 } else { time };
        let measured = shoot(&address, shots, self.connections, time_to_publish).await?;
        self.report(Row::new("publish", &measured))?;
        if let Some(folder) = &self.beside_bare {
            self.report(Row::new("bare handler", &self.measure_bare(folder, bytes).await?))?;
        }
        if self.only_publish {
            return Ok(());
        }
        let alone = publish_shots(sign(count, count + ALONE)?);
        self.report(Row::new("publish, one caller", &shoot(&address, alone, 1, time).await?))?;
        let size = readers::size_of(&address).await.map_err(failed)?;
        for (what, path) in [
            ("tile", Box::new(|n| tile_path(n, size)) as Box<dyn Fn(u64) -> String>),
            ("entry", Box::new(|n| format!("/api/v1/entries/{}", n % size))),
            ("bundle", Box::new(|n| format!("/api/v1/entries/{}/bundle", n % size))),
        ] {
            let shots = get_shots(path.as_ref());
            self.report(Row::new(what, &shoot(&address, shots, self.connections, time).await?))?;
        }
        Ok(())
    }

    async fn measure_readers(
        &self,
        address: String,
        origin: &str,
        readers: u32,
    ) -> Result<(), Failure> {
        let plan = load::Plan { origin, words: self.words, seed: self.seed };
        let count = self.count.unwrap_or(self.seconds * self.rate);
        let signed = plan.sign(0, count).map_err(|refusal| failed(refusal.to_string()))?;
        let report = readers::measure(readers::Task {
            address,
            readers: readers as usize,
            rate: self.rate,
            shots: publish_shots(signed),
            is_filtered: self.filtered,
        });
        let report = report.await.map_err(failed)?;
        if self.json {
            return terminal::json_line(&report);
        }
        let readers::Report { readers, published, per_second, received, .. } = report;
        let readers::Report { p50_ms, p99_ms, max_ms, gaps, repeats, dropped, .. } = report;
        terminal::line(format_args!(
            "{readers} readers, {published} published, {per_second:.0}/s, {received} received\n\
             entry to reader: p50 {p50_ms} ms, p99 {p99_ms} ms, at most {max_ms} ms\n\
             {gaps} gaps, {repeats} repeats, {dropped} dropped"
        ))?;
        let Some(memory) = report.memory_bytes else { return Ok(()) };
        let [before, highest, after] = memory.map(|bytes| bytes >> 20);
        terminal::line(format_args!(
            "memory of the server: {before} MiB with the readers there, at most {highest}, {after} at the end"
        ))
    }

    /// Bodies of as many bytes as a submission has.
    async fn measure_bare(&self, folder: &PathBuf, bytes: usize) -> Result<Measured, Failure> {
        let mut bare = Bare::start(folder)?;
        let bodies = load::sign_bare(self.seconds * 25_000, bytes);
        let shots = bodies.into_iter().map(|body| Shot {
            method: Method::POST,
            path: "/".to_owned(),
            body: body.into(),
        });
        let shots = Arc::new(shots.collect());
        let time = Duration::from_secs(self.seconds);
        let measured = shoot(&bare.address()?, shots, self.connections, time).await;
        bare.stop();
        measured
    }

    fn report(&self, row: Row) -> Result<(), Failure> {
        if self.json {
            let text =
                serde_json::to_string(&row).map_err(|error| Failure::output(&error.into()))?;
            return terminal::line(text);
        }
        let Row { what, per_second, p50_ms, p99_ms, answers, refused } = row;
        terminal::line(format_args!(
            "{what:<20} {per_second:>9.0}/s   p50 {p50_ms:>8.2} ms   p99 {p99_ms:>8.2} ms   \
             {answers} answers, {refused} refused"
        ))
    }
}

fn failed(what: String) -> Failure {
    Failure::new(what, START)
}

fn address_of(url: &LedgerUrl) -> Result<String, Failure> {
    let url = url.join("");
    let address = url.host_str().zip(url.port_or_known_default());
    match address.filter(|_| url.scheme() == "http") {
        Some((host, port)) => Ok(format!("{host}:{port}")),
        None => Err(failed(format!("{url} is not plain http"))),
    }
}

async fn shoot(
    address: &str,
    shots: Arc<Vec<Shot>>,
    connections: usize,
    time: Duration,
) -> Result<Measured, Failure> {
    let measured = client::run(address, shots, connections, time).await.map_err(failed)?;
    match &measured.sample {
        Some(sample) if measured.good == 0 => Err(failed(terminal::escape(sample).into_owned())),
        _ => Ok(measured),
    }
}

fn publish_shots(bodies: Vec<Vec<u8>>) -> Arc<Vec<Shot>> {
    let shot = |body: Vec<u8>| Shot {
        method: Method::POST,
        path: "/api/v1/statements".to_owned(),
        body: body.into(),
    };
    Arc::new(bodies.into_iter().map(shot).collect())
}

fn get_shots(path: &dyn Fn(u64) -> String) -> Arc<Vec<Shot>> {
    // A step that shares no factor with the size visits everything before it comes back.
    let shots = (0..READS as u64).map(|number| Shot {
        method: Method::GET,
        path: path(number.wrapping_mul(7_919)),
        body: bytes::Bytes::new(),
    });
    Arc::new(shots.collect())
}

fn tile_path(number: u64, size: u64) -> String {
    let full = (size / 256).max(1);
    let path = crate::tlog::TilePath::in_tree(
        crate::tlog::TileKind::Hashes { level: 0 },
        number % full,
        size,
    );
    path.map_or_else(String::new, |path| format!("/{path}"))
}

async fn serve_bare(folder: PathBuf) -> Result<(), Failure> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.map_err(|error| failed(error.to_string()))?;
    let address = listener.local_addr().map_err(|error| failed(error.to_string()))?;
    terminal::line(address)?;
    std::io::stdout().flush().map_err(|error| Failure::output(&error))?;
    bare::serve(listener, &folder).await.map_err(|error| failed(error.to_string()))
}

/// The bare handler in a process of its own, as the ledger is.
struct Bare(Child);

impl Bare {
    fn start(folder: &PathBuf) -> Result<Self, Failure> {
        let me = std::env::current_exe().map_err(|error| failed(error.to_string()))?;
        let mut command = Command::new(me);
        command.args(["bench", "--serve-bare"]).arg(folder).stdout(Stdio::piped());
        command.spawn().map(Self).map_err(|error| failed(error.to_string()))
    }

    fn address(&mut self) -> Result<String, Failure> {
        let mut line = String::new();
        if let Some(output) = self.0.stdout.take() {
            let read = BufReader::new(output).read_line(&mut line);
            read.map_err(|error| failed(error.to_string()))?;
        }
        Ok(line.trim().to_owned())
    }

    fn stop(mut self) {
        // It has nothing to finish; a failure means that it is gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
