//! Whether a ledger shows everything about a domain, over its public files: which entries are wanted,
//! [`Walk`] says; here they are fetched and held against the signed tree (protocol §6).
//!
//! It decides nothing about rules, which is `verify/`, and shows nothing, which is the [`Watcher`]'s.

mod bundles;

use tokio::runtime::Handle;

use super::audit::{AuditError, Source, trusted_checkpoint};
use crate::crypto::Hash;
use crate::encoding::domain::Domain;
use crate::net::FetchError;
use crate::tlog::{Checkpoint, Judgement, Policy};
use crate::verify::completeness::{Claim, Completeness, ShownHead, Walk};
use crate::wire::Organization;
use bundles::Bundles;

/// The answer about an organization is some hundred bytes.
const ORGANIZATION_BYTES_MAX: usize = 64 * 1024;
/// How often a newest entry is asked for that the checkpoint asked for before covers. An organization about which
/// entries come faster than that is walked from the files alone.
const MEETINGS_MAX: usize = 3;

/// Where a walk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Of so many entries that may be newer than the newest, so many were looked at.
    Scanned {
        /// Looked at by now.
        done: u64,
        /// At most.
        of: u64,
    },
    /// The chain was walked back to this place.
    Walked {
        /// The place of the newest entry.
        from: u64,
        /// The place of the last one that was met.
        to: u64,
    },
}

/// Whoever watches. It is called now and then, from one thread.
pub trait Watcher: Send + 'static {
    /// The walk has come so far.
    fn progress(&mut self, progress: Progress);
}

/// Watches nothing.
impl Watcher for () {
    fn progress(&mut self, _progress: Progress) {}
}

/// What a walk comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What was found.
    pub completeness: Completeness,
    /// What the policy says of the checkpoint's signatures.
    pub judgement: Judgement,
}

/// Walks the chain of a domain on the ledger behind a source, up to its newest checkpoint.
///
/// # Errors
/// [`AuditError`] when it could not be done to the end.
pub async fn prove<S: Source, W: Watcher>(
    source: S,
    policy: &Policy,
    domain: Domain,
    watcher: W,
) -> Result<Report, AuditError> {
    let (checkpoint, judgement, claim) = meet(&source, policy, &domain).await?;
    let runtime = Handle::current();
    let walking = tokio::task::spawn_blocking(move || {
        let walk = Walk::new(domain, checkpoint.clone(), claim);
        walk_along(walk, Bundles::new(source, checkpoint, runtime), watcher)
    });
    let completeness = walking.await.map_err(|_| AuditError::Worker)??;
    Ok(Report { completeness, judgement })
}

/// The checkpoint, and what the ledger gives as the newest entry after that: an entry that the checkpoint covers,
/// and that the ledger leaves out then, it hides.
async fn meet<S: Source>(
    source: &S,
    policy: &Policy,
    domain: &Domain,
) -> Result<(Checkpoint, Judgement, Claim), AuditError> {
    let mut meetings = 1;
    loop {
        let (signed, judgement) = trusted_checkpoint(source, policy).await?;
        let checkpoint = signed.checkpoint().clone();
        let claim = claim_of(source, domain).await?;
        match claim {
            Claim::Newest(head) if head.index >= checkpoint.size() && meetings < MEETINGS_MAX => {
                meetings += 1;
            }
            claim => return Ok((checkpoint, judgement, claim)),
        }
    }
}

async fn claim_of<S: Source>(source: &S, domain: &Domain) -> Result<Claim, AuditError> {
    let path = format!("api/v1/organizations/{domain}");
    let bytes = match source.file(&path, ORGANIZATION_BYTES_MAX).await {
        Ok(bytes) => bytes,
        Err(FetchError::Refused { status: 404, .. }) => return Ok(Claim::Nothing),
        // A server of files knows no organizations, and one whose index is damaged cannot tell.
        Err(FetchError::Refused { status: 500.., .. }) => return Ok(Claim::NotTold),
        Err(FetchError::Unexpected { .. } | FetchError::TooLarge { .. }) => {
            return Ok(Claim::NotTold);
        }
        Err(error) => return Err(error.into()),
    };
    let told: Option<Organization> = serde_json::from_slice(&bytes).ok();
    Ok(told.and_then(|told| head_of(&told, domain)).map_or(Claim::NotTold, Claim::Newest))
}

/// What cannot be read, or is about another domain, tells nothing.
fn head_of(told: &Organization, domain: &Domain) -> Option<ShownHead> {
    let hash = Hash::from_hex(&told.newest.leaf_hash).ok()?;
    let same = told.domain == domain.as_str();
    same.then_some(ShownHead { index: told.newest.index, seq: told.newest.seq, hash })
}

fn walk_along<S: Source, W: Watcher>(
    mut walk: Walk,
    mut bundles: Bundles<S>,
    mut watcher: W,
) -> Result<Completeness, AuditError> {
    while let Some(wanted) = walk.wanted() {
        let (held, is_new) = bundles.around(wanted)?;
        if is_new && held.tile_differs {
            walk.tile_differs(held.path);
        }
        let place = held.place(wanted.index).ok_or(AuditError::NotATile(held.path))?;
        walk.look(place);
        if is_new || wanted.down_to.is_none() {
            watcher.progress(progress(&walk));
        }
    }
    Ok(walk.conclude())
}

fn progress(walk: &Walk) -> Progress {
    let (done, of) = walk.scanned();
    match (walk.newest_seq(), walk.seq()) {
        (Some(from), Some(to)) => Progress::Walked { from, to },
        _ => Progress::Scanned { done, of },
    }
}
