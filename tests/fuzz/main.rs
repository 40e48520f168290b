//! Every parser of foreign bytes is given its corpus, and changed forms of it. The corpus holds what a parser takes, what
//! it only just refuses, and what once broke it.

#![cfg(test)]

mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use targets::{TARGETS, Target};

/// Changed forms of each input. `ONRECORD_FUZZ` sets another number, for the long form.
fn changes() -> u64 {
    std::env::var("ONRECORD_FUZZ").map_or(50, |number| number.parse().unwrap())
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus")
}

/// The inputs of a target, by name.
fn inputs(target: &Target) -> Vec<(String, Vec<u8>)> {
    let listed = fs::read_dir(corpus().join(target.name)).unwrap();
    let mut inputs: Vec<_> = listed
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(path).unwrap())
        })
        .collect();
    inputs.sort();
    inputs
}

/// Whether the target took the input. What breaks it is shown in full, to be kept in the corpus.
fn give(target: &Target, name: &str, input: &[u8]) -> bool {
    catch_unwind(AssertUnwindSafe(|| (target.run)(input))).unwrap_or_else(|_| {
        panic!("{} is broken by a form of {name}: {}", target.name, input.escape_ascii())
    })
}

#[test]
fn every_target_has_inputs_that_it_takes_and_some_that_it_refuses() {
    let folders = fs::read_dir(corpus()).unwrap();
    let folders = folders.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names = TARGETS.iter().map(|target| target.name.to_owned());
    assert_eq!(folders.collect::<BTreeSet<_>>(), names.collect());
    for target in TARGETS {
        let inputs = inputs(target);
        let taken = inputs.iter().filter(|(name, input)| give(target, name, input)).count();
        assert!((1..inputs.len()).contains(&taken), "{}: {taken} of {}", target.name, inputs.len());
    }
}

#[test]
fn no_changed_input_breaks_a_parser() {
    for (number, target) in (0..).zip(TARGETS) {
        let inputs = inputs(target);
        let mut random = Random(number);
        for (name, input) in &inputs {
            for _ in 0..changes() {
                let other = &inputs[random.below(inputs.len())].1;
                give(target, name, &changed(input, other, &mut random));
            }
        }
    }
}

/// The same numbers each time (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) as usize % end
    }

    /// A piece of at most 64 bytes.
    fn piece(&mut self, of: &[u8]) -> std::ops::Range<usize> {
        let at = self.below(of.len() + 1);
        at..at + self.below((of.len() - at).min(64) + 1)
    }
}

/// What means something to one parser or another.
const SIGNS: &[u8] = b"\0\"{}[]:,-0 9\n\\/+.A\xff";

/// The input with one to four changes: a bit, a byte, a piece gone, twice, or of another input.
fn changed(input: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=random.below(4) {
        let piece = random.piece(&bytes);
        let at = piece.start;
        match random.below(5) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 if at < bytes.len() => bytes[at] = SIGNS[random.below(SIGNS.len())],
            2 => drop(bytes.drain(piece)),
            3 => {
                let twice = bytes[piece].to_vec();
                bytes.splice(at..at, twice);
            }
            _ => {
                let from = random.piece(other);
                bytes.splice(piece, other[from].iter().copied());
            }
        }
    }
    bytes
}
