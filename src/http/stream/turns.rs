//! Tells those who follow what the clock alone changed. Every such change is at a noon of UTC (protocol §1), so that
//! all threads are looked at once a day, and between two noons there is nothing to do but to look at the clock.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::event;
use crate::encoding::time::Moment;
use crate::http::error::Failure;
use crate::http::state::App;
use crate::service::live::{About, Filter};
use crate::thread::turns::Turn;

/// Between two looks at the clock.
const LOOK: Duration = Duration::from_millis(250);
const AFTER_FAILURE: Duration = Duration::from_secs(1);
const HALF_A_DAY: i64 = 12 * 60 * 60 * 1000;

/// What the clock changed at a noon, as it is sent: an event for each turn.
#[derive(Debug)]
pub(super) struct Turns(Vec<(About, Bytes)>);

impl Turns {
    fn new(turns: &[Turn]) -> Result<Self, Failure> {
        let events = turns.iter().map(|turn| {
            // It is of no kind, so that whoever asks for a kind is not told.
            let about = About {
                kind: String::new(),
                subjects: turn.subjects.clone(),
                thread: Some(turn.thread),
            };
            Ok((about, event::state(turn)?))
        });
        events.collect::<Result<_, _>>().map(Self)
    }

    /// The events from that place on that pass the filter, about so many bytes of them, and the place behind them;
    /// nothing at the end.
    pub fn piece(&self, from: usize, filter: &Filter, bytes_max: usize) -> Option<(Bytes, usize)> {
        let (mut piece, mut place) = (Vec::new(), from);
        while piece.len() < bytes_max {
            let Some((about, event)) = self.0.get(place) else { break };
            if filter.takes(about) {
                piece.extend_from_slice(event);
            }
            place += 1;
        }
        (!piece.is_empty()).then(|| (piece.into(), place))
    }
}

/// Works until it is dropped; while nobody follows it only keeps the time.
pub async fn keep_time(app: App) {
    let readers = app.streams().seats.taken();
    let mut told = app.ledger().now();
    loop {
        tokio::time::sleep(LOOK).await;
        let now = app.ledger().now();
        if *readers.borrow() > 0 && noons(told) < noons(now) {
            let (looking, after) = (app.clone(), told);
            let look = move || tell(&looking, after, now);
            match tokio::task::spawn_blocking(look).await {
                Ok(Ok(())) => {}
                failed => {
                    tracing::error!(?failed, "what the clock changed could not be told");
                    tokio::time::sleep(AFTER_FAILURE).await;
                    continue;
                }
            }
        }
        told = told.max(now);
    }
}

fn tell(app: &App, after: Moment, until: Moment) -> Result<(), Failure> {
    let turns = app.view()?.turns(after, until)?;
    if !turns.is_empty() {
        app.streams().tell(Arc::new(Turns::new(&turns)?));
    }
    Ok(())
}

/// How many noons there were.
const fn noons(moment: Moment) -> i64 {
    (moment.as_millis() + HALF_A_DAY).div_euclid(2 * HALF_A_DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noons_are_counted_at_the_moment_a_day_is_over_everywhere() {
        let at = |text| noons(Moment::parse_seconds(text).unwrap());
        let over = crate::encoding::time::Date::parse("2026-11-20").unwrap().over_everywhere();
        assert_eq!(noons(over), at("2026-11-21T12:00:00Z"));
        assert_eq!(at("2026-11-21T11:59:59Z") + 1, at("2026-11-21T12:00:00Z"));
        assert_eq!(at("2026-11-21T12:00:00Z"), at("2026-11-22T11:59:59Z"));
        assert_eq!(at("1969-12-31T12:00:00Z"), at("1970-01-01T11:59:59Z"));
    }

    #[test]
    fn turns_are_sent_in_pieces_and_each_only_to_whom_it_concerns() {
        let turn = |domain: &str, text: &'static str| {
            let subjects = vec![crate::encoding::domain::Domain::parse(domain).unwrap()];
            (
                About { kind: String::new(), subjects, thread: None },
                Bytes::from_static(text.as_bytes()),
            )
        };
        let turns = Turns(vec![
            turn("acme.example", "1 "),
            turn("bolt.example", "2 "),
            turn("acme.example", "3 "),
        ]);
        let all = |filter: &Filter, bytes_max| {
            let (mut pieces, mut place) = (Vec::new(), 0);
            while let Some((bytes, next)) = turns.piece(place, filter, bytes_max) {
                pieces.push(String::from_utf8(bytes.to_vec()).unwrap());
                place = next;
            }
            pieces
        };
        let acme = crate::encoding::domain::Domain::parse("acme.example").unwrap();
        let acme = Filter { domain: Some(acme), ..Filter::default() };
        assert_eq!(all(&Filter::default(), 3), ["1 2 ", "3 "]);
        assert_eq!(all(&acme, 1), ["1 ", "3 "]);
        let breaches = Filter { kind: Some("breach".into()), ..Filter::default() };
        assert!(all(&breaches, 1).is_empty(), "a turn is of no kind");
    }
}
