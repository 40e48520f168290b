//! Which characters words may hold (protocol §4): the Unicode Assignables of RFC 9839 §4.3, and for one
//! line no breaks and no characters that reorder what stands around them.

/// A text holds a character that its place does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the character U+{:04X} is not allowed here", *.0 as u32)]
pub struct Forbidden(pub char);

/// Checks a text of several lines.
///
/// # Errors
/// [`Forbidden`] names the first character that may not stand there.
pub fn check_lines(text: &str) -> Result<(), Forbidden> {
    refuse_any(text, |c| !is_assignable(c))
}

/// Checks a text of one line.
///
/// # Errors
/// [`Forbidden`] names the first character that may not stand there.
pub fn check_line(text: &str) -> Result<(), Forbidden> {
    refuse_any(text, |c| !is_assignable(c) || breaks_the_line(c) || reorders(c))
}

fn refuse_any(text: &str, forbidden: impl Fn(char) -> bool) -> Result<(), Forbidden> {
    text.chars().find(|c| forbidden(*c)).map_or(Ok(()), |c| Err(Forbidden(c)))
}

fn is_assignable(c: char) -> bool {
    let low = u32::from(c) & 0xffff;
    match c {
        '\t' | '\n' | '\r' | ' '..='~' => true,
        '\u{0}'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}' => false,
        _ => low < 0xfffe,
    }
}

fn breaks_the_line(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

fn reorders(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_every_script_are_allowed() {
        for good in ["Café Straße — 日本語 📦", "עברית", "", "\u{a0}\u{fffd}\u{10fffd}"]
        {
            assert_eq!(check_line(good), Ok(()), "{good:?}");
        }
        assert_eq!(check_lines("one\n\ttwo\r\n\u{202e}three"), Ok(()));
    }

    #[test]
    fn controls_and_noncharacters_are_refused_everywhere() {
        for bad in
            ['\0', '\u{7f}', '\u{85}', '\u{9f}', '\u{fdd0}', '\u{fdef}', '\u{ffff}', '\u{1fffe}']
        {
            assert_eq!(check_lines(&bad.to_string()), Err(Forbidden(bad)));
        }
    }

    #[test]
    fn a_line_cannot_break_or_reorder_what_stands_beside_it() {
        for bad in [
            '\n', '\r', '\t', '\u{2028}', '\u{61c}', '\u{200e}', '\u{202e}', '\u{2066}', '\u{2069}',
        ] {
            assert_eq!(check_line(&format!("a{bad}b")), Err(Forbidden(bad)));
        }
    }
}
