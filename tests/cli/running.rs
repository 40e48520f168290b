//! The whole way over a real ledger: serve, sign, publish, verify, audit, import. Each test has a ledger of its
//! own in a folder of its own, and stops it.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use assert_cmd::assert::OutputAssertExt as _;

use crate::{keys, shapes};

/// A running `onrecord serve`, and a person's folder beside its data.
pub struct Running {
    folder: tempfile::TempDir,
    server: Option<Child>,
    url: String,
}

impl Running {
    pub fn start(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut running = Self { folder, server: None, url: String::new() };
        running.start_again(options);
        running
    }

    pub fn start_again(&mut self, options: &[&str]) {
        self.start_at("127.0.0.1:0", options);
    }

    pub fn start_at(&mut self, listen: &str, options: &[&str]) {
        let mut command = keys::onrecord(self.folder.path());
        command.args(["serve", "--listen", listen, "--data", "data"]).args(options);
        let mut server = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        self.server = Some(server);
        let (_, rest) = line.split_once("listening on ").unwrap();
        self.url = rest.split_whitespace().next().unwrap().to_owned();
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Fetches an address as another program would, and writes what it gives to a file.
    pub fn save(&self, address: &str, name: &str) {
        let address = address.strip_prefix("http://").unwrap();
        let (host, path) = address.split_once('/').unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(" 200 "), "{head}");
        fs::write(self.path().join(name), body).unwrap();
    }

    /// What lies under a path of the ledger, byte for byte.
    pub fn bytes(&self, path: &str) -> Vec<u8> {
        let host = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        assert!(
            answer.starts_with(b"HTTP/1.0 200") || answer.starts_with(b"HTTP/1.1 200"),
            "{path}"
        );
        answer.split_off(end + 4)
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    fn onrecord(&self, args: &[&str]) -> Command {
        let mut command = keys::onrecord(self.path());
        command.args(args).env("ONRECORD_HOME", self.path().join("home"));
        command
    }

    /// Runs a command that must succeed; what it prints.
    pub fn run(&self, args: &[&str]) -> String {
        keys::stdout(&mut self.onrecord(args))
    }

    /// Runs a command that must end with the code; what it says on standard error.
    pub fn run_failing(&self, args: &[&str], code: i32) -> String {
        let assert = self.onrecord(args).assert().code(code);
        String::from_utf8(assert.get_output().stderr.clone()).unwrap()
    }

    /// Runs a command that must end with the code; what it prints, and what it says on standard error.
    pub fn output(&self, args: &[&str], code: i32) -> (String, String) {
        let assert = self.onrecord(args).stdin(Stdio::null()).assert().code(code);
        let output = assert.get_output().clone();
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    }

    /// What a command prints, however it ends.
    pub fn printed(&self, args: &[&str]) -> String {
        let output = self.onrecord(args).stdin(Stdio::null()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn signal(&mut self, signal: &str) -> i32 {
        let mut server = self.server.take().unwrap();
        let kill = Command::new("kill").args([signal, &server.id().to_string()]).status().unwrap();
        assert!(kill.success());
        server.wait().unwrap().code().unwrap_or(-1)
    }

    /// Signs and publishes the example agreement; the path of its bundle.
    pub fn publish_example(&self) -> PathBuf {
        let example = self.run(&["sign", "--example", "agreement"]);
        fs::write(self.path().join("agreement.toml"), example).unwrap();
        self.run(&["sign", "agreement", "agreement.toml", "--to", &self.url]);
        self.run(&["publish", "agreement.signed.json", "--to", &self.url]);
        bundles(self.path()).pop().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

pub fn bundles(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut bundles: Vec<_> =
        paths.filter(|path| path.to_string_lossy().ends_with(".onrecord.json")).collect();
    bundles.sort();
    bundles
}

#[test]
fn a_bundle_verifies_with_the_ledger_gone_and_holds_the_sealed_words() {
    let mut running = Running::start(&[]);
    let bundle = running.publish_example();
    assert_eq!(running.signal("-TERM"), 0);
    let name = bundle.file_name().unwrap().to_str().unwrap();
    let verdict = shapes::read("verdict", &running.run(&["verify", name, "--json"]));
    assert_eq!(verdict["verdict"], "verified");
    let written = fs::read_to_string(running.path().join("agreement.signed.json")).unwrap();
    shapes::read("signed", &written);
    shapes::read("bundle", &fs::read_to_string(&bundle).unwrap());
    let shown = shapes::read("shown", &running.run(&["show", name, "--json"]));
    let words = shown["words"].as_array().unwrap();
    let sealed = words.iter().find(|word| word["name"] == "signer_name").unwrap();
    assert_eq!((&sealed["state"], &sealed["value"]), (&"sealed".into(), &"Ana Example".into()));
}

#[test]
fn a_page_opened_on_this_machine_names_the_address_that_browsers_take() {
    let running = Running::start(&[]);
    let port = running.url.rsplit_once(':').unwrap().1;
    running.save(&format!("{}/publish", running.url), "publish.html");
    let page = fs::read_to_string(running.path().join("publish.html")).unwrap();
    let url = format!("data-url=\"http://localhost:{port}\"");
    assert!(page.contains(&url), "{page}");
}

#[test]
fn the_address_of_who_asks_is_written_nowhere() {
    let mut running = Running::start(&["--trusted-hops", "1"]);
    let bundle = running.publish_example();
    let submission = fs::read_to_string(running.path().join("agreement.signed.json")).unwrap();
    let host = running.url.strip_prefix("http://").unwrap().to_owned();
    for (method, path, body) in [
        ("GET", "/", ""),
        ("GET", "/search?q=refund", ""),
        ("POST", "/api/v1/statements", submission.as_str()),
        ("POST", "/publish", "at=who&domain_1=acme.example"),
    ] {
        let mut stream = TcpStream::connect(&host).unwrap();
        let length = body.len();
        let head = format!("{method} {path} HTTP/1.0\r\nHost: {host}\r\nContent-Length: {length}");
        let from = "X-Forwarded-For: 203.0.113.77\r\nUser-Agent: a-rare-browser";
        write!(stream, "{head}\r\n{from}\r\n\r\n{body}").unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
    }
    assert_eq!(running.signal("-TERM"), 0);
    let held = |needle: &[u8]| {
        let files = files_in(&running.path().join("data"));
        let holds = |file: &PathBuf| {
            let bytes = fs::read(file).unwrap();
            // Segments are laid out in advance: what nothing was written to is zeros.
            let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            bytes[..end].windows(needle.len()).any(|part| part == needle)
        };
        files.into_iter().filter(holds).collect::<Vec<_>>()
    };
    let leaf = fs::read_to_string(bundle).unwrap();
    let word = leaf.split('"').nth(3).unwrap();
    assert!(!held(word.as_bytes()).is_empty(), "what is kept is found");
    for needle in [b"203.0.113.77".as_slice(), &[203, 0, 113, 77], b"a-rare-browser"] {
        assert_eq!(held(needle), Vec::<PathBuf>::new());
    }
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files_in(&path) } else { vec![path] }).collect()
}

#[test]
fn the_whole_life_of_a_thread_can_be_put_on_record_and_audited() {
    let running = Running::start(&[]);
    running.publish_example();
    let all = ["breach", "fulfilment", "assessment", "amendment", "reveal", "termination"];
    for kind in all.into_iter().chain(["erasure", "withdrawal"]) {
        let file = format!("{kind}.toml");
        let example = running.run(&["sign", "--example", kind]);
        fs::write(running.path().join(&file), example).unwrap();
        let key = ["--key", "agreement.key", "--seen", &running.url];
        running.run(&[["sign", kind, &file].as_slice(), &key].concat());
        let signed = format!("{kind}.signed.json");
        let published = shapes::read(
            "published",
            &running.run(&["publish", &signed, "--to", &running.url, "--json"]),
        );
        assert_eq!(published["newly"], true, "{kind}");
    }
    let report = shapes::read("audit", &running.run(&["audit", &running.url, "--json"]));
    assert_eq!((&report["verdict"], &report["size"]), (&"verified".into(), &10.into()));
    assert_eq!(report["rules_not_checked"].as_object().unwrap().len(), 0);
    let shown = running.run(&["show", &format!("{}/api/v1/entries/1", running.url)]);
    assert!(shown.contains("Ana Example") && !shown.contains("I called on the 18th"), "{shown}");
}

#[test]
fn publishing_again_is_harmless_and_a_statement_for_another_ledger_is_not_sent() {
    let running = Running::start(&[]);
    let bundle = running.publish_example();
    let before = fs::read(&bundle).unwrap();
    let again = running.run(&["publish", "agreement.signed.json", "--to", &running.url, "--json"]);
    let again = shapes::read("published", &again);
    assert_eq!((&again["newly"], &again["index"]), (&false.into(), &1.into()));
    assert!(fs::read(&bundle).unwrap() == before, "the bundle is another one now");

    let other = Running::start(&[]);
    let args = ["publish", "agreement.signed.json", "--to", &other.url];
    assert!(running.run_failing(&args, 1).contains("is signed for"));
    assert_eq!(shapes::read("audit", &running.run(&["audit", &other.url, "--json"]))["size"], 1);
}

#[test]
fn a_ledger_keeps_keys_and_origin_and_tells_what_contradicts_them() {
    let mut running = Running::start(&[]);
    let bundle = running.publish_example();
    running.signal("-INT");
    let name = bundle.file_name().unwrap().to_str().unwrap().to_owned();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", "data"];
    let message = running.run_failing(&[&serve[..], &["--origin", "other.example"]].concat(), 1);
    assert!(message.contains("for ever"), "{message}");
    let key = running.path().join("data/keys/log.pem");
    fs::rename(&key, running.path().join("elsewhere")).unwrap();
    let message = running.run_failing(&serve, 1);
    assert!(message.contains("log.pem is missing"), "{message}");
    fs::rename(running.path().join("elsewhere"), &key).unwrap();

    running.start_again(&[]);
    let message = running.run_failing(&serve, 1);
    assert!(message.contains("in use by another process"), "{message}");
    running.run(&["verify", &name]);
    running.run(&["publish", "agreement.signed.json", "--to", &running.url]);
    running.signal("-TERM");
    assert!(running.run(&["reindex", "--data", "data"]).contains("2 entries"));
}

#[test]
fn a_ledger_that_answers_with_another_key_is_refused() {
    let mut running = Running::start(&["--origin", "ledger.example"]);
    running.run(&["audit", &running.url]);
    running.signal("-TERM");
    fs::rename(running.path().join("data"), running.path().join("old")).unwrap();
    running.start_again(&["--origin", "ledger.example"]);
    let message = running.run_failing(&["audit", &running.url], 2);
    assert!(message.contains("not signed by the key that was pinned"), "{message}");
}

#[cfg(unix)]
#[test]
fn the_ledgers_own_keys_are_for_its_owner_only_and_encrypted_on_request() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut running = Running::start(&[]);
    for name in ["log.pem", "operator.pem", "webhook.pem"] {
        let path = running.path().join("data/keys").join(name);
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    running.signal("-TERM");
    fs::rename(running.path().join("data"), running.path().join("old")).unwrap();
    fs::write(running.path().join("passphrase"), "correct horse\n").unwrap();
    let options = ["--key-passphrase-file", "passphrase"];
    running.start_again(&options);
    running.signal("-TERM");
    let text = fs::read_to_string(running.path().join("data/keys/operator.pem")).unwrap();
    assert!(text.contains("ENCRYPTED"));
    running.start_again(&options);
}
