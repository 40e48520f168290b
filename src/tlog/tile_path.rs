//! Where a tile of a tree is served: `tile/<L>/<N>[.p/<W>]` and `tile/entries/<N>[.p/<W>]` (C2SP
//! tlog-tiles). It names tiles; what is in them is in [`super::TileTree`] and [`super::parse_bundle`].

use std::fmt;
use std::str::FromStr;

/// The hashes or entries of a full tile.
pub const TILE_WIDTH: u16 = 256;
/// A tile spans this many levels of the tree.
pub const TILE_HEIGHT: u8 = 8;
const LEVEL_MAX: u8 = 63;
/// No tree reaches further: 2^56 tiles of 2^8 leaves.
const INDEX_MAX: u64 = u64::MAX >> TILE_HEIGHT;

/// The text is not the path of a tile, or not its one spelling; or the numbers are out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the path of a tile")]
pub struct NotATilePath;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TileKind {
    /// Hashes of the complete subtrees of 256^level leaves; at level 0 those of the leaves.
    Hashes {
        /// From 0 to 63, though no tree has one above 7.
        level: u8,
    },
    /// The entries themselves.
    Entries,
}

impl TileKind {
    /// How many things of this kind a tree of `size` leaves has.
    pub const fn count_in(self, size: u64) -> u64 {
        match self {
            Self::Entries => size,
            Self::Hashes { level } => match size.checked_shr(level as u32 * TILE_HEIGHT as u32) {
                Some(count) => count,
                None => 0,
            },
        }
    }
}

/// The name of a full tile, or of a partial one that holds its first 1 to 255 hashes or entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TilePath {
    kind: TileKind,
    index: u64,
    width: u16,
}

impl TilePath {
    /// The tile number `index` of its kind, of which the first `width` (1 to 256) are meant.
    ///
    /// # Errors
    /// [`NotATilePath`] when a number is out of range.
    pub const fn new(kind: TileKind, index: u64, width: u16) -> Result<Self, NotATilePath> {
        let level_fits = match kind {
            TileKind::Hashes { level } => level <= LEVEL_MAX,
            TileKind::Entries => true,
        };
        if level_fits && index <= INDEX_MAX && width >= 1 && width <= TILE_WIDTH {
            Ok(Self { kind, index, width })
        } else {
            Err(NotATilePath)
        }
    }

    /// The tile number `index` as a tree of `size` leaves has it: full where it can be, else partial,
    /// `None` when that tree does not reach it.
    pub fn in_tree(kind: TileKind, index: u64, size: u64) -> Option<Self> {
        let first = index.checked_mul(TILE_WIDTH.into())?;
        let available = kind.count_in(size).checked_sub(first)?;
        let width = available.min(TILE_WIDTH.into()) as u16;
        Self::new(kind, index, width).ok()
    }

    /// Every tile of that kind that a tree of `size` leaves has, in order.
    pub fn all_in_tree(kind: TileKind, size: u64) -> impl Iterator<Item = Self> {
        let count = kind.count_in(size).div_ceil(TILE_WIDTH.into());
        (0..count).filter_map(move |index| Self::in_tree(kind, index, size))
    }

    /// Whether it holds hashes, and of which level, or entries.
    pub const fn kind(&self) -> TileKind {
        self.kind
    }

    /// Its number among those of its kind, from 0.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes or entries it holds, 1 to 256.
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// Whether it holds all 256 and so never changes.
    pub const fn is_full(&self) -> bool {
        self.width == TILE_WIDTH
    }

    /// The number of its first hash or entry among all of its kind.
    pub const fn first(&self) -> u64 {
        self.index * TILE_WIDTH as u64
    }

    /// The first entry that it is about.
    pub fn first_entry(&self) -> u64 {
        let height = match self.kind {
            TileKind::Entries => 0,
            TileKind::Hashes { level } => u32::from(level) * u32::from(TILE_HEIGHT),
        };
        self.first().checked_shl(height).unwrap_or(u64::MAX)
    }

    /// The full tile that this one is the beginning of.
    pub const fn full(&self) -> Self {
        Self { kind: self.kind, index: self.index, width: TILE_WIDTH }
    }

    /// Whether a tree of `size` leaves has all that this tile holds.
    pub const fn fits(&self, size: u64) -> bool {
        match self.kind.count_in(size).checked_sub(self.first()) {
            Some(available) => available >= self.width as u64,
            None => false,
        }
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes { level } => write!(formatter, "tile/{level}/")?,
            TileKind::Entries => formatter.write_str("tile/entries/")?,
        }
        let groups = self.index.checked_ilog(1000).unwrap_or(0);
        for group in (1..=groups).rev() {
            write!(formatter, "x{:03}/", self.index / 1000u64.pow(group) % 1000)?;
        }
        write!(formatter, "{:03}", self.index % 1000)?;
        if self.is_full() { Ok(()) } else { write!(formatter, ".p/{}", self.width) }
    }
}

impl FromStr for TilePath {
    type Err = NotATilePath;

    /// Reads exactly what [`TilePath`] displays, without a slash in front.
    fn from_str(text: &str) -> Result<Self, NotATilePath> {
        let (kind, rest) = parse_kind(text).ok_or(NotATilePath)?;
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, width.parse().map_err(|_| NotATilePath)?),
            None => (rest, TILE_WIDTH),
        };
        let path = Self::new(kind, parse_index(index).ok_or(NotATilePath)?, width)?;
        // This refuses other spellings: signs, leading zeros, empty groups, a width of 256.
        if path.to_string() == text { Ok(path) } else { Err(NotATilePath) }
    }
}

fn parse_kind(text: &str) -> Option<(TileKind, &str)> {
    let (kind, rest) = text.strip_prefix("tile/")?.split_once('/')?;
    match kind {
        "entries" => Some((TileKind::Entries, rest)),
        level => Some((TileKind::Hashes { level: level.parse().ok()? }, rest)),
    }
}

fn parse_index(text: &str) -> Option<u64> {
    let (groups, last) =
        text.rsplit_once('/').map_or((None, text), |(all, last)| (Some(all), last));
    let groups =
        groups.into_iter().flat_map(|all| all.split('/')).map(|group| group.strip_prefix('x'));
    groups.chain([Some(last)]).try_fold(0u64, |index, group| {
        let group: u64 = group?.parse().ok()?;
        index.checked_mul(1000)?.checked_add(group)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_examples_of_the_standard_read_as_it_says() {
        let path: TilePath = "tile/0/x001/x234/067".parse().unwrap();
        assert_eq!(path, TilePath::new(TileKind::Hashes { level: 0 }, 1_234_067, 256).unwrap());
        let path: TilePath = "tile/entries/000.p/255".parse().unwrap();
        assert_eq!(path, TilePath::new(TileKind::Entries, 0, 255).unwrap());
        let widths = |level, size| -> Vec<u16> {
            let tiles = TilePath::all_in_tree(TileKind::Hashes { level }, size);
            tiles.map(|tile| tile.width()).collect()
        };
        assert_eq!(widths(0, 70_000).iter().filter(|width| **width == 256).count(), 273);
        assert_eq!(widths(0, 70_000).last(), Some(&112));
        assert_eq!(widths(1, 70_000), [256, 17]);
        assert_eq!(widths(2, 70_000), [1]);
        assert_eq!(widths(1, 256), [1]);
        assert!(widths(3, 70_000).is_empty() && widths(0, 0).is_empty());
    }

    #[test]
    fn other_spellings_are_refused() {
        for bad in [
            "",
            "tile",
            "tile/",
            "tile/0",
            "tile/0/",
            "/tile/0/000",
            "tile/0/0",
            "tile/0/0000",
            "tile/0/+00",
            "tile/00/000",
            "tile/64/000",
            "tile/-1/000",
            "tile/0/x000/001",
            "tile/0/001/002",
            "tile/0/x001",
            "tile/0/x001/x002",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/+1",
            "tile/0/000.p",
            "tile/0/000.p/",
            "tile/0/000.p/1/",
            "tile/0/000/",
            "tile/entries/000.p/1.p/1",
            "tile/Entries/000",
            "tile/0/x00a/000",
            "tile/0/x999/x999/x999/x999/x999/x999/999",
            "tile/0/ 00",
        ] {
            assert_eq!(bad.parse::<TilePath>(), Err(NotATilePath), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_path_reads_back_as_itself(level in 0..=63u8, index in 0..=INDEX_MAX, width in 1..=256u16) {
            for kind in [TileKind::Entries, TileKind::Hashes { level }] {
                let path = TilePath::new(kind, index, width).unwrap();
                prop_assert_eq!(path.to_string().parse(), Ok(path));
            }
        }

        #[test]
        fn what_is_read_is_written_the_same(text in "tile/(entries|[0-9]{1,2})/(x[0-9]{3}/){0,2}[0-9]{2,3}(\\.p/[0-9]{1,3})?") {
            if let Ok(path) = text.parse::<TilePath>() {
                prop_assert_eq!(path.to_string(), text);
            }
        }

        #[test]
        fn a_tree_has_its_tiles_and_nothing_beyond(size in 0..20_000_000u64, level in 0..3u8, index in 0..80_000u64) {
            let kind = TileKind::Hashes { level };
            match TilePath::in_tree(kind, index, size) {
                None => prop_assert!(!TilePath::new(kind, index, 1).unwrap().fits(size)),
                Some(path) => {
                    prop_assert!(path.fits(size));
                    let wider = TilePath::new(kind, index, path.width() + 1);
                    prop_assert!(path.is_full() || !wider.unwrap().fits(size));
                }
            }
        }
    }
}
