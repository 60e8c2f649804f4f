//! `GuardDuty Finding`, native: one finding an event, of every family.

use std::sync::Arc;

use super::arn::{Arn, last_segment};
use super::clean::clean;
use super::event::Event;
use super::field::Field;
use super::{envelope, first, unread};
use crate::finding::{Finding, FindingKey, Resource, Severity, Source, State, Unread};
use crate::plain::Plain;

/// What GuardDuty names after its resource types, and where each one's id stands. Details that are not here are read by the
/// names of their fields, so that a new family still shows its resources.
const DETAILS: [(&str, &str, &str); 11] = [
    ("accessKeyDetails", "AccessKey", "accessKeyId"),
    ("instanceDetails", "Instance", "instanceId"),
    ("s3BucketDetails", "S3Bucket", "arn"),
    ("eksClusterDetails", "EKSCluster", "arn"),
    ("ecsClusterDetails", "ECSCluster", "arn"),
    ("kubernetesDetails", "KubernetesWorkload", "kubernetesWorkloadDetails.name"),
    ("containerDetails", "Container", "id"),
    ("lambdaDetails", "Lambda", "functionArn"),
    ("rdsDbInstanceDetails", "RDSDBInstance", "dbInstanceArn"),
    ("rdsDbUserDetails", "RDSDBUser", "user"),
    ("ebsVolumeDetails", "EBSVolume", "volumeArn"),
];

/// Reads the finding in `detail`.
pub(super) fn finding(event: &Event) -> Finding {
    if !event.detail.is_object() {
        return envelope::finding(event, Unread::Field("detail"));
    }
    let (detail, hidden_in) = clean(&event.detail);
    let value = Arc::new(detail);
    let detail = Field::of(&value);
    let start = envelope::start(event);
    let arn = detail.get("arn").plain();
    let id = detail.get("id").or(detail.get("arn")).plain();
    let account = detail.get("accountId").account();
    let region = detail.get("region").plain();
    let title = detail.get("title").plain();
    let kind = detail.get("type").plain();
    let severity = detail.get("severity").number().and_then(severity);
    let updated = detail.get("updatedAt").time();
    let unread = unread(&[
        ("id", !id.is_empty()),
        ("accountId", !account.is_empty()),
        ("region", !region.is_empty()),
        ("type", !kind.is_empty()),
        ("title", !title.is_empty()),
        ("severity", severity.is_some()),
        ("updatedAt", updated.is_some()),
    ]);
    let account = first([account, Arn::account_of(arn.text()), start.account]);
    let region = first([region, Arn::region_of(arn.text()), start.region]);
    let service = detail.get("service");
    Finding {
        key: key(account.text(), first([arn.clone(), id.clone()]).text()).unwrap_or(start.key),
        source: Source::GuardDuty,
        product: Plain::new("GuardDuty"),
        partition: Arn::partition_of(arn.text(), region.text()),
        id,
        account,
        region,
        severity,
        state: if service.get("archived").is_true() { State::Archived } else { State::Open },
        sample: service.get("additionalInfo.sample").is_true() || title.text().starts_with("[SAMPLE]"),
        title: first([title, start.title]),
        description: detail.get("description").plain(),
        types: if kind.is_empty() { start.types } else { vec![kind] },
        resources: resources(detail),
        first_seen: service.get("eventFirstSeen").time().or_else(|| detail.get("createdAt").time()),
        last_seen: service.get("eventLastSeen").time().or(updated).or(start.last_seen),
        updated: updated.or(start.updated),
        count: service.get("count").count(),
        actors: actors(detail),
        unread,
        hidden_in,
        detail: Arc::clone(&value),
        ..start
    }
}

/// GuardDuty's identity of a finding, the same by every way it comes: which detector an administrator's ARN names differs,
/// so only its last segment counts.
pub(super) fn key(account: &str, id: &str) -> Option<FindingKey> {
    let id = last_segment(id);
    (!id.is_empty()).then(|| FindingKey::of(&["guardduty", account, id]))
}

/// Whether this has the form of GuardDuty's own types: `UnauthorizedAccess:EC2/SSHBruteForce`.
pub(super) fn is_type(kind: &str) -> bool {
    kind.split_once(':').is_some_and(|(family, rest)| !family.contains('/') && rest.contains('/'))
}

/// GuardDuty's scale; the guide's ranges leave gaps (8.95), its thresholds do not.
fn severity(value: f64) -> Option<Severity> {
    match value {
        value if value < 0.0 => None,
        value if value < 1.0 => Some(Severity::Informational),
        value if value < 4.0 => Some(Severity::Low),
        value if value < 7.0 => Some(Severity::Medium),
        value if value < 9.0 => Some(Severity::High),
        _ => Some(Severity::Critical),
    }
}

/// The principal whose credentials act, the networks that API calls come from, and the actors of an attack sequence.
fn actors(detail: Field<'_>) -> Vec<Plain> {
    let action = detail.get("service.action");
    let network = |call: &str| action.get(call).get("remoteIpDetails.organization.asn").plain();
    let sequence = detail.get("service.detection.sequence.actors").items().map(|actor| actor.get("id").plain());
    [
        detail.get("resource.accessKeyDetails.userName").plain(),
        network("awsApiCallAction"),
        network("kubernetesApiCallAction"),
    ]
    .into_iter()
    .chain(sequence)
    .filter(|actor| !actor.is_empty())
    .collect()
}

/// What is affected, the one that `resourceType` names first. An attack sequence has them among its signals instead.
fn resources(detail: Field<'_>) -> Vec<Resource> {
    let resource = detail.get("resource");
    let main = resource.get("resourceType").plain();
    let mut found: Vec<Resource> = resource
        .object()
        .into_iter()
        .flatten()
        .flat_map(|(key, value)| Field::of(value).items().filter_map(|place| affected(key, place)))
        .chain(
            resource
                .get("ebsVolumeDetails.scannedVolumeDetails")
                .items()
                .filter_map(|place| affected("ebsVolumeDetails", place)),
        )
        .chain(detail.get("service.detection.sequence.resources").items().filter_map(in_sequence))
        .collect();
    found.sort_by_key(|resource| !resource.kind.text().eq_ignore_ascii_case(main.text()));
    found
}

/// The resource of one `…Details`.
fn affected(key: &str, place: Field<'_>) -> Option<Resource> {
    let place = Some(place).filter(|place| place.object().is_some())?;
    let known = DETAILS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(key));
    let kind = match known {
        Some((_, kind, _)) => *kind,
        None => key.strip_suffix("Details")?,
    };
    let id = first([known.map_or(Plain::default(), |(_, _, path)| place.get(path).plain()), named(place)]);
    (!id.is_empty()).then(|| Resource { kind: Plain::new(kind), id, tags: place.get("tags").tags() })
}

/// The best name among fields that nobody listed: an ARN, else an id, else a name.
fn named(place: Field<'_>) -> Plain {
    let fields = || place.object().into_iter().flatten();
    let ending = |end: &str| {
        fields()
            .find(|(key, value)| key.to_ascii_lowercase().ends_with(end) && value.is_string())
            .map(|(_, value)| value)
    };
    let best = ["arn", "id", "identifier", "name"].into_iter().find_map(ending);
    best.map_or(Plain::default(), |value| Field::of(value).plain())
}

/// A resource of an attack sequence.
fn in_sequence(place: Field<'_>) -> Option<Resource> {
    let id = place.get("uid").or(place.get("name")).plain();
    (!id.is_empty()).then(|| Resource { kind: place.get("resourceType").plain(), id, tags: place.get("tags").tags() })
}
