//! The words of a text as they are looked for: split by Unicode's rules (UAX #29), without case and without
//! accents. Titles and queries pass through here alike, so it matters only that both come out the same.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;

/// Words of one text that count; what follows them is not looked for. A title of Chinese or Thai has a word
/// for each character.
const WORDS_MAX: usize = 48;
/// Bytes of one word that count. Both bounds together keep a title of 16 KiB from taking more memory than
/// 48 words of 48 bytes with their places, about 7 KB.
const WORD_LENGTH_MAX: usize = 48;

/// The words of a text, in its order.
pub fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    // An elided article or pronoun is a word of its own: `l'abonnement` is found by `abonnement`.
    let words = folded.unicode_words().flat_map(|word| word.split(['\'', '’']));
    let words = words.filter(|word| !word.is_empty()).take(WORDS_MAX);
    words.map(|word| word[..word.floor_char_boundary(WORD_LENGTH_MAX)].to_owned()).collect()
}

/// Through upper case, because `ß` and `ss`, or `ς` and `σ`, are alike only there; of `ẞ` not even that is true.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let plain = text.nfkd().filter(|c| !is_left_out(*c)).flat_map(char::to_lowercase);
    plain.flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

/// Marks that people leave out when they type: accents, the points of Hebrew and Arabic, and characters that
/// cannot be seen. The vowel signs of other scripts make another word and stay.
fn is_left_out(c: char) -> bool {
    match c {
        '\u{ad}' | '\u{640}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => true,
        '\u{300}'..='\u{36f}' => true,
        '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{670}' | '\u{6d6}'..='\u{6ed}' => {
            is_combining_mark(c)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_do_not_tell_words_apart() {
        for (one, other) in [
            ("Café RÉSUMÉ", "cafe resume"),
            ("cafe\u{301}", "caf\u{e9}"),
            ("STRASSE straße", "strasse STRAẞE"),
            ("ΟΔΟΣ", "οδος"),
            ("İstanbul", "istanbul"),
            ("ﬁnance Ｆｕｌｌ", "finance full"),
            ("שָׁלוֹם", "שלום"),
            ("مُحَمَّد", "محمد"),
            ("Ёлка", "елка"),
            ("co\u{ad}operation", "cooperation"),
        ] {
            assert_eq!(words(one), words(other), "{one}");
        }
    }

    #[test]
    fn what_makes_another_word_stays() {
        for (one, other) in [("がく", "かく"), ("कि", "की"), ("ไม", "ไม่"), ("refund", "refunds")]
        {
            assert_ne!(words(one), words(other), "{one}");
        }
    }

    #[test]
    fn words_end_where_unicode_says() {
        assert_eq!(
            words("Refund: 3.5 €, re-paid (2026)!"),
            ["refund", "3.5", "re", "paid", "2026"]
        );
        assert_eq!(words("L'abonnement d’Ana"), ["l", "abonnement", "d", "ana"]);
        assert_eq!(words("退款 承诺"), ["退", "款", "承", "诺"]);
        assert_eq!(words("acme.example"), ["acme.example"]);
        assert_eq!(words(" … 📦 —"), [""; 0]);
    }

    #[test]
    fn a_long_text_counts_up_to_its_bounds() {
        let many: String = (0..100).map(|number| format!("w{number} ")).collect();
        assert_eq!(words(&many).len(), WORDS_MAX);
        assert_eq!(words(&"é".repeat(100)), ["e".repeat(WORD_LENGTH_MAX)]);
        assert_eq!(words(&"ж".repeat(100)), ["ж".repeat(WORD_LENGTH_MAX / 2)]);
    }
}
