//! The commented TOML files that `onrecord sign --example` prints. A test signs every one of them.

use super::Signable;

/// The example of that kind.
pub(super) const fn of(signable: Signable) -> &'static str {
    match signable {
        Signable::Agreement => include_str!("examples/agreement.toml"),
        Signable::Breach => include_str!("examples/breach.toml"),
        Signable::Fulfilment => include_str!("examples/fulfilment.toml"),
        Signable::Assessment => include_str!("examples/assessment.toml"),
        Signable::Amendment => include_str!("examples/amendment.toml"),
        Signable::Termination => include_str!("examples/termination.toml"),
        Signable::Withdrawal => include_str!("examples/withdrawal.toml"),
        Signable::Reveal => include_str!("examples/reveal.toml"),
        Signable::Erasure => include_str!("examples/erasure.toml"),
    }
}
