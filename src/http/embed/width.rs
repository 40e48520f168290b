//! How wide a text may become in a picture, where no browser can be asked. Too wide rather than too narrow: which
//! font a reader has is not known, and text that runs out of its box is worse than some room beside it.

/// Pixels that a text takes at most, in a common sans-serif font of that size.
pub fn width_of(text: &str, font_size: u32) -> u32 {
    let thousandths: u32 = text.chars().map(thousandths_of).sum();
    (thousandths * font_size).div_ceil(1_000)
}

/// Thousandths of the font's size.
fn thousandths_of(character: char) -> u32 {
    match character {
        // Marks over Arabic letters, and what isolates a value from the direction around it, take no room.
        '\u{64b}'..='\u{65f}' | '\u{2066}'..='\u{2069}' => 0,
        'i' | 'j' | 'l' | '.' | ',' | '\'' | '|' | ' ' => 380,
        'f' | 'r' | 't' | 'I' | '-' | '·' | ':' | ';' | '(' | ')' | '/' => 480,
        'm' | 'M' | 'W' | '@' | '%' | '…' => 1_050,
        'A'..='Z' | 'w' | '+' => 850,
        '\u{20}'..='\u{7e}' | '\u{a0}'..='\u{24f}' | '\u{600}'..='\u{6ff}' => 660,
        _ => 1_100,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_letter_takes_more_room_than_a_narrow_one_and_an_isolate_none() {
        assert_eq!(width_of("", 12), 0);
        assert!(width_of("mmm", 12) > 2 * width_of("iii", 12));
        assert_eq!(width_of("\u{2068}acme\u{2069}", 12), width_of("acme", 12));
        assert!(width_of("a", 24) > width_of("a", 12));
    }
}
