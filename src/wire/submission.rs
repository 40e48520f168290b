//! What is sent to be logged: an envelope and the words that are public (protocol §3, §11).
//! It reads the shape only; whether the contents hold is for the floors below to say.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::texts;

/// The most bytes a submission may take, as JSON (protocol §11): an envelope of a 24 KiB payload
/// is 33 KiB in base64, and 96 KiB of disclosures leave room for punctuation and signatures.
pub const SUBMISSION_MAX_BYTES: usize = 160 * 1024;

/// The body of `POST /api/v1/statements`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Submission<'a> {
    /// The signed statement.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// The words that become public with it, each as the exact text whose digest was signed.
    #[serde(borrow)]
    #[schema(value_type = Vec<texts::Disclosure>, max_items = 64)]
    pub disclosures: Vec<Cow<'a, str>>,
}

/// A DSSE envelope (protocol §3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Envelope<'a> {
    /// The statement: its canonical JSON in base64.
    #[serde(borrow)]
    #[schema(value_type = texts::Base64)]
    pub payload: Cow<'a, str>,
    /// What kind of payload was signed: `application/vnd.onrecord.statement.v1+json`.
    #[serde(borrow, rename = "payloadType")]
    #[schema(value_type = String)]
    pub payload_type: Cow<'a, str>,
    /// One signature for each of the statement's signers, in their order.
    #[serde(borrow)]
    #[schema(min_items = 1, max_items = 4)]
    pub signatures: Vec<Signature<'a>>,
}

/// One signature of an envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Signature<'a> {
    /// Fingerprint of the signing key.
    #[serde(borrow)]
    #[schema(value_type = texts::KeyId)]
    pub keyid: Cow<'a, str>,
    /// The signature.
    #[serde(borrow)]
    #[schema(value_type = texts::SignatureText)]
    pub sig: Cow<'a, str>,
}

/// The bytes are no submission: not UTF-8, not JSON, a field twice, missing or unknown, or of
/// another type. The text says where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotASubmission(String);

impl<'a> Submission<'a> {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// [`NotASubmission`] when it has not exactly the shape above.
    pub fn read(body: &'a [u8]) -> Result<Self, NotASubmission> {
        let text = std::str::from_utf8(body).map_err(|e| NotASubmission(e.to_string()))?;
        serde_json::from_str(text).map_err(|e| NotASubmission(e.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"envelope":{"payload":"e30=","payloadType":"t","signatures":[{"keyid":"k","sig":"s"}]},"disclosures":["abc"]}"#;

    #[test]
    fn a_plain_submission_is_read_without_copying_its_texts() {
        let read = Submission::read(GOOD.as_bytes()).unwrap();
        assert!(matches!(read.envelope.payload, Cow::Borrowed("e30=")));
        assert_eq!(read.disclosures, ["abc"]);
        assert_eq!(read.envelope.signatures[0].sig, "s");
    }

    #[test]
    fn every_other_shape_is_refused() {
        let wrong = [
            "".to_owned(),
            "null".to_owned(),
            "[]".to_owned(),
            "{}".to_owned(),
            GOOD.replace(r#","disclosures":["abc"]"#, ""),
            GOOD.replace(r#""disclosures":["abc"]"#, r#""disclosures":null"#),
            GOOD.replace(r#"["abc"]"#, "[1]"),
            GOOD.replace(r#"["abc"]"#, r#"["abc"],"more":1"#),
            GOOD.replace(r#""payload":"#, r#""payload":"e30=","payload":"#),
            GOOD.replace(r#""sig":"#, r#""sig":"t","sig":"#),
            GOOD.replace(r#""keyid":"k","#, ""),
            GOOD.replace(r#""payload":"#, r#""note":"x","payload":"#),
            GOOD.replace(r#""payload":"e30=""#, r#""payload":7"#),
            GOOD.replace(r#"[{"keyid":"k","sig":"s"}]"#, r#"{"keyid":"k","sig":"s"}"#),
            format!("{GOOD} {{}}"),
            format!("\u{feff}{GOOD}"),
        ];
        for body in wrong {
            assert!(Submission::read(body.as_bytes()).is_err(), "accepted {body}");
        }
        let mut not_utf8 = GOOD.as_bytes().to_vec();
        let at = GOOD.find("abc").unwrap();
        not_utf8[at] = 0xff;
        assert!(Submission::read(&not_utf8).is_err());
    }

    proptest::proptest! {
        #[test]
        fn foreign_bytes_never_panic_and_what_is_read_is_written_again(
            body in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
            payload in ".*", word in ".*",
        ) {
            let _ = Submission::read(&body);
            let made = Submission {
                envelope: Envelope {
                    payload: payload.into(),
                    payload_type: "t".into(),
                    signatures: vec![Signature { keyid: "k".into(), sig: "s".into() }],
                },
                disclosures: vec![word.into()],
            };
            let text = serde_json::to_string(&made).unwrap();
            proptest::prop_assert_eq!(Submission::read(text.as_bytes()).unwrap(), made);
        }
    }
}
