//! Intake: an event becomes findings. It cannot fail: what nobody knows, and what is broken, becomes a finding made from the
//! envelope that says so.
//!
//! One file a format. A finding starts as what the envelope alone tells; a format then replaces what it can read better, and
//! names what it could not read.

use serde_json::{Map, Value};

use crate::finding::{Finding, Unread};
use crate::plain::Plain;

mod access_analyzer;
mod arn;
mod asff;
mod clean;
mod config_rule;
mod control;
mod envelope;
mod event;
mod field;
mod guardduty;
mod guardduty_protection;
mod health;
mod insight;
mod inspector;
mod listed;
mod macie;
mod ocsf;
mod problem;
mod product;
mod secret;
mod security_ir;
mod sign_in;
mod time;
mod trusted_advisor;

use event::Event;
use field::Field;

/// An event may come inside an SNS notification inside an SQS record; nothing real wraps deeper.
const MOST_WRAPPINGS: usize = 2;

/// Reads the body of an SQS record. Never empty.
#[must_use]
pub fn read(body: &str) -> Vec<Finding> {
    let event = open(body);
    match (event.source.text(), event.detail_type.text()) {
        _ if event.broken => vec![envelope::finding(&event, Unread::Body)],
        ("aws.guardduty", "GuardDuty Finding") => vec![guardduty::finding(&event)],
        ("aws.guardduty", other) if guardduty_protection::is_known(other) => {
            vec![guardduty_protection::finding(&event)]
        }
        ("aws.securityhub", "Security Hub Insight Results") => vec![insight::finding(&event)],
        ("aws.config", "Config Rules Compliance Change") => vec![config_rule::finding(&event)],
        ("aws.health", "AWS Health Abuse Event" | "AWS Health Event") => vec![health::finding(&event)],
        ("aws.trustedadvisor", "Trusted Advisor Check Item Refresh Notification") => {
            vec![trusted_advisor::finding(&event)]
        }
        ("aws.signin", "AWS Console Sign In via CloudTrail") => vec![sign_in::root(&event)],
        ("aws.signin", "Sign-in Anomaly Alert") => vec![sign_in::anomaly(&event)],
        ("aws.security-ir", _) => vec![security_ir::finding(&event)],
        ("aws.securityhub", "Security Hub Findings - Imported" | "Security Hub Findings - Custom Action") => {
            asff::findings(&event)
        }
        ("aws.securityhub", "Findings Imported V2") => ocsf::findings(&event),
        ("aws.inspector2", "Inspector2 Finding") => vec![inspector::finding(&event)],
        ("aws.macie", "Macie Finding") => vec![macie::finding(&event)],
        (
            "aws.access-analyzer",
            "Access Analyzer Finding" | "Internal Access Finding" | "Unused Access Finding for IAM entities",
        ) => vec![access_analyzer::finding(&event)],
        _ => vec![envelope::finding(&event, Unread::Unknown)],
    }
}

/// The last resort: what the envelope alone tells. Also used after a panic, so nothing here asks what `detail` means.
#[must_use]
pub fn envelope_of(body: &str, unread: Unread) -> Finding {
    let event = open(body);
    let broken = event.broken && unread != Unread::Body;
    let mut finding = envelope::finding(&event, unread);
    finding.unread.extend(broken.then_some(Unread::Body));
    finding
}

/// The event of a body, taken out of SNS and SQS wrappings.
fn open(body: &str) -> Event {
    let mut text = body.to_owned();
    let mut read = object(&text);
    for _ in 0..MOST_WRAPPINGS {
        let Some(inner) = read.as_ref().and_then(wrapped) else { break };
        read = object(&inner);
        text = inner;
    }
    Event::of(read, &text, Plain::new(secret::without(Plain::new(body).text())))
}

/// A JSON object, also after a byte order mark.
fn object(text: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()
}

/// The message inside an SNS notification, or inside a Lambda event of exactly one SQS or SNS record.
fn wrapped(object: &Map<String, Value>) -> Option<String> {
    if object.contains_key("detail") || object.contains_key("Detail") {
        return None;
    }
    if object.contains_key("TopicArn") {
        return object.get("Message")?.as_str().map(str::to_owned);
    }
    let [record] = object.get("Records")?.as_array()?.as_slice() else { return None };
    let record = Field::of(record);
    record.get("body").or(record.get("Sns.Message")).text()
}

/// The first of these that says anything.
fn first<const N: usize>(choices: [Plain; N]) -> Plain {
    choices.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

/// The fields that every finding of a format has and this one has not, or has in no readable form.
fn unread(fields: &[(&'static str, bool)]) -> Vec<Unread> {
    fields.iter().filter(|(_, readable)| !readable).map(|(path, _)| Unread::Field(path)).collect()
}

#[cfg(test)]
mod tests;
