//! Paths of tiles, compared with `tlog_tiles`. That crate still writes the height of a tile into its path
//! and calls entries data, as Go's checksum database does.

use onrecord::tlog::{TileKind, TilePath};
use tlog_tiles::Tile;

fn their_path(level: u8, index: u64, width: u16, is_data: bool) -> String {
    let path = Tile::new(8, level, index, width.into(), is_data).path();
    path.replace("tile/8/", "tile/").replace("data", "entries")
}

#[test]
fn paths_are_those_of_tlog_tiles() {
    for level in [0, 1, 7, 63u8] {
        for index in [0, 1, 999, 1_000, 123_456, 1_234_067, 999_999_999, 1 << 40] {
            for width in [1, 9, 10, 99, 100, 255, 256u16] {
                let ours = TilePath::new(TileKind::Hashes { level }, index, width).unwrap();
                assert_eq!(ours.to_string(), their_path(level, index, width, false));
                assert_eq!(ours.to_string().parse(), Ok(ours));
                let ours = TilePath::new(TileKind::Entries, index, width).unwrap();
                assert_eq!(ours.to_string(), their_path(0, index, width, true));
            }
        }
    }
}
