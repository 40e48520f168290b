//! Canonical JSON (RFC 8785) as a small tree that keeps what the bytes said: a text is either exactly the
//! canonical form of one value, without a duplicate key, or it is refused. Floats and `null` have a
//! canonical form too; they are kept apart so that a reader can refuse them by name (protocol §1).

mod reader;

use std::borrow::Cow;

pub use reader::parse;

/// Nesting a reader follows; the deepest public shape needs 5.
pub const DEPTH_MAX: usize = 32;

/// Why bytes are not canonical JSON. `at` is an offset in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Not JSON, not UTF-8, or with a duplicate key.
    #[error("not JSON at byte {at}")]
    NotJson {
        /// Where.
        at: usize,
    },
    /// JSON, but not in its canonical form.
    #[error("not canonical JSON (RFC 8785) at byte {at}")]
    NotCanonical {
        /// Where.
        at: usize,
    },
    /// Nested deeper than [`DEPTH_MAX`].
    #[error("nested too deep at byte {at}")]
    TooDeep {
        /// Where.
        at: usize,
    },
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json<'a> {
    /// `null`, which no shape of the protocol allows.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer within ±(2^53 − 1).
    Integer(i64),
    /// Any other number, always finite, which no shape of the protocol allows.
    Float(f64),
    /// A string.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Json<'a>>),
    /// An object, its keys in canonical order.
    Map(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl<'a> Json<'a> {
    /// A string value.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A map of these members, put in canonical order. A key given twice keeps its last value.
    pub fn map(members: impl IntoIterator<Item = (&'a str, Json<'a>)>) -> Self {
        let mut sorted = std::collections::BTreeMap::new();
        sorted.extend(members);
        let mut members: Vec<_> =
            sorted.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect();
        members.sort_by(|(a, _), (b, _)| reader::utf16_order(a, b));
        Self::Map(members)
    }

    /// The string, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The integer, if it is one.
    pub fn as_integer(&self) -> Option<i64> {
        if let Self::Integer(number) = self { Some(*number) } else { None }
    }

    /// The elements, if it is an array.
    pub fn as_list(&self) -> Option<&[Json<'a>]> {
        if let Self::List(list) = self { Some(list) } else { None }
    }

    /// The member of that name, if it is an object that has one.
    pub fn get(&self, key: &str) -> Option<&Json<'a>> {
        let Self::Map(members) = self else { return None };
        members.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The same value, owning its strings.
    pub fn into_owned(self) -> Json<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(value),
            Self::Integer(value) => Json::Integer(value),
            Self::Float(value) => Json::Float(value),
            Self::Text(text) => Json::Text(own(text)),
            Self::List(list) => Json::List(list.into_iter().map(Json::into_owned).collect()),
            Self::Map(members) => Json::Map(
                members.into_iter().map(|(key, value)| (own(key), value.into_owned())).collect(),
            ),
        }
    }

    /// The canonical form.
    pub fn to_canonical(&self) -> String {
        let mut out = String::new();
        self.write_to(&mut out);
        out
    }

    fn write_to(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Integer(value) => out.push_str(&value.to_string()),
            Self::Float(value) => out.push_str(ryu_js::Buffer::new().format(*value)),
            Self::Text(text) => write_text(text, out),
            Self::List(list) => {
                out.push('[');
                for (position, value) in list.iter().enumerate() {
                    if position > 0 {
                        out.push(',');
                    }
                    value.write_to(out);
                }
                out.push(']');
            }
            Self::Map(members) => {
                out.push('{');
                for (position, (key, value)) in members.iter().enumerate() {
                    if position > 0 {
                        out.push(',');
                    }
                    write_text(key, out);
                    out.push(':');
                    value.write_to(out);
                }
                out.push('}');
            }
        }
    }
}

/// Appends a string in its canonical form, quotes included.
pub fn write_text(text: &str, out: &mut String) {
    out.push('"');
    // Looking at all bytes without stopping lets the compiler look at many at once, and nearly every text is plain.
    if text.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
        out.push_str(text);
    } else {
        write_escaped(text, out);
    }
    out.push('"');
}

fn write_escaped(text: &str, out: &mut String) {
    let mut plain_from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if is_plain(byte) {
            continue;
        }
        out.push_str(&text[plain_from..at]);
        plain_from = at + 1;
        match short_escape(byte) {
            Some(letter) => out.extend(['\\', letter]),
            None => out.push_str(&format!("\\u{byte:04x}")),
        }
    }
    out.push_str(&text[plain_from..]);
}

/// Whether the canonical form writes this byte of a text as it is.
const fn is_plain(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}

/// The letter of the two-character escape, where the canonical form has one.
fn short_escape(byte: u8) -> Option<char> {
    Some(match byte {
        b'"' => '"',
        b'\\' => '\\',
        0x08 => 'b',
        0x09 => 't',
        0x0a => 'n',
        0x0c => 'f',
        0x0d => 'r',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn canonical_by_serde_jcs(text: &[u8]) -> Option<Vec<u8>> {
        let value: serde_json::Value = serde_json::from_slice(text).ok()?;
        serde_jcs::to_vec(&value).ok()
    }

    #[test]
    fn other_spellings_of_a_value_are_refused() {
        for good in
            [r#"{"a":1,"b":[true,false,null]}"#, r#""\u0001\b\t\n\f\r\"\\""#, "-7", "[]", "{}"]
        {
            assert_eq!(parse(good.as_bytes()).unwrap().to_canonical(), good);
        }
        for bad in [
            "{ }",
            r#"{"b":1,"a":1}"#,
            r#""\u0041""#,
            r#""\/""#,
            r#""\u001F""#,
            "-0",
            "1.0",
            "1E3",
            "01",
            "[1, 2]",
            " 1",
            "1 ",
            "9007199254740993",
            r#"{"a":1,"a":1}"#,
            r#""\ud800""#,
            "",
            "tru",
            "[1",
            "1e400",
            r#"{"a"}"#,
            "\"\u{1}\"",
            "nulls",
            "--1",
        ] {
            assert!(parse(bad.as_bytes()).is_err(), "{bad:?}");
        }
        assert!(parse(b"\"\xff\"").is_err());
        assert!(parse(b"\xef\xbb\xbf1").is_err());
    }

    #[test]
    fn floats_and_big_integers_are_told_apart_from_integers() {
        for float in
            ["1.5", "1e+21", "1e-7", "0.000001", "9007199254740992", "100000000000000000000"]
        {
            assert!(matches!(parse(float.as_bytes()), Ok(Json::Float(_))), "{float}");
        }
        assert_eq!(parse(b"9007199254740991"), Ok(Json::Integer(9_007_199_254_740_991)));
        assert_eq!(parse(b"-9007199254740991"), Ok(Json::Integer(-9_007_199_254_740_991)));
    }

    #[test]
    fn numbers_are_written_as_rfc_8785_appendix_b_and_ecmascript_write_them() {
        for (bits, text) in [
            (0x0000_0000_0000_0001_u64, "5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            // Two shortest decimals are equally near, and the even one is taken.
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
            (0x431a_1588_64eb_bf35, "1835506236846029.2"),
        ] {
            let written = Json::Float(f64::from_bits(bits)).to_canonical();
            assert_eq!(written, text);
            assert_eq!(parse(text.as_bytes()), Ok(Json::Float(f64::from_bits(bits))));
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = "[".repeat(100_000);
        assert_eq!(parse(deep.as_bytes()), Err(JsonError::TooDeep { at: DEPTH_MAX }));
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            (-(1i64 << 53) + 1..1i64 << 53).prop_map(Into::into),
            any::<f64>()
                .prop_filter("JSON has no such number", |f| f.is_finite())
                .prop_map(Into::into),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_canonical_form_is_the_one_serde_jcs_gives(value in any_json()) {
            let canonical = serde_jcs::to_vec(&value).unwrap();
            let tree = parse(&canonical).unwrap();
            prop_assert_eq!(tree.to_canonical().into_bytes(), canonical);
        }

        #[test]
        fn what_is_accepted_is_its_own_canonical_form(text in r#"[\[\]{}":,a-c0-3.eE+\-\\un ]{0,24}"#) {
            if let Ok(tree) = parse(text.as_bytes()) {
                prop_assert_eq!(tree.to_canonical(), text.clone());
                prop_assert_eq!(canonical_by_serde_jcs(text.as_bytes()), Some(text.into_bytes()));
            }
        }

        #[test]
        fn garbage_never_panics(bytes: Vec<u8>) {
            let _ = parse(&bytes);
        }
    }
}
