//! Which language a reader gets: the one asked for in the address, else the best of
//! `Accept-Language` (RFC 9110 §12.5.4), else English.

/// A language that pages are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Spanish.
    Es,
    /// Arabic.
    Ar,
}

impl Language {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::En, Self::Es, Self::Ar];

    /// Its BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
            Self::Ar => "ar",
        }
    }

    /// The direction it is written in, as HTML names it.
    pub const fn direction(self) -> &'static str {
        match self {
            Self::En | Self::Es => "ltr",
            Self::Ar => "rtl",
        }
    }

    /// Its name for itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Es => "Español",
            Self::Ar => "العربية",
        }
    }

    /// The language with this tag.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The best of what a browser accepts: the highest quality, then the first named.
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(u16, Self)> = None;
        for range in header.split(',') {
            let Some((quality, language)) = read_range(range) else { continue };
            if quality > best.map_or(0, |(quality, _)| quality) {
                best = Some((quality, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

/// A language range with its quality in thousandths. A region or script asks for its language.
fn read_range(range: &str) -> Option<(u16, Language)> {
    let mut parts = range.split(';');
    let tag = parts.next()?.trim().to_ascii_lowercase();
    let quality = match parts.next().map(str::trim) {
        None => 1_000,
        Some(weight) => read_weight(weight.strip_prefix("q=")?)?,
    };
    let language = match tag.as_str() {
        "*" => Language::En,
        tag => Language::from_tag(tag.split('-').next()?)?,
    };
    Some((quality, language))
}

/// `0.8` as 800.
fn read_weight(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_short = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let thousandths: u16 = format!("{fraction:0<3}").parse().ok().filter(|_| is_short)?;
    match (whole, thousandths) {
        ("0", thousandths) => Some(thousandths),
        ("1", 0) => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_quality_wins_and_then_the_first_named() {
        for (header, wanted) in [
            ("es", Some(Language::Es)),
            ("de, es-MX;q=0.8, en;q=0.7", Some(Language::Es)),
            ("en;q=0.5,ar-EG;q=0.9", Some(Language::Ar)),
            ("EN-us,es", Some(Language::En)),
            ("ar;q=0.8, es;q=0.8", Some(Language::Ar)),
            ("de, *;q=0.1", Some(Language::En)),
            ("es;q=0, de", None),
            ("de, fr;q=0.9", None),
            ("", None),
        ] {
            assert_eq!(Language::accepted(header), wanted, "{header}");
        }
    }

    #[test]
    fn what_is_no_quality_asks_for_nothing() {
        for header in ["es;q=2", "es;q=1.5", "es;q=0.1234", "es;q=-1", "es;q=0.+1", "es;level=1"] {
            assert_eq!(Language::accepted(header), None, "{header}");
        }
    }

    proptest::proptest! {
        #[test]
        fn foreign_headers_never_panic(header in "[ -~]{0,60}") {
            Language::accepted(&header);
        }
    }
}
