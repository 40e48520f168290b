//! What a log sends to a witness: the size it believes the witness has seen, the proof from there, and the new
//! checkpoint (C2SP tlog-witness, `add-checkpoint`).

use std::fmt;
use std::str::FromStr;

use super::checkpoint::{NotACheckpoint, parse_decimal};
use super::foreign_checkpoint::ForeignCheckpoint;
use crate::crypto::Hash;

/// The most hashes that the standard lets a proof have.
const PROOF_LENGTH_MAX: usize = 63;

/// Why a text is not such a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAddCheckpoint {
    /// No empty line before the checkpoint.
    #[error("there is no empty line before the checkpoint")]
    Form,
    /// The first line is not `old` and a decimal size.
    #[error("the first line is not `old` and a size in decimal digits")]
    OldSize,
    /// A line of the proof is not a hash.
    #[error("line {0} is not the base64 of a hash of 32 bytes")]
    Proof(usize),
    /// More hashes than any proof has.
    #[error("a proof has at most {PROOF_LENGTH_MAX} hashes")]
    Length,
    /// What follows the empty line is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] NotACheckpoint),
}

/// A request. Displayed, it is the body of the POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    old: u64,
    proof: Vec<Hash>,
    checkpoint: ForeignCheckpoint,
}

impl AddCheckpoint {
    /// The request to take `checkpoint` as the successor of the one with size `old`.
    ///
    /// # Errors
    /// [`NotAnAddCheckpoint::Length`] for more than 63 hashes.
    pub fn new(
        old: u64,
        proof: Vec<Hash>,
        checkpoint: ForeignCheckpoint,
    ) -> Result<Self, NotAnAddCheckpoint> {
        if proof.len() > PROOF_LENGTH_MAX {
            return Err(NotAnAddCheckpoint::Length);
        }
        Ok(Self { old, proof, checkpoint })
    }

    /// The size of the checkpoint that the witness cosigned last, as far as the log knows.
    pub const fn old(&self) -> u64 {
        self.old
    }

    /// The proof that the new tree begins with the old one.
    pub fn proof(&self) -> &[Hash] {
        &self.proof
    }

    /// The new checkpoint.
    pub const fn checkpoint(&self) -> &ForeignCheckpoint {
        &self.checkpoint
    }
}

impl FromStr for AddCheckpoint {
    type Err = NotAnAddCheckpoint;

    fn from_str(text: &str) -> Result<Self, NotAnAddCheckpoint> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or(NotAnAddCheckpoint::Form)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(parse_decimal);
        let old = old.ok_or(NotAnAddCheckpoint::OldSize)?;
        let proof: Result<Vec<Hash>, NotAnAddCheckpoint> = lines
            .zip(2..)
            .take(PROOF_LENGTH_MAX + 1)
            .map(|(line, number)| {
                Hash::from_base64(line).map_err(|_| NotAnAddCheckpoint::Proof(number))
            })
            .collect();
        Self::new(old, proof?, checkpoint.parse()?)
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(formatter, "{}", hash.to_base64()))?;
        write!(formatter, "\n{}", self.checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::leaf_hash;
    use proptest::prelude::*;

    fn checkpoint() -> String {
        format!("a\n7\n{}\n\n\u{2014} a AAAAAAE=\n", leaf_hash(b"").to_base64())
    }

    #[test]
    fn a_request_is_displayed_as_it_was_read() {
        let hash = leaf_hash(b"").to_base64();
        for head in ["old 0\n".to_owned(), format!("old 5\n{hash}\n{hash}\n")] {
            let text = format!("{head}\n{}", checkpoint());
            let read: AddCheckpoint = text.parse().unwrap();
            assert_eq!(read.to_string(), text);
            assert_eq!(read.checkpoint().size(), 7);
            assert_eq!(read.proof().len(), if read.old() == 5 { 2 } else { 0 });
        }
    }

    #[test]
    fn what_is_wrong_with_a_request_is_named() {
        use NotAnAddCheckpoint as Not;
        let hash = leaf_hash(b"").to_base64();
        let (good, many) = (checkpoint(), format!("{hash}\n"));
        for (bad, why) in [
            (String::new(), Not::Form),
            (format!("old 0\n{good}"), Not::Proof(2)),
            (format!("old 0\n\n\n{good}"), Not::Checkpoint(NotACheckpoint::Form)),
            (format!("old 00\n\n{good}"), Not::OldSize),
            (format!("old  0\n\n{good}"), Not::OldSize),
            (format!("old -1\n\n{good}"), Not::OldSize),
            (format!("old 18446744073709551616\n\n{good}"), Not::OldSize),
            (format!("old 5\r\n\n{good}"), Not::OldSize),
            (format!("size 5\n\n{good}"), Not::OldSize),
            (format!("old 5\n{hash}\n{}\n\n{good}", &hash[1..]), Not::Proof(3)),
            (format!("old 5\n{hash} \n\n{good}"), Not::Proof(2)),
            (format!("old 5\n{}\n{good}", many.repeat(64)), Not::Length),
        ] {
            assert_eq!(bad.parse::<AddCheckpoint>(), Err(why), "{bad:.60?}");
        }
        let most = format!("old 5\n{}\n{good}", many.repeat(63));
        assert_eq!(most.parse::<AddCheckpoint>().unwrap().proof().len(), 63);
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange_to_be_refused(
            text: String, head in "old [0-9]{1,3}\n([A-Za-z0-9+/]{43}=\n){0,3}\n",
        ) {
            let _ = text.parse::<AddCheckpoint>();
            let _ = format!("{head}{}", checkpoint()).parse::<AddCheckpoint>();
        }
    }
}
