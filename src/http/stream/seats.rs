//! How many follow at once: a bound for all, and for one network a share of it, so that nobody takes all places.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::http::client::Network;
use crate::http::metrics::Metrics;

/// One network may take this part of all places.
const SHARE: usize = 4;

/// The places of readers. Clones share them.
#[derive(Clone)]
pub struct Seats(Arc<Inner>);

struct Inner {
    max: usize,
    taken: watch::Sender<usize>,
    of_networks: Mutex<HashMap<Network, usize>>,
    metrics: Metrics,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// All are taken.
    All,
    /// The network has its share.
    ShareOfNetwork,
}

/// A place, given back when it is dropped.
pub struct Seat {
    seats: Seats,
    network: Option<Network>,
}

impl Seats {
    /// So many places.
    pub fn new(max: usize, metrics: Metrics) -> Self {
        let (taken, of_networks) = (watch::Sender::new(0), Mutex::default());
        Self(Arc::new(Inner { max, taken, of_networks, metrics }))
    }

    /// How many are taken, as it changes.
    pub fn taken(&self) -> watch::Receiver<usize> {
        self.0.taken.subscribe()
    }

    /// Takes a place; with a network, one of its share.
    ///
    /// # Errors
    /// [`Taken`].
    pub fn take(&self, network: Option<Network>) -> Result<Seat, Taken> {
        let mut of_networks = self.of_networks();
        let taken = *self.0.taken.borrow();
        if taken >= self.0.max {
            return Err(Taken::All);
        }
        if let Some(network) = network {
            let own = of_networks.get(&network).copied().unwrap_or_default();
            if own >= (self.0.max / SHARE).max(1) {
                return Err(Taken::ShareOfNetwork);
            }
            of_networks.insert(network, own + 1);
        }
        self.count(taken + 1);
        Ok(Seat { seats: self.clone(), network })
    }

    fn of_networks(&self) -> MutexGuard<'_, HashMap<Network, usize>> {
        self.0.of_networks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, taken: usize) {
        self.0.taken.send_replace(taken);
        self.0.metrics.set_stream_readers(taken);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut of_networks = self.seats.of_networks();
        if let Some(network) = self.network {
            let left = of_networks.get(&network).map_or(0, |own| own - 1);
            match left {
                0 => of_networks.remove(&network),
                left => of_networks.insert(network, left),
            };
        }
        let taken = *self.seats.0.taken.borrow() - 1;
        self.seats.count(taken);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_and_come_back() {
        let seats = Seats::new(2, Metrics::of_process());
        let first = seats.take(None).unwrap();
        let _second = seats.take(None).unwrap();
        assert_eq!(seats.take(None).err(), Some(Taken::All));
        drop(first);
        assert!(seats.take(None).is_ok());
        assert_eq!(*seats.taken().borrow(), 1);
    }

    #[test]
    fn one_network_takes_a_quarter_and_is_forgotten_when_it_has_gone() {
        let seats = Seats::new(8, Metrics::of_process());
        let [a, b] = [1, 2].map(|last| Some(Network::V4([192, 0, 2, last])));
        let held: Vec<_> = (0..2).map(|_| seats.take(a).unwrap()).collect();
        assert_eq!(seats.take(a).err(), Some(Taken::ShareOfNetwork));
        assert!(seats.take(b).is_ok());
        drop(held);
        assert!(seats.of_networks().is_empty());
        assert!(seats.take(a).is_ok());
    }
}
