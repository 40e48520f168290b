//! What the ledger is measured against: an axum handler that verifies one signature and commits the bytes in
//! groups, one `fdatasync` a group into preallocated space, and answers when they are durable. Nothing else.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use crate::crypto::{PublicKey, Signature};

/// Room for the records of a run; it begins anew where it ends.
const ROOM: u64 = 256 << 20;
const GROUP_MAX: usize = 1024;

type Waiting = (Bytes, oneshot::Sender<()>);

/// Serves `POST /` until the process ends. A body is 32 bytes of key, 64 of signature and the message; the
/// answer is 201 once it is durable. The file is made in `folder`, on the disk the ledger would use.
///
/// # Errors
/// When the file cannot be made or the listener fails.
pub async fn serve(listener: TcpListener, folder: &Path) -> std::io::Result<()> {
    let file = File::create(folder.join("bare.journal"))?;
    rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, ROOM)?;
    let (sender, receiver) = mpsc::channel(4096);
    std::thread::spawn(move || commit(&file, receiver));
    let router = Router::new().route("/", post(accept)).with_state(sender);
    axum::serve(listener, router).await
}

async fn accept(State(queue): State<mpsc::Sender<Waiting>>, body: Bytes) -> StatusCode {
    if !verifies(&body) {
        return StatusCode::UNPROCESSABLE_ENTITY;
    }
    let (done, answer) = oneshot::channel();
    if queue.send((body, done)).await.is_err() || answer.await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    StatusCode::CREATED
}

fn verifies(body: &[u8]) -> bool {
    let Some((key, rest)) = body.split_first_chunk::<32>() else { return false };
    let Some((signature, message)) = rest.split_first_chunk::<64>() else { return false };
    PublicKey::from_bytes(key)
        .is_ok_and(|key| key.verify(message, &Signature::from_bytes(*signature)).is_ok())
}

fn commit(file: &File, mut queue: mpsc::Receiver<Waiting>) {
    let mut offset = 0;
    while let Some(first) = queue.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP_MAX {
            let Ok(next) = queue.try_recv() else { break };
            group.push(next);
        }
        let bytes: Vec<u8> = group.iter().flat_map(|(body, _)| body.iter().copied()).collect();
        if offset + bytes.len() as u64 > ROOM {
            offset = 0;
        }
        if file.write_all_at(&bytes, offset).and_then(|()| file.sync_data()).is_err() {
            return;
        }
        offset += bytes.len() as u64;
        for (_, done) in group {
            let _ = done.send(());
        }
    }
}
