//! Times, in every form in which AWS's events write them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::{rfc2822, strtime};
use jiff::tz::TimeZone;

/// Forms without an offset of their own; they are in UTC. Inspector writes the first two, which are no ISO dates.
const CIVIL_FORMS: [&str; 2] = ["%b %d, %Y, %I:%M:%S %p", "%a %b %d %H:%M:%S%.f UTC %Y"];
/// Epoch numbers above this are milliseconds: as seconds it lies in the year 5138.
const MOST_SECONDS: i64 = 100_000_000_000;

/// No form is longer; what is longer is no time and not worth trying.
const LONGEST: usize = 64;

/// Reads ISO 8601 (up to nanoseconds, with or without an offset), RFC 2822 (Health), Inspector's two forms, and epoch
/// seconds or milliseconds (OCSF).
pub(super) fn read(text: &str) -> Option<Timestamp> {
    if text.len() > LONGEST {
        return None;
    }
    // Newer Java writes a narrow space before AM and PM.
    let text = &text.replace(['\u{202f}', '\u{a0}'], " ");
    iso(text).or_else(|| epoch(text)).or_else(|| rfc2822(text)).or_else(|| civil(text))
}

fn iso(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| utc(text.parse().ok()?))
}

fn epoch(text: &str) -> Option<Timestamp> {
    let number: i64 = text.parse().ok()?;
    if number.abs() < MOST_SECONDS { Timestamp::from_second(number) } else { Timestamp::from_millisecond(number) }.ok()
}

fn rfc2822(text: &str) -> Option<Timestamp> {
    rfc2822::parse(text).ok().map(|zoned| zoned.timestamp())
}

fn civil(text: &str) -> Option<Timestamp> {
    CIVIL_FORMS.iter().find_map(|form| utc(strtime::parse(form, text).ok()?.to_datetime().ok()?))
}

fn utc(time: DateTime) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        for (text, expected) in [
            ("2026-11-24T02:44:00.123456789Z", "2026-11-24T02:44:00.123456789Z"),
            ("2026-11-24T11:44:00+09:00", "2026-11-24T02:44:00Z"),
            ("2026-11-24T02:44:00+0000", "2026-11-24T02:44:00Z"),
            ("2026-11-24T02:44:00", "2026-11-24T02:44:00Z"),
            ("Mar 20, 2023, 6:08:05 PM", "2023-03-20T18:08:05Z"),
            ("Mar 20, 2023, 6:08:05\u{202f}PM", "2023-03-20T18:08:05Z"),
            ("Sep 4, 2024, 12:00:05 AM", "2024-09-04T00:00:05Z"),
            ("Wed Sep 4 16:59:44 UTC 2024", "2024-09-04T16:59:44Z"),
            ("Wed Sep 04 16:59:44.356 UTC 2024", "2024-09-04T16:59:44.356Z"),
            ("Tue, 24 Nov 2026 02:44:00 GMT", "2026-11-24T02:44:00Z"),
            ("Tue, 24 Nov 2026 11:44:00 +0900", "2026-11-24T02:44:00Z"),
            ("1764000000", "2025-11-24T16:00:00Z"),
            ("1764000000123", "2025-11-24T16:00:00.123Z"),
        ] {
            assert_eq!(read(text).map(|time| time.to_string()).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        let comment = format!("Tue, 24 Nov 2026 02:44:00 GMT ({})", "so it says ".repeat(9));
        for text in
            ["", "yesterday", "2026-13-01T00:00:00Z", "9223372036854775807", "99999-01-01T00:00:00Z", "0x10", &comment]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
