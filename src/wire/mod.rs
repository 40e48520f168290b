//! The public JSON shapes and problem types (protocol §11, §12); the only generator of schemas.
//! Not parsers of what is signed: those are on the floors below, and bytes pass through here as
//! they are.

mod catalogue;
mod dump;
mod embed;
mod entry;
mod evidence;
mod feed;
mod figures;
mod health;
mod kept;
mod monitor;
mod organization;
mod page;
mod printed;
mod problem;
mod schemas;
mod search;
mod statement;
mod stream;
mod submission;
pub mod texts;
mod thread_state;
mod webhook;

pub use dump::{DumpCheck, DumpFile, DumpManifest, DumpRow, DumpWord, DumpWords};
pub use embed::{Badge, BadgeState, CountsBadge, CountsUrls, EmbedUrls, OEmbed};
pub use entry::{
    ChainHead, Decision, Entry, EntryList, Link, Links, ListedOrganization, Meta, Organization,
    OrganizationList, Thread, Urls, Word, WordScalar, WordState, WordValue,
};
pub use evidence::{Evidence, EvidenceEntry, EvidenceReport};
pub use feed::{Feed, FeedAuthor, FeedItem};
pub use figures::{MetricsFigure, OrganizationMetrics, StatsPeriod, StatsReport};
pub use health::{EndedHealth, Health, HealthStatus, IndexHealth, MirrorHealth};
pub use kept::{Bounds, Bundle, Check, Leaf, Outcome, SignedFile, Verdict};
pub use monitor::{MonitorAlarm, MonitorLook};
pub use organization::{
    DomainCheck, DomainItem, DomainItemName, DomainItemResult, DomainVerdict, OrganizationInit,
    TxtRecord,
};
pub use page::{PageThing, PageThingKind, PageVerdict};
pub use printed::{
    AuditFinding, AuditReport, BackupReport, ChainEntry, ChainFinding, CheckReport,
    CompletenessReport, HolderCompared, ImportSummary, KeyNames, PolicyKey, PolicyPart,
    PolicyPartKind, PolicyQuorum, PolicyReport, PolicyShown, Published, RestoreReport, ShownEntry,
    ShownState, ShownWord,
};
pub use problem::{Problem, Reason, catalogue_markdown};
pub use schemas::{SchemaFile, schema_files};
pub use search::{FoundBy, SearchResult};
pub use statement::Statement;
pub use stream::{
    BreachTurn, CommitmentTurn, DropReason, OfferTurn, StreamCheckpoint, StreamDropped,
    StreamErasure, StreamEvent, StreamState,
};
pub use submission::{Envelope, NotASubmission, SUBMISSION_MAX_BYTES, Signature, Submission};
pub use thread_state::{
    AmendmentStanding, AskedStanding, BreachStanding, BreachStatusName, CommitmentStanding,
    CommitmentStatusName, EntryMark, FinalResponseMark, OfferStanding, OfferStatusName,
    OutcomeName, OutcomeStanding, ResponseDue, SaidByName, StandingName, SubjectStanding,
    TerminationMark, ThreadState,
};
pub use webhook::{Webhook, WebhookAttempt, WebhookStatus};
