//! The AWS Security Finding Format: `Security Hub Findings - Imported` (one finding) and `- Custom Action` (those that a
//! person selected).

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
    let asked_for = asked_for(event);
    let mut findings = listed::findings(event, finding);
    for finding in &mut findings {
        finding.asked_for.clone_from(&asked_for);
    }
    findings
}

/// The custom action's name, when a person asked: as it is shown, else as its ARN has it.
fn asked_for(event: &Event) -> Option<Plain> {
    event.detail_type.text().ends_with("Custom Action").then(|| action(event))
}

/// The name of the custom action that sent an event, where one did.
pub(super) fn action(event: &Event) -> Plain {
    let shown = Field::of(&event.detail).get("actionName").plain();
    let arn = event.resources.first().map_or("", Plain::text);
    first([shown, Plain::new(last_segment(arn))])
}

/// One finding.
fn finding(event: &Event, place: usize, value: &Value) -> Finding {
    let (detail, hidden_in) = clean(value);
    let value = Arc::new(detail);
    let detail = Field::of(&value);
    let start = envelope::start(event);
    let product = product(detail);
    let id = detail.get("Id").plain();
    let title = detail.get("Title").plain();
    let account = detail.get("AwsAccountId").account();
    let severity = severity(detail);
    let resources = resources(detail);
    let updated = detail.get("UpdatedAt").time();
    let unread = unread(&[
        ("Id", !id.is_empty()),
        ("AwsAccountId", !account.is_empty()),
        ("Title", !title.is_empty()),
        ("Severity", severity.is_some()),
        ("Resources", !resources.is_empty()),
        ("UpdatedAt", updated.is_some()),
    ]);
    // Access Analyzer's findings of an organization stand in the administrator's account; the resource's owner is apart.
    let owner = Some(detail.get("ProductFields.ResourceOwnerAccount").account());
    let owner = owner.filter(|_| product == Product::AccessAnalyzer).unwrap_or_default();
    let account = first([owner, account, Arn::account_of(id.text()), start.account]);
    let region = first([
        detail.get("Region").plain(),
        detail.get("Resources").items().next().map_or(Plain::default(), |main| main.get("Region").plain()),
        Arn::region_of(id.text()),
        start.region,
    ]);
    let product_fields = |name: &str| detail.get("ProductFields").get(name);
    let own: Vec<Plain> = detail.get("Types").items().map(Field::plain).filter(|kind| !kind.is_empty()).collect();
    let problem = problem(product, detail, &own, title.text());
    let mut finding = Finding {
        key: event.key(place),
        source: Source::Asff,
        product: product.name().unwrap_or_else(|| name(detail)),
        partition: Arn::partition_of(id.text(), region.text()),
        account,
        account_name: Some(detail.get("AwsAccountName").plain()).filter(|name| !name.is_empty()),
        region,
        severity,
        state: state(detail),
        description: detail.get("Description").plain(),
        types: problem.types(own),
        resources,
        first_seen: detail.get("FirstObservedAt").time().or_else(|| detail.get("CreatedAt").time()),
        last_seen: detail.get("LastObservedAt").time().or(updated).or(start.last_seen),
        updated: updated.or(start.updated),
        count: product_fields("aws/guardduty/service/count").count(),
        note_by: Some(detail.get("Note.UpdatedBy").plain()).filter(|name| !name.is_empty()),
        sample: detail.get("Sample").is_true()
            || product_fields("aws/guardduty/service/additionalInfo/sample").is_true()
            || (matches!(product, Product::GuardDuty | Product::Macie) && title.text().starts_with("[SAMPLE]")),
        title: first([title, start.title]),
        id,
        unread,
        hidden_in,
        detail: Arc::clone(&value),
        ..start
    };
    if let Some(key) = problem.key(&finding, detail.get("ProductArn").plain().text()) {
        finding.key = key;
    }
    finding
}

/// The product, by its ARN; by its name only where there is no ARN, as in findings that never went through Security Hub's API.
fn product(detail: Field<'_>) -> Product {
    let arn = detail.get("ProductArn").plain();
    match detail.get("ProductName").text().as_deref() {
        Some("GuardDuty") if arn.is_empty() => Product::GuardDuty,
        Some("Security Hub") if arn.is_empty() => Product::SecurityHub,
        _ => Product::of_arn(arn.text()),
    }
}

/// The product in the reader's words. `ProductName` came late to the format; before, `ProductFields` had it.
fn name(detail: Field<'_>) -> Plain {
    first([
        detail.get("ProductName").plain(),
        detail.get("ProductFields.aws/securityhub/ProductName").plain(),
        detail.get("CompanyName").plain(),
        Plain::new(last_segment(detail.get("ProductArn").plain().text())),
    ])
}

/// What one problem is.
fn problem(product: Product, detail: Field<'_>, types: &[Plain], title: &str) -> Problem {
    let native = |fits: fn(&str) -> bool| {
        types.iter().filter_map(|kind| native_type(kind.text())).find(|kind| fits(kind.text()))
    };
    let finding_type = detail.get("ProductFields.findingType").text().unwrap_or_default();
    let (control, access) = match product {
        Product::SecurityHub => (Control::of_asff(detail), None),
        Product::AccessAnalyzer => (None, Access::passed_on(types, title, &finding_type)),
        _ => (None, None),
    };
    let kind = match product {
        Product::GuardDuty => native(guardduty::is_type),
        Product::Macie => native(macie::is_type),
        Product::Inspector => inspector::passed_on(types, detail.get("Vulnerabilities").items().next()),
        _ => None,
    };
    Problem::of(control, access, product, kind)
}

/// The label; else the normalized number; else what the provider had said.
fn severity(detail: Field<'_>) -> Option<Severity> {
    ["Severity", "FindingProviderFields.Severity"].into_iter().find_map(|path| {
        let severity = detail.get(path);
        let label = severity.get("Label").text().map(|label| label.to_ascii_uppercase());
        label
            .and_then(|label| Severity::from_label(&label))
            .or_else(|| normalized(severity.get("Normalized").number()?))
    })
}

/// The bands of `Severity.Normalized`, 0 to 100.
fn normalized(value: f64) -> Option<Severity> {
    match value {
        value if !(0.0..=100.0).contains(&value) => None,
        value if value < 1.0 => Some(Severity::Informational),
        value if value < 40.0 => Some(Severity::Low),
        value if value < 70.0 => Some(Severity::Medium),
        value if value < 90.0 => Some(Severity::High),
        _ => Some(Severity::Critical),
    }
}

/// The most telling way in which it was closed: the control passes; a person suppressed it; the record was archived; a person
/// resolved it. A control that could not be checked is neither open nor closed.
fn state(detail: Field<'_>) -> State {
    let says = |path: &str, word: &str| detail.get(path).text().is_some_and(|text| text == word);
    let workflow = |word: &str| says("Workflow.Status", word);
    if says("Compliance.Status", "PASSED") {
        State::Passed
    } else if workflow("SUPPRESSED") {
        State::Suppressed
    } else if says("RecordState", "ARCHIVED") {
        State::Archived
    } else if workflow("RESOLVED") {
        State::Resolved
    } else if says("Compliance.Status", "NOT_AVAILABLE") {
        State::Unknown
    } else {
        State::Open
    }
}

fn resources(detail: Field<'_>) -> Vec<Resource> {
    detail
        .get("Resources")
        .items()
        .map(|resource| Resource {
            kind: resource.get("Type").plain(),
            id: resource.get("Id").plain(),
            tags: resource.get("Tags").tags(),
        })
        .filter(|resource| !resource.id.is_empty())
        .collect()
}

/// GuardDuty's or Macie's own type out of ASFF's taxonomy, where its slash became a hyphen but for attack sequences:
/// `TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce` is `UnauthorizedAccess:EC2/SSHBruteForce`. GuardDuty has three
/// more forms: the tactic stands before (`TTPs/Credential Access/IAMUser-AnomalousBehavior`), so does `AnomalousBehavior`, or
/// the name is cut by hyphens (`TTPs/DefenseEvasion/EC2:Unusual-DNS-Resolver`).
fn native_type(asff: &str) -> Option<Plain> {
    let slashed = |name: &str| name.replacen('-', "/", 1);
    let Some((before, name)) = asff.split_once(':') else {
        let (before, name) = asff.rsplit_once('/').filter(|(_, name)| name.contains('-'))?;
        let tactic = last_segment(before).replace(' ', "");
        return Some(Plain::new(format!("{tactic}:{}", slashed(name))));
    };
    let family = last_segment(before);
    let above = before.strip_suffix(family).map_or("", |above| last_segment(above.trim_end_matches('/')));
    let name = match (above, family) {
        ("DefenseEvasion", "EC2") => return Some(Plain::new(format!("{above}:{family}/{}", name.replace('-', "")))),
        ("AnomalousBehavior", _) => slashed(name).replacen('/', "/AnomalousBehavior.", 1),
        _ => slashed(name),
    };
    Some(Plain::new(format!("{family}:{name}")))
}
