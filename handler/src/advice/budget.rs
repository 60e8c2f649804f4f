//! The day's budget of tokens: how much of it is used says whom may be asked. It is counted in the ledger's table, since many
//! processes spend from one budget; calls that run at once are counted when they end, so the last ones can go beyond it.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp, ToSpan, tz::Offset};

/// From here on the cheaper model is asked, and the alarm rings; in percent of the budget.
const SHORT: u64 = 80;
/// What other processes spent meanwhile is looked up after this long.
const STALE: SignedDuration = SignedDuration::from_secs(60);

/// What the budget leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// Enough for the usual models.
    Enough,
    /// Little: the cheaper model is asked, where there is one.
    Short,
    /// Nothing: only what is remembered.
    Spent,
}

/// The budget, and what this process knows of it.
#[derive(Debug)]
pub struct Purse {
    tokens_a_day: u64,
    known: Mutex<Option<Known>>,
}

#[derive(Clone, Debug)]
struct Known {
    day: String,
    tokens: u64,
    at: Timestamp,
}

impl Purse {
    /// A budget of this many tokens a day, in UTC, input and output together.
    #[must_use]
    pub fn new(tokens_a_day: u64) -> Self {
        Self { tokens_a_day, known: Mutex::new(None) }
    }

    /// The tokens spent today, as far as is known from not long ago.
    pub(super) fn known(&self, now: Timestamp) -> Option<u64> {
        self.today(now).filter(|known| now.duration_since(known.at) <= STALE).map(|known| known.tokens)
    }

    pub(super) fn learn(&self, now: Timestamp, tokens: u64) {
        let known = Known { day: day(now), tokens, at: now };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }

    /// What is left after this many tokens.
    #[must_use]
    pub fn means(&self, tokens: u64) -> Means {
        match self.percent(tokens) {
            100.. => Means::Spent,
            SHORT.. => Means::Short,
            _ => Means::Enough,
        }
    }

    /// How much of today's budget was used when this process looked last, in percent.
    #[must_use]
    pub fn used(&self, now: Timestamp) -> Option<u64> {
        self.today(now).map(|known| self.percent(known.tokens))
    }

    fn percent(&self, tokens: u64) -> u64 {
        tokens.saturating_mul(100) / self.tokens_a_day.max(1)
    }

    fn today(&self, now: Timestamp) -> Option<Known> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        known.filter(|known| known.day == day(now))
    }
}

/// The day of a time, which its tokens are counted under.
pub(super) fn day(now: Timestamp) -> String {
    Offset::UTC.to_datetime(now).date().to_string()
}

/// When the day ends, and the budget begins anew.
pub(super) fn tomorrow(now: Timestamp) -> Timestamp {
    let date = Offset::UTC.to_datetime(now).date();
    date.checked_add(1.day()).ok().and_then(|date| Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        time.parse().expect("a time")
    }

    #[test]
    fn the_means_shrink_at_four_fifths_and_end_with_the_budget() {
        let purse = Purse::new(1_000);
        for (tokens, means) in [
            (0, Means::Enough),
            (799, Means::Enough),
            (800, Means::Short),
            (999, Means::Short),
            (1_000, Means::Spent),
            (u64::MAX, Means::Spent),
        ] {
            assert_eq!(purse.means(tokens), means, "{tokens}");
        }
    }

    #[test]
    fn what_is_known_grows_old_in_a_minute_and_ends_with_the_day() {
        let purse = Purse::new(1_000);
        let late = at("2026-11-24T23:59:30Z");
        assert_eq!((purse.known(late), purse.used(late)), (None, None));
        purse.learn(late, 250);
        assert_eq!((purse.known(late), purse.used(late)), (Some(250), Some(25)));
        assert_eq!(purse.known(at("2026-11-25T00:00:10Z")), None);
        purse.learn(at("2026-11-25T09:00:00Z"), 10);
        assert_eq!(purse.known(at("2026-11-25T09:02:00Z")), None);
        assert_eq!(purse.used(at("2026-11-25T09:02:00Z")), Some(1));
        assert_eq!((day(late), tomorrow(late)), ("2026-11-24".to_owned(), at("2026-11-25T00:00:00Z")));
    }
}
