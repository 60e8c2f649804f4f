//! Times as a reader's clock shows them, the zone always written.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

const SECONDS: &str = "%Y-%m-%d %H:%M:%S";

/// Whose clock a time is written by.
#[derive(Clone, Debug)]
pub enum Clock {
    /// A language's own: a zone without summer time.
    Fixed {
        /// Hours east of UTC.
        hours: i8,
        /// As it is written behind a time.
        name: &'static str,
    },
    /// A route's.
    Zone(TimeZone),
}

impl Clock {
    /// `2026-11-24 02:44:00 (JST)`.
    #[must_use]
    pub fn write(&self, time: Timestamp) -> String {
        match self {
            Self::Fixed { hours, name } => {
                format!("{} ({name})", Offset::constant(*hours).to_datetime(time).strftime(SECONDS))
            }
            Self::Zone(zone) => {
                let here = time.to_zoned_datetime(zone.clone());
                format!("{} ({})", here.strftime(SECONDS), here.strftime("%Z"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_has_its_own_clock_summer_time_and_all() {
        let clock = Clock::Zone(TimeZone::get("Europe/Berlin").expect("IANA knows it"));
        let times = ["2026-07-01T00:00:00Z", "2026-12-01T00:00:00Z"].map(|time| time.parse().expect("a time"));
        assert_eq!(times.map(|time| clock.write(time)), ["2026-07-01 02:00:00 (CEST)", "2026-12-01 01:00:00 (CET)"]);
    }
}
