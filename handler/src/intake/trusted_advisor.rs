//! `Trusted Advisor Check Item Refresh Notification`: one check on one item, sent whenever the check was refreshed.

use std::sync::Arc;

use super::arn::{Arn, kind_of};
use super::clean::clean;
use super::event::Event;
use super::field::Field;
use super::{envelope, first, unread};
use crate::finding::{Finding, FindingKey, Resource, Severity, Source, State, Unread};
use crate::plain::Plain;

/// Reads the item in `detail`.
pub(super) fn finding(event: &Event) -> Finding {
    if !event.detail.is_object() {
        return envelope::finding(event, Unread::Field("detail"));
    }
    let (detail, hidden_in) = clean(&event.detail);
    let value = Arc::new(detail);
    let detail = Field::of(&value);
    let start = envelope::start(event);
    let check = detail.get("check-name").plain();
    let item = detail.get("check-item-detail");
    let id = detail.get("resource_id").plain();
    let status = detail.get("status").text().and_then(|word| status(&word));
    let unread = unread(&[("check-name", !check.is_empty()), ("status", status.is_some())]);
    // The service lives in one Region; the item's own stands among what the check shows, under either of these names.
    let region = first([item.get("Region").plain(), item.get("Region/AZ").plain(), Arn::region_of(id.text())]);
    // Without a resource, as of a limit, nothing but the item's own id tells items of one check apart.
    let identity = first([id.clone(), detail.get("uuid").plain()]);
    let parts = ["trusted-advisor", start.account.text(), check.text(), identity.text(), region.text()];
    Finding {
        key: if check.is_empty() || identity.is_empty() { start.key } else { FindingKey::of(&parts) },
        source: Source::TrustedAdvisor,
        product: Plain::new("Trusted Advisor"),
        partition: Arn::partition_of(id.text(), start.region.text()),
        id: first([detail.get("uuid").plain(), start.id]),
        region: first([region, start.region]),
        severity: status.map(|(severity, _)| severity),
        state: status.map_or(State::Open, |(_, state)| state),
        types: if check.is_empty() {
            start.types
        } else {
            vec![Plain::new(format!("trusted-advisor/{}", check.text()))]
        },
        resources: if id.is_empty() {
            start.resources
        } else {
            vec![Resource { kind: Plain::new(kind_of(id.text())), id, tags: Vec::new() }]
        },
        title: first([check, start.title]),
        unread,
        hidden_in,
        detail: Arc::clone(&value),
        ..start
    }
}

/// What a status says: red, yellow, green, or nothing to rate.
fn status(word: &str) -> Option<(Severity, State)> {
    match word {
        "ERROR" => Some((Severity::High, State::Open)),
        "WARN" => Some((Severity::Medium, State::Open)),
        "OK" => Some((Severity::Informational, State::Passed)),
        "INFO" => Some((Severity::Informational, State::Open)),
        _ => None,
    }
}
