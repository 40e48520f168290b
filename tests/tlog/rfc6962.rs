//! The 196 proofs of transparency-dev/merkle, valid and tampered with. They are read from the folder
//! beside the project or the one named by `ONRECORD_SHARED`, and are not part of the project.

use std::path::PathBuf;

use onrecord::crypto::{Hash, sha256};
use onrecord::encoding::base64;
use onrecord::tlog::{verify_consistency, verify_inclusion};
use serde_json::Value;

fn cases(name: &str) -> Option<Vec<Value>> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("ONRECORD_SHARED").map_or_else(beside, PathBuf::from);
    let path = shared.join("vectors/rfc6962").join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("not checked: {} is absent", path.display());
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

/// Bytes that are no hash of 32 bytes never reach a verifier of ours, which takes hashes.
fn hash(value: &Value) -> Option<Hash> {
    let bytes = base64::decode(value.as_str()?).unwrap();
    Some(Hash::from_bytes(bytes.try_into().ok()?))
}

/// A root; some cases give words of another length, which stand for roots that are equal or are not.
fn root(value: &Value) -> Option<Hash> {
    let bytes = base64::decode(value.as_str()?).unwrap();
    Some(<[u8; 32]>::try_from(&bytes[..]).map_or_else(|_| sha256(&bytes), Hash::from_bytes))
}

fn path(case: &Value) -> Option<Vec<Hash>> {
    match &case["proof"] {
        Value::Null => Some(Vec::new()),
        proof => proof.as_array().unwrap().iter().map(hash).collect(),
    }
}

fn inclusion_holds(case: &Value) -> Option<bool> {
    let (index, size) = (case["leafIdx"].as_u64()?, case["treeSize"].as_u64()?);
    let (leaf, root) = (hash(&case["leafHash"])?, hash(&case["root"])?);
    Some(verify_inclusion(index, size, &leaf, &path(case)?, &root).is_ok())
}

fn consistency_holds(case: &Value) -> Option<bool> {
    let (old, new) = (case["size1"].as_u64()?, case["size2"].as_u64()?);
    let (old_root, new_root) = (root(&case["root1"])?, root(&case["root2"])?);
    Some(verify_consistency(old, &old_root, new, &new_root, &path(case)?).is_ok())
}

fn check(name: &str, holds: fn(&Value) -> Option<bool>) {
    let Some(cases) = cases(name) else { return };
    assert_eq!(cases.len(), 98);
    for case in cases {
        let expected = !case["wantErr"].as_bool().unwrap();
        assert_eq!(holds(&case).unwrap_or(false), expected, "{}: {}", case["file"], case["desc"]);
    }
}

#[test]
fn the_98_inclusion_proofs_verify_as_stated() {
    check("inclusion.json", inclusion_holds);
}

#[test]
fn the_98_consistency_proofs_verify_as_stated() {
    check("consistency.json", consistency_holds);
}
