//! The topic of an account's own readers: of one name, in the account and Region that the finding is about.

use super::talk::Talk;
use super::{Next, Refusal, Request, topic};
use crate::notification::{Notification, arn};

/// The topic of this name in an account and Region; none where a finding does not say where it belongs.
pub(super) fn topic_arn(topic_name: &str, account: &str, region: &str) -> Option<String> {
    arn("sns", account, region, topic_name)
}

/// Publishes as to any topic.
pub(super) fn talk(topic_name: &str, notification: &Notification, talk: &mut Talk<'_>) -> Result<Next, Box<Request>> {
    let labels = &notification.labels;
    match topic_arn(topic_name, &labels.account, &labels.region) {
        Some(topic_arn) => topic::talk(&topic_arn, notification, talk),
        None => Ok(Next::Refused(Refusal::Never("no_member".into()), None)),
    }
}

#[cfg(test)]
mod tests;
