//! Evidence: a file that stays with its owner. What is signed is the hash of a salt and the file, so that
//! nobody learns the file by guessing at it (protocol §5).

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::recipe::Evidence;
use super::text::normalized;
use crate::cli::failure::Failure;
use crate::cli::{files, key};
use crate::encoding::json::Json;
use crate::encoding::{base64, hex};

/// The value of `evidence_n` for a file, whose path is relative to the folder.
pub(super) fn describe(evidence: &Evidence, folder: &Path) -> Result<Json<'static>, Failure> {
    let path = folder.join(&evidence.file);
    let salt = key::random::<16>()?;
    let (digest, bytes) = hash(&path, &salt).map_err(|error| {
        let what = format!("the evidence {} cannot be read: {error}", files::shown(&path));
        Failure::new(what, "Paths of evidence are relative to the TOML file; check it.")
    })?;
    let name = evidence.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let media_type = evidence.media_type.clone().unwrap_or_else(|| media_type_of(&name).to_owned());
    Ok(Json::map([
        ("bytes", Json::Integer(i64::try_from(bytes).unwrap_or(i64::MAX))),
        ("label", Json::text(normalized(evidence.label.as_deref().unwrap_or(&name)))),
        ("media_type", Json::text(media_type)),
        ("salt", Json::text(base64::encode_url(&salt))),
        ("sha256", Json::text(hex::encode(&digest))),
    ]))
}

/// SHA-256 of salt ‖ file, read in pieces: evidence may be a film. And how long the file is.
fn hash(path: &Path, salt: &[u8]) -> io::Result<([u8; 32], u64)> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    hasher.update(salt);
    let mut piece = vec![0; 256 * 1024];
    let mut bytes = 0;
    loop {
        let length = file.read(&mut piece)?;
        if length == 0 {
            return Ok((hasher.finalize().into(), bytes));
        }
        bytes += length as u64;
        hasher.update(&piece[..length]);
    }
}

fn media_type_of(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("pdf") => "application/pdf",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("txt") => "text/plain",
        Some("html" | "htm") => "text/html",
        Some("eml") => "message/rfc822",
        Some("mp3") => "audio/mpeg",
        Some("mp4") => "video/mp4",
        Some("json") => "application/json",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::sha256_of;

    #[test]
    fn the_hash_covers_the_salt_and_then_the_whole_file() {
        let folder = tempfile::tempdir().unwrap();
        let content = vec![7; 600_000];
        std::fs::write(folder.path().join("film.mp4"), &content).unwrap();
        let evidence = Evidence {
            file: "film.mp4".into(),
            label: Some("The cafe\u{301}".to_owned()),
            media_type: None,
            public: false,
        };
        let value = describe(&evidence, folder.path()).unwrap();
        let text = |name| value.get(name).and_then(Json::as_text).unwrap();
        let salt = base64::decode_url(text("salt")).unwrap();
        assert_eq!(text("sha256"), sha256_of(&[&salt, &content]).to_hex());
        assert_eq!(value.get("bytes").unwrap().as_integer(), Some(600_000));
        assert_eq!((text("label"), text("media_type")), ("The café", "video/mp4"));
    }
}
