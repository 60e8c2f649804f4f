//! Sign-ins: of the root user, as CloudTrail records them, and `Sign-in Anomaly Alert`.

use std::sync::Arc;

use super::clean::clean;
use super::event::Event;
use super::field::Field;
use super::{envelope, first, unread};
use crate::finding::{Finding, FindingKey, Resource, Severity, Source, State, Unread};
use crate::plain::Plain;

/// Reads a sign-in of a root user. One of anybody else is no finding, and nobody here rates it.
pub(super) fn root(event: &Event) -> Finding {
    let detail = Field::of(&event.detail);
    if detail.get("userIdentity.type").text().is_none_or(|kind| kind != "Root") {
        return envelope::finding(event, Unread::Unknown);
    }
    let (detail, hidden_in) = clean(&event.detail);
    let value = Arc::new(detail);
    let detail = Field::of(&value);
    let start = envelope::start(event);
    let id = detail.get("eventID").plain();
    let account = detail.get("userIdentity.accountId").account();
    let time = detail.get("eventTime").time();
    let step = Step::of(detail);
    let unread = unread(&[
        ("eventID", !id.is_empty()),
        ("userIdentity.accountId", !account.is_empty()),
        ("responseElements", step.is_some()),
        ("eventTime", time.is_some()),
    ]);
    let account = first([account, start.account]);
    let time = time.or(start.last_seen);
    // Who guesses a password tries often: failures of one day from one address are one problem.
    let key = match step {
        Some(Step::Failure) => {
            let day = time.map_or(String::new(), |time| time.strftime("%F").to_string());
            Some(FindingKey::of(&["root-sign-in", account.text(), detail.get("sourceIPAddress").plain().text(), &day]))
        }
        _ if !id.is_empty() => Some(FindingKey::of(&["root-sign-in", id.text()])),
        _ => None,
    };
    let kind = step.map_or(start.types, |step| vec![Plain::new(format!("sign-in/root/{}", step.word()))]);
    Finding {
        key: key.unwrap_or(start.key),
        source: Source::SignIn,
        product: Plain::new("AWS Sign-In"),
        region: first([detail.get("awsRegion").plain(), start.region]),
        severity: step.map(Step::severity),
        state: State::Open,
        description: detail.get("errorMessage").plain(),
        types: kind,
        resources: vec![Resource { kind: Plain::new("AwsAccount"), id: account.clone(), tags: Vec::new() }],
        first_seen: time,
        last_seen: time,
        updated: time,
        id: first([id, start.id]),
        account,
        unread,
        hidden_in,
        detail: Arc::clone(&value),
        ..start
    }
}

/// Reads an alert. AWS publishes no schema of it, so only fields that its events have in common are looked for, and one that
/// is missing is not missed.
pub(super) fn anomaly(event: &Event) -> Finding {
    if !event.detail.is_object() {
        return envelope::finding(event, Unread::Field("detail"));
    }
    let (detail, hidden_in) = clean(&event.detail);
    let value = Arc::new(detail);
    let detail = Field::of(&value);
    let start = envelope::start(event);
    let account =
        [detail.get("accountId"), detail.get("userIdentity.accountId")].into_iter().find(|field| field.exists());
    let time = detail.get("eventTime").time().or(start.last_seen);
    let severity = detail.get("severity").text().map(|label| label.to_ascii_uppercase());
    Finding {
        source: Source::SignIn,
        product: Plain::new("AWS Sign-In"),
        account: first([account.map_or(Plain::default(), Field::account), start.account]),
        severity: severity.and_then(|label| Severity::from_label(&label)),
        title: first([detail.get("title").plain(), start.title]),
        description: detail.get("description").plain(),
        types: vec![Plain::new("sign-in/anomaly")],
        first_seen: time,
        last_seen: time,
        hidden_in,
        detail: Arc::clone(&value),
        ..start
    }
}

/// What a root user did at the sign-in page.
#[derive(Clone, Copy)]
enum Step {
    /// Signed in.
    Success,
    /// Was refused.
    Failure,
    /// Asked for a new password, or set one.
    Recovery,
    /// Was asked for the second factor; the sign-in itself is told by its own event.
    Check,
}

impl Step {
    fn of(detail: Field<'_>) -> Option<Self> {
        let name = detail.get("eventName").text()?;
        if name.starts_with("PasswordRecovery") || name == "PasswordUpdated" {
            return Some(Self::Recovery);
        }
        match (name.as_str(), detail.get("responseElements").get(&name).text()?.as_str()) {
            ("ConsoleLogin", "Success") => Some(Self::Success),
            ("ConsoleLogin", "Failure") => Some(Self::Failure),
            ("CheckMfa", _) => Some(Self::Check),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Recovery => "password-recovery",
            Self::Check => "mfa-check",
        }
    }

    fn severity(self) -> Severity {
        match self {
            Self::Success | Self::Recovery => Severity::High,
            Self::Failure => Severity::Medium,
            Self::Check => Severity::Informational,
        }
    }
}
