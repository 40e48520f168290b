//! The running ledger: one sequencer that admits, any number of readers, and recovery. Knows no HTTP status
//! and no engine.
//!
//! The way of an entry: [`publish`] checks signatures on the caller's thread and queues; the sequencer plans,
//! signs, commits to the journal and puts the batch into [`memory`]; readers see it from there at once;
//! [`apply`] later moves full bundles, tiles and packs to the objects, and entries to the index.

pub mod apply;
pub mod audit;
pub mod backup;
pub mod check;
pub mod claimed;
pub mod comparing;
pub mod completeness;
pub mod domains;
pub mod dump;
pub mod end;
pub mod erase;
pub mod facts;
pub mod find;
pub mod founding;
pub mod indexing;
pub mod listing;
pub mod live;
pub mod log_keys;
pub mod lookup;
pub mod memory;
mod mirroring;
pub mod monitor;
mod proofs;
pub mod publish;
pub mod recover;
pub mod reindex;
pub mod search;
pub mod sequencer;
pub mod shown;
mod suspect;
pub mod threads;
mod turns;
pub mod view;
pub mod webhooks;
mod witness;
mod witnessing;
mod worker;

pub use domains::{DomainParts, LOOK_KEPT, Rechecked};
pub use end::End;
pub use find::{Found, FoundBy};
pub use listing::{Filter, Listed};
pub use live::Live;
pub use log_keys::LogKeys;
pub use lookup::{Lookup, LookupError};
pub use memory::{Kept, Memory, Published};
pub use mirroring::{MirrorError, MirrorParts};
pub use publish::{Health, IndexState, Ledger, MirrorStartError, Parts, PublishError, Receipt};
pub use shown::{Decision, EntryView, OrganizationView, Page, ThreadView, WordView};
pub use view::View;
pub use webhooks::{WebhookError, WebhookParts, WebhookView};
pub use witness::{Witness, WitnessError, WitnessStartError};
pub use witnessing::{WitnessingError, WitnessingParts, WitnessingTimes};
