//! What is delivered: a thin body that names an entry and holds none of its words, an id that every delivery of
//! the entry has, and both signatures of the Standard Webhooks specification 1.0.0.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::crypto::{Hash, PrivateKey, PublicKey, sha256_of};
use crate::encoding::base64;
use crate::encoding::domain::Domain;
use crate::encoding::json::Json;
use crate::encoding::time::Moment;
use crate::statement::StatementId;

const SECRET_PREFIX: &str = "whsec_";
const PUBLIC_KEY_PREFIX: &str = "whpk_";

/// What a body says of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About<'a> {
    /// Its index.
    pub index: u64,
    /// The id of its statement.
    pub id: StatementId,
    /// The kind of its statement.
    pub kind: &'a str,
    /// The organization it is delivered to.
    pub domain: &'a Domain,
    /// The thread it belongs to.
    pub thread: Option<StatementId>,
    /// Its leaf hash.
    pub leaf_hash: Hash,
    /// The address of its page.
    pub url: &'a str,
    /// When it was logged.
    pub time: Moment,
}

impl About<'_> {
    /// The body of its delivery, in canonical JSON.
    pub fn to_body(&self) -> String {
        let mut data = vec![
            ("domain", Json::text(self.domain.as_str())),
            ("id", Json::text(self.id.to_string())),
            ("index", Json::Integer(i64::try_from(self.index).unwrap_or(i64::MAX))),
            ("kind", Json::text(self.kind)),
            ("leaf_hash", Json::text(self.leaf_hash.to_hex())),
            ("url", Json::text(self.url)),
        ];
        data.extend(self.thread.map(|thread| ("thread", Json::text(thread.to_string()))));
        let body = Json::map([
            ("type", Json::text("entry")),
            ("timestamp", Json::text(self.time.to_millis())),
            ("data", Json::map(data)),
        ]);
        body.to_canonical()
    }
}

/// The `webhook-id` of an entry's delivery to a domain: the same each time.
pub fn message_id(origin: &str, domain: &Domain, index: u64) -> String {
    let index = index.to_be_bytes();
    let parts: [&[u8]; 6] =
        [b"webhook\0", origin.as_bytes(), b"\0", domain.as_str().as_bytes(), b"\0", &index];
    format!("msg_{}", &sha256_of(&parts).to_hex()[..32])
}

/// The secret that ledger and endpoint share.
#[derive(Clone)]
pub struct Secret(Zeroizing<[u8; 32]>);

/// The text is no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a secret: `whsec_` and the base64 of 32 bytes")]
pub struct BadSecret;

impl Secret {
    /// A secret of these random bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads a secret as it was shown.
    ///
    /// # Errors
    /// [`BadSecret`].
    pub fn parse(text: &str) -> Result<Self, BadSecret> {
        let encoded = text.strip_prefix(SECRET_PREFIX).ok_or(BadSecret)?;
        base64::decode_array(encoded).map(Self::from_bytes).map_err(|_| BadSecret)
    }

    /// `whsec_` and the bytes in base64.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{SECRET_PREFIX}{}", base64::encode(&*self.0)))
    }

    fn authenticate(&self, content: &[u8]) -> [u8; 32] {
        // HMAC fills a key that is shorter than a block with zeros.
        let mut block = Zeroizing::new([0; 64]);
        block[..32].copy_from_slice(&*self.0);
        let mut mac = Hmac::<Sha256>::new((&*block).into());
        mac.update(content);
        mac.finalize().into_bytes().into()
    }
}

/// `whpk_` and the key's bytes in base64.
pub fn public_key_text(key: &PublicKey) -> String {
    format!("{PUBLIC_KEY_PREFIX}{}", base64::encode(key.as_bytes()))
}

/// What is signed: id, second of the attempt and body, with dots between them.
pub fn content(id: &str, seconds: i64, body: &str) -> String {
    format!("{id}.{seconds}.{body}")
}

/// The value of `webhook-signature`: `v1` by the secret and `v1a` by the ledger's key for webhooks.
pub fn signatures(content: &str, secret: &Secret, key: &PrivateKey) -> String {
    let v1 = base64::encode(&secret.authenticate(content.as_bytes()));
    let v1a = base64::encode(key.sign(content.as_bytes()).as_bytes());
    format!("v1,{v1} v1a,{v1a}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::Signature;

    fn domain() -> Domain {
        Domain::parse("acme.example").unwrap()
    }

    #[test]
    fn both_signatures_are_over_id_second_and_body() {
        let (secret, key) = (Secret::from_bytes([7; 32]), PrivateKey::from_seed(&[8; 32]));
        let content = content("msg_1", 1_800_000_000, "{}");
        assert_eq!(content, "msg_1.1800000000.{}");
        let signed = signatures(&content, &secret, &key);
        let (v1, v1a) = signed.split_once(' ').unwrap();
        let oracle = standardwebhooks::Webhook::new(&secret.to_text()).unwrap();
        assert_eq!(oracle.sign("msg_1", 1_800_000_000, b"{}").unwrap(), v1);
        let v1a = base64::decode_array(v1a.strip_prefix("v1a,").unwrap()).unwrap();
        let public = key.public_key();
        public.verify(content.as_bytes(), &Signature::from_bytes(v1a)).unwrap();
        assert!(public.verify(b"msg_2.1800000000.{}", &Signature::from_bytes(v1a)).is_err());
    }

    #[test]
    fn an_id_is_the_entrys_and_the_domains_and_always_the_same() {
        let id = message_id("ledger.example", &domain(), 7);
        assert_eq!(id, message_id("ledger.example", &domain(), 7));
        assert!(id.starts_with("msg_") && id.len() == 36 && !id.contains('.'));
        assert_ne!(id, message_id("ledger.example", &domain(), 8));
        assert_ne!(id, message_id("other.example", &domain(), 7));
        let other = Domain::parse("bolt.example").unwrap();
        assert_ne!(id, message_id("ledger.example", &other, 7));
    }

    #[test]
    fn a_body_names_the_entry_and_leaves_out_a_thread_it_has_not() {
        let id: StatementId = format!("sha256:{}", "a".repeat(64)).parse().unwrap();
        let domain = domain();
        let mut about = About {
            index: 3,
            id,
            kind: "agreement",
            domain: &domain,
            thread: Some(id),
            leaf_hash: *id.as_hash(),
            url: "https://ledger.example/e/3-a",
            time: Moment::parse_seconds("2026-11-20T12:00:00Z").unwrap(),
        };
        assert!(about.to_body().starts_with(r#"{"data":{"domain":"acme.example","id":"sha256:aa"#));
        assert!(
            about.to_body().ends_with(r#""timestamp":"2026-11-20T12:00:00.000Z","type":"entry"}"#)
        );
        assert!(about.to_body().contains(r#""thread":"sha256:"#));
        about.thread = None;
        assert!(!about.to_body().contains("thread"));
    }

    #[test]
    fn a_secret_is_read_as_it_is_shown() {
        let secret = Secret::from_bytes([9; 32]);
        let read = Secret::parse(&secret.to_text()).unwrap();
        assert_eq!(read.to_text(), secret.to_text());
        for text in ["", "whsec_", "whsec_AAAA", "CQkJCQ=="] {
            assert!(Secret::parse(text).is_err(), "{text}");
        }
    }
}
