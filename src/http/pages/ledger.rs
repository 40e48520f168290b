//! The page of the ledger itself: its newest checkpoint, the key that signs it, the rules in force, and
//! where everything is that an audit reads.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::entry::{EntryLinks, Said};
use super::{Frame, Page, Visit, render};
use crate::http::answer::TEXT;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, looking_up};
use crate::http::state::App;
use crate::service::{LookupError, View};
use crate::tlog::{TILE_WIDTH, TileKind, TilePath};

#[derive(Template)]
#[template(path = "ledger.html", config = "src/http/pages/askama.toml")]
struct LedgerPage {
    frame: Frame,
    size: u64,
    root: String,
    as_of: String,
    /// The checkpoint as it was signed.
    note: String,
    /// The C2SP tlog-policy to verify it with.
    policy: String,
    /// The newest policy. None while it cannot be looked up.
    rules: Option<Said>,
    /// The path of the newest tile of entries.
    tile_of_entries: Option<String>,
    /// The path of the newest tile of the hashes of entries.
    tile_of_hashes: Option<String>,
}

impl Page for LedgerPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// The ledger: checkpoint, key, rules and files
#[utoipa::path(
    get, path = "/ledger", operation_id = "ledger_page", tag = "pages",
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn ledger(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Failure> {
    looking_up(move || {
        // Before the first that is witnessed, the newest is what there is to see.
        let view = app.announced().or_else(|_| app.view())?;
        let title = visit.say("ledger-title").with("origin", app.ledger().origin().to_string());
        render(&LedgerPage {
            frame: visit
                .frame(&title, &visit.say("ledger-description"))
                .alternate(TEXT, "/checkpoint"),
            size: view.size(),
            root: view.root().to_base64(),
            as_of: view.as_of().to_millis(),
            note: String::from_utf8_lossy(&view.checkpoint()).into_owned(),
            policy: app.policy(),
            rules: rules(&visit, &view)?,
            tile_of_entries: newest_tile(&view, TileKind::Entries),
            tile_of_hashes: newest_tile(&view, TileKind::Hashes { level: 0 }),
        })
    })
    .await
}

/// What the newest policy says. It names no other entry.
fn rules(visit: &Visit, view: &View) -> Result<Option<Said>, LookupError> {
    match view.policy() {
        Ok(policy) => Ok(policy.map(|policy| Said::new(visit, &policy, &EntryLinks::default()))),
        Err(LookupError::IndexBuilding) => Ok(None),
        Err(error) => Err(error),
    }
}

fn newest_tile(view: &View, kind: TileKind) -> Option<String> {
    let newest = view.size().checked_sub(1)?;
    let path = TilePath::in_tree(kind, newest / u64::from(TILE_WIDTH), view.size())?;
    Some(format!("/{path}"))
}
