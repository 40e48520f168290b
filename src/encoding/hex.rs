//! Lower-case hexadecimal, as `sha256` fields and statement ids are written (protocol §1).

/// The text is not lower-case hexadecimal of the expected length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not lower-case hexadecimal of the expected length")]
pub struct NotHex;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Two lower-case digits for each byte.
pub fn encode(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The `N` bytes of a text of exactly `2 N` lower-case digits.
///
/// # Errors
/// [`NotHex`] for any other text.
pub fn decode_array<const N: usize>(text: &str) -> Result<[u8; N], NotHex> {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(NotHex),
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return Err(NotHex);
    }
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = value(*high)? << 4 | value(*low)?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lower_case_of_the_right_length_is_accepted() {
        assert_eq!(decode_array::<2>("0aff"), Ok([0x0a, 0xff]));
        for bad in ["0aF0", "0af", "0aff0", "0aff00", "0g00", "", " 0af"] {
            assert_eq!(decode_array::<2>(bad), Err(NotHex), "{bad:?}");
        }
        assert_eq!(encode(&[0x0a, 0xff]), "0aff");
    }
}
