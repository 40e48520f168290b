//! System calls of the server made to fail, or to be its last: strace puts an error in the place of what the kernel would
//! have answered, or a signal, at the n-th call of a thread. Whatever the disk does, nothing answered is lost, no two
//! checkpoints disagree, and what was erased is nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use onrecord::clock::instant;

use super::load::{Load, Round, SECRET, random_number};
use super::reader::Reader;
use super::server::{ONRECORD, Process, SERVE, Server, bytes_of, drain, files_below};

/// How many faults are to be met. `ONRECORD_FAULTS` sets another number, for the long form.
fn faults() -> u64 {
    std::env::var("ONRECORD_FAULTS").map_or(200, |number| number.parse().unwrap())
}

/// What a ledger does with files under load.
const UNDER_LOAD: [&str; 9] = [
    "pwrite64",
    "fdatasync",
    "fsync",
    "write",
    "rename",
    "openat",
    "pread64",
    "read",
    "sync_file_range",
];
/// What it does when it starts.
const AT_A_START: [&str; 10] = [
    "pwrite64",
    "fdatasync",
    "fsync",
    "openat",
    "pread64",
    "read",
    "getdents64",
    "flock",
    "ftruncate",
    "sync_file_range",
];
/// What it does when it makes its folder.
const AT_THE_FIRST_START: [&str; 8] =
    ["mkdir", "fallocate", "rename", "write", "fsync", "fdatasync", "pwrite64", "openat"];
/// Files that come into being during a trial; `#` stands for the number of a bundle.
const NEW_FILES: [&str; 10] = [
    "format.tmp",
    "journal/00000000000000000000.seg",
    "journal/00000000000000000000.seg.tmp",
    "objects/tmp/tile-0-#",
    "objects/tmp/tile-entries-#",
    "objects/tmp/words-#",
    "objects/tile/0/#",
    "objects/tile/entries/#",
    "objects/words/#",
    "index/sled/db",
];
/// What a disk answers that is broken, full, or taken away; and the end of the process.
const EFFECTS: [&str; 4] = ["error=EIO", "error=ENOSPC", "error=EROFS", "signal=KILL"];
/// Each folder is used for so many trials, so that starts stay short.
const TRIALS_OF_A_FOLDER: u64 = 20;
/// How many folders are in use at once.
const AT_ONCE: usize = 2;
const WRITERS: usize = 3;
/// How long a fault is waited for.
const WAIT: Duration = Duration::from_millis(250);
/// How long a start may take that is traced.
const STARTS_WITHIN: Duration = Duration::from_secs(20);
/// How long the server goes on after it.
const GOES_ON: Duration = Duration::from_millis(40);

/// When a server meets its fault.
#[derive(Debug, Clone, Copy, PartialEq)]
enum When {
    UnderLoad,
    AtAStart,
    AtTheFirstStart,
}

/// A system call that does not do what it should.
#[derive(Debug)]
struct Fault {
    call: &'static str,
    effect: &'static str,
    /// Which call of a thread it is.
    at: u64,
    /// Whether all later ones fail as well.
    stays: bool,
}

impl Fault {
    /// What makes the folder is done once each, so that every call of it is met in its turn.
    fn of(trial: u64, when: When) -> Self {
        let pick = |purpose, of| random_number(trial, purpose, 0..of);
        let effect = EFFECTS[pick("effect", EFFECTS.len() as u64) as usize];
        let stays = pick("stays", 3) == 0;
        let (calls, doublings): (&[_], _) = match when {
            When::UnderLoad => (&UNDER_LOAD, 6),
            When::AtAStart => (&AT_A_START, 4),
            When::AtTheFirstStart => {
                let folder = (trial / TRIALS_OF_A_FOLDER) as usize;
                let call = AT_THE_FIRST_START[folder % AT_THE_FIRST_START.len()];
                return Self { call, effect, at: 1, stays };
            }
        };
        let call = calls[pick("call", calls.len() as u64) as usize];
        Self { call, effect, at: 1 + pick("at", 1 << pick("doublings", doublings)), stays }
    }

    /// strace that injects it on files of the folder, and tells of every such call.
    fn strace(&self, data: &Path, told: &Told) -> Command {
        let Self { call, effect, at, stays } = self;
        let every = if *stays { "+" } else { "" };
        let inject = format!("inject={call}:{effect}:when={at}{every}");
        let trace = format!("trace={call}");
        let _ = fs::remove_file(&told.0);
        let mut command = Command::new("strace");
        command.args(["-f", "-y", "-s", "0", "-e", &trace, "-e", &inject]);
        for place in places(data) {
            command.arg("-P").arg(place);
        }
        command.arg("-o").arg(&told.0);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// A start that meets it, if it gets that far, and is killed then.
    fn met_by_a_start(&self, data: &Path, told: &Told) -> bool {
        let mut command = self.strace(data, told);
        // The server is the child, and strace its grandchild, so that the server is what is killed.
        command.args(["-D", "--seccomp-bpf", ONRECORD]).args(SERVE).arg(data);
        let said = told.0.with_extension("said");
        command.stdout(File::create(&said).unwrap()).env_remove("LD_LIBRARY_PATH");
        let mut process = Process::of(command.spawn().unwrap());
        let mut wait = Wait::of(told, STARTS_WITHIN);
        while !wait.is_over() && process.ended().is_none() {
            if fs::read_to_string(&said).unwrap().contains("listening on") {
                wait.longest = wait.longest.min(wait.began.elapsed() + GOES_ON);
            }
            thread::sleep(Duration::from_millis(5));
        }
        // Nobody else stops it by a signal, and its end may come before strace tells why.
        let is_met = match process.ended() {
            Some(ended) => ended.signal().is_some() || told.is_met_at_last(),
            None => wait.met.is_some(),
        };
        process.kill();
        is_met
    }

    /// Load on a server that meets it.
    fn met_under_load(
        &self,
        server: Server,
        data: &Path,
        load: &Load<'_>,
        told: &Told,
    ) -> (Round, bool) {
        let mut command = self.strace(data, told);
        command.args(["-p", &server.id().to_string()]).stderr(Stdio::piped());
        let mut strace = command.spawn().unwrap();
        let mut says = BufReader::new(strace.stderr.take().unwrap());
        let mut line = String::new();
        says.read_line(&mut line).unwrap();
        assert!(line.contains("attached"), "{line}");
        drain(says);
        let mut wait = Wait::of(told, WAIT);
        let round = load.put_on(server, 2 * WAIT, || wait.is_over());
        strace.wait().unwrap();
        (round, wait.met.is_some())
    }
}

/// The files and folders of a ledger, those that are there and those that may come.
fn places(data: &Path) -> Vec<PathBuf> {
    let numbers = || (0..8).map(|number| format!("{number:03}"));
    let new = NEW_FILES.into_iter().flat_map(|name| match name.contains('#') {
        true => numbers().map(|number| name.replace('#', &number)).collect(),
        false => vec![name.to_owned()],
    });
    let mut names: BTreeSet<PathBuf> = new.map(|name| data.join(name)).collect();
    if data.exists() {
        names.extend(files_below(data).iter().map(|name| data.join(name)));
    }
    let above = names.iter().flat_map(|name| name.ancestors().skip(1));
    let folders = above.filter(|folder| folder.starts_with(data)).map(Path::to_owned);
    let folders: Vec<PathBuf> = folders.collect();
    names.extend(folders);
    names.into_iter().collect()
}

/// What strace wrote down.
struct Told(PathBuf);

impl Told {
    /// Whether the fault was met; before the server is killed.
    fn is_met(&self) -> bool {
        let text = fs::read_to_string(&self.0).unwrap_or_default();
        text.contains("(INJECTED)") || text.contains("+++ killed by SIGKILL")
    }

    /// As [`Told::is_met`], for a server that ended a moment ago.
    fn is_met_at_last(&self) -> bool {
        let is_met = || {
            thread::sleep(Duration::from_millis(10));
            self.is_met()
        };
        (0..10).any(|_| is_met())
    }
}

/// Waits for a fault and for what the server does about it.
struct Wait<'a> {
    told: &'a Told,
    longest: Duration,
    began: Instant,
    met: Option<Instant>,
}

impl<'a> Wait<'a> {
    fn of(told: &'a Told, longest: Duration) -> Self {
        Self { told, longest, began: instant(), met: None }
    }

    fn is_over(&mut self) -> bool {
        if self.met.is_none() && self.told.is_met() {
            self.met = Some(instant());
        }
        self.began.elapsed() > self.longest || self.met.is_some_and(|met| met.elapsed() > GOES_ON)
    }
}

/// The calls that met their fault in the trials of a folder.
fn met_by_a_folder(first: u64) -> Vec<&'static str> {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let next = AtomicU64::new(0);
    let mut met = Vec::new();
    let mut running: Option<(Server, Reader)> = None;
    for trial in first..first + TRIALS_OF_A_FOLDER {
        let told = Told(folder.path().join("told"));
        let when = match trial - first {
            0 => When::AtTheFirstStart,
            number if number.is_multiple_of(2) => When::UnderLoad,
            _ => When::AtAStart,
        };
        let fault = Fault::of(trial, when);
        let mut is_met = false;
        let mut before = running.take().map(|(server, reader)| {
            let load = Load { writers: WRITERS, reader: &reader, next: &next, erases: true };
            let round;
            if when == When::UnderLoad {
                (round, is_met) = fault.met_under_load(server, &data, &load, &told);
            } else {
                round = load.put_on(server, WAIT / 4, || false);
            }
            (round, reader)
        });
        if when != When::UnderLoad {
            is_met = fault.met_by_a_start(&data, &told);
        }
        println!("trial {trial}, {when:?}: {fault:?}");
        met.extend(is_met.then_some(fault.call));
        let server = Server::start(&data);
        let reader = match before.take() {
            Some((round, mut reader)) => {
                round.check(&server.client, &mut reader);
                reader
            }
            None => Reader::of(&server.client),
        };
        running = Some((server, reader));
    }
    running.unwrap().0.stop();
    let check = Command::new(ONRECORD).arg("check").arg(&data).output().unwrap();
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
    for path in files_below(&data) {
        let bytes = bytes_of(&data.join(&path));
        let found = String::from_utf8_lossy(&bytes).contains(SECRET);
        assert!(!found, "{path} holds words that were erased");
    }
    met
}

#[test]
fn nothing_answered_is_lost_when_system_calls_fail() {
    let traces = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
    if !traces.is_ok_and(|status| status.success()) {
        println!("not run: it needs strace and the leave to trace");
        return;
    }
    let (tries, met) = (AtomicU64::new(0), Mutex::new(BTreeMap::<_, u64>::new()));
    let count = || met.lock().unwrap().values().sum::<u64>();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while count() < faults() {
                    let first = tries.fetch_add(TRIALS_OF_A_FOLDER, Ordering::Relaxed);
                    assert!(first < 4 * faults(), "too few faults were met: {met:?}");
                    let calls = met_by_a_folder(first);
                    let mut met = met.lock().unwrap();
                    calls.into_iter().for_each(|call| *met.entry(call).or_default() += 1);
                }
            });
        }
    });
    println!("{} faults met in {} trials: {met:?}", count(), tries.into_inner());
    let met = met.into_inner().unwrap();
    for call in ["pwrite64", "write", "fdatasync", "fsync", "rename", "openat", "pread64", "read"] {
        assert!(faults() < 200 || met.contains_key(call), "no fault of {call} was met: {met:?}");
    }
}
