//! Replies: what a service, or the way to it, said to a request.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde_json::Value;

/// The headers of a reply that channels read; the Courier drops all others.
pub const KEPT_HEADERS: [&str; 3] = ["date", "retry-after", "x-ratelimit-reset"];

/// Bytes of a reply's body that are kept: a tracker answers with the whole issue.
pub const MOST_REPLY: usize = 1 << 20;

/// The shortest and the longest that a service can make us wait: a queue can hide a record for hours, but a finding that is
/// told hours later is as good as lost.
const WAITS: [Duration; 2] = [Duration::from_secs(1), Duration::from_mins(15)];

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// An AWS service took the message, under this id.
    Accepted(String),
    /// An AWS service answered with an error of this code.
    Error(String),
    /// A service answered over HTTP.
    Http(HttpReply),
    /// The secret could not be read or used, for this reason: nothing was sent.
    NoSecret(String),
    /// No connection was made: nothing was sent.
    Unreached,
    /// No answer came in time, or the connection broke: it may or may not have taken it.
    Silence,
}

/// An answer over HTTP. Its body was written by others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpReply {
    /// The status code.
    pub status: u16,
    /// The headers of [`KEPT_HEADERS`] that came.
    pub headers: BTreeMap<&'static str, String>,
    /// At most [`MOST_REPLY`] bytes.
    pub body: String,
}

impl HttpReply {
    /// The body, where it is JSON.
    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_str(&self.body).ok()
    }

    /// How long the service asks us to wait, within [`WAITS`]. A point in time counts from the service's own clock, so that
    /// ours does not matter.
    pub(super) fn wait(&self) -> Option<Duration> {
        let asked = ["retry-after", "x-ratelimit-reset"].iter().find_map(|name| self.wait_of(name))?;
        let [shortest, longest] = WAITS;
        Some(asked.clamp(shortest, longest))
    }

    fn wait_of(&self, name: &str) -> Option<Duration> {
        let value = self.headers.get(name)?.trim();
        if name == "retry-after"
            && let Ok(seconds) = value.parse::<u64>()
        {
            return Some(Duration::from_secs(seconds));
        }
        let until = point(value)?;
        let now = point(self.headers.get("date")?)?;
        Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
    }
}

/// A point in time in the three forms that services write: epoch seconds, ISO 8601, and the HTTP date.
fn point(text: &str) -> Option<Timestamp> {
    let epoch = || Timestamp::from_second(text.parse().ok()?).ok();
    epoch().or_else(|| text.parse().ok()).or_else(|| Some(rfc2822::parse(text).ok()?.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(headers: &[(&'static str, &str)]) -> Option<u64> {
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        HttpReply { status: 429, headers, ..HttpReply::default() }.wait().map(|wait| wait.as_secs())
    }

    #[test]
    fn a_wait_is_read_in_every_form_and_kept_within_bounds() {
        let date = ("date", "Tue, 24 Nov 2026 14:00:00 GMT");
        assert_eq!(wait(&[("retry-after", "30")]), Some(30));
        assert_eq!(wait(&[("retry-after", "0")]), Some(1));
        assert_eq!(wait(&[("retry-after", "86400")]), Some(900));
        assert_eq!(wait(&[("retry-after", "Tue, 24 Nov 2026 14:02:00 GMT"), date]), Some(120));
        assert_eq!(wait(&[("x-ratelimit-reset", "1795528860"), date]), Some(60), "epoch seconds");
        assert_eq!(wait(&[("x-ratelimit-reset", "2026-11-24T14:01:30Z"), date]), Some(90));
        assert_eq!(wait(&[("x-ratelimit-reset", "2026-11-24T13:00:00Z"), date]), Some(1), "over already");
    }

    #[test]
    fn a_wait_that_cannot_be_read_is_none() {
        for value in ["", "soon", "-1", "1e3", "99999999999999999999999"] {
            assert_eq!(wait(&[("retry-after", value)]), None, "{value}");
        }
        assert_eq!(wait(&[("x-ratelimit-reset", "1795528860")]), None, "without the service's clock");
        assert_eq!(wait(&[]), None);
    }
}
