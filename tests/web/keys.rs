//! A key file as the command line writes it.

use onrecord::crypto::{KeyFile, PrivateKey, Sealing};
use serde_json::json;

use crate::write;

#[test]
fn a_key_file_is_written_that_opens_with_its_passphrase() {
    let (key, passphrase) = (PrivateKey::from_seed(&[9; 32]), "a long enough passphrase, Ünïcode");
    let sealing = Sealing { salt: [1; 16], vector: [2; 16] };
    let text = KeyFile::seal(&key, passphrase, &sealing).unwrap().to_text().unwrap().to_string();
    assert_eq!(KeyFile::parse(&text).unwrap().open(passphrase).unwrap().did(), key.did());
    write(
        "key_file.json",
        &json!({ "text": text, "passphrase": passphrase, "did": key.did().as_str() }),
    );
}
