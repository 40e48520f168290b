//! A proof that a leaf is in a log, as one text: place, hashes and the checkpoint they lead to (C2SP
//! tlog-proof). It proves nothing before both the hashes and the checkpoint are verified.

use std::fmt;
use std::str::FromStr;

use super::checkpoint::{NotACheckpoint, SignedCheckpoint, parse_decimal};
use super::merkle::{BadProof, verify_inclusion};
use crate::crypto::Hash;
use crate::encoding::base64;

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
/// A tree of 2^64 leaves has 64 levels above them.
const PATH_LENGTH_MAX: usize = 64;

/// Why a text is not a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAProof {
    /// The first line is another, or a line after it is not what it should be.
    #[error("line {0} of the proof is not what belongs there")]
    Line(usize),
    /// No empty line before the checkpoint.
    #[error("the proof has no empty line before its checkpoint")]
    Form,
    /// More hashes than any tree has levels.
    #[error("a proof has at most {PATH_LENGTH_MAX} hashes")]
    Length,
    /// What follows the empty line is no signed checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] NotACheckpoint),
}

/// A leaf's place, the hashes from its sibling up to the child of the root, and a signed checkpoint.
/// Displayed, it is the text it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    extra: Option<Vec<u8>>,
    index: u64,
    path: Vec<Hash>,
    checkpoint: SignedCheckpoint,
}

impl Proof {
    /// The proof of leaf `index` under this checkpoint, without extra data.
    ///
    /// # Errors
    /// [`NotAProof::Length`] for more than 64 hashes.
    pub fn new(
        index: u64,
        path: Vec<Hash>,
        checkpoint: SignedCheckpoint,
    ) -> Result<Self, NotAProof> {
        if path.len() > PATH_LENGTH_MAX {
            return Err(NotAProof::Length);
        }
        Ok(Self { extra: None, index, path, checkpoint })
    }

    /// Data of whoever made the proof, which nothing vouches for.
    pub fn extra(&self) -> Option<&[u8]> {
        self.extra.as_deref()
    }

    /// The place of the leaf, from 0.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The hashes, from the leaf's sibling up to the child of the root.
    pub fn path(&self) -> &[Hash] {
        &self.path
    }

    /// The checkpoint the hashes lead to.
    pub const fn checkpoint(&self) -> &SignedCheckpoint {
        &self.checkpoint
    }

    /// Checks that the hashes lead from this leaf to the root of the checkpoint. Who signed that
    /// checkpoint is for [`super::Policy::judge`].
    ///
    /// # Errors
    /// [`BadProof`] when they do not.
    pub fn verify(&self, leaf: &Hash) -> Result<(), BadProof> {
        let checkpoint = self.checkpoint.checkpoint();
        verify_inclusion(self.index, checkpoint.size(), leaf, &self.path, checkpoint.root())
    }
}

impl FromStr for Proof {
    type Err = NotAProof;

    fn from_str(text: &str) -> Result<Self, NotAProof> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or(NotAProof::Form)?;
        let mut lines = head.split('\n').zip(1..).peekable();
        if lines.next().map(|(line, _)| line) != Some(FIRST_LINE) {
            return Err(NotAProof::Line(1));
        }
        let extra = lines
            .next_if(|(line, _)| line.starts_with("extra "))
            .map(|(line, number)| parse_extra(line).ok_or(NotAProof::Line(number)))
            .transpose()?;
        let (line, number) = lines.next().ok_or(NotAProof::Form)?;
        let index = line.strip_prefix("index ").and_then(parse_decimal);
        let index = index.ok_or(NotAProof::Line(number))?;
        let path: Result<Vec<Hash>, NotAProof> = lines
            .take(PATH_LENGTH_MAX + 1)
            .map(|(line, number)| Hash::from_base64(line).map_err(|_| NotAProof::Line(number)))
            .collect();
        let proof = Self::new(index, path?, checkpoint.parse()?)?;
        Ok(Self { extra, ..proof })
    }
}

fn parse_extra(line: &str) -> Option<Vec<u8>> {
    let bytes = base64::decode(line.strip_prefix("extra ")?).ok()?;
    if bytes.is_empty() { None } else { Some(bytes) }
}

impl fmt::Display for Proof {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{FIRST_LINE}")?;
        if let Some(extra) = &self.extra {
            writeln!(formatter, "extra {}", base64::encode(extra))?;
        }
        writeln!(formatter, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(formatter, "{}", hash.to_base64()))?;
        write!(formatter, "\n{}", self.checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::PrivateKey;
    use crate::tlog::{LogSigner, Recent, leaf_hash, prove_inclusion};
    use proptest::prelude::*;

    fn proof(size: u64, index: u64) -> Proof {
        let mut tree = Recent::default();
        (0..size).for_each(|index| tree.push(leaf_hash(&index.to_be_bytes())));
        let log =
            LogSigner::new("ledger.example".parse().unwrap(), PrivateKey::from_seed(&[1; 32]));
        let path = prove_inclusion(index, size, &tree).unwrap();
        Proof::new(index, path, log.sign(size, tree.root().unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn a_proof_reads_back_and_verifies() {
        for (size, index) in [(1, 0), (2, 1), (11, 0), (300, 299)] {
            let made = proof(size, index);
            let read: Proof = made.to_string().parse().unwrap();
            assert_eq!(read, made);
            assert_eq!(read.verify(&leaf_hash(&index.to_be_bytes())), Ok(()));
            assert!(read.verify(&leaf_hash(b"another")).is_err());
        }
    }

    #[test]
    fn what_is_not_quite_a_proof_is_refused() {
        let good = proof(11, 3).to_string();
        for (from, to, why) in [
            ("proof@v1", "proof@v2", NotAProof::Line(1)),
            ("index 3", "index 03", NotAProof::Line(2)),
            ("index 3", "index", NotAProof::Line(2)),
            ("index 3", "extra !\nindex 3", NotAProof::Line(2)),
            ("index 3", "extra \nindex 3", NotAProof::Line(2)),
            ("index 3\n", "index 3\nextra AQ==\n", NotAProof::Line(3)),
            ("index 3\n", "index 3\n\n", NotAProof::Checkpoint(NotACheckpoint::Form)),
            ("\n\n", "\n", NotAProof::Line(7)),
            ("\n11\n", "\n011\n", NotAProof::Checkpoint(NotACheckpoint::Form)),
        ] {
            let bad = good.replacen(from, to, 1);
            assert_eq!(bad.parse::<Proof>(), Err(why), "{from} → {to}");
        }
        let hashes = format!("index 3\n{}", format!("{}\n", leaf_hash(b"").to_base64()).repeat(65));
        assert_eq!(good.replacen("index 3\n", &hashes, 1).parse::<Proof>(), Err(NotAProof::Length));
    }

    #[test]
    fn extra_data_is_kept_and_not_part_of_what_is_proved() {
        let text = proof(11, 3).to_string().replacen("index", "extra AQI=\nindex", 1);
        let read: Proof = text.parse().unwrap();
        assert_eq!(read.extra(), Some(&[1, 2][..]));
        assert_eq!(read.to_string(), text);
        assert_eq!(read.verify(&leaf_hash(&3u64.to_be_bytes())), Ok(()));
    }

    proptest! {
        #[test]
        fn a_changed_byte_is_refused_or_read_as_written(place in 0..600usize, with in 0..128u8) {
            let mut bytes = proof(11, 3).to_string().into_bytes();
            let place = place % bytes.len();
            bytes[place] = with;
            if let Ok(Ok(read)) = std::str::from_utf8(&bytes).map(str::parse::<Proof>) {
                prop_assert_eq!(read.to_string().into_bytes(), bytes);
            }
        }
    }
}
