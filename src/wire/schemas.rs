//! The public shapes as JSON Schema 2020-12, one self-contained document each, made from the same
//! definitions that the OpenAPI description uses. Not files: the folder `schemas/` is written and
//! compared by a test.

use std::collections::BTreeMap;

use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::{
    dump, embed, entry, evidence, feed, figures, health, kept, monitor, organization, page,
    printed, problem, search, statement, stream, submission, thread_state, webhook,
};
use crate::statement::kind::{self, Kind};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
const COMPONENTS: &str = "#/components/schemas/";

type Definitions = BTreeMap<String, RefOr<Schema>>;

/// One public shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaFile {
    /// The file's name in `schemas/`, without `.json`.
    pub name: String,
    /// The schema, as indented JSON that ends in a line break.
    pub text: String,
}

/// Every public shape, by name.
pub fn schema_files() -> Vec<SchemaFile> {
    let mut files = vec![
        file::<submission::Submission<'static>>("submission", "What is sent to be logged"),
        file::<kept::Bundle>("bundle", "What a person keeps of an entry"),
        file::<kept::SignedFile<'static>>(
            "signed",
            "A signed statement that waits to be published",
        ),
        file::<kept::Verdict>("verdict", "What verify --json prints"),
        file::<page::PageVerdict>("page-verdict", "What verify --page --json prints"),
        file::<printed::AuditReport>("audit", "What audit --json prints"),
        file::<printed::CheckReport>("check", "What check --json prints"),
        file::<printed::BackupReport>("backup", "What backup --json prints"),
        file::<printed::RestoreReport>("restore", "What restore --json prints"),
        file::<printed::CompletenessReport>("completeness", "What prove-complete --json prints"),
        file::<printed::Published>("published", "What publish --json prints for each file"),
        file::<printed::ImportSummary>("import", "What import --json prints"),
        file::<printed::KeyNames>("key", "What key new --json and key show --json print"),
        file::<printed::ShownEntry>("shown", "What show --json prints"),
        file::<printed::PolicyShown>("policy", "What policy show --json prints"),
        file::<printed::PolicyReport>("policy-report", "What policy check --json prints"),
        file::<evidence::Evidence>("evidence", "What shows that a log misbehaved"),
        file::<evidence::EvidenceReport>(
            "evidence-report",
            "What verify --json prints of evidence",
        ),
        file::<monitor::MonitorLook>("monitor", "What monitor --json prints of each look"),
        file::<monitor::MonitorAlarm>("monitor-alarm", "What a monitor's command and webhook get"),
        file::<organization::OrganizationInit>("org-init", "What org init --json prints"),
        file::<organization::DomainCheck>("org-check", "What org check --json prints"),
        file::<kept::Leaf<'static>>("leaf", "The leaf of an entry, as appended"),
        file::<entry::Entry>("entry", "One entry, as the API answers it"),
        file::<entry::EntryList>("entry-list", "A page of entries, newest first"),
        file::<entry::Thread>("thread", "An agreement and everything said about it"),
        file::<entry::Organization>("organization", "What the ledger holds about a domain"),
        file::<entry::OrganizationList>("organization-list", "A page of organizations"),
        file::<dump::DumpRow>("dump-row", "One line of a dump"),
        file::<dump::DumpManifest>("dump-manifest", "What a dump is of; dump --json prints it"),
        file::<dump::DumpCheck>("dump-check", "What dump --check --json prints"),
        file::<stream::StreamCheckpoint>("stream-checkpoint", "How far a stream has come"),
        file::<stream::StreamErasure>("stream-erasure", "Words that are gone, told on a stream"),
        file::<stream::StreamState>("stream-state", "What the clock changed, told on a stream"),
        file::<stream::StreamDropped>("stream-dropped", "The end of a stream"),
        file::<thread_state::ThreadState>("thread-state", "What a thread comes to at a moment"),
        file::<figures::OrganizationMetrics>(
            "metrics",
            "What the threads of an organization add up to",
        ),
        file::<figures::StatsReport>("stats", "What stats --recompute --json prints"),
        file::<webhook::Webhook>("webhook", "How an organization's webhook is"),
        file::<search::SearchResult>("search", "What was found for a query"),
        file::<feed::Feed>("feed", "The newest entries, as JSON Feed 1.1"),
        file::<embed::Badge>("badge", "What a badge stands for"),
        file::<embed::CountsBadge>(
            "counts-badge",
            "What the badge of a thread or an organization says",
        ),
        file::<embed::OEmbed>("oembed", "The card of an entry, as oEmbed 1.0 answers it"),
        file::<problem::Problem>("problem", "An error answer"),
        file::<health::Health>("health", "Whether the ledger serves and publishes"),
    ];
    files.extend(kind::ALL.iter().map(|kind| statement_file(kind)));
    files
}

fn file<T: ToSchema>(name: &'static str, title: &str) -> SchemaFile {
    let text = document(title, &<T as PartialSchema>::schema(), definitions::<T>());
    SchemaFile { name: name.to_owned(), text }
}

fn statement_file(kind: &Kind) -> SchemaFile {
    let shape = RefOr::from(statement::payload(kind));
    let title = format!("What is signed in a statement of kind {}", kind.name);
    let text = document(&title, &shape, definitions::<statement::Statement>());
    SchemaFile { name: format!("statement-{}", kind.name), text }
}

fn definitions<T: ToSchema>() -> Definitions {
    let mut referenced = Vec::new();
    T::schemas(&mut referenced);
    referenced.into_iter().collect()
}

/// The shape with its `$schema`, title and definitions. It is put together as text, because the
/// parts come from a generator and hold nothing signed.
fn document(title: &str, shape: &RefOr<Schema>, defs: Definitions) -> String {
    let mut whole = serde_json::json!({ "$schema": DIALECT });
    let parts = (serde_json::to_value(shape), serde_json::to_value(defs));
    if let (Some(whole), (Ok(serde_json::Value::Object(shape)), Ok(defs))) =
        (whole.as_object_mut(), parts)
    {
        whole.extend(shape);
        whole.insert("title".to_owned(), title.into());
        if defs.as_object().is_some_and(|defs| !defs.is_empty()) {
            whole.insert("$defs".to_owned(), defs);
        }
    }
    format!("{whole:#}\n").replace(COMPONENTS, "#/$defs/")
}
