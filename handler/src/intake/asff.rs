//! The AWS Security Finding Format: `Security Hub Findings - Imported` (one finding) and `- Custom Action` (those that a
//! person selected).

use std::sync::Arc;

use serde_json::Value;

use super::arn::{Arn, last_segment};
use super::clean::clean;
use super::event::Event;
use super::field::Field;
use super::{envelope, first, guardduty, unread};
use crate::finding::{Finding, FindingKey, Resource, Severity, Source, State, Unread};
use crate::plain::Plain;

/// The most findings that are read of one event; `BatchImportFindings` takes no more, a custom action far fewer.
const MOST_FINDINGS: usize = 100;

/// Reads every finding in `detail.findings`. What is none, or one too many, is told once, by the envelope.
pub(super) fn findings(event: &Event) -> Vec<Finding> {
    let asked_for = asked_for(event);
    let places: Vec<Field<'_>> = Field::of(&event.detail).get("findings").items().collect();
    let mut findings: Vec<Finding> = places
        .iter()
        .take(MOST_FINDINGS)
        .enumerate()
        .filter_map(|(place, field)| Some(finding(event, place, field.value().filter(|value| value.is_object())?)))
        .collect();
    if findings.is_empty() || findings.len() < places.len() {
        let mut rest = envelope::finding(event, Unread::Field("findings"));
        rest.key = event.key(MOST_FINDINGS);
        findings.push(rest);
    }
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
    let product = Product::of(detail);
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
    let account = first([account, Arn::account_of(id.text()), start.account]);
    let region = first([
        detail.get("Region").plain(),
        detail.get("Resources").items().next().map_or(Plain::default(), |main| main.get("Region").plain()),
        Arn::region_of(id.text()),
        start.region,
    ]);
    let control = (product == Product::SecurityHub).then(|| Control::of(detail)).flatten();
    let product_fields = |name: &str| detail.get("ProductFields").get(name);
    let own_types = detail.get("Types").items().map(Field::plain).filter(|kind| !kind.is_empty());
    let first_type = match product {
        Product::GuardDuty => detail.get("Types").items().find_map(|kind| native_type(kind.plain().text())),
        _ => control.as_ref().map(|control| Plain::new(format!("security-control/{}", control.id.text()))),
    };
    let mut finding = Finding {
        key: event.key(place),
        source: Source::Asff,
        product: product.name(detail),
        partition: Arn::partition_of(id.text(), region.text()),
        account,
        account_name: Some(detail.get("AwsAccountName").plain()).filter(|name| !name.is_empty()),
        region,
        severity,
        state: state(detail),
        description: detail.get("Description").plain(),
        types: first_type.into_iter().chain(own_types).collect(),
        resources,
        first_seen: detail.get("FirstObservedAt").time().or_else(|| detail.get("CreatedAt").time()),
        last_seen: detail.get("LastObservedAt").time().or(updated).or(start.last_seen),
        updated: updated.or(start.updated),
        count: product_fields("aws/guardduty/service/count").count(),
        sample: detail.get("Sample").is_true()
            || product_fields("aws/guardduty/service/additionalInfo/sample").is_true()
            || (product == Product::GuardDuty && title.text().starts_with("[SAMPLE]")),
        title: first([title, start.title]),
        id,
        unread,
        hidden_in,
        detail: Arc::clone(&value),
        ..start
    };
    if let Some(key) = key(&finding, product, control.as_ref(), detail) {
        finding.key = key;
    }
    finding
}

/// What is one problem: a GuardDuty finding by every way it comes; a control on a resource, over all standards and, for what
/// has no Region, over all Regions; else the product's own id. Nothing where the finding names none of these.
fn key(finding: &Finding, product: Product, control: Option<&Control>, detail: Field<'_>) -> Option<FindingKey> {
    let (account, id) = (finding.account.text(), finding.id.text());
    match (product, control, finding.resources.first()) {
        (Product::GuardDuty, ..) => guardduty::key(account, id),
        (Product::SecurityHub, Some(control), Some(resource)) => {
            let region = if control.is_everywhere(resource) { "" } else { finding.region.text() };
            Some(FindingKey::of(&["control", &control.identity, account, region, resource.id.text()]))
        }
        // Two products of one account may use the same id; the product stands in its ARN behind the Region.
        _ if !id.is_empty() => {
            let arn = detail.get("ProductArn").plain();
            let importer = arn.text().split_once(":product/").map_or(arn.text(), |(_, importer)| importer);
            Some(FindingKey::of(&["asff", importer, account, id]))
        }
        _ => None,
    }
}

/// The products whose findings have an identity of their own. The ARN decides where there is one: a product's name is
/// whatever its importer wrote, and a borrowed name must not silence the real product's finding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Product {
    GuardDuty,
    SecurityHub,
    Other,
}

impl Product {
    fn of(detail: Field<'_>) -> Self {
        let arn = detail.get("ProductArn").plain();
        let name = detail.get("ProductName").plain();
        match (arn.text().split_once("::product/"), name.text()) {
            (Some((_, "aws/guardduty")), _) => Self::GuardDuty,
            (Some((_, "aws/securityhub")), _) => Self::SecurityHub,
            (_, "GuardDuty") if arn.is_empty() => Self::GuardDuty,
            (_, "Security Hub") if arn.is_empty() => Self::SecurityHub,
            _ => Self::Other,
        }
    }

    /// The product in the reader's words. `ProductName` came late to the format; before, `ProductFields` had it.
    fn name(self, detail: Field<'_>) -> Plain {
        match self {
            Self::GuardDuty => return Plain::new("GuardDuty"),
            Self::SecurityHub => return Plain::new("Security Hub"),
            Self::Other => {}
        }
        first([
            detail.get("ProductName").plain(),
            detail.get("ProductFields.aws/securityhub/ProductName").plain(),
            detail.get("CompanyName").plain(),
            Plain::new(last_segment(detail.get("ProductArn").plain().text())),
        ])
    }
}

/// A control of a Security Hub standard.
struct Control {
    /// `S3.8`; in older findings the standard's own number (`1.2`).
    id: Plain,
    /// The id, with the standard where only the two together are unique.
    identity: String,
}

impl Control {
    fn of(detail: Field<'_>) -> Option<Self> {
        let fields = detail.get("ProductFields");
        let id = detail.get("Compliance.SecurityControlId").or(fields.get("ControlId")).plain();
        if !id.is_empty() {
            return Some(Self { identity: id.text().to_owned(), id });
        }
        let id = fields.get("RuleId").plain();
        let standard = fields.get("StandardsGuideArn").or(fields.get("StandardsArn")).plain();
        (!id.is_empty()).then(|| Self { identity: format!("{} {}", standard.text(), id.text()), id })
    }

    /// Whether every Region reports it on this resource: one whose ARN has no Region (a bucket, a role); of the controls on a
    /// whole account only those on IAM and its root user.
    fn is_everywhere(&self, resource: &Resource) -> bool {
        if resource.kind.text() == "AwsAccount" || resource.id.text().starts_with("AWS::::Account:") {
            self.is_of_iam()
        } else {
            Arn::of(resource.id.text()).is_some_and(Arn::has_no_region)
        }
    }

    /// `IAM.6`, `PCI.IAM.1`; chapter 1 of the CIS benchmarks is IAM.
    fn is_of_iam(&self) -> bool {
        let id = self.id.text();
        id.split('.').any(|part| part == "IAM") || id.starts_with("1.") || id.starts_with("CIS.1.")
    }
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
/// resolved it.
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

/// GuardDuty's own type out of ASFF's taxonomy, where its slash became a hyphen but for attack sequences:
/// `TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce` is `UnauthorizedAccess:EC2/SSHBruteForce`.
fn native_type(asff: &str) -> Option<Plain> {
    let (before, rest) = asff.split_once(':')?;
    let family = last_segment(before);
    Some(Plain::new(format!("{family}:{}", rest.replacen('-', "/", 1))))
}
