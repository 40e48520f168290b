//! The strict reader: one pass, refusing at the first byte that the canonical form would not have.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::{DEPTH_MAX, Json, JsonError, is_plain, short_escape};

const SAFE_INTEGER_MAX: i64 = (1 << 53) - 1;

/// Reads bytes that are exactly the canonical form of one value.
///
/// # Errors
/// [`JsonError`] says what they are not, and where.
pub fn parse(bytes: &[u8]) -> Result<Json<'_>, JsonError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| JsonError::NotJson { at: error.valid_up_to() })?;
    let mut reader = Reader { text, at: 0, depth: 0 };
    let value = reader.value()?;
    if reader.at == text.len() { Ok(value) } else { Err(reader.refusal()) }
}

/// The order of keys in RFC 8785 §3.2.3: by UTF-16 code units.
pub(super) fn utf16_order(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.take(byte) { Ok(()) } else { Err(self.refusal()) }
    }

    /// White space is where most other writers differ from the canonical form.
    fn refusal(&self) -> JsonError {
        match self.peek() {
            Some(b' ' | b'\t' | b'\n' | b'\r') => JsonError::NotCanonical { at: self.at },
            _ => JsonError::NotJson { at: self.at },
        }
    }

    fn value(&mut self) -> Result<Json<'a>, JsonError> {
        match self.peek() {
            Some(b'"') => self.string().map(Json::Text),
            Some(b'{') => self.nested(Self::map),
            Some(b'[') => self.nested(Self::list),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => Err(self.refusal()),
        }
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<Json<'a>, JsonError>,
    ) -> Result<Json<'a>, JsonError> {
        if self.depth == DEPTH_MAX {
            return Err(JsonError::TooDeep { at: self.at });
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Result<Json<'a>, JsonError> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.refusal());
        }
        self.at += word.len();
        Ok(value)
    }

    fn list(&mut self) -> Result<Json<'a>, JsonError> {
        let mut list = Vec::new();
        if self.take(b']') {
            return Ok(Json::List(list));
        }
        loop {
            list.push(self.value()?);
            if self.take(b']') {
                return Ok(Json::List(list));
            }
            self.expect(b',')?;
        }
    }

    fn map(&mut self) -> Result<Json<'a>, JsonError> {
        let mut members: Vec<(Cow<'a, str>, Json<'a>)> = Vec::new();
        if self.take(b'}') {
            return Ok(Json::Map(members));
        }
        loop {
            let at = self.at;
            let key = self.string()?;
            if let Some((before, _)) = members.last() {
                match utf16_order(before, &key) {
                    Ordering::Less => {}
                    Ordering::Equal => return Err(JsonError::NotJson { at }),
                    Ordering::Greater => return Err(JsonError::NotCanonical { at }),
                }
            }
            self.expect(b':')?;
            let value = self.value()?;
            members.push((key, value));
            if self.take(b'}') {
                return Ok(Json::Map(members));
            }
            self.expect(b',')?;
        }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        self.expect(b'"')?;
        let from = self.at;
        let mut unescaped = String::new();
        let mut plain_from = from;
        loop {
            match self.peek() {
                Some(b'"') => {
                    let plain = &self.text[plain_from..self.at];
                    self.at += 1;
                    if plain_from == from {
                        return Ok(Cow::Borrowed(plain));
                    }
                    unescaped.push_str(plain);
                    return Ok(Cow::Owned(unescaped));
                }
                Some(b'\\') => {
                    unescaped.push_str(&self.text[plain_from..self.at]);
                    unescaped.push(self.escape()?);
                    plain_from = self.at;
                }
                Some(byte) if is_plain(byte) => self.skip_plain(),
                _ => return Err(JsonError::NotJson { at: self.at }),
            }
        }
    }

    fn skip_plain(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|byte| !is_plain(*byte)).unwrap_or(rest.len());
    }

    /// The character of an escape, provided the canonical form escapes it, and in this way.
    fn escape(&mut self) -> Result<char, JsonError> {
        let at = self.at;
        let rest = &self.text.as_bytes()[at + 1..];
        let letter = *rest.first().ok_or(JsonError::NotJson { at })?;
        if letter != b'u' {
            let known = b"\"\\/bfnrt".contains(&letter);
            let byte = (0..=b'\\').find(|byte| short_escape(*byte) == Some(char::from(letter)));
            self.at += 2;
            return byte.map(char::from).ok_or(if known {
                JsonError::NotCanonical { at }
            } else {
                JsonError::NotJson { at }
            });
        }
        let digits = rest.get(1..5).ok_or(JsonError::NotJson { at })?;
        let [b'0', b'0', high @ b'0'..=b'1', low @ (b'0'..=b'9' | b'a'..=b'f')] = *digits else {
            return Err(JsonError::NotCanonical { at });
        };
        let low = if low.is_ascii_digit() { low - b'0' } else { low - b'a' + 10 };
        let byte = ((high - b'0') << 4) | low;
        if short_escape(byte).is_some() {
            return Err(JsonError::NotCanonical { at });
        }
        self.at += 6;
        Ok(char::from(byte))
    }

    fn number(&mut self) -> Result<Json<'a>, JsonError> {
        let from = self.at;
        let rest = &self.text[from..];
        let length = rest
            .bytes()
            .position(|byte| !matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
            .unwrap_or(rest.len());
        let token = &rest[..length];
        self.at += length;
        if let Ok(integer) = token.parse::<i64>()
            && (-SAFE_INTEGER_MAX..=SAFE_INTEGER_MAX).contains(&integer)
        {
            let same = integer.to_string() == token;
            return if same { Ok(Json::Integer(integer)) } else { Err(not_canonical(from)) };
        }
        match token.parse::<f64>() {
            Ok(float)
                if float.is_finite() && ryu_js::Buffer::new().format_finite(float) == token =>
            {
                Ok(Json::Float(float))
            }
            _ => Err(not_canonical(from)),
        }
    }
}

fn not_canonical(at: usize) -> JsonError {
    JsonError::NotCanonical { at }
}
