//! What a person sees: foreign text made harmless, and lines on standard output. Colours are dropped by
//! `anstream` when the output is no terminal, or when `NO_COLOR` is set.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::io::Write as _;

use indicatif::{ProgressBar, ProgressStyle};

use super::failure::Failure;

/// Foreign text as it may be printed within a line: characters that move the cursor, change the direction
/// of writing or cannot be seen appear as `\u{…}`. The joiners of scripts and emoji stay.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(must_be_escaped) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if must_be_escaped(character) {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// Foreign text of several lines, each escaped and set behind the indentation.
pub(super) fn escape_lines(text: &str, indentation: &str) -> String {
    text.lines().fold(String::new(), |mut safe, line| {
        let break_before = if safe.is_empty() { "" } else { "\n" };
        let _ = write!(safe, "{break_before}{indentation}{}", escape(line));
        safe
    })
}

fn must_be_escaped(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Writes one line to standard output.
pub(super) fn line(text: impl fmt::Display) -> Result<(), Failure> {
    writeln!(anstream::stdout(), "{text}").map_err(|error| Failure::output(&error))
}

/// Writes a value to standard output as indented JSON.
pub(super) fn json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value);
    line(text.map_err(|error| Failure::output(&error.into()))?)
}

/// Writes a value to standard output as one line of JSON.
pub(super) fn json_line(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(value);
    line(text.map_err(|error| Failure::output(&error.into()))?)
}

/// Writes the bytes to standard output as they are.
pub(super) fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut output = std::io::stdout().lock();
    output.write_all(bytes).and_then(|()| output.flush()).map_err(|error| Failure::output(&error))
}

/// A bar that counts entries, on a terminal, and nothing elsewhere.
pub(super) fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    match ProgressStyle::with_template("{bar:30} {pos}/{len} entries, {per_sec}, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Has a bar show how many of how many are done.
pub(super) fn counting(bar: &ProgressBar) -> impl Fn(u64, u64) {
    |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    }
}

/// Writes a line for the person beside the data: to standard error.
pub(super) fn note(text: impl fmt::Display) {
    // There is nowhere left to say that this cannot be said.
    let _ = writeln!(anstream::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays_as_it_is() {
        for text in ["", "Café Straße — 日本語 📦 'quoted' \\", "क्\u{200d}ष 👩\u{200d}🚒"]
        {
            assert!(matches!(escape(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn what_moves_the_cursor_or_turns_the_writing_is_spelled_out() {
        assert_eq!(escape("a\u{1b}[2Jb\r\n"), "a\\u{1b}[2Jb\\u{d}\\u{a}");
        assert_eq!(escape("\u{9b}31m"), "\\u{9b}31m");
        for bidi in "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}"
            .chars()
        {
            let text = format!("acme{bidi}.example");
            assert_eq!(escape(&text), format!("acme\\u{{{:x}}}.example", u32::from(bidi)));
        }
        assert_eq!(escape("a\u{200b}\u{feff}\u{2028}b"), "a\\u{200b}\\u{feff}\\u{2028}b");
    }

    #[test]
    fn lines_keep_their_breaks_and_nothing_else() {
        assert_eq!(
            escape_lines("one\n\ttwo\r\nthree\r", "  "),
            "  one\n  \\u{9}two\n  three\\u{d}"
        );
    }

    proptest::proptest! {
        #[test]
        fn no_escaped_text_holds_a_control_character(text in proptest::prelude::any::<String>()) {
            proptest::prop_assert!(!escape(&text).contains(must_be_escaped));
        }
    }
}
