//! One witness: asked about the checkpoint that is due, until it cosigned that, or another one is due.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::{Line, Witnessing};
use crate::net::{Cosigning, WitnessClient};
use crate::service::view::View;
use crate::tlog::{AddCheckpoint, NoteSignature, VerifierKey, cosignature_in};

/// How often a witness that knows another size than it was believed to is asked again at once.
const TRIES_MAX: usize = 3;
/// How long a witness that failed is left alone, at first and at most, unless it asks for longer.
const REST_MIN: Duration = Duration::from_secs(1);
const REST_MAX: Duration = Duration::from_secs(60);

pub(super) struct Asking {
    witnessing: Arc<Witnessing>,
    key: VerifierKey,
    client: WitnessClient,
    lines: mpsc::Sender<Line>,
    /// The size it cosigned last, as far as that is known.
    size: Option<u64>,
    /// Since it cosigned last.
    failures: u32,
}

/// Why there is no line, and how long the witness asks to be left alone.
struct NoLine(Option<Duration>);

impl Asking {
    pub(super) fn new(
        witnessing: Arc<Witnessing>,
        key: VerifierKey,
        client: WitnessClient,
        lines: mpsc::Sender<Line>,
    ) -> Self {
        Self { witnessing, key, client, lines, size: None, failures: 0 }
    }

    /// Until nobody takes lines any more.
    pub(super) async fn run(mut self, mut due: watch::Receiver<Option<Arc<View>>>) {
        let mut cosigned = 0;
        loop {
            let view = due.borrow_and_update().clone();
            let Some(view) = view.filter(|view| view.size() > cosigned) else {
                match due.changed().await {
                    Ok(()) => continue,
                    Err(_) => return,
                }
            };
            match self.ask(&view).await {
                Ok(line) => {
                    (cosigned, self.failures) = (view.size(), 0);
                    if self.lines.send((cosigned, line)).await.is_err() {
                        return;
                    }
                }
                Err(NoLine(pause)) => {
                    let rest = REST_MIN.saturating_mul(1 << self.failures.min(16)).min(REST_MAX);
                    self.failures = self.failures.saturating_add(1);
                    tokio::time::sleep(pause.unwrap_or_default().max(rest)).await;
                }
            }
        }
    }

    async fn ask(&mut self, view: &Arc<View>) -> Result<NoteSignature, NoLine> {
        let url = self.client.url().clone();
        for _ in 0..TRIES_MAX {
            let old = self.size.filter(|size| *size <= view.size()).unwrap_or(0);
            let Some(request) = request(view.clone(), old).await else { break };
            match self.client.add(&request).await {
                Ok(Cosigning::Lines(lines)) => {
                    let line = cosignature_in(&lines, view.signed().note(), &self.key);
                    let line = line.ok_or_else(|| {
                        tracing::warn!(witness = %url, "no good cosignature is in the witness's answer");
                        NoLine(None)
                    })?;
                    self.size = Some(view.size());
                    return Ok(line);
                }
                Ok(Cosigning::OtherSize(size)) if size <= view.size() && size != old => {
                    self.size = Some(size);
                }
                Ok(Cosigning::OtherSize(_) | Cosigning::DoesNotFollow) => break,
                Ok(Cosigning::Refused { status, retry_after }) => {
                    tracing::warn!(witness = %url, status, "the witness refused");
                    return Err(NoLine(retry_after));
                }
                Err(error) => {
                    tracing::warn!(%error, "the witness gave no answer");
                    return Err(NoLine(None));
                }
            }
        }
        self.size = None;
        self.witnessing.look_into(&self.client).await;
        Err(NoLine(None))
    }
}

/// What a witness that cosigned a tree of that size last has to see. Tiles may have to be read for it.
async fn request(view: Arc<View>, old: u64) -> Option<AddCheckpoint> {
    let made = tokio::task::spawn_blocking(move || {
        let proof = if old == 0 { Ok(Vec::new()) } else { view.consistency(old) };
        let proof = proof.inspect_err(|error| tracing::warn!(%error, "no proof for a witness"));
        AddCheckpoint::new(old, proof.ok()?, view.signed().clone().into()).ok()
    });
    made.await.ok().flatten()
}
