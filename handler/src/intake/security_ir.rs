//! AWS Security Incident Response: a case or a membership changed. The events hold an id and who changed it, no more.

use std::sync::Arc;

use super::clean::clean;
use super::event::Event;
use super::field::Field;
use super::{envelope, first, unread};
use crate::finding::{Finding, FindingKey, Severity, Source, State, Unread};
use crate::plain::Plain;

/// Who changed a case, where it was AWS.
const OF_AWS: &str = "AWS Responder";

/// Reads the change in `detail`.
pub(super) fn finding(event: &Event) -> Finding {
    if !event.detail.is_object() {
        return envelope::finding(event, Unread::Field("detail"));
    }
    let (detail, hidden_in) = clean(&event.detail);
    let value = Arc::new(detail);
    let detail = Field::of(&value);
    let start = envelope::start(event);
    let what = event.detail_type.text();
    let by_aws = detail.get("updatedBy").text().is_some_and(|who| who == OF_AWS);
    let (name, id) = if what.starts_with("Membership") {
        ("membershipId", detail.get("membershipId").plain())
    } else {
        ("caseId", detail.get("caseId").plain())
    };
    let unread = unread(&[(name, !id.is_empty())]);
    // Each word of AWS on a case is news that somebody may wait for; else a case is one problem from its first day on.
    let news = by_aws && what != "Case Created" && what != "Case Closed";
    Finding {
        key: if id.is_empty() || news { start.key } else { FindingKey::of(&["security-ir", name, id.text()]) },
        source: Source::SecurityIr,
        product: Plain::new("Security Incident Response"),
        severity: Some(severity(what, by_aws)),
        state: if what == "Case Closed" { State::Closed } else { State::Open },
        types: vec![Plain::new(format!("security-ir/{what}"))],
        id: first([id, start.id]),
        unread,
        hidden_in,
        detail: Arc::clone(&value),
        ..start
    }
}

/// The service rates nothing. A case is an incident; a membership that ends leaves nobody to call.
fn severity(what: &str, by_aws: bool) -> Severity {
    match what {
        "Case Created" | "Case Updated" | "Case Closed" => Severity::High,
        _ if what.starts_with("Case Comment") && by_aws => Severity::High,
        "Membership Cancelled" | "Membership Terminated" => Severity::Medium,
        _ => Severity::Informational,
    }
}
