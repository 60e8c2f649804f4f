//! `Config Rules Compliance Change`, native: one rule on one resource.

use std::sync::Arc;

use super::arn::Arn;
use super::clean::clean;
use super::event::Event;
use super::field::Field;
use super::{envelope, first, unread};
use crate::finding::{Finding, FindingKey, Resource, Severity, Source, State, Unread};
use crate::plain::Plain;

/// Rules that Security Hub made for its controls begin with this; only Security Hub can make rules in its part of Config.
const OF_SECURITY_HUB: &str = "securityhub-";

/// Reads the change in `detail`.
pub(super) fn finding(event: &Event) -> Finding {
    if !event.detail.is_object() {
        return envelope::finding(event, Unread::Field("detail"));
    }
    let (detail, hidden_in) = clean(&event.detail);
    let value = Arc::new(detail);
    let detail = Field::of(&value);
    let start = envelope::start(event);
    let arn = detail.get("configRuleARN").or(detail.get("configRuleArn")).plain();
    let rule = detail.get("configRuleName").plain();
    let account = detail.get("awsAccountId").account();
    let region = detail.get("awsRegion").plain();
    let (kind, id) = (detail.get("resourceType").plain(), detail.get("resourceId").plain());
    let result = detail.get("newEvaluationResult");
    let state = state(result.get("complianceType"));
    let recorded = result.get("resultRecordedTime").time();
    let unread = unread(&[
        ("configRuleName", !rule.is_empty()),
        ("awsAccountId", !account.is_empty()),
        ("awsRegion", !region.is_empty()),
        ("resourceId", !id.is_empty()),
        ("newEvaluationResult.complianceType", state.is_some()),
    ]);
    let account = first([account, Arn::account_of(arn.text()), start.account]);
    let region = first([region, Arn::region_of(arn.text()), start.region]);
    let named = first([arn.clone(), rule.clone()]);
    Finding {
        key: key(account.text(), region.text(), named.text(), kind.text(), id.text()).unwrap_or(start.key),
        source: Source::Config,
        product: Plain::new("AWS Config"),
        partition: Arn::partition_of(arn.text(), region.text()),
        severity: Some(severity(&rule)),
        state: state.unwrap_or(State::Open),
        description: result.get("annotation").plain(),
        types: if rule.is_empty() { start.types } else { vec![Plain::new(format!("config/{}", rule.text()))] },
        resources: if id.is_empty() { start.resources } else { vec![Resource { kind, id, tags: Vec::new() }] },
        first_seen: recorded,
        last_seen: recorded.or(start.last_seen),
        updated: recorded.or(start.updated),
        title: first([rule, start.title]),
        id: first([arn, start.id]),
        account,
        region,
        unread,
        hidden_in,
        detail: Arc::clone(&value),
        ..start
    }
}

/// What is one problem: a rule on a resource. Security Hub passes rules on with another word for the kind and, mostly, an ARN
/// in place of Config's own id, which is what stands in that ARN behind the kind.
pub(super) fn key(account: &str, region: &str, rule: &str, kind: &str, id: &str) -> Option<FindingKey> {
    let plain: String = kind.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let kind = plain.strip_prefix("aws").unwrap_or(&plain);
    let id = Arn::resource_of(id).map_or(id, |resource| resource.split_once(['/', ':']).map_or(resource, |(_, id)| id));
    (!rule.is_empty() && !id.is_empty()).then(|| FindingKey::of(&["config", account, region, rule, kind, id]))
}

/// Config rates nothing. A rule of Security Hub's own repeats a control, whose finding has the severity and comes by itself.
fn severity(rule: &Plain) -> Severity {
    if rule.text().starts_with(OF_SECURITY_HUB) { Severity::Informational } else { Severity::Medium }
}

/// A rule stops to apply when its resource is gone or out of its scope.
fn state(compliance: Field<'_>) -> Option<State> {
    match compliance.text()?.as_str() {
        "NON_COMPLIANT" => Some(State::Open),
        "COMPLIANT" => Some(State::Passed),
        "NOT_APPLICABLE" => Some(State::Closed),
        "INSUFFICIENT_DATA" => Some(State::Unknown),
        _ => None,
    }
}
