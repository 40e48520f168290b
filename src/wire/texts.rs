//! The short texts that public shapes are made of, each with its pattern, named once so that
//! every schema refers to the same definition. Not parsers: those are on the floors below
//! (protocol §1–4).

use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Declares types that exist only as named schemas of a text with a pattern.
macro_rules! texts {
    ($($(#[doc = $doc:literal])+ $name:ident = $pattern:literal, $example:literal;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                text(concat!($($doc),+).trim(), $pattern, $example)
            }
        }

        impl ToSchema for $name {}
    )+};
}

fn text(description: &str, pattern: &str, example: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .pattern(Some(pattern))
        .examples([example])
        .into()
}

texts! {
    /// Standard base64 with padding (RFC 4648 §4), canonical.
    Base64 = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$", "b25yZWNvcmQ=";
    /// A SHA-256 value in standard base64.
    HashBase64 = r"^[A-Za-z0-9+/]{43}=$", "LjNaZYiNdJ4k17b8tf6DZhbp0Mxq9sdVe0yLKKkrMuE=";
    /// A SHA-256 value in lower-case hexadecimal.
    HashHex = r"^[0-9a-f]{64}$", "2e335a65888d749e24d7b6fcb5fe836616e9d0cc6af6c7557b4c8b28a92b32e1";
    /// Digest of a disclosure: base64url of its SHA-256.
    Digest = r"^[A-Za-z0-9_-]{43}$", "SJHJyus83paYBUFSgFYuMVP4dzSXf68hjz0FgWeAF1E";
    /// A disclosure: base64url of the canonical JSON of `[salt, name, value]`, at most 16 KiB.
    Disclosure = r"^[A-Za-z0-9_-]{1,16384}$", "WyJQM1RiWklUelh4cHpZMUJnS0d3a1hnIiwidGl0bGUiLCJSZWZ1bmQiXQ";
    /// A signer: the did:key of an Ed25519 key.
    DidKey = r"^did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}$", "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw";
    /// OpenSSH fingerprint of the signing key. Verifiers ignore it.
    KeyId = r"^SHA256:[A-Za-z0-9+/]{43}$", "SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8";
    /// A signature: standard base64 of its 64 bytes.
    SignatureText = r"^[A-Za-z0-9+/]{86}==$", "yZcH1jBZCszT1v8uzVabhcdtWMKsPxk7A4N3iJulB/BLPcWywwffdOifLCHXo5Yz5rM4v0f9xK2f2oR1n1b6CA==";
    /// What names a statement: `sha256:` and the SHA-256 of the bytes that are signed.
    StatementId = r"^sha256:[0-9a-f]{64}$", "sha256:b98c6e3b35cb0489ec8f0daf70c62165884d6b7425c9579d8035f0c1a2b3c4d5";
    /// A domain name: lower-case A-labels, at least two.
    DomainName = r"^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$", "acme.example";
    /// A ledger's origin: a URL prefix without a scheme.
    Origin = r"^[!-*,-@\[-~]{1,255}$", "ledger.example/2026";
    /// When the ledger admitted an entry: UTC with milliseconds.
    EntryTime = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$", "2026-11-22T19:20:00.123Z";
    /// A time a signer states: UTC, whole seconds.
    StatementTime = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:[0-5]\dZ$", "2026-11-22T19:20:00Z";
    /// A day of the calendar.
    Day = r"^\d{4}-\d{2}-\d{2}$", "2026-12-12";
    /// A C2SP tlog-proof: index, inclusion path and signed checkpoint, as text.
    ProofText = r"^c2sp\.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\nindex 0\n…";
}
