//! Those who follow the ledger of the demonstration, and how long it takes until they have an entry.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::mpsc;

use super::stage::{Published, Stage, unexpected};
use crate::cli::contact;
use crate::cli::failure::Failure;
use crate::clock::instant;

/// How long is waited for an entry. On a quiet machine everyone has it within a fraction of a second, which is told.
const IN_TIME: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(5);

/// An open stream.
pub(super) struct Reader {
    entries: mpsc::UnboundedReceiver<(u64, Instant)>,
    /// What the clock changed.
    turns: mpsc::UnboundedReceiver<Value>,
}

impl Reader {
    /// Opens the stream of what is published from now on, narrowed by a query, and waits until it has begun.
    pub(super) async fn open(stage: &Stage, query: &str) -> Result<Self, Failure> {
        let path = format!("api/v1/stream{query}");
        let opened = stage.client().events(&path).await;
        let mut events = opened.map_err(|error| contact::failure(&error))?;
        // The first event is the checkpoint that says that all before it was passed.
        events.next().await.map_err(|error| contact::failure(&error))?;
        let (entry, entries) = mpsc::unbounded_channel();
        let (turn, turns) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok(Some(event)) = events.next().await {
                let data = serde_json::from_str::<Value>(&event.data).unwrap_or_default();
                let sent = match (event.name.as_str(), data["index"].as_u64()) {
                    ("entry", Some(index)) => entry.send((index, instant())).is_ok(),
                    ("state", Some(_)) => turn.send(data).is_ok(),
                    _ => true,
                };
                if !sent {
                    return;
                }
            }
        });
        Ok(Self { entries, turns })
    }

    /// The next thing that the clock changed in the thread of that agreement.
    pub(super) async fn is_told_of(&mut self, agreement: &Published) -> Result<Value, Failure> {
        let next = async {
            loop {
                let turn = self.turns.recv().await?;
                if turn["index"] == agreement.index {
                    return Some(turn);
                }
            }
        };
        let next = tokio::time::timeout(IN_TIME, next).await.ok().flatten();
        next.ok_or_else(|| unexpected("a stream was not told what the clock changed"))
    }

    /// When the entry came, which has to be the next one that this reader sees.
    pub(super) async fn has(&mut self, published: &Published) -> Result<Instant, Failure> {
        let next = tokio::time::timeout(IN_TIME, self.entries.recv()).await;
        match next {
            Ok(Some((index, at))) if index == published.index => Ok(at),
            Ok(Some((index, _))) => {
                let wanted = published.index;
                Err(unexpected(&format!("a stream gave entry {index} instead of {wanted}")))
            }
            _ => Err(unexpected(&format!("entry {} was not on a stream in time", published.index))),
        }
    }
}

/// When what lies under the path has the text in it.
pub(super) async fn shows(stage: &Stage, path: &str, text: &str) -> Result<Instant, Failure> {
    let begun = instant();
    while begun.elapsed() < IN_TIME {
        if stage.text(path).await?.contains(text) {
            return Ok(instant());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(unexpected(&format!("/{path} did not show it in time")))
}
