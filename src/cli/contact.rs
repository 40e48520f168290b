//! Talking to a ledger: its checkpoint, checked against the key pinned at the first contact.

use bytes::Bytes;

use super::failure::Failure;
use super::pins::Pins;
use super::running::runtime;
use super::verify::BUNDLE_BYTES_MAX;
use super::{files, terminal};
use crate::net::{Client, FetchError, LedgerUrl, Patience};
use crate::tlog::{Checkpoint, Origin, Policy, SignedCheckpoint, VerifierKey};
use crate::verify;

const CHECKPOINT_BYTES_MAX: usize = 64 * 1024;
const POLICY_BYTES_MAX: usize = 64 * 1024;
/// Where a ledger gives the bundle of its newest `log_keys`.
pub(super) const LOG_KEYS: &str = "api/v1/log-keys";

/// A ledger that can be asked.
#[derive(Debug)]
pub(super) struct Contact {
    client: Client,
    runtime: tokio::runtime::Runtime,
}

impl Contact {
    /// Prepares to talk to the ledger at that address. Nothing is sent yet.
    pub(super) fn new(url: LedgerUrl) -> Result<Self, Failure> {
        Self::with(url, Patience::CHOSEN)
    }

    /// The same, with that patience.
    pub(super) fn with(url: LedgerUrl, patience: Patience) -> Result<Self, Failure> {
        let client = Client::with(url, patience).map_err(|error| failure(&error))?;
        Ok(Self { client, runtime: runtime()? })
    }

    /// The client, for requests of its own.
    pub(super) const fn client(&self) -> &Client {
        &self.client
    }

    /// Runs what its own caller answers for.
    pub(super) fn run<T>(&self, conversation: impl Future<Output = T>) -> T {
        self.runtime.block_on(conversation)
    }

    /// Lets something run beside the conversations.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(task);
    }

    /// Runs a conversation to its end.
    pub(super) fn wait<T>(
        &self,
        conversation: impl Future<Output = Result<T, FetchError>>,
    ) -> Result<T, Failure> {
        self.runtime.block_on(conversation).map_err(|error| failure(&error))
    }

    /// What lies under the path, as text.
    pub(super) fn text(&self, path: &str, bytes_max: usize) -> Result<String, Failure> {
        let bytes = self.wait(self.client.get(path, bytes_max))?;
        String::from_utf8(bytes.to_vec()).map_err(|_| {
            let what = format!("{} is not text", self.client.ledger().join(path));
            Failure::new(what, "Check that it is the address of a ledger.")
        })
    }

    /// What lies under the path, if anything does.
    pub(super) fn bytes_if_any(
        &self,
        path: &str,
        bytes_max: usize,
    ) -> Result<Option<Bytes>, Failure> {
        match self.run(self.client.get(path, bytes_max)) {
            Err(error) if error.is_not_found() => Ok(None),
            answer => answer.map(Some).map_err(|error| failure(&error)),
        }
    }

    /// The origin of the ledger.
    pub(super) fn origin(&self) -> Result<Origin, Failure> {
        Ok(self.checkpoint()?.origin().clone())
    }

    /// The newest checkpoint, signed by the pinned key. At the first contact the key is pinned.
    pub(super) fn checkpoint(&self) -> Result<Checkpoint, Failure> {
        let signed = self.announced()?;
        let pins = Pins::of_this_person()?;
        let origin = signed.checkpoint().origin();
        match pins.policy(origin)? {
            None => self.pin_first(&pins, &signed)?,
            Some(policy) if is_signed(&signed, &policy) => {
                self.follow_keys(&signed, policy)?;
            }
            Some(_) => return Err(changed_key(&pins, origin)),
        }
        Ok(signed.checkpoint().clone())
    }

    /// The newest checkpoint as the ledger gives it. No signature of it is checked.
    pub(super) fn announced(&self) -> Result<SignedCheckpoint, Failure> {
        let text = self.text("checkpoint", CHECKPOINT_BYTES_MAX)?;
        text.parse().map_err(|error| {
            let what = format!("{} has no checkpoint: {error}", self.client.ledger());
            Failure::new(what, "Check that it is the address of a ledger.")
        })
    }

    /// What is remembered of the ledger, for one that somebody else named. It is pinned at the first contact
    /// only when it is at home at its own origin, so that nobody's page can plant a key for another's ledger.
    /// Whether its checkpoint is signed by that key shows in what is held against it. `is_new` is set when it was
    /// pinned now.
    pub(super) fn remembered(&self, is_new: &mut bool) -> Result<(Origin, Policy), Failure> {
        let signed = self.announced()?;
        let origin = signed.checkpoint().origin().clone();
        let pins = Pins::of_this_person()?;
        if let Some(policy) = pins.policy(&origin)? {
            return Ok((origin, self.follow_keys(&signed, policy)?));
        }
        let ledger = self.client.ledger();
        if !is_at_home(&origin, ledger) {
            let what =
                format!("{ledger} says it is {origin}, and no key of {origin} is remembered");
            let next = "Verify an entry at an address of that ledger that you trust once, or name a trust \
                        policy with --policy.";
            return Err(Failure::new(what, next));
        }
        self.pin_first(&pins, &signed)?;
        *is_new = true;
        pins.policy(&origin)?
            .map(|policy| (origin, policy))
            .ok_or_else(|| Failure::new("the key that was just remembered is gone", "Try again."))
    }

    /// Pins the key that the ledger names and has signed with.
    fn pin_first(&self, pins: &Pins, signed: &SignedCheckpoint) -> Result<(), Failure> {
        let origin = signed.checkpoint().origin();
        let text = self.text("log.policy", POLICY_BYTES_MAX)?;
        let policy = Policy::parse(text.as_bytes()).map_err(|error| {
            let what = format!("{} has no trust policy: {error}", self.client.ledger());
            Failure::new(what, "Check that it is the address of a ledger.")
        })?;
        let keys = policy.log_keys(origin.as_str()).filter(|key| signed.verify(key).is_ok());
        let keys: Vec<VerifierKey> = keys.cloned().collect();
        if keys.is_empty() {
            let what =
                format!("the checkpoint of {origin} is not signed by a key of its /log.policy");
            return Err(Failure::new(
                what,
                "Do not use this ledger until its operator explains it.",
            ));
        }
        say_pinned(origin, &keys, &files::shown(&pins.pin(origin, &keys)?));
        Ok(())
    }

    /// The policy with the keys that follow those it knows: the operator named them in an entry for which a known key
    /// signed. They are asked for only where a line under the checkpoint is by no known key.
    pub(super) fn follow_keys(
        &self,
        signed: &SignedCheckpoint,
        policy: Policy,
    ) -> Result<Policy, Failure> {
        if !has_unknown_key(signed, &policy) {
            return Ok(policy);
        }
        // A ledger signs with a key before its operator names it, and then there is no such entry.
        match self.bytes_if_any(LOG_KEYS, BUNDLE_BYTES_MAX)? {
            Some(bundle) => learn(signed.checkpoint().origin(), policy, &bundle),
            None => Ok(policy),
        }
    }
}

/// Whether the ledger signed with a key that the policy does not know.
pub(super) fn has_unknown_key(signed: &SignedCheckpoint, policy: &Policy) -> bool {
    let name = signed.checkpoint().origin().key_name();
    policy.judge(signed).unknown.iter().any(|(unknown, _)| unknown == name)
}

/// Remembers the keys that the `log_keys` in this bundle names, where the policy vouches for it.
pub(super) fn learn(origin: &Origin, policy: Policy, bundle: &[u8]) -> Result<Policy, Failure> {
    let named = verify::log_keys(bundle, &policy).unwrap_or_default();
    let is_new = |key: &VerifierKey| {
        key.name() == origin.key_name()
            && !policy.log_keys(origin.as_str()).any(|known| known == key)
    };
    let new: Vec<VerifierKey> = named.into_iter().filter(is_new).collect();
    if new.is_empty() {
        return Ok(policy);
    }
    say_learned(origin, &new, &files::shown(&Pins::of_this_person()?.add(origin, &new)?));
    Ok(new.into_iter().fold(policy, Policy::and_log_key))
}

/// Whether a ledger is reached at the host that its origin begins with. All names of this machine are one.
fn is_at_home(origin: &Origin, ledger: &LedgerUrl) -> bool {
    LedgerUrl::at_home(origin)
        .is_some_and(|at| at.host() == ledger.host() || (at.is_loopback() && ledger.is_loopback()))
}

fn is_signed(signed: &SignedCheckpoint, policy: &Policy) -> bool {
    let origin = signed.checkpoint().origin();
    policy.log_keys(origin.as_str()).any(|key| signed.verify(key).is_ok())
}

fn say_pinned(origin: &Origin, keys: &[VerifierKey], file: &str) {
    terminal::note(format_args!(
        "First contact with {origin}. From now on its checkpoints must be signed by\n{}\n\
         which is remembered in {file}.",
        list(keys)
    ));
}

fn say_learned(origin: &Origin, keys: &[VerifierKey], file: &str) {
    terminal::note(format_args!(
        "The operator of {origin} named another key, and a known one signed for it. From now on\n{}\n\
         may sign its checkpoints as well, which is remembered in {file}.",
        list(keys)
    ));
}

fn list(keys: &[VerifierKey]) -> String {
    keys.iter().map(|key| format!("  {key}")).collect::<Vec<_>>().join("\n")
}

fn changed_key(pins: &Pins, origin: &Origin) -> Failure {
    let what =
        format!("the checkpoint of {origin} is not signed by the key that was pinned before");
    let file = files::shown(&pins.path(origin));
    let next = format!(
        "Someone else may be answering. Where the operator gives you the bundle of the entry that names the new key, \
         `onrecord policy learn` it; else ask by another way, and remove {file} to trust the next contact."
    );
    Failure::new(what, next)
}

/// A ledger's failure to answer, with what to do next. What the ledger says is foreign text.
pub(super) fn failure(error: &FetchError) -> Failure {
    let next = match error {
        FetchError::Unreachable { cause, .. } if cause.contains("certificate") => {
            "Check the address. For a certificate of your own, name its authority's PEM file in \
             SSL_CERT_FILE."
                .to_owned()
        }
        FetchError::Unreachable { .. } => {
            "Check the address, and that the ledger is running.".to_owned()
        }
        FetchError::TimedOut { .. } => "Try again later.".to_owned(),
        FetchError::TooLarge { .. } | FetchError::Unexpected { .. } => {
            "Check that it is the address of a ledger.".to_owned()
        }
        FetchError::Refused { problem, .. } => terminal::escape(&problem.next_step).into_owned(),
        FetchError::Setup(_) => "Install the system's root certificates.".to_owned(),
    };
    Failure::new(terminal::escape(&error.to_string()), next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_is_at_home_at_the_host_of_its_origin_only() {
        for (origin, url, expected) in [
            ("ledger.example/2026", "https://ledger.example/", true),
            ("ledger.example", "http://ledger.example:8080/under/", true),
            ("localhost:8080/1a2b3c4d", "http://127.0.0.1:9090/", true),
            ("ledger.example", "https://evil.example/ledger.example/", false),
            ("ledger.example", "http://localhost:8080/", false),
            ("localhost:8080/1a2b3c4d", "https://evil.example/", false),
        ] {
            let (origin, url) = (origin.parse().unwrap(), url.parse().unwrap());
            assert_eq!(is_at_home(&origin, &url), expected, "{origin} {url}");
        }
    }
}
