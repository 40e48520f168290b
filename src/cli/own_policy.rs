//! The policy that a ledger is started or restored with: its own key, and the witnesses it relies on (C2SP tlog-policy).

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use super::failure::Failure;
use super::{files, policy, terminal};
use crate::http::{log_line, policy_without_witnesses};
use crate::net::{FetchError, LedgerUrl, Patience, WitnessClient};
use crate::service::comparing::CompareError;
use crate::service::{Ledger, WitnessingError, WitnessingParts, WitnessingTimes};
use crate::store::Witnessed;
use crate::tlog::{Origin, Policy, VerifierKey};

/// The policy, and what is needed to ask its witnesses.
pub(super) struct OwnPolicy {
    /// The file as `/log.policy` answers it.
    pub(super) text: String,
    policy: Policy,
    witnesses: Vec<(VerifierKey, WitnessClient)>,
}

impl OwnPolicy {
    /// Reads the file, if there is one, and adds the ledger's own keys where they are not in it.
    pub(super) fn open(file: Option<&Path>, keys: &[VerifierKey]) -> Result<Self, Failure> {
        let text = match file {
            None => policy_without_witnesses(keys),
            Some(path) => {
                let text = files::read_text(path, policy::FILE_BYTES_MAX)?;
                let policy = policy::parse(text.as_bytes(), &files::shown(path))?;
                let is_named = |key: &VerifierKey| {
                    policy.log_keys(key.name().as_str()).any(|named| named == key)
                };
                let missing: String =
                    keys.iter().filter(|key| !is_named(key)).map(log_line).collect();
                missing + &text
            }
        };
        let policy = policy::parse(text.as_bytes(), "the ledger's policy")?;
        let witnesses = policy.witnesses().iter().map(|witness| {
            let next = "Add the address at which it takes checkpoints to its line.";
            let no_address =
                |what: String| Failure::new(format!("witness {}: {what}", witness.name()), next);
            let url = witness.url().ok_or_else(|| no_address("it has no address".to_owned()))?;
            let url: LedgerUrl =
                url.parse().map_err(|error| no_address(format!("{url}: {error}")))?;
            let client = WitnessClient::new(url, Patience::WITNESS)
                .map_err(|error| no_address(error.to_string()))?;
            Ok((witness.key().clone(), client))
        });
        let witnesses = witnesses.collect::<Result<_, Failure>>()?;
        Ok(Self { text, policy, witnesses })
    }

    /// What it says.
    pub(super) const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Asks each witness for the checkpoint that it cosigned last of this log.
    pub(super) async fn ask_all(
        &self,
        origin: &Origin,
    ) -> Vec<(String, Result<Option<String>, FetchError>)> {
        join_all(self.witnesses.iter().map(async |(_, client)| {
            let answer = client.newest(origin.as_str()).await;
            (format!("the witness {}", client.url()), answer)
        }))
        .await
    }

    /// Has the ledger rely on its witnesses, if it has any, before it signs anything.
    pub(super) async fn rely(
        self,
        ledger: &Ledger,
        store: impl Witnessed + 'static,
        every: Duration,
    ) -> Result<(), Failure> {
        if self.witnesses.is_empty() {
            return Ok(());
        }
        let parts = WitnessingParts {
            policy: self.policy,
            witnesses: self.witnesses,
            store: Arc::new(store),
            times: WitnessingTimes { every, ..WitnessingTimes::default() },
        };
        let silent = ledger.rely_on_witnesses(parts).await.map_err(|error| another(&error))?;
        for error in silent {
            terminal::note(format_args!(
                "The ledger could not be compared with a witness before it goes on: {error}"
            ));
        }
        Ok(())
    }
}

fn another(error: &WitnessingError) -> Failure {
    match error {
        WitnessingError::Compare(CompareError::AnotherTree { .. }) => Failure::new(
            error,
            "Put the newest copy of the folder back. What is lost for good cannot be signed anew: begin another \
             ledger, with another origin. docs/operating.md says more.",
        ),
        error => Failure::new(error, "Nothing was changed. Put the file back, and start again."),
    }
}
