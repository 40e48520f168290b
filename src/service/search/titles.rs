//! Which titles have which words, in memory. What a word is, `words` decides; which titles are public, `mod.rs`.

use std::collections::BTreeMap;
use std::ops::Bound;

use roaring::RoaringBitmap;
use smallvec::SmallVec;

/// Entries with one word that are kept as a list. Most words are rare, and a bitmap of two entries has some
/// hundred bytes.
const LISTED_MAX: usize = 32;
/// Characters from which on a word may be the beginning of a longer one. A single letter begins a twentieth of
/// all words, and to unite the entries of 10,000 words takes some ten milliseconds.
const BEGINNING_MIN: usize = 2;

/// The words of titles, and the entries each is found in. Entries from 2^32 on are not found.
#[derive(Debug, Default)]
pub struct Titles(BTreeMap<Box<str>, Entries>);

#[derive(Debug)]
enum Entries {
    /// In any order, each once.
    Listed(SmallVec<[u32; 4]>),
    Mapped(RoaringBitmap),
}

impl Titles {
    /// Notes an entry whose title has these words.
    pub fn insert(&mut self, entry: u64, words: &[String]) {
        let Ok(entry) = u32::try_from(entry) else { return };
        for word in words {
            match self.0.get_mut(word.as_str()) {
                Some(entries) => entries.insert(entry),
                None => {
                    let first = SmallVec::from_slice(&[entry]);
                    self.0.insert(word.as_str().into(), Entries::Listed(first));
                }
            }
        }
    }

    /// Forgets the title of an entry, which had these words. A word that no other title has is gone.
    pub fn remove(&mut self, entry: u64, words: &[String]) {
        let Ok(entry) = u32::try_from(entry) else { return };
        for word in words {
            if self.0.get_mut(word.as_str()).is_some_and(|entries| entries.remove(entry)) {
                self.0.remove(word.as_str());
            }
        }
    }

    /// Entries before `end` whose title has all these words, the last of them maybe as the beginning of a
    /// longer one: the newest `limit` of them, newest first.
    pub fn find(&self, words: &[String], end: u64, limit: usize) -> Vec<u64> {
        let Some((beginning, whole)) = words.split_last() else { return Vec::new() };
        let whole = whole.iter().map(|word| self.0.get(word.as_str()));
        let Some(whole) = whole.collect::<Option<Vec<_>>>() else { return Vec::new() };
        let mut found = self.beginning_with(beginning);
        whole.into_iter().for_each(|entries| entries.narrow(&mut found));
        if let Ok(end) = u32::try_from(end) {
            found.remove_range(end..);
        }
        found.iter().rev().take(limit).map(u64::from).collect()
    }

    fn beginning_with(&self, beginning: &str) -> RoaringBitmap {
        let mut found = RoaringBitmap::new();
        let is_whole = beginning.chars().count() < BEGINNING_MIN;
        let from = (Bound::Included(beginning), Bound::Unbounded);
        let words = self.0.range::<str, _>(from);
        let matches =
            |word: &str| if is_whole { word == beginning } else { word.starts_with(beginning) };
        for (_, entries) in words.take_while(|(word, _)| matches(word)) {
            match entries {
                Entries::Listed(list) => found.extend(list),
                Entries::Mapped(map) => found |= map,
            }
        }
        found
    }

    /// Whether any title has this word.
    #[cfg(test)]
    pub fn knows(&self, word: &str) -> bool {
        self.0.contains_key(word)
    }
}

impl Entries {
    fn insert(&mut self, entry: u32) {
        match self {
            Self::Listed(list) if list.contains(&entry) => {}
            Self::Listed(list) if list.len() < LISTED_MAX => list.push(entry),
            Self::Listed(list) => {
                let mut map: RoaringBitmap = list.iter().collect();
                map.insert(entry);
                *self = Self::Mapped(map);
            }
            Self::Mapped(map) => {
                map.insert(entry);
            }
        }
    }

    /// Whether none is left.
    fn remove(&mut self, entry: u32) -> bool {
        match self {
            Self::Listed(list) => {
                list.retain(|listed| *listed != entry);
                list.is_empty()
            }
            Self::Mapped(map) => {
                map.remove(entry);
                map.is_empty()
            }
        }
    }

    /// Takes out of `found` what is not among these.
    fn narrow(&self, found: &mut RoaringBitmap) {
        match self {
            Self::Listed(list) => *found &= list.iter().collect::<RoaringBitmap>(),
            Self::Mapped(map) => *found &= map,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    fn titles() -> Titles {
        let mut titles = Titles::default();
        for (entry, title) in [(1, "refund of a bike"), (4, "bike repair"), (9, "refund repairs")] {
            titles.insert(entry, &split(title));
        }
        titles
    }

    #[test]
    fn all_words_have_to_match_and_the_last_may_be_begun() {
        let titles = titles();
        let find = |query: &str| titles.find(&split(query), u64::MAX, 10);
        assert_eq!(find("repair"), [9, 4]);
        assert_eq!(find("bike repair"), [4]);
        assert_eq!(find("bike re"), [4, 1]);
        assert_eq!(find("re bike"), [0; 0], "only the last may be begun");
        assert_eq!(find("a"), [1], "a single letter is a whole word");
        assert_eq!(find("nothing bike"), [0; 0]);
        assert_eq!(titles.find(&[], u64::MAX, 10), [0; 0]);
    }

    #[test]
    fn what_is_found_is_cut_at_the_end_and_the_limit() {
        let titles = titles();
        let find = |end, limit| titles.find(&split("re"), end, limit);
        assert_eq!(find(10, 10), [9, 4, 1]);
        assert_eq!(find(9, 10), [4, 1]);
        assert_eq!(find(u64::from(u32::MAX) + 7, 2), [9, 4]);
        assert_eq!(find(0, 10), [0; 0]);
    }

    #[test]
    fn a_word_is_gone_with_the_last_title_that_has_it() {
        let mut titles = titles();
        titles.remove(1, &split("refund of a bike"));
        assert!(titles.knows("refund") && titles.knows("bike"));
        assert!(!titles.knows("of"));
        titles.remove(9, &split("refund repairs"));
        titles.remove(4, &split("bike repair"));
        assert!(titles.0.is_empty());
    }

    proptest! {
        #[test]
        fn it_finds_what_a_plain_search_finds(
            changes in vec((0..2_u8, 0..90_u64, vec(0..9_u8, 1..5)), 0..400),
            query in vec(0..9_u8, 1..4),
            end in 0..100_u64,
        ) {
            let word = |number: &u8| "abcabcabc"[..usize::from(number % 3) + 1].repeat(usize::from(number / 3) + 1);
            let mut titles = Titles::default();
            let mut plain: BTreeMap<u64, Vec<String>> = BTreeMap::new();
            for (change, entry, words) in changes {
                if let Some(words) = plain.remove(&entry) {
                    titles.remove(entry, &words);
                }
                if change == 0 {
                    let words: Vec<String> = words.iter().map(word).collect();
                    titles.insert(entry, &words);
                    plain.insert(entry, words);
                }
            }
            let query: Vec<String> = query.iter().map(word).collect();
            let (last, whole) = query.split_last().unwrap();
            let matches = |words: &Vec<String>| {
                whole.iter().all(|word| words.contains(word))
                    && words.iter().any(|word| word == last || last.len() > 1 && word.starts_with(last))
            };
            let expected: Vec<u64> = plain.range(..end).rev().filter(|(_, words)| matches(words)).map(|(entry, _)| *entry).take(5).collect();
            prop_assert_eq!(titles.find(&query, end, 5), expected);
            let known: BTreeSet<&String> = plain.values().flatten().collect();
            prop_assert_eq!(titles.0.len(), known.len());
        }
    }
}
