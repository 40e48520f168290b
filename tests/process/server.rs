//! `onrecord serve` as a child process.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use super::client::Client;

/// The program.
pub const ONRECORD: &str = env!("CARGO_BIN_EXE_onrecord");
/// A server that listens on a free port and knows no rates, of the folder that comes next.
pub const SERVE: [&str; 5] = ["serve", "--listen", "127.0.0.1:0", "--unlimited", "--data"];

/// A running server.
pub struct Server {
    process: Process,
    pub client: Client,
}

/// A child that ends with the test, whatever becomes of it.
pub struct Process(Child);

impl Process {
    pub fn of(child: Child) -> Self {
        Self(child)
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().unwrap()
    }

    /// SIGKILL: it has no chance to finish anything.
    pub fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server that ended before it listened.
#[derive(Debug)]
pub struct Refused {
    pub status: ExitStatus,
    /// Everything it printed.
    pub said: String,
}

impl Server {
    /// Starts one on the folder, and waits until it takes statements.
    pub fn start(data: &Path) -> Self {
        let server = Self::try_start(data).unwrap_or_else(|refused| panic!("{refused:?}"));
        server.wait_for_the_index();
        server
    }

    /// Waits until the index is there, or is known not to come: tiles are served before.
    pub fn wait_for_the_index(&self) {
        for _ in 0..600 {
            let health = self.client.get("/healthz").unwrap().json();
            if health["status"] != "starting" {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("{}", self.client.get("/healthz").unwrap().text());
    }

    /// Starts one that may refuse.
    pub fn try_start(data: &Path) -> Result<Self, Refused> {
        Self::of(serve(data))
    }

    /// As the command says, which may refuse.
    pub fn of(command: Command) -> Result<Self, Refused> {
        let mut process = piped(command);
        let mut output = BufReader::new(process.0.stdout.take().unwrap());
        let mut printed = String::new();
        loop {
            let mut line = String::new();
            if output.read_line(&mut line).unwrap() == 0 {
                let mut said = printed;
                process.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
                return Err(Refused { status: process.0.wait().unwrap(), said });
            }
            if let Some((_, address)) = line.split_once("listening on http://") {
                let address = address.split_whitespace().next().unwrap();
                let client = Client::new(address.trim_end_matches('/'));
                drain(process.0.stderr.take().unwrap());
                drain(output);
                return Ok(Self { process, client });
            }
            printed.push_str(&line);
        }
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.process.0.id()
    }

    /// SIGKILL: it has no chance to finish anything.
    pub fn kill(self) {
        self.process.kill();
    }

    /// SIGTERM: it finishes what it accepted and ends well.
    pub fn stop(mut self) {
        let id = self.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.process.0.wait().unwrap().success());
    }
}

/// Where a process is found again after it was stopped.
pub struct Address(u16);

impl Address {
    /// One of those below what systems give to connections, so that none takes it while nobody listens there.
    pub fn free() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        loop {
            let number = std::process::id() * 31 + NEXT.fetch_add(1, Ordering::Relaxed);
            let port = 15_000 + u16::try_from(number % 15_000).unwrap();
            if TcpListener::bind(("127.0.0.1", port)).is_ok() {
                return Self(port);
            }
        }
    }

    /// What `--listen` takes.
    pub fn listen(&self) -> String {
        format!("127.0.0.1:{}", self.0)
    }

    pub fn serve(&self, data: &Path) -> Server {
        self.serve_with(data, &[])
    }

    /// The same with more options.
    pub fn serve_with(&self, data: &Path, more: &[&str]) -> Server {
        let mut command = Command::new(ONRECORD);
        command.args(["serve", "--unlimited", "--listen", &self.listen(), "--data"]);
        command.arg(data).args(more).stdin(Stdio::null());
        let server = Server::of(command).unwrap_or_else(|refused| panic!("{refused:?}"));
        server.wait_for_the_index();
        server
    }
}

/// A process on its way up.
pub fn spawn(data: &Path) -> Process {
    piped(serve(data))
}

/// Serves the folder.
pub fn serve(data: &Path) -> Command {
    let mut command = Command::new(ONRECORD);
    command.args(SERVE).arg(data).stdin(Stdio::null());
    command
}

fn piped(mut command: Command) -> Process {
    Process(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
}

/// Reads to the end beside everything else, so that the server never waits for a reader.
pub fn drain(mut from: impl std::io::Read + Send + 'static) {
    thread::spawn(move || std::io::copy(&mut from, &mut std::io::sink()));
}

/// Copies a folder with all that is below it.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// Every file below a folder, with its path from there.
pub fn files_below(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// The bytes of a file.
pub fn bytes_of(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    File::open(path).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}
