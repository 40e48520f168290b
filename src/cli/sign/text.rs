//! Words as a person types them become words as they are signed: NFC, and no break at the end.

use unicode_normalization::UnicodeNormalization as _;

/// The text in NFC, without the line break that a TOML text of several lines ends with.
pub(super) fn normalized(text: &str) -> String {
    text.trim_end_matches(['\n', '\r']).nfc().collect()
}
