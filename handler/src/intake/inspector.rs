//! `Inspector2 Finding`, native: a vulnerable package, an open network path or a weakness in code.

use std::sync::Arc;

use super::arn::Arn;
use super::clean::clean;
use super::event::Event;
use super::field::Field;
use super::{envelope, first, unread};
use crate::finding::{Finding, FindingKey, Resource, Severity, Source, State, Unread};
use crate::plain::Plain;

/// Reads the finding in `detail`.
pub(super) fn finding(event: &Event) -> Finding {
    if !event.detail.is_object() {
        return envelope::finding(event, Unread::Field("detail"));
    }
    let (detail, hidden_in) = clean(&event.detail);
    let value = Arc::new(detail);
    let detail = Field::of(&value);
    let start = envelope::start(event);
    let arn = detail.get("findingArn").plain();
    let account = detail.get("awsAccountId").account();
    let kind = detail.get("type").plain();
    let title = detail.get("title").plain();
    let severity = severity(detail);
    let resources = resources(detail);
    let updated = detail.get("updatedAt").time();
    let unread = unread(&[
        ("findingArn", !arn.is_empty()),
        ("awsAccountId", !account.is_empty()),
        ("type", !kind.is_empty()),
        ("title", !title.is_empty()),
        ("severity", severity.is_some()),
        ("resources", !resources.is_empty()),
        ("updatedAt", updated.is_some()),
    ]);
    let account = first([account, Arn::account_of(arn.text()), start.account]);
    let resource_region = detail.get("resources").items().next().map(|main| main.get("region").plain());
    let region = first([resource_region.unwrap_or_default(), Arn::region_of(arn.text()), start.region]);
    let telling = main_type(kind.text(), says(detail.get("exploitAvailable")), says(detail.get("fixAvailable")));
    let weakness = detail.get("packageVulnerabilityDetails.vulnerabilityId").plain();
    let types = telling.into_iter().chain((!weakness.is_empty()).then_some(weakness)).collect::<Vec<_>>();
    Finding {
        key: key(arn.text()).unwrap_or(start.key),
        source: Source::Inspector,
        product: Plain::new("Inspector"),
        partition: Arn::partition_of(arn.text(), region.text()),
        id: arn,
        account,
        region,
        severity,
        state: state(detail),
        title: first([title, start.title]),
        description: detail.get("description").plain(),
        types: if types.is_empty() { start.types } else { types },
        resources,
        first_seen: detail.get("firstObservedAt").time(),
        last_seen: detail.get("lastObservedAt").time().or(updated).or(start.last_seen),
        updated: updated.or(start.updated),
        unread,
        hidden_in,
        detail: Arc::clone(&value),
        ..start
    }
}

/// Inspector's identity of a finding: its ARN, the same by every way it comes.
pub(super) fn key(arn: &str) -> Option<FindingKey> {
    (!arn.is_empty()).then(|| FindingKey::of(&["inspector", arn]))
}

/// The telling type: `inspector/PACKAGE_VULNERABILITY` and what matters most of it, `inspector/NETWORK_REACHABILITY` or
/// `inspector/CODE_VULNERABILITY`. A known exploit matters more than whether there is a fix.
pub(super) fn main_type(kind: &str, exploit: Option<bool>, fix: Option<bool>) -> Option<Plain> {
    let is_word = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let detail = match (kind, exploit, fix) {
        ("PACKAGE_VULNERABILITY", Some(true), _) => "/exploit",
        ("PACKAGE_VULNERABILITY", _, Some(true)) => "/fix",
        ("PACKAGE_VULNERABILITY", _, Some(false)) => "/nofix",
        _ => "",
    };
    is_word.then(|| Plain::new(format!("inspector/{kind}{detail}")))
}

/// The telling type of a finding that Security Hub passes on, which leaves Inspector's own word out: code has places, an open
/// path is told by the type, and a package has a vulnerability. Both formats' names of one field are tried.
pub(super) fn passed_on(types: &[Plain], vulnerability: Option<Field<'_>>) -> Option<Plain> {
    let get = |ocsf: &str, asff: &str| vulnerability.map(|field| field.get(ocsf).or(field.get(asff)));
    let kind = if get("affected_code", "CodeVulnerabilities").is_some_and(|code| code.items().next().is_some()) {
        "CODE_VULNERABILITY"
    } else if types.iter().any(|kind| kind.text().contains("Network Reachability")) {
        "NETWORK_REACHABILITY"
    } else if vulnerability.is_some() {
        "PACKAGE_VULNERABILITY"
    } else {
        return None;
    };
    let exploit = get("is_exploit_available", "ExploitAvailable").and_then(says);
    main_type(kind, exploit, get("is_fix_available", "FixAvailable").and_then(says))
}

/// `YES` and `NO`; a fix for a part of the packages is one.
fn says(field: Field<'_>) -> Option<bool> {
    match field.text().as_deref() {
        Some("YES" | "PARTIAL") => Some(true),
        Some("NO") => Some(false),
        _ => field.value().and_then(serde_json::Value::as_bool),
    }
}

/// The label. A vulnerability that its vendor has not rated yet has its score, or nothing.
fn severity(detail: Field<'_>) -> Option<Severity> {
    let label = detail.get("severity").text()?.to_ascii_uppercase();
    if label != "UNTRIAGED" {
        return Severity::from_label(&label);
    }
    Some(match detail.get("inspectorScore").number() {
        Some(score) if score >= 9.0 => Severity::Critical,
        Some(score) if score >= 7.0 => Severity::High,
        Some(score) if score >= 4.0 => Severity::Medium,
        Some(score) if score > 0.0 => Severity::Low,
        _ => Severity::Informational,
    })
}

fn state(detail: Field<'_>) -> State {
    match detail.get("status").text().as_deref() {
        Some("CLOSED") => State::Closed,
        Some("SUPPRESSED") => State::Suppressed,
        _ => State::Open,
    }
}

fn resources(detail: Field<'_>) -> Vec<Resource> {
    let resource = |place: Field<'_>| Resource {
        kind: place.get("type").plain(),
        id: place.get("id").plain(),
        tags: place.get("tags").tags(),
    };
    detail.get("resources").items().map(resource).filter(|resource| !resource.id.is_empty()).collect()
}
