//! The TXT records by which a domain names its keys, at `_onrecord.<domain>` (protocol §9), each
//! `v=onr1; key=did:key:z6Mk…`. All of them are one set. Other records at that name are nobody's business here.

use std::collections::BTreeSet;

use super::document::quoted;
use crate::crypto::DidKey;
use crate::statement::fields::KEYS_MAX;

/// The label before the domain.
pub const RECORD_LABEL: &str = "_onrecord";
/// What each of these records begins with, in any case.
const VERSION: &str = "v=onr1";

/// What is wrong with a record. Quoted text is foreign and cut to 120 characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordFault {
    /// It begins as one of these and goes on as none.
    #[error("the TXT record {0:?} is not of the form `v=onr1; key=did:key:z6Mk…`")]
    Form(String),
    /// Its key is one by which no signature counts.
    #[error("a TXT record names {0}, a weak key by which no signature counts")]
    WeakKey(DidKey),
    /// More keys together than an observation can list.
    #[error("the TXT records name more than {KEYS_MAX} keys")]
    TooManyKeys,
}

/// The text of the record that names the key.
pub fn record_text(key: &DidKey) -> String {
    format!("{VERSION}; key={key}")
}

/// Reads the keys of all records at the name, each record the bytes of its strings joined; `None` when none of
/// them is one of these.
///
/// # Errors
/// [`RecordFault`] of the first record that is meant for here and wrong.
pub fn read_records(texts: &[Vec<u8>]) -> Result<Option<BTreeSet<DidKey>>, RecordFault> {
    let ours = texts.iter().map(|text| text.trim_ascii()).filter(|text| is_ours(text));
    let keys: BTreeSet<DidKey> = ours.map(read).collect::<Result<_, _>>()?;
    if keys.len() > KEYS_MAX {
        return Err(RecordFault::TooManyKeys);
    }
    Ok((!keys.is_empty()).then_some(keys))
}

/// Whether whoever wrote it meant it for here: `v=onr1` and no longer word.
fn is_ours(text: &[u8]) -> bool {
    let Some((version, rest)) = text.split_at_checked(VERSION.len()) else { return false };
    version.eq_ignore_ascii_case(VERSION.as_bytes())
        && rest.first().is_none_or(|byte| !byte.is_ascii_alphanumeric())
}

/// Spaces around the parts and a semicolon at the end are what the forms of DNS hosts add by themselves.
fn read(text: &[u8]) -> Result<DidKey, RecordFault> {
    let fault = || RecordFault::Form(quoted(&String::from_utf8_lossy(text)));
    let text = std::str::from_utf8(text).map_err(|_| fault())?;
    let text = text.strip_suffix(';').unwrap_or(text);
    let (version, key) = text.split_once(';').ok_or_else(fault)?;
    let key = key.trim_ascii().strip_prefix("key=").ok_or_else(fault)?;
    let key: DidKey = key.parse().map_err(|_| fault())?;
    match (version.trim_ascii() == VERSION, key.public_key()) {
        (false, _) => Err(fault()),
        (true, Err(_)) => Err(RecordFault::WeakKey(key)),
        (true, Ok(_)) => Ok(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::PrivateKey;

    fn key(seed: u8) -> DidKey {
        PrivateKey::from_seed(&[seed; 32]).did()
    }

    fn read_all(texts: &[&str]) -> Result<Option<BTreeSet<DidKey>>, RecordFault> {
        let texts: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
        read_records(&texts)
    }

    #[test]
    fn all_records_of_a_name_are_one_set_and_others_are_ignored() {
        let (a, b) = (record_text(&key(1)), record_text(&key(2)));
        let both = Ok(Some(BTreeSet::from([key(1), key(2)])));
        assert_eq!(read_all(&[&a, "v=spf1 -all", &b, "v=onr10; key=x", "v=onr2; key=x", ""]), both);
        assert_eq!(read_all(&[&b, &a, &a]), both);
        assert_eq!(read_all(&["v=spf1 -all", "key=x"]), Ok(None));
        assert_eq!(read_all(&[]), Ok(None));
        let spaced = format!(" v=onr1 ;key={} ; ", key(1));
        assert_eq!(read_all(&[&spaced.replace(" ; ", ";")]), Ok(Some(BTreeSet::from([key(1)]))));
    }

    #[test]
    fn one_malformed_record_spoils_the_set_and_is_named() {
        let good = record_text(&key(1));
        for bad in [
            "v=onr1".to_owned(),
            "v=onr1;".to_owned(),
            format!("v=onr1 key={}", key(1)),
            good.to_uppercase(),
            good.replace("v=onr1", "V=onr1"),
            good.replace("key=", "keys="),
            good.replace("did:key:z6Mk", "did:key:z6M"),
            format!("{good}; more=1"),
        ] {
            assert_eq!(read_all(&[&good, &bad]), Err(RecordFault::Form(bad.clone())), "{bad}");
        }
        let weak = "did:key:z6MkeTG3bFFSLYVU7VqhgZxqr6YzpaGrQtFMh1uvqGy1vDnP".parse().unwrap();
        assert_eq!(read_all(&[&record_text(&weak)]), Err(RecordFault::WeakKey(weak)));
        assert!(read_records(&[b"v=onr1; key=\xff".to_vec()]).is_err());
        let many: Vec<_> = (0..65).map(|seed| record_text(&key(seed)).into_bytes()).collect();
        assert_eq!(read_records(&many[..64]).unwrap().unwrap().len(), 64);
        assert_eq!(read_records(&many), Err(RecordFault::TooManyKeys));
    }
}
