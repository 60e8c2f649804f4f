//! The Open Cybersecurity Schema Framework: `Findings Imported V2` of Security Hub. Every class is read by the fields that
//! all have in common, so that a class that comes later is read, too.

use std::sync::Arc;

use serde_json::Value;

use super::access_analyzer::Access;
use super::arn::{Arn, last_segment};
use super::clean::clean;
use super::control::Control;
use super::event::Event;
use super::field::Field;
use super::problem::Problem;
use super::product::Product;
use super::{envelope, first, guardduty, inspector, listed, macie, unread};
use crate::finding::{Finding, Resource, Severity, Source, State};
use crate::plain::Plain;

/// Reads every finding in `detail.findings`.
pub(super) fn findings(event: &Event) -> Vec<Finding> {
    listed::findings(event, finding)
}

/// One finding.
fn finding(event: &Event, place: usize, value: &Value) -> Finding {
    let (detail, hidden_in) = clean(value);
    let value = Arc::new(detail);
    let detail = Field::of(&value);
    let start = envelope::start(event);
    let info = detail.get("finding_info");
    let product = product(detail);
    let id = info.get("uid").plain();
    let title = info.get("title").plain();
    let account = detail.get("cloud.account.uid").account();
    let severity = severity(detail);
    let resources = resources(detail);
    let updated = time(info, "modified_time").or_else(|| time(detail, "time"));
    let unread = unread(&[
        ("finding_info.uid", !id.is_empty()),
        ("cloud.account.uid", !account.is_empty()),
        ("finding_info.title", !title.is_empty()),
        ("severity_id", severity.is_some()),
        ("resources", !resources.is_empty()),
        ("finding_info.modified_time_dt", updated.is_some()),
    ]);
    let main = detail.get("resources").items().next();
    let of_main = |path: &str| main.map_or(Plain::default(), |main| main.get(path).account());
    let account = first([account, of_main("owner.account.uid"), Arn::account_of(id.text()), start.account]);
    let region =
        first([detail.get("cloud.region").plain(), of_main("region"), Arn::region_of(id.text()), start.region]);
    let own: Vec<Plain> = info.get("types").items().map(Field::plain).filter(|kind| !kind.is_empty()).collect();
    let problem = problem(product, detail, &own, title.text());
    let mut finding = Finding {
        key: event.key(place),
        source: Source::Ocsf,
        product: product.name().unwrap_or_else(|| {
            let product = detail.get("metadata.product");
            let uid = product.get("uid").plain();
            first([
                product.get("name").plain(),
                product.get("vendor_name").plain(),
                Plain::new(last_segment(uid.text())),
            ])
        }),
        partition: Arn::partition_of(id.text(), region.text()),
        account,
        account_name: Some(detail.get("cloud.account.name").plain()).filter(|name| !name.is_empty()),
        region,
        severity,
        state: state(detail),
        description: info.get("desc").plain(),
        types: problem.types(own),
        resources,
        first_seen: time(info, "first_seen_time").or_else(|| time(info, "created_time")),
        last_seen: time(info, "last_seen_time").or(updated).or(start.last_seen),
        updated: updated.or(start.updated),
        count: detail.get("count").count(),
        sample: matches!(product, Product::GuardDuty | Product::Macie) && title.text().starts_with("[SAMPLE]"),
        title: first([title, start.title]),
        id,
        unread,
        hidden_in,
        detail: Arc::clone(&value),
        ..start
    };
    if let Some(key) = problem.key(&finding, detail.get("metadata.product.uid").plain().text()) {
        finding.key = key;
    }
    finding
}

/// The product, by its ARN. An exposure is Security Hub's own; it is told by its product, its feature or its id.
fn product(detail: Field<'_>) -> Product {
    let product = Product::of_arn(detail.get("metadata.product.uid").plain().text());
    let feature = detail.get("metadata.product.feature.uid").text();
    let is_exposure = feature.as_deref() == Some("security-hub/Exposure")
        || detail.get("finding_info.uid").text().is_some_and(|uid| uid.contains(":risk:"));
    if product == Product::SecurityHub && is_exposure { Product::Exposure } else { product }
}

/// What one problem is.
fn problem(product: Product, detail: Field<'_>, types: &[Plain], title: &str) -> Problem {
    let found = |fits: fn(&str) -> bool| types.iter().find(|kind| fits(kind.text())).cloned();
    let (control, access) = match product {
        Product::SecurityHub => (Control::of_ocsf(detail), None),
        Product::AccessAnalyzer => (None, Access::passed_on(types, title, "")),
        _ => (None, None),
    };
    let kind = match product {
        Product::GuardDuty => found(guardduty::is_type),
        Product::Macie => found(macie::is_type),
        Product::Exposure => Some(exposure(types)),
        Product::Inspector => inspector::passed_on(types, detail.get("vulnerabilities").items().next()),
        _ => None,
    };
    Problem::of(control, access, product, kind)
}

/// `Exposure/Potential Impact/Resource Hijacking` as `exposure/Potential Impact/Resource Hijacking`.
fn exposure(types: &[Plain]) -> Plain {
    let kind = types.iter().find_map(|kind| kind.text().strip_prefix("Exposure/")).unwrap_or("other");
    Plain::new(format!("exposure/{kind}"))
}

/// A time: ISO 8601 in a field that ends in `_dt`, beside milliseconds in one that does not.
fn time(place: Field<'_>, name: &str) -> Option<jiff::Timestamp> {
    place.get(&format!("{name}_dt")).time().or_else(|| place.get(name).time())
}

/// The caption of a number where the number is missing: the framework gives both.
fn code(place: Field<'_>, number: &str, caption: &str, captions: &[(&str, u64)]) -> Option<u64> {
    place.get(number).count().or_else(|| {
        let text = place.get(caption).text()?;
        captions.iter().find(|(known, _)| text.eq_ignore_ascii_case(known)).map(|(_, code)| *code)
    })
}

/// The severity; where the framework has no word for it, the product's own, else the middle.
fn severity(detail: Field<'_>) -> Option<Severity> {
    const CAPTIONS: [(&str, u64); 7] =
        [("Unknown", 0), ("Informational", 1), ("Low", 2), ("Medium", 3), ("High", 4), ("Critical", 5), ("Fatal", 6)];
    let known = |place: Field<'_>| code(place, "severity_id", "severity", &CAPTIONS);
    let band = |code: u64| match code {
        1 => Some(Severity::Informational),
        2 => Some(Severity::Low),
        3 => Some(Severity::Medium),
        4 => Some(Severity::High),
        5 | 6 => Some(Severity::Critical),
        _ => None,
    };
    let vendor = || known(detail.get("vendor_attributes")).and_then(band);
    match known(detail) {
        Some(code @ (0 | 99)) => Some(band(code).or_else(vendor).unwrap_or(Severity::Medium)),
        Some(code) => band(code),
        None => vendor(),
    }
}

/// The most telling way in which it was closed. `activity_id` says Close also while the status still says New.
fn state(detail: Field<'_>) -> State {
    const ACTIVITIES: [(&str, u64); 1] = [("Close", 3)];
    const STATUSES: [(&str, u64); 4] = [("Suppressed", 3), ("Resolved", 4), ("Archived", 5), ("Deleted", 6)];
    const VERDICTS: [(&str, u64); 5] = [("Unknown", 0), ("Pass", 1), ("Warning", 2), ("Fail", 3), ("Other", 99)];
    let activity = code(detail, "activity_id", "activity_name", &ACTIVITIES);
    let status = code(detail, "status_id", "status", &STATUSES);
    let verdict = code(detail.get("compliance"), "status_id", "status", &VERDICTS);
    match (verdict, status, activity) {
        (Some(1), ..) => State::Passed,
        (_, Some(3), _) => State::Suppressed,
        (_, Some(6), _) => State::Deleted,
        (_, Some(5), _) => State::Archived,
        (_, Some(4), _) => State::Resolved,
        (_, _, Some(3)) => State::Closed,
        (Some(0 | 99), ..) => State::Unknown,
        _ => State::Open,
    }
}

/// The resources, by their ARN where they have one.
fn resources(detail: Field<'_>) -> Vec<Resource> {
    let resource = |place: Field<'_>| {
        let ids = [place.get("uid").plain(), place.get("uid_alt").plain(), place.get("name").plain()];
        let arn = ids.iter().find(|id| Arn::of(id.text()).is_some()).cloned();
        Resource {
            kind: place.get("type").plain(),
            id: arn.unwrap_or_else(|| first(ids)),
            tags: place.get("tags").tags(),
        }
    };
    detail.get("resources").items().map(resource).filter(|resource| !resource.id.is_empty()).collect()
}
