//! Audits over the files of a ledger: a good one is clean, a bad one is found out, and a stopped one goes
//! on.

use std::sync::atomic::Ordering;
use std::sync::{Arc, LazyLock, Mutex};

use onrecord::service::audit::{AuditError, Finding, Observer, Report, Settings, audit};
use onrecord::tlog::Policy;
use onrecord::verify::History;

use crate::grown::{Files, leaves, log};

/// Two full bundles and a partial one.
static LEAVES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| leaves(600));

fn settings() -> Settings {
    Settings::new(Policy::of_log(log().verifier_key().clone()))
}

fn run<O: Observer>(files: &Files, settings: Settings, observer: O) -> Result<Report, AuditError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(audit(files.clone(), settings, observer))
}

fn names(report: &Report) -> Vec<(u64, &'static str)> {
    report.findings.iter().map(|finding| (finding.index, finding.fault.name())).collect()
}

/// Keeps what may be saved, and asks to stop after so many entries.
#[derive(Clone, Default)]
struct Watch {
    saved: Arc<Mutex<Option<Vec<u8>>>>,
    progress: Arc<Mutex<Vec<(u64, u64)>>>,
    found: Arc<Mutex<Vec<Finding>>>,
}

impl Observer for Watch {
    fn progress(&mut self, done: u64, of: u64) {
        self.progress.lock().unwrap().push((done, of));
    }

    fn found(&mut self, finding: &Finding) {
        self.found.lock().unwrap().push(finding.clone());
    }

    fn may_save(&mut self, history: &History) {
        *self.saved.lock().unwrap() = Some(history.to_bytes());
    }
}

#[test]
fn a_good_ledger_is_clean_and_every_file_of_it_is_fetched_once() {
    let files = Files::of(&LEAVES);
    let watch = Watch::default();
    let report = run(&files, settings(), watch.clone()).unwrap();
    assert!(report.is_clean(), "{:?}", names(&report));
    assert_eq!((report.checked_before, report.checked), (0, 600));
    assert_eq!(*watch.progress.lock().unwrap(), [(256, 600), (512, 600), (600, 600)]);
    let asked = files.asked.lock().unwrap();
    assert!(asked.values().all(|times| *times == 1), "{asked:?}");
    assert!(asked.keys().eq(files.files.lock().unwrap().keys()));
}

#[test]
fn an_audit_goes_on_where_it_stopped_and_fetches_only_what_is_new() {
    let watch = Watch::default();
    let stopped = settings();
    stopped.stop.store(true, Ordering::Relaxed);
    let report = run(&Files::of(&LEAVES), stopped, watch.clone()).unwrap();
    assert_eq!((report.checked, report.is_complete(), report.is_clean()), (256, false, false));

    let files = Files::of(&LEAVES);
    let resume = watch.saved.lock().unwrap().clone();
    let report = run(&files, Settings { resume, ..settings() }, watch.clone()).unwrap();
    assert!(report.is_clean());
    assert_eq!((report.checked_before, report.checked), (256, 600));
    let asked = files.asked.lock().unwrap();
    assert_eq!(asked.get("tile/0/000"), None);
    // A reveal in the second bundle is about an agreement in the first, and the policy is entry 0.
    assert_eq!(asked.get("tile/entries/000"), Some(&1));
}

#[test]
fn a_grown_ledger_is_audited_from_where_it_was_audited_before() {
    let watch = Watch::default();
    assert!(run(&Files::of(&LEAVES[..300]), settings(), watch.clone()).unwrap().is_clean());
    let resume = watch.saved.lock().unwrap().clone();
    let report = run(&Files::of(&LEAVES), Settings { resume, ..settings() }, ()).unwrap();
    assert!(report.is_clean(), "{:?}", names(&report));
    assert_eq!((report.checked_before, report.checked), (300, 600));
}

#[test]
fn a_ledger_that_took_entries_back_or_forked_is_found_out() {
    let watch = Watch::default();
    run(&Files::of(&LEAVES), settings(), watch.clone()).unwrap();
    let resume = || watch.saved.lock().unwrap().clone();
    let older = Files::of(&LEAVES[..300]);
    let report = run(&older, Settings { resume: resume(), ..settings() }, ()).unwrap();
    assert!(report.is_clean(), "an older checkpoint of the same ledger is no fork");
    let mut other = LEAVES[..300].to_vec();
    other[299] = LEAVES[300].clone();
    let forked = Files::of(&other);
    let report = run(&forked, Settings { resume: resume(), ..settings() }, ()).unwrap();
    assert!(names(&report).contains(&(299, "root_mismatch")), "{:?}", names(&report));
}

#[test]
fn a_changed_entry_is_found_even_where_all_tiles_agree_with_it() {
    let mut changed = LEAVES.clone();
    let text = String::from_utf8(changed[280].clone()).unwrap();
    let later = text.replace("12:00:00.000Z", "12:00:00.001Z");
    assert_ne!(text, later);
    changed[280] = later.into_bytes();
    let watch = Watch::default();
    let report = run(&Files::of(&changed), settings(), watch.clone()).unwrap();
    assert!(names(&report).contains(&(281, "prev_link_broken")), "{:?}", names(&report));
    assert_eq!(watch.found.lock().unwrap().len(), report.findings.len());
    let saved = watch.saved.lock().unwrap().clone();
    assert_eq!(saved, None, "a state after a finding would hide it from the next run");
}

#[test]
fn a_wrong_tile_of_any_level_is_found() {
    for (path, index) in [("tile/0/001", 256), ("tile/0/002.p/88", 512), ("tile/1/000.p/2", 599)] {
        let files = Files::of(&LEAVES);
        files.change(path, |bytes| bytes[40] ^= 1);
        let report = run(&files, settings(), ()).unwrap();
        assert_eq!(names(&report), [(index, "tile_mismatch")], "{path}");
    }
}

#[test]
fn a_root_that_the_entries_do_not_have_is_found() {
    let files = Files::of(&LEAVES);
    let other = Files::of(&LEAVES[..599]);
    let root = other.files.lock().unwrap()["checkpoint"].clone();
    let root: onrecord::tlog::SignedCheckpoint = String::from_utf8(root).unwrap().parse().unwrap();
    let lie = log().sign(600, *root.checkpoint().root()).unwrap();
    files.change("checkpoint", |bytes| *bytes = lie.to_string().into_bytes());
    assert_eq!(names(&run(&files, settings(), ()).unwrap()), [(599, "root_mismatch")]);
}

#[test]
fn a_partial_tile_may_be_gone_once_the_full_one_is_there() {
    let files = Files::of(&LEAVES[..500]);
    let later = Files::of(&LEAVES);
    for path in ["tile/entries/001", "tile/0/001"] {
        let full = later.files.lock().unwrap()[path].clone();
        files.files.lock().unwrap().remove(&format!("{path}.p/244")).unwrap();
        files.files.lock().unwrap().insert(path.into(), full);
    }
    let report = run(&files, settings(), ()).unwrap();
    assert!(report.is_clean(), "{:?}", names(&report));
    assert_eq!(report.checked, 500);
}

#[test]
fn what_cannot_be_fetched_or_read_is_an_error_and_no_finding() {
    let files = Files::of(&LEAVES);
    files.files.lock().unwrap().remove("tile/entries/001");
    let watch = Watch::default();
    assert!(matches!(run(&files, settings(), watch.clone()), Err(AuditError::Fetch(_))));
    assert!(watch.saved.lock().unwrap().is_some(), "what was in order can be gone on from");
    let files = Files::of(&LEAVES);
    files.change("tile/entries/001", |bytes| bytes.truncate(bytes.len() - 1));
    assert!(matches!(run(&files, settings(), ()), Err(AuditError::NotATile(_))));
    let files = Files::of(&LEAVES);
    files.change("checkpoint", |bytes| bytes.truncate(bytes.len() - 1));
    assert!(matches!(run(&files, settings(), ()), Err(AuditError::Checkpoint(_))));
}

#[test]
fn a_checkpoint_that_the_policy_does_not_accept_is_not_audited() {
    let key = onrecord::crypto::PrivateKey::from_seed(&[9; 32]).public_key();
    let other = onrecord::tlog::VerifierKey::of_log(log().origin().key_name().clone(), &key);
    let files = Files::of(&LEAVES);
    let refused = run(&files, Settings::new(Policy::of_log(other)), ());
    assert!(matches!(refused, Err(AuditError::Untrusted(_))));
    assert_eq!(files.asked.lock().unwrap().len(), 1);
}
