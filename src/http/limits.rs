//! How much one network and one key may ask for: token buckets in bounded memory. Not the queue:
//! that is bounded in `service`, and full for everyone at once.

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::client::Network;
use crate::crypto::DidKey;

/// Most buckets of one kind: at about 64 bytes for a network and 160 for a key, 10 MB.
const BUCKETS_MAX: usize = 65_536;
/// After so many charges, buckets that are full again are forgotten.
const CHARGES_BETWEEN_CLEANINGS: u32 = 16_384;

/// What one request takes out of its network's bucket. A list costs more than an entry, and a
/// statement more than a list, as they do in work.
pub mod cost {
    /// A tile, an entry, a page.
    pub const READ: u32 = 1;
    /// A list of entries or a thread.
    pub const LIST: u32 = 5;
    /// A thousand entries at once.
    pub const DUMP: u32 = 10;
    /// A statement to be logged.
    pub const PUBLISH: u32 = 20;
}

/// How fast buckets fill, and how much they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// Units a second for each network.
    pub network_per_second: NonZeroU32,
    /// Units a network may use at once; at least the cost of a statement.
    pub network_burst: NonZeroU32,
    /// Statements a minute for each signing key.
    pub key_per_minute: NonZeroU32,
    /// Statements a key may sign at once.
    pub key_burst: NonZeroU32,
}

impl Default for Rates {
    /// 200 reads or 10 statements a second for a network, ten times that at once; 12 statements a
    /// minute for a key, 60 at once.
    fn default() -> Self {
        Self {
            network_per_second: whole(200),
            network_burst: whole(2_000),
            key_per_minute: whole(12),
            key_burst: whole(60),
        }
    }
}

/// The bucket is empty; it holds enough again after `retry_after`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rate is used up for {} seconds", .retry_after.as_secs())]
pub struct RateExceeded {
    /// How long to wait.
    pub retry_after: Duration,
}

/// The limits in force.
pub struct Limits {
    buckets: Option<(Buckets<Network>, Buckets<DidKey>)>,
}

impl Limits {
    /// Limits with these rates.
    pub fn new(rates: Rates) -> Self {
        let burst = rates.network_burst.max(whole(cost::PUBLISH));
        let networks = Quota::per_second(rates.network_per_second).allow_burst(burst);
        let keys = Quota::per_minute(rates.key_per_minute).allow_burst(rates.key_burst);
        let clock = DefaultClock::default();
        Self { buckets: Some((Buckets::new(networks, clock.clone()), Buckets::new(keys, clock))) }
    }

    /// No limits: for imports and benchmarks on one's own machine.
    pub const fn unlimited() -> Self {
        Self { buckets: None }
    }

    /// Forgets every network and key whose bucket is full again, so that nobody is remembered for longer
    /// than it counts. For whoever serves, every few seconds.
    pub fn forget_the_full(&self) {
        let Some((networks, keys)) = &self.buckets else { return };
        networks.clean();
        keys.clean();
    }

    /// Whether there are limits at all.
    pub const fn are_on(&self) -> bool {
        self.buckets.is_some()
    }

    /// Charges a request to the network it comes from.
    ///
    /// # Errors
    /// [`RateExceeded`] when the network used up its share; nothing is charged then.
    pub fn charge_network(&self, network: Network, cost: u32) -> Result<(), RateExceeded> {
        let Some((networks, _)) = &self.buckets else { return Ok(()) };
        networks.charge(network, whole(cost))
    }

    /// Charges a new statement to each of its signers.
    ///
    /// # Errors
    /// [`RateExceeded`] when one of them used up its share; those before it are charged.
    pub fn charge_signers<'a>(
        &self,
        signers: impl IntoIterator<Item = &'a DidKey>,
    ) -> Result<(), RateExceeded> {
        let Some((_, keys)) = &self.buckets else { return Ok(()) };
        signers.into_iter().try_for_each(|signer| keys.charge(signer.clone(), whole(1)))
    }
}

/// A bucket a key, as long as there are not too many keys. When there are, even after forgetting
/// the full ones, keys share a fixed number of buckets, so that a flood of made-up networks costs
/// them and their neighbours by chance, and never our memory.
struct Buckets<K: Hash + Eq + Clone, C: Clock = DefaultClock> {
    own: Limiter<K, C>,
    shared: Limiter<u16, C>,
    places: RandomState,
    charges: AtomicU32,
    clock: C,
}

type Limiter<K, C> = RateLimiter<K, DashMapStateStore<K>, C, NoOpMiddleware<<C as Clock>::Instant>>;

impl<K: Hash + Eq + Clone, C: Clock + Clone> Buckets<K, C> {
    fn new(quota: Quota, clock: C) -> Self {
        Self {
            own: RateLimiter::dashmap_with_clock(quota, clock.clone()),
            shared: RateLimiter::dashmap_with_clock(quota, clock.clone()),
            places: RandomState::new(),
            charges: AtomicU32::new(0),
            clock,
        }
    }

    fn charge(&self, key: K, cost: NonZeroU32) -> Result<(), RateExceeded> {
        self.clean_now_and_then();
        let checked = if self.own.len() < BUCKETS_MAX {
            self.own.check_key_n(&key, cost)
        } else {
            self.shared.check_key_n(&self.place(&key), cost)
        };
        match checked {
            Ok(Ok(())) => Ok(()),
            Ok(Err(not_until)) => {
                let retry_after = not_until.wait_time_from(self.clock.now());
                Err(RateExceeded { retry_after })
            }
            Err(_over_capacity) => Err(RateExceeded { retry_after: Duration::MAX }),
        }
    }

    /// One of 4,096 places, by a hash nobody outside can predict.
    fn place(&self, key: &K) -> u16 {
        (self.places.hash_one(key) & 0xfff) as u16
    }

    fn clean_now_and_then(&self) {
        let charge = self.charges.fetch_add(1, Ordering::Relaxed);
        if charge % CHARGES_BETWEEN_CLEANINGS == CHARGES_BETWEEN_CLEANINGS - 1 {
            self.clean();
        }
    }

    fn clean(&self) {
        self.own.retain_recent();
        self.own.shrink_to_fit();
        self.shared.retain_recent();
    }
}

const fn whole(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;
    use crate::crypto::PrivateKey;

    fn buckets(burst: u32, clock: &FakeRelativeClock) -> Buckets<u32, FakeRelativeClock> {
        Buckets::new(Quota::per_second(whole(1)).allow_burst(whole(burst)), clock.clone())
    }

    #[test]
    fn a_bucket_is_used_up_says_how_long_and_fills_again() {
        let clock = FakeRelativeClock::default();
        let buckets = buckets(3, &clock);
        assert_eq!(buckets.charge(7, whole(2)), Ok(()));
        assert_eq!(buckets.charge(7, whole(1)), Ok(()));
        let refused = buckets.charge(7, whole(2)).unwrap_err();
        assert_eq!(refused.retry_after, Duration::from_secs(2));
        assert_eq!(buckets.charge(8, whole(3)), Ok(()), "another key has its own bucket");
        clock.advance(refused.retry_after);
        assert_eq!(buckets.charge(7, whole(2)), Ok(()));
    }

    #[test]
    fn a_flood_of_keys_is_held_in_bounded_memory_and_forgotten_later() {
        let clock = FakeRelativeClock::default();
        let buckets = buckets(2, &clock);
        for key in 0..100_000 {
            let _ = buckets.charge(key, whole(1));
        }
        assert!(buckets.own.len() <= BUCKETS_MAX);
        assert!(buckets.shared.len() <= 4_096);
        assert!(
            (200_000..300_000).any(|key| buckets.charge(key, whole(1)).is_err()),
            "newcomers of a flood share buckets",
        );
        clock.advance(Duration::from_secs(60));
        for _ in 0..CHARGES_BETWEEN_CLEANINGS {
            let _ = buckets.charge(1, whole(1));
        }
        assert!(buckets.own.len() < 3, "full buckets are forgotten");
    }

    #[test]
    fn nobody_is_remembered_once_the_bucket_is_full_again() {
        let clock = FakeRelativeClock::default();
        let buckets = buckets(2, &clock);
        assert_eq!(buckets.charge(7, whole(1)), Ok(()));
        buckets.clean();
        assert_eq!(buckets.own.len(), 1, "what was asked for still counts");
        clock.advance(Duration::from_secs(2));
        buckets.clean();
        assert_eq!(buckets.own.len(), 0);
    }

    #[test]
    fn every_signer_is_charged_and_unlimited_charges_nobody() {
        let rates = Rates { key_burst: whole(1), ..Rates::default() };
        let limits = Limits::new(rates);
        let [ana, bo] = [1, 2].map(|seed| PrivateKey::from_seed(&[seed; 32]).did());
        assert_eq!(limits.charge_signers([&ana]), Ok(()));
        assert!(limits.charge_signers([&bo, &ana]).is_err());
        assert!(limits.charge_signers([&bo]).is_err());
        assert_eq!(Limits::unlimited().charge_signers([&ana, &ana]), Ok(()));
    }

    #[test]
    fn one_statement_is_always_possible() {
        let rates = Rates { network_burst: whole(1), ..Rates::default() };
        let network = Network::V4([127, 0, 0, 1]);
        assert_eq!(Limits::new(rates).charge_network(network, cost::PUBLISH), Ok(()));
    }
}
