//! An Amazon SNS topic: a plain-text mail in the reader's language, and attributes for subscriptions that filter.

use std::collections::BTreeMap;

use super::ink::title;
use super::refusal::accepted;
use super::talk::Talk;
use super::{Next, Receipt, Request, text};
use crate::notification::Notification;

/// Bytes of a message with its attributes: Amazon SNS, `Publish`, default quota of a topic.
pub(super) const MOST_BYTES: usize = 262_144;
/// Bytes that are left free, for what the service may count besides.
const MARGIN: usize = 2_048;
/// Characters of a subject: Amazon SNS takes fewer than 100.
const MOST_SUBJECT: usize = 99;

/// UTF-16 units of a text message: two of its parts in Japanese, one in English; Amazon SNS takes 1,600 bytes.
const MOST_SHORT: usize = 134;

/// Publishes once; a topic has no threads, so no earlier receipt matters.
pub(super) fn talk(topic_arn: &str, notification: &Notification, talk: &mut Talk<'_>) -> Result<Next, Box<Request>> {
    Ok(match talk.ask(|| request(topic_arn, notification), accepted)? {
        Ok(id) => Next::Done(Receipt::of_message(id)),
        Err(trouble) => trouble.end(None),
    })
}

fn request(topic_arn: &str, notification: &Notification) -> Request {
    let attributes = attributes(notification);
    let subject = subject(notification);
    let around: usize = attributes.iter().map(|(name, value)| name.len() + "String".len() + value.len()).sum();
    let room = MOST_BYTES.saturating_sub(MARGIN + subject.len() + around);
    let message = text::message(notification, room);
    // Where both do not fit, a phone gets nothing: Amazon SNS sends no text message of that length.
    let short = Some(title(notification, MOST_SHORT)).filter(|short| by_protocol(&message, short).len() <= room);
    Request::Sns { topic_arn: topic_arn.to_owned(), message, short, subject: Some(subject), attributes }
}

/// The body of a publication whose `MessageStructure` is `json`: a text for phones, and one for everybody else.
#[must_use]
pub fn by_protocol(message: &str, short: &str) -> String {
    serde_json::json!({ "default": message, "sms": short }).to_string()
}

/// What filters can match; the service refuses empty values.
pub(super) fn attributes(notification: &Notification) -> BTreeMap<&'static str, String> {
    let labels = &notification.labels;
    [
        ("severity", severity(notification).to_owned()),
        ("account", labels.account.clone()),
        ("region", labels.region.clone()),
        ("product", labels.product.clone()),
        ("source", labels.source.to_owned()),
        ("change", notification.change.word().to_owned()),
        ("language", notification.language.code().to_owned()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.trim().is_empty())
    .collect()
}

fn severity(notification: &Notification) -> &'static str {
    notification.severity.map_or("UNKNOWN", |severity| severity.label())
}

/// ASCII, since mail programs and sources disagree about the rest: `[HIGH] GuardDuty 123456789012 ap-northeast-1`.
fn subject(notification: &Notification) -> String {
    let labels = &notification.labels;
    let product = if labels.product.is_empty() { "Security event" } else { &labels.product };
    let parts = [product, &labels.account, &labels.region].into_iter().filter(|part| !part.is_empty());
    let subject = parts.fold(format!("[{}]", labels.mark), |subject, part| subject + " " + part);
    subject.chars().filter(|c| matches!(c, ' '..='~')).take(MOST_SUBJECT).collect()
}

#[cfg(test)]
mod tests;
