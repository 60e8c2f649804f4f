//! What trackers have in common: the token that finds a finding's issue again, which also keeps its mails together; and keys
//! that may stand in an address.

use super::ink::title;
use crate::notification::Notification;

/// Hexadecimal digits of the finding key that are told apart: 64 bits.
const DIGITS: usize = 16;

/// A word that stands in the finding's issue and mails and nowhere else: `finding-0123456789abcdef`.
pub(super) fn token(notification: &Notification) -> String {
    format!("finding-{}", notification.key.get(..DIGITS).unwrap_or(&notification.key))
}

/// An issue's key as a service writes it, `OPS-12`: anything else could change the address that it becomes a part of.
pub(super) fn is_key(key: &str) -> bool {
    let Some((project, number)) = key.rsplit_once('-') else { return false };
    let is_project = project.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    !project.is_empty() && !number.is_empty() && key.len() <= 64 && is_project && is_number
}

/// Whether an issue's summary says all of the headline: then nobody wants to read it again below.
pub(super) fn says_all(summary: Option<&str>, notification: &Notification) -> bool {
    summary.is_some_and(|summary| summary == title(notification, usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::is_key;

    #[test]
    fn only_a_key_is_a_key() {
        for key in ["OPS-1", "A_B2-10"] {
            assert!(is_key(key), "{key}");
        }
        for key in ["", "OPS", "OPS-", "-1", "ops-1", "OPS-1/../X", "OPS-1?a", "O PS-1", "OPS-1\n", &"A".repeat(80)] {
            assert!(!is_key(key), "{key}");
        }
    }
}
