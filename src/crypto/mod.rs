//! SHA-256, did:key, strict Ed25519 and the key file (protocol §2). Randomness is passed in.

mod ed25519;
mod hash;
mod key_file;

pub use ed25519::{BadSignature, DidKey, NotADidKey, PrivateKey, PublicKey, Signature, WeakKey};
pub use hash::{Hash, Hasher, sha256, sha256_of};
pub use key_file::{KeyFile, KeyFileError, Sealing, decode_plain, encode_plain};
