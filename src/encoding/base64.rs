//! Canonical base64 (RFC 4648 §4, padded) and base64url (§5, unpadded). Another alphabet, missing or
//! extra padding, set trailing bits and line breaks are all refused.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// The text is not the canonical base64 form of any bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not canonical base64")]
pub struct NotBase64;

/// Standard base64 with padding.
pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of a standard base64 text.
///
/// # Errors
/// [`NotBase64`] unless the text is exactly what [`encode`] would give.
pub fn decode(text: &str) -> Result<Vec<u8>, NotBase64> {
    STANDARD.decode(text).map_err(|_| NotBase64)
}

/// Like [`decode`], for a value of a fixed length in bytes.
///
/// # Errors
/// [`NotBase64`] also when the length differs.
pub fn decode_array<const N: usize>(text: &str) -> Result<[u8; N], NotBase64> {
    decode(text)?.try_into().map_err(|_| NotBase64)
}

/// base64url without padding.
pub fn encode_url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of a base64url text.
///
/// # Errors
/// [`NotBase64`] unless the text is exactly what [`encode_url`] would give.
pub fn decode_url(text: &str) -> Result<Vec<u8>, NotBase64> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| NotBase64)
}

/// Like [`decode_url`], for a value of a fixed length in bytes.
///
/// # Errors
/// [`NotBase64`] also when the length differs.
pub fn decode_url_array<const N: usize>(text: &str) -> Result<[u8; N], NotBase64> {
    decode_url(text)?.try_into().map_err(|_| NotBase64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_canonical_spelling_is_accepted() {
        assert_eq!(decode("AQI=").unwrap(), [1, 2]);
        for bad in ["AQI", "AQJ=", "AQI==", "AQ I=", "AQI=\n", "_-==", "A", "AQI=AQI="] {
            assert_eq!(decode(bad), Err(NotBase64), "{bad:?}");
        }
        assert_eq!(decode_url("_-8").unwrap(), [0xff, 0xef]);
        for bad in ["/+8", "_-8=", "_-9", "_", "_-8\n"] {
            assert_eq!(decode_url(bad), Err(NotBase64), "{bad:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn decoding_gives_back_what_was_encoded(bytes: Vec<u8>) {
            proptest::prop_assert_eq!(&decode(&encode(&bytes)).unwrap(), &bytes);
            proptest::prop_assert_eq!(&decode_url(&encode_url(&bytes)).unwrap(), &bytes);
        }

        #[test]
        fn what_decodes_is_what_encodes(text in "[A-Za-z0-9+/=_-]{0,12}") {
            if let Ok(bytes) = decode(&text) {
                proptest::prop_assert_eq!(encode(&bytes), text.clone());
            }
            if let Ok(bytes) = decode_url(&text) {
                proptest::prop_assert_eq!(encode_url(&bytes), text);
            }
        }
    }
}
