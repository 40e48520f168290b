//! The DSSE 1.0.2 envelope around a statement, and the id it gives the statement (protocol §3).

use std::fmt;
use std::str::FromStr;

use super::refusal::{Reason, Refusal};
use crate::crypto::{DidKey, Hash, Signature, sha256};
use crate::encoding::base64;
use crate::encoding::json::{Json, write_text};

/// The payload type of a statement.
pub const STATEMENT_TYPE: &str = "application/vnd.onrecord.statement.v1+json";

/// The id of a statement: SHA-256 over the envelope's PAE, written `sha256:` and 64 hex digits. It never
/// covers signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatementId(Hash);

impl StatementId {
    /// The id with that hash.
    pub const fn from_hash(hash: Hash) -> Self {
        Self(hash)
    }

    /// The hash in it.
    pub const fn as_hash(&self) -> &Hash {
        &self.0
    }
}

/// The text is not a statement id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a statement id: `sha256:` and 64 lower-case hex digits")]
pub struct NotAStatementId;

impl FromStr for StatementId {
    type Err = NotAStatementId;

    fn from_str(text: &str) -> Result<Self, NotAStatementId> {
        let hex = text.strip_prefix("sha256:").ok_or(NotAStatementId)?;
        Hash::from_hex(hex).map(Self).map_err(|_| NotAStatementId)
    }
}

impl fmt::Display for StatementId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "sha256:{}", self.0)
    }
}

/// One signature of an envelope. `keyid` is a hint that verifiers ignore; a ledger admits only the
/// signer's fingerprint there.
#[derive(Debug, Clone)]
pub struct EnvelopeSignature {
    /// The signer's OpenSSH fingerprint.
    pub keyid: String,
    /// Over the PAE.
    pub signature: Signature,
}

/// An envelope: payload, its type and signatures. Nothing in it has been verified yet.
#[derive(Debug, Clone)]
pub struct Envelope {
    payload_type: String,
    payload: Vec<u8>,
    signatures: Vec<EnvelopeSignature>,
}

impl Envelope {
    /// An envelope of these parts.
    pub fn new(payload_type: &str, payload: Vec<u8>, signatures: Vec<EnvelopeSignature>) -> Self {
        Self { payload_type: payload_type.to_owned(), payload, signatures }
    }

    /// An envelope as it is sent: payload and signatures in base64.
    ///
    /// # Errors
    /// `bad_base64`, when one of them is not, or a signature is not 64 bytes.
    pub fn decode<'a>(
        payload_type: &str,
        payload: &str,
        signatures: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Refusal> {
        let refusal = |what| Refusal::new(Reason::BadBase64, format!("the envelope's {what}"));
        let payload = base64::decode(payload).map_err(|_| refusal("payload"))?;
        let signatures = signatures.into_iter().map(|(keyid, signature)| {
            let bytes = base64::decode_array(signature)
                .map_err(|_| refusal("signature is not the base64 of 64 bytes"))?;
            Ok(EnvelopeSignature {
                keyid: keyid.to_owned(),
                signature: Signature::from_bytes(bytes),
            })
        });
        let signatures = signatures.collect::<Result<_, Refusal>>()?;
        Ok(Self::new(payload_type, payload, signatures))
    }

    /// Reads the object `{"payload","payloadType","signatures":[{"keyid","sig"}]}`, exactly that shape.
    pub fn from_json(json: &Json<'_>) -> Option<Self> {
        let Json::Map(members) = json else { return None };
        let [(_, payload), (_, payload_type), (_, Json::List(list))] = members.as_slice() else {
            return None;
        };
        if !has_keys(members, &["payload", "payloadType", "signatures"]) {
            return None;
        }
        let signatures = list.iter().map(|signature| match signature {
            Json::Map(pair) if has_keys(pair, &["keyid", "sig"]) => {
                Some((pair[0].1.as_text()?, pair[1].1.as_text()?))
            }
            _ => None,
        });
        let signatures = signatures.collect::<Option<Vec<_>>>()?;
        Self::decode(payload_type.as_text()?, payload.as_text()?, signatures).ok()
    }

    /// The media type the payload claims.
    pub fn payload_type(&self) -> &str {
        &self.payload_type
    }

    /// The payload's bytes, as received.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// Its signatures, in the order of the statement's signers.
    pub fn signatures(&self) -> &[EnvelopeSignature] {
        &self.signatures
    }

    /// The bytes that are signed: `DSSEv1`, and type and payload with their lengths.
    pub fn pae(&self) -> Vec<u8> {
        pae(&self.payload_type, &self.payload)
    }

    /// The statement's id.
    pub fn id(&self) -> StatementId {
        StatementId(sha256(&self.pae()))
    }

    /// Appends the envelope in canonical JSON, as entries hold it.
    pub fn write_to(&self, out: &mut String) {
        out.push_str(r#"{"payload":""#);
        out.push_str(&base64::encode(&self.payload));
        out.push_str(r#"","payloadType":"#);
        write_text(&self.payload_type, out);
        out.push_str(r#","signatures":["#);
        for (position, signature) in self.signatures.iter().enumerate() {
            out.push_str(if position > 0 { r#",{"keyid":"# } else { r#"{"keyid":"# });
            write_text(&signature.keyid, out);
            out.push_str(r#","sig":""#);
            out.push_str(&base64::encode(signature.signature.as_bytes()));
            out.push_str("\"}");
        }
        out.push_str("]}");
    }

    /// Checks each signature against the signer in its place, by the strict rule and by the key id.
    ///
    /// # Errors
    /// `weak_key`, `signers_mismatch` or `bad_signature`.
    pub fn verify(&self, pae: &[u8], signers: &[DidKey]) -> Result<(), Refusal> {
        let keys = signers.iter().map(|signer| {
            signer.public_key().map_err(|_| {
                Refusal::new(Reason::WeakKey, format!("{signer} is a key anyone could sign for"))
            })
        });
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() || self.signatures.len() != keys.len() {
            let detail =
                format!("{} signatures for {} signers", self.signatures.len(), signers.len());
            return Err(Refusal::new(Reason::SignersMismatch, detail));
        }
        for ((signer, key), signature) in signers.iter().zip(&keys).zip(&self.signatures) {
            if signature.keyid != signer.fingerprint() {
                let detail = format!("the keyid is not the fingerprint of {signer}");
                return Err(Refusal::new(Reason::BadSignature, detail));
            }
            key.verify(pae, &signature.signature).map_err(|_| {
                Refusal::new(Reason::BadSignature, format!("the signature by {signer}"))
            })?;
        }
        Ok(())
    }
}

/// DSSE's pre-authentication encoding of a payload and its type.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

fn has_keys(members: &[(std::borrow::Cow<'_, str>, Json<'_>)], keys: &[&str]) -> bool {
    members.iter().map(|(key, _)| key.as_ref()).eq(keys.iter().copied())
}
