//! What every verb that serves begins and ends with: threads, a log on standard error, the signals that stop it, and
//! what to do when the address or the folder cannot be used.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use super::failure::Failure;
use crate::http::{ServeError, TlsFiles};
use crate::store::StoreError;
use crate::store::local::LocalBackup;

/// The threads that a server, or conversations with one, run on.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
        let what = format!("the system gives no threads: {error}");
        Failure::new(what, "Close other programs and try again.")
    })
}

/// Warnings and worse go to standard error, or what `ONRECORD_LOG` asks for.
pub(super) fn log_to_standard_error() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("ONRECORD_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    // That something else subscribed before is no reason not to serve.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .try_init();
}

/// Done at the first Ctrl-C or SIGTERM. Asked for before anything is opened, so that none is missed.
pub(super) fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| {
            signal(kind).map_err(|error| {
                let what = format!("signals cannot be listened for: {error}");
                Failure::new(what, "Start it in another way.")
            })
        };
        let (mut interrupt, mut terminate) =
            (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
        Ok(async move {
            tokio::select! { _ = interrupt.recv() => (), _ = terminate.recv() => () }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// The files for TLS, which are given together.
pub(super) fn tls_files(certificate: Option<&PathBuf>, key: Option<&PathBuf>) -> Option<TlsFiles> {
    let (certificate, key) = certificate.zip(key)?;
    Some(TlsFiles { certificate: certificate.clone(), key: key.clone() })
}

pub(super) fn cannot_listen(error: &ServeError) -> Failure {
    let next = match error {
        ServeError::Bind { .. } => "Name another address with --listen; port 0 takes a free one.",
        ServeError::TlsFile { .. } | ServeError::Tls(_) => {
            "Correct --tls-certificate and --tls-key."
        }
        ServeError::Listener(_) => "Start it again; everything that was answered is kept.",
    };
    Failure::new(error, next)
}

pub(super) fn unusable(error: &StoreError) -> Failure {
    let next = match error {
        StoreError::Locked { .. } => "Stop the other process, or name another folder with --data.",
        StoreError::Layout { found, .. } if LocalBackup::is_named_by(found) => {
            "It is a backup: make a ledger's folder of it with `onrecord restore`."
        }
        StoreError::Layout { .. } => "Take the version of onrecord that wrote the folder.",
        StoreError::Damaged { .. } => "Put the file back from your copy of the folder.",
        StoreError::Io { .. } => "Check that the folder is there, is yours, and has room.",
    };
    Failure::new(error, next)
}
