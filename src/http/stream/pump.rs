//! Renders what is published, once for everyone who follows. Publishing knows nothing of it: it follows the size that
//! was published, and falls behind by itself where the machine has no time for it.

use std::time::Duration;

use super::event;
use crate::http::error::Failure;
use crate::http::state::App;
use crate::service::View;

/// Entries gather for so long before those who wait are woken: with 2,000 readers every waking is some milliseconds
/// of work, and waking them for each of 500 entries a second would be a second of it.
const GATHER: Duration = Duration::from_millis(30);
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// Entries and bytes of one piece.
const ENTRIES_MAX: u64 = 256;
const BYTES_MAX: usize = 128 * 1024;

/// Works while anyone follows, until it is dropped.
pub async fn pump(app: App) {
    let mut readers = app.streams().seats.taken();
    let mut size = app.ledger().size();
    loop {
        if *readers.borrow_and_update() == 0 {
            if readers.wait_for(|taken| *taken > 0).await.is_err() {
                return;
            }
            skip(&app);
        }
        let published = *size.borrow_and_update();
        let edge = *app.ledger().live().edge().borrow();
        if edge >= published {
            tokio::select! {
                changed = size.changed() => if changed.is_err() { return },
                changed = readers.changed() => if changed.is_err() { return },
            }
            continue;
        }
        let rendering = app.clone();
        let rendered = tokio::task::spawn_blocking(move || render(&rendering, edge)).await;
        match rendered {
            Ok(Ok(())) => tokio::time::sleep(GATHER).await,
            failed => {
                tracing::error!(
                    ?failed,
                    edge,
                    "an entry could not be rendered for those who follow"
                );
                tokio::time::sleep(AFTER_FAILURE).await;
            }
        }
    }
}

/// Nobody followed: what was published meanwhile is read from the store by who asks for it.
fn skip(app: &App) {
    if let Some(view) = app.ledger().view() {
        app.ledger().live().skip_to(view.size(), view.checkpoint());
    }
}

/// Renders all that is published from the edge on.
fn render(app: &App, mut edge: u64) -> Result<(), Failure> {
    let view = app.view()?;
    while edge < view.size() {
        let next = render_piece(app, &view, edge)?;
        // Words were erased meanwhile: once more, without them.
        edge = next.unwrap_or(edge);
    }
    Ok(())
}

fn render_piece(app: &App, view: &View, edge: u64) -> Result<Option<u64>, Failure> {
    let live = app.ledger().live();
    let erasures = live.erasures();
    let (mut entries, mut bytes) = (Vec::new(), 0);
    for index in edge..view.size().min(edge + ENTRIES_MAX) {
        let Some(followed) = view.followed(index)? else { break };
        bytes += event::size(&followed);
        entries.push(followed);
        if bytes >= BYTES_MAX {
            break;
        }
    }
    let next = edge + entries.len() as u64;
    let chunk = event::chunk(app, edge, &entries)?;
    let note = (next == view.size()).then(|| view.checkpoint());
    Ok(live.push(chunk, note, erasures).then_some(next))
}
