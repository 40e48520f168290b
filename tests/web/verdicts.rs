//! Bundles, good and bent in every way, with what `onrecord verify --json` prints of each.

use std::io::Write as _;
use std::process::{Command, Stdio};

use onrecord::encoding::base64;
use serde_json::{Value, json};

use crate::{ledger, write};

fn text<'value>(value: &'value Value, name: &str) -> &'value str {
    value[name].as_str().unwrap()
}

fn policies() -> Vec<String> {
    let ledger = ledger();
    let (log, witness) = (text(&ledger, "log_vkey"), text(&ledger, "witness_vkey"));
    vec![
        format!("log {log}\nquorum none\n"),
        format!("log {log}\nwitness w {witness}\nquorum w\n"),
        "quorum none\n".to_owned(),
    ]
}

fn file_of(bundle: &Value) -> Vec<u8> {
    serde_jcs::to_vec(bundle).unwrap()
}

/// The bundle of the agreement as the person who signed it keeps it: with the sealed words.
fn own_copy() -> Value {
    let mut own = ledger()["bundles"][1].clone();
    own["sealed"] = ledger()["entries"][1]["sealed"].clone();
    own
}

/// A copy whose leaf is another text. Its proof no longer holds, which leaves all other checks to compare.
fn with_leaf(from: &str, to: &str) -> Vec<u8> {
    let mut own = own_copy();
    let leaf = String::from_utf8(base64::decode(text(&own, "entry")).unwrap()).unwrap();
    assert!(leaf.contains(from), "{from}");
    own["entry"] = json!(base64::encode(leaf.replacen(from, to, 1).as_bytes()));
    file_of(&own)
}

/// A copy whose statement is another.
fn with_payload(from: &str, to: &str) -> Vec<u8> {
    let leaf = base64::decode(text(&own_copy(), "entry")).unwrap();
    let leaf: Value = serde_json::from_slice(&leaf).unwrap();
    let coded = text(&leaf["envelope"], "payload");
    let payload = String::from_utf8(base64::decode(coded).unwrap()).unwrap();
    assert!(payload.contains(from), "{from}");
    with_leaf(coded, &base64::encode(payload.replacen(from, to, 1).as_bytes()))
}

fn bundles() -> Vec<Vec<u8>> {
    let refused: Value =
        serde_json::from_str(include_str!("../vectors/refused_bundles.json")).unwrap();
    let ledger = ledger();
    let good = ledger["bundles"].as_array().unwrap().iter();
    let refused = refused["cases"].as_array().unwrap().iter().map(|case| &case["bundle"]);
    let mut all: Vec<Vec<u8>> = good.chain(refused).map(file_of).collect();
    let own = file_of(&own_copy());
    all.push([&own[..], b"\n"].concat());
    // One byte after the other, in steps that meet every part of the file.
    for place in (0..own.len()).step_by(29) {
        let mut changed = own.clone();
        changed[place] ^= 1 << (place % 8);
        all.push(changed);
    }
    for length in (0..own.len()).step_by(211) {
        all.push(own[..length].to_vec());
    }
    all.extend(bent_leaves());
    all.extend(bent_payloads());
    all.extend(bent_members());
    all.extend(bent_proofs());
    all.push(own);
    all
}

fn bent_leaves() -> Vec<Vec<u8>> {
    [
        (r#""index":1"#, r#""index":01"#),
        (r#""index":1"#, r#""index":1.5"#),
        (r#""index":1"#, r#""index":-1"#),
        (r#""index":1"#, r#""index":1e21"#),
        (r#""index":1"#, r#""index":9007199254740992"#),
        (r#""index":1"#, r#""index": 1"#),
        (r#""index":1"#, r#""index":1,"index":1"#),
        (r#""index":1"#, r#""index":null"#),
        (r#""links":{"#, r#""links":{"a":1,"#),
        (r#""seq":0"#, r#""seq":1"#),
        (r#""links""#, r#""linkz""#),
        ("2026-11-20T10:10:10", "2026-11-31T10:10:10"),
        ("2026-11-20T10:10:10", "2026-11-20T24:10:10"),
        ("2026-11-20T10:10:10", "2025-11-20T10:10:10"),
        ("2026-11-20T10:10:10", "2027-11-20T10:10:10"),
        ("SHA256:", "\\u0053HA256:"),
        ("SHA256:", "\\u001fSHA256:"),
        ("SHA256:", "\\tSHA256:"),
        ("SHA256:", "\\u0009SHA256:"),
        ("SHA256:", "\\qSHA256:"),
        ("SHA256:", "\\/SHA256:"),
        ("SHA256:", "\\ud83d\\ude00SHA256:"),
        ("SHA256:", "\u{feff}\u{1f600}\\\"SHA256:"),
        ("statement.v1+json", "statement.v9+json"),
        ("envelope", "envelopé"),
    ]
    .map(|(from, to)| with_leaf(from, to))
    .to_vec()
}

fn bent_payloads() -> Vec<Vec<u8>> {
    [
        (r#""kind":"agreement""#, r#""kind":"pledge""#),
        (r#""kind":"agreement""#, r#""kind":"policy""#),
        (r#""kind":"agreement""#, r#""kind":"toString""#),
        (r#""kind":"agreement""#, r#""kind":7"#),
        (r#""kind":"agreement","#, ""),
        (r#""kind":"agreement""#, r#""kind":"agreement","kinship":1"#),
        (r#""lang":"en""#, r#""lang":"EN""#),
        (r#""lang":"en""#, r#""lang":null"#),
        (r#""lang":"en""#, r#""lang":["en"]"#),
        (r#""lang":"en""#, r#""lang":"en-Latn-419""#),
        (r#""offers":"#, r#""offers":1,"offerz":"#),
        (r#""_sd":["#, r#""_sd":["a","#),
        (r#""_sd_alg":"sha-256""#, r#""_sd_alg":"sha-1""#),
        (r#""basis":""#, r#""basis":"x"#),
        (r#""log":"ledger.example/2026""#, r#""log":"ledger.example/2027""#),
        (r#""log":"ledger.example/2026""#, r#""log":"""#),
        (r#""nonce":""#, r#""nonce":"A"#),
        (r#""signers":["#, r#""signers":[["#),
        (r#""signers":["did:key:z6Mk"#, r#""signers":["did:key:z6Mj"#),
        (r#""subjects":["acme.example"]"#, r#""subjects":["Acme.example"]"#),
        (r#""subjects":["acme.example"]"#, r#""subjects":["acme"]"#),
        (r#""subjects":["acme.example"]"#, r#""subjects":["acme.0x1f"]"#),
        (r#""subjects":["acme.example"]"#, r#""subjects":["other.example"]"#),
        (r#""subjects":["acme.example"]"#, r#""subjects":[]"#),
        (r#""subjects":["acme.example"]"#, r#""subjects":"acme.example""#),
        (r#""claimed_at":"2026-11-20T10:01:00Z""#, r#""claimed_at":"2026-11-20T10:01:60Z""#),
        (r#""claimed_at":"2026-11-20T10:01:00Z""#, r#""claimed_at":"2026-11-20T10:41:00Z""#),
        (r#""claimed_at":"2026-11-20T10:01:00Z""#, r#""claimed_at":"2026-01-20T10:01:00Z""#),
        (r#""by":"acme.example""#, r#""by":"signer""#),
        (r#""by":"acme.example""#, r#""due":"2026-13","by":"acme.example""#),
        (r#""by":"acme.example""#, r#""by":"acme.example","due":"2026-12-32""#),
        (r#""sealed":{"#, r#""sealed":{"another":"x","#),
        (r#""sealed":{"#, r#""sealed":{},"sealee":{"#),
        (r#""commitments":["#, r#""commitments":[{"by":"signer"},{"by":"signer"},{"by":"signer"},{"by":"signer"},"#),
        (r#"{"#, r#"{"$deep":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],"#),
        (r#"{"#, r#"["#),
    ]
    .map(|(from, to)| with_payload(from, to))
    .to_vec()
}

fn bent_members() -> Vec<Vec<u8>> {
    let change = |change: &dyn Fn(&mut Value)| {
        let mut own = own_copy();
        change(&mut own);
        file_of(&own)
    };
    let word = |json: &str| json!(base64::encode_url(json.as_bytes()));
    let mut all = vec![
        change(&|own| own["sealed"] = json!([])),
        change(&|own| own["sealed"] = json!([1])),
        change(&|own| own["sealed"] = json!([own["disclosures"][0].clone()])),
        change(&|own| own["disclosures"] = json!({})),
        change(&|own| own["disclosures"] = json!([])),
        change(&|own| own["disclosures"][1] = own["disclosures"][0].clone()),
        change(&|own| own["disclosures"][0] = own["sealed"][0].clone()),
        change(&|own| own["entry"] = json!("AAA")),
        change(&|own| own["entry"] = json!("e30=")),
        change(&|own| own["entry"] = json!(base64::encode(&vec![b'7'; 65_536]))),
        change(&|own| own["proof"] = json!(7)),
        change(&|own| own["more"] = json!(7)),
        b"[]".to_vec(),
        b"\xff".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        b"{\"a\":\"\xe2\x82".to_vec(),
        b"{\"a\":\"\xef\xbf\xbd\xf0\x80".to_vec(),
        b"{\"a\":\"\xef\xbf\xbd\xef\xbf".to_vec(),
        b"{\"b\":1,\"a\":1}".to_vec(),
        b"{\"a\":1,\"a\":1}".to_vec(),
        b"{\"\xf0\x90\x80\x80\":1,\"\xef\xbf\xbd\":1}".to_vec(),
        b"{\"a\":tru}".to_vec(),
        b"{\"a\":-}".to_vec(),
        b"{\"a\":-0}".to_vec(),
        b"{\"a\":1E5}".to_vec(),
    ];
    for json in
        [r#"["a","title"]"#, r#"["a","x\ud800","b"]"#, r#"["a", "spaced", 1]"#, "[1,2,3]", "{"]
    {
        all.push(change(&|own| own["disclosures"][0] = word(json)));
    }
    all
}

fn bent_proofs() -> Vec<Vec<u8>> {
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
        ("index 1", "extra AQID\nindex 1"),
        ("index 1", "extra \nindex 1"),
        ("index 1", "index 01"),
        ("index 1", "index 12"),
        ("index 1", "index 2"),
        ("index 1\n", "index 1\nx\n"),
        ("index 1\n", "index 1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"),
        ("\n\n", "\n"),
        ("ledger.example/2026\n", "Ledger.example/2026\n"),
        ("ledger.example/2026\n", "ledger.example/2027\n"),
        ("ledger.example/2026\n", "ledger.example/2026/\n"),
        ("\n11\n", "\n0\n"),
        ("\n11\n", "\n011\n"),
        ("\n11\n", "\n12\n"),
        ("\n11\n", "\n11\nextension\n"),
        ("\u{2014} ledger", "- ledger"),
        ("\u{2014} ledger.example/2026", "\u{2014} ledger.example/2027"),
        ("\u{2014} ledger.example/2026 ", "\u{2014} ledger.example/2026  "),
        ("\u{2014} ledger", "\u{2014} other.example AAAAAAE=\n\u{2014} ledger"),
        ("\u{2014} ledger", "\t\u{2014} ledger"),
    ]
    .map(|(from, to)| {
        let mut own = own_copy();
        own["proof"] = json!(text(&own, "proof").replacen(from, to, 1));
        file_of(&own)
    })
    .to_vec()
}

/// What the command line prints of a bundle on its standard input.
fn verdict(bundle: &[u8], policy: &std::path::Path) -> Value {
    let mut verify = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["verify", "--json", "-", "--policy"])
        .arg(policy)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    verify.stdin.take().unwrap().write_all(bundle).unwrap();
    serde_json::from_slice(&verify.wait_with_output().unwrap().stdout).unwrap()
}

#[test]
fn verdicts_on_bundles_bent_in_every_way_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trusted.policy");
    let mut cases = Vec::new();
    for policy in policies() {
        std::fs::write(&file, &policy).unwrap();
        for bundle in bundles() {
            let verdict = verdict(&bundle, &file);
            let bundle = base64::encode(&bundle);
            cases.push(json!({ "bundle": bundle, "policy": policy, "verdict": verdict }));
        }
    }
    let with =
        |result: &str| cases.iter().filter(|case| case["verdict"]["verdict"] == result).count();
    assert!(with("verified") >= 24 && with("failed") > 300 && with("not_checked") >= 10);
    write("verdicts.json", &json!({ "cases": cases }));
}
