//! How an offer stands. An offer that was accepted stays accepted; another one expires by the calendar, whether
//! or not the signers withdrew.

use crate::encoding::domain::Domain;
use crate::encoding::time::{Date, Moment};
use crate::thread::course::Course;
use crate::thread::timeline::{Now, Timeline};

/// How an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OfferStatus {
    /// It can be accepted.
    Live,
    /// Its last day is over.
    Expired,
    /// The signers accepted it.
    Accepted,
}

/// An offer in the thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferState {
    /// The offer.
    pub index: u64,
    /// Who makes it.
    pub domain: Domain,
    /// Its last day.
    pub expires: Date,
    /// How it stands.
    pub status: OfferStatus,
    /// The entries that this follows from.
    pub entries: Vec<u64>,
    /// When the clock alone changes it next.
    pub changes_at: Option<Moment>,
}

pub(super) fn states(course: &Course, now: Now) -> Vec<OfferState> {
    let now = Now { stopped: None, ..now };
    let states = course.offers.iter().map(|offer| {
        let timeline = match offer.accepted {
            Some(_) => Timeline::new(OfferStatus::Accepted),
            None => Timeline::new(OfferStatus::Live)
                .then(offer.expires.over_everywhere(), OfferStatus::Expired),
        };
        let (status, changes_at) = timeline.at(now);
        OfferState {
            index: offer.index,
            domain: offer.domain.clone(),
            expires: offer.expires,
            status,
            entries: std::iter::once(offer.index).chain(offer.accepted).collect(),
            changes_at,
        }
    });
    states.collect()
}
