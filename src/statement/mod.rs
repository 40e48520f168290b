//! What a person signs: the envelope, the statement in it and the words it discloses (protocol §3–5).
//!
//! [`Signed::check`] turns what was sent into a statement whose fields are all of their type and whose
//! signatures verify. [`words`] checks its disclosures. [`kind`] is the table of kinds; adding one is a new
//! file there and a line in the table. Nothing here knows other entries: that is `ledger/`.

pub mod disclosure;
pub mod draft;
pub mod envelope;
pub mod fields;
pub mod kind;
pub mod membership;
pub mod refusal;
pub mod signed;
pub mod words;

mod payload;

pub use disclosure::Disclosure;
pub use draft::{Draft, Prepared};
pub use envelope::{Envelope, EnvelopeSignature, STATEMENT_TYPE, StatementId, pae};
pub use kind::{Effect, Kind, Rules, SignedBy};
pub use membership::Membership;
pub use payload::{COMMON, PAYLOAD_MAX, Statement};
pub use refusal::{Reason, Refusal, Refusals};
pub use signed::{Rejected, Signed, Submission};
