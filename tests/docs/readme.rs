//! Runs every shell block of README.md, in order, against a real server: the built binary stands in for
//! `cargo run --release --` and for the release build's `onrecord`, a free port for 8080. The two commands that
//! would run this test again are left out.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_onrecord");
const START: &str = "cargo run --release -- serve";
const LEFT_OUT: [&str; 2] = ["cargo test", ".ci/run"];
const ADDRESS: &str = "127.0.0.1:8080";
const PATH_TO_RELEASE: &str = "$PWD/target/release";

/// The text between ```` ```sh ```` and the closing fence, block by block.
fn shell_blocks(page: &str) -> Vec<String> {
    let fenced = page.split("```sh\n").skip(1);
    fenced.map(|rest| rest.split("```").next().unwrap().trim_end().to_owned()).collect()
}

struct Server {
    process: Child,
    address: String,
}

impl Server {
    /// Starts the ledger as README says, but on a free port.
    fn start(folder: &Path) -> Self {
        let mut process = Command::new(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let address = output
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split("http://").nth(1).map(str::to_owned))
            .expect("the server says where it listens");
        let address = address.split_whitespace().next().unwrap().trim_end_matches('/').to_owned();
        Self { process, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One script of all blocks, as a reader would type them.
fn script(blocks: &[String], address: &str) -> String {
    let binaries = Path::new(BINARY).parent().unwrap().to_str().unwrap();
    let typed: Vec<&str> = blocks
        .iter()
        .map(String::as_str)
        .filter(|block| *block != START && !LEFT_OUT.contains(block))
        .collect();
    let script = typed.join("\n").replace(ADDRESS, address).replace(PATH_TO_RELEASE, binaries);
    format!("set -euxo pipefail\n{script}\n")
}

#[test]
fn the_shell_blocks_of_the_readme_run_as_written() {
    let page = include_str!("../../README.md");
    let blocks = shell_blocks(page);
    assert_eq!(blocks[0], START);
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let script = script(&blocks, &server.address);
    for verb in ["key new", "sign", "publish", "verify", "audit"] {
        assert!(script.contains(&format!("onrecord {verb} ")), "README does not walk {verb}");
    }
    let run = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .env("ONRECORD_HOME", folder.path().join("home"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout) + String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
}

#[test]
fn the_readme_shows_every_floor_of_the_architecture() {
    let floors = |page: &str| {
        let rows = page.lines().filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let floor = cells.get(1)?.parse::<u32>().ok()?;
            Some((floor, cells[2].to_owned()))
        });
        let mut rows: Vec<_> = rows.collect();
        rows.sort();
        rows
    };
    let readme = floors(include_str!("../../README.md"));
    assert_eq!(readme, floors(include_str!("../../docs/architecture.md")));
}
