//! Bursts: what would be more notifications a minute on one route than anybody reads is told together, as one.
//!
//! A finding over the limit is kept as a row under its route and minute, and is done. The first one calls for the burst: a
//! message of our own that waits a minute in the queue. What it starts reads all rows, tells them in one notification, and
//! then forgets them. The order keeps the promises: row, call, mark of the call; and at the other end mark, rows, send, forget.
//! So a row is read by the message that its folder sent or saw, and a crash can only make a message too many.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::finding::{Finding, FindingKey, Severity};
use crate::notification::Change;

/// How long a call waits in the queue: until the minute is over.
pub const DELAY_SECONDS: u16 = 60;

/// One minute of one route's readers; as JSON it is the message that calls for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Burst {
    /// The route's name.
    pub burst_of_route: String,
    /// Which of the route's readers, where findings reach different ones: what is told together must be for all who hear it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readers: Option<String>,
    /// Minutes since 1970.
    pub minute: i64,
}

impl Burst {
    /// The burst that a notification of now belongs to.
    #[must_use]
    pub fn of(route: &str, readers: Option<String>, now: Timestamp) -> Self {
        Self { burst_of_route: route.to_owned(), readers, minute: now.as_second().div_euclid(60) }
    }

    /// Reads a call; nothing where the message is another one.
    #[must_use]
    pub fn called_for(message: &str) -> Option<Self> {
        serde_json::from_str(message).ok()
    }

    /// The message that calls for it.
    #[must_use]
    pub fn call(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// When it began.
    #[must_use]
    pub fn start(&self) -> Timestamp {
        Timestamp::from_second(self.minute.saturating_mul(60)).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The key under which two runs keep out of each other's way.
    #[must_use]
    pub fn key(&self) -> FindingKey {
        let readers = self.readers.as_deref().unwrap_or_default();
        FindingKey::of(&["burst", &self.burst_of_route, readers, &self.minute.to_string()])
    }
}

/// Whether a notification may be told together with others: not what is CRITICAL, and not what somebody asked for.
#[must_use]
pub fn may_fold(finding: &Finding, change: Change) -> bool {
    finding.severity != Some(Severity::Critical) && change != Change::Asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_read_back_and_no_event_is_taken_for_one() {
        let now = "2026-11-24T12:34:56Z".parse().expect("a time");
        let burst = Burst::of("security-team", None, now);
        assert_eq!(burst.start().to_string(), "2026-11-24T12:34:00Z");
        assert_eq!(
            burst.call(),
            r#"{"burstOfRoute":"security-team","minute":29925394}"#,
            "as earlier versions wrote it"
        );
        assert_eq!(Burst::called_for(&burst.call()), Some(burst.clone()));
        let theirs = Burst::of("security-team", Some("theirs".into()), now);
        assert_eq!(Burst::called_for(&theirs.call()), Some(theirs.clone()));
        assert_ne!(theirs.key(), burst.key());
        for other in ["", "{}", "[]", r#"{"source":"aws.guardduty","detail":{}}"#] {
            assert_eq!(Burst::called_for(other), None, "{other}");
        }
        let more = burst.call().replace('{', r#"{"detail":{},"#);
        assert_eq!(Burst::called_for(&more), None, "an event that looks like a call is an event");
    }
}
