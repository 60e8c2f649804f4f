//! AWS Health: reports of abuse, leaked credentials and other risks, and whatever else of Health a rule lets through. One
//! event for each affected account, in pages where many things are affected.

use std::sync::Arc;

use super::arn::{Arn, kind_of};
use super::clean::clean;
use super::event::Event;
use super::field::Field;
use super::{envelope, first, unread};
use crate::finding::{Finding, FindingKey, Resource, Severity, Source, State, Unread};
use crate::plain::Plain;

/// Entities that name no resource.
const NO_RESOURCE: [&str; 2] = ["AWS_ACCOUNT", "UNKNOWN"];

/// Reads the event in `detail`.
pub(super) fn finding(event: &Event) -> Finding {
    if !event.detail.is_object() {
        return envelope::finding(event, Unread::Field("detail"));
    }
    let (detail, hidden_in) = clean(&event.detail);
    let value = Arc::new(detail);
    let detail = Field::of(&value);
    let start = envelope::start(event);
    let arn = detail.get("eventArn").plain();
    let code = detail.get("eventTypeCode").plain();
    let begun = detail.get("startTime").time();
    let changed = detail.get("lastUpdatedTime").time();
    let unread = unread(&[("eventArn", !arn.is_empty()), ("eventTypeCode", !code.is_empty())]);
    // Without an organization's view the event has no such field, and the receiver is the affected one.
    let account = first([detail.get("affectedAccount").account(), start.account]);
    let region = first([detail.get("eventRegion").plain(), Arn::region_of(arn.text()), start.region]);
    let resources = resources(detail);
    Finding {
        key: key(detail, arn.text(), account.text()).unwrap_or(start.key),
        source: Source::Health,
        product: Plain::new("AWS Health"),
        partition: Arn::partition_of(arn.text(), region.text()),
        severity: severity(event.detail_type.text(), detail),
        state: if detail.get("statusCode").text().is_some_and(|code| code == "closed") {
            State::Closed
        } else {
            State::Open
        },
        description: description(detail),
        types: if code.is_empty() { start.types } else { vec![Plain::new(format!("health/{}", code.text()))] },
        resources: if resources.is_empty() { start.resources } else { resources },
        first_seen: begun,
        last_seen: changed.or(begun).or(start.last_seen),
        updated: changed.or(start.updated),
        title: first([code, start.title]),
        id: first([arn, start.id]),
        account,
        region,
        unread,
        hidden_in,
        detail: Arc::clone(&value),
        ..start
    }
}

/// An event's ARN is shared by all accounts that it affects, and each message about it has an id of its own, which its backup
/// in another Region repeats. A further page of a message names other resources, so it is told by itself.
fn key(detail: Field<'_>, arn: &str, account: &str) -> Option<FindingKey> {
    let message = detail.get("communicationId").plain();
    let page = detail.get("page").count().filter(|page| *page > 1).map_or(String::new(), |page| page.to_string());
    (!arn.is_empty()).then(|| FindingKey::of(&["health", arn, account, message.text(), &page]))
}

/// Abuse and leaked credentials are urgent by what they are. Else Health says whether somebody must act; where it says
/// nothing, news about security has no severity, and news about operations is no finding.
fn severity(detail_type: &str, detail: Field<'_>) -> Option<Severity> {
    let says =
        |field: &str, word: &str| detail.get(field).items().any(|item| item.text().is_some_and(|text| text == word));
    if detail_type == "AWS Health Abuse Event" || says("service", "ABUSE") || says("service", "RISK") {
        return Some(Severity::High);
    }
    match detail.get("actionability").text().as_deref() {
        Some("ACTION_REQUIRED") => Some(Severity::High),
        Some("ACTION_MAY_BE_REQUIRED") => Some(Severity::Medium),
        Some("INFORMATIONAL") => Some(Severity::Informational),
        _ if says("personas", "SECURITY") => None,
        _ => Some(Severity::Informational),
    }
}

/// The text in English, which always comes, or the first that says anything.
fn description(detail: Field<'_>) -> Plain {
    let texts = || detail.get("eventDescription").items();
    let english = texts().find(|text| text.get("language").text().is_some_and(|language| language.starts_with("en")));
    let all = english.into_iter().chain(texts()).map(|text| text.get("latestDescription").plain());
    all.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

fn resources(detail: Field<'_>) -> Vec<Resource> {
    detail
        .get("affectedEntities")
        .items()
        .map(|entity| (entity.get("entityValue").plain(), entity.get("tags").tags()))
        .filter(|(id, _)| !id.is_empty() && !NO_RESOURCE.contains(&id.text()))
        .map(|(id, tags)| Resource { kind: Plain::new(kind_of(id.text())), id, tags })
        .collect()
}
