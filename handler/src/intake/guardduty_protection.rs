//! GuardDuty's events that are no findings: a malicious object in a bucket that Malware Protection for S3 scanned, and
//! protection that is down. A scan that found nothing, and protection that is up again, close what was told.

use std::sync::Arc;

use super::clean::clean;
use super::event::Event;
use super::field::Field;
use super::{envelope, first, unread};
use crate::finding::{Finding, FindingKey, Partition, Resource, Severity, Source, State, Unread};
use crate::plain::Plain;

/// Which of the events it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Object,
    PostScan,
    Status,
    Runtime,
}

impl Kind {
    /// By the detail type, whose capitals differ between AWS's own pages.
    fn of(detail_type: &str) -> Option<Self> {
        let name = detail_type.to_ascii_lowercase();
        match name.strip_prefix("guardduty ")? {
            "malware protection object scan result" => Some(Self::Object),
            "malware protection post scan action failed" => Some(Self::PostScan),
            "runtime protection unhealthy" | "runtime protection healthy" => Some(Self::Runtime),
            name if name.starts_with("malware protection resource status ") => Some(Self::Status),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Object => "guardduty-protection/object-threat",
            Self::PostScan => "guardduty-protection/post-scan-action-failed",
            Self::Status => "guardduty-protection/resource-status",
            Self::Runtime => "guardduty-protection/runtime-unhealthy",
        }
    }
}

/// Whether this is one of the events.
pub(super) fn is_known(detail_type: &str) -> bool {
    Kind::of(detail_type).is_some()
}

/// Reads the event in `detail`.
pub(super) fn finding(event: &Event) -> Finding {
    let detail_type = event.detail_type.text();
    let (Some(kind), true) = (Kind::of(detail_type), event.detail.is_object()) else {
        return envelope::finding(event, Unread::Field("detail"));
    };
    let (detail, hidden_in) = clean(&event.detail);
    let value = Arc::new(detail);
    let detail = Field::of(&value);
    let start = envelope::start(event);
    let state = state(kind, detail_type, detail);
    let resources = if kind == Kind::Runtime { protected(detail) } else { stored(detail, start.partition) };
    let (place, readable) = match kind {
        Kind::Runtime => ("resourceDetails", !resources.is_empty()),
        Kind::Status => ("s3BucketDetails.bucketName", !resources.is_empty()),
        Kind::Object | Kind::PostScan => ("s3ObjectDetails", resources.len() == 2),
    };
    let unread =
        unread(&[(place, readable), ("scanResultDetails.scanResultStatus", kind != Kind::Object || state.is_some())]);
    let account = first([detail.get("resourceAccountId").account(), start.account]);
    let changed = [detail.get("lastUpdatedAt").time(), detail.get("eventTime").time()].into_iter().flatten().next();
    let parts = identity(kind, detail, &resources);
    let mut key = vec![kind.word(), account.text(), start.region.text()];
    key.extend(parts.iter().map(Plain::text));
    let state = state.unwrap_or(State::Open);
    Finding {
        key: if parts.is_empty() { start.key } else { FindingKey::of(&key) },
        source: Source::GuardDutyProtection,
        product: Plain::new("GuardDuty"),
        severity: Some(match (kind, state) {
            (Kind::Object, State::Open) => Severity::High,
            (Kind::Object, _) => Severity::Informational,
            _ => Severity::Medium,
        }),
        state,
        description: detail.get("issue").plain(),
        types: vec![Plain::new(kind.word())],
        resources: if resources.is_empty() { start.resources } else { resources },
        first_seen: changed,
        last_seen: changed.or(start.last_seen),
        updated: changed.or(start.updated),
        account,
        unread,
        hidden_in,
        detail: Arc::clone(&value),
        ..start
    }
}

/// A scan that could not be done says nothing of the object: neither a threat nor the end of one.
fn state(kind: Kind, detail_type: &str, detail: Field<'_>) -> Option<State> {
    let ends = |word: &str| detail_type.to_ascii_lowercase().ends_with(word);
    match kind {
        Kind::Object => match detail.get("scanResultDetails.scanResultStatus").text()?.as_str() {
            "THREATS_FOUND" => Some(State::Open),
            "NO_THREATS_FOUND" => Some(State::Passed),
            "UNSUPPORTED" | "ACCESS_DENIED" | "FAILED" => Some(State::Unknown),
            _ => None,
        },
        Kind::Status if ends(" active") => Some(State::Closed),
        Kind::Runtime if ends(" healthy") => Some(State::Closed),
        Kind::PostScan | Kind::Status | Kind::Runtime => Some(State::Open),
    }
}

/// What is one problem: a version of an object; a reason why a bucket's objects cannot be tagged; a bucket's protection; a
/// resource's agent.
fn identity(kind: Kind, detail: Field<'_>, resources: &[Resource]) -> Vec<Plain> {
    let mut parts: Vec<Plain> = resources.iter().map(|resource| resource.id.clone()).collect();
    if parts.is_empty() {
        return parts;
    }
    match kind {
        Kind::Object => {
            let object = detail.get("s3ObjectDetails");
            parts.push(object.get("versionId").or(object.get("eTag")).plain());
        }
        Kind::PostScan => {
            parts.truncate(1);
            let reasons = detail.get("postScanActions").items().map(|action| action.get("failureReason").plain());
            parts.extend(reasons.filter(|reason| !reason.is_empty()));
        }
        Kind::Status | Kind::Runtime => parts.truncate(1),
    }
    parts
}

/// The bucket, and the object in it where the event is about one.
fn stored(detail: Field<'_>, partition: Partition) -> Vec<Resource> {
    let object = detail.get("s3ObjectDetails");
    let bucket = first([object.get("bucketName").plain(), detail.get("s3BucketDetails.bucketName").plain()]);
    if bucket.is_empty() {
        return Vec::new();
    }
    let key = object.get("objectKey").plain();
    let object = (!key.is_empty())
        .then(|| ("S3Object", Plain::new(format!("arn:{}:s3:::{}/{}", partition.word(), bucket.text(), key.text()))));
    [Some(("S3Bucket", bucket)), object]
        .into_iter()
        .flatten()
        .map(|(kind, id)| Resource { kind: Plain::new(kind), id, tags: Vec::new() })
        .collect()
}

/// What the agent should protect, by the one of the details that the resource's type fills.
fn protected(detail: Field<'_>) -> Vec<Resource> {
    const PLACES: [(&str, &str); 3] = [
        ("EKSCluster", "eksClusterDetails.clusterName"),
        ("ECSCluster", "ecsClusterDetails.clusterName"),
        ("Instance", "ec2InstanceDetails.instanceId"),
    ];
    let details = detail.get("resourceDetails");
    PLACES
        .into_iter()
        .map(|(kind, path)| Resource { kind: Plain::new(kind), id: details.get(path).plain(), tags: Vec::new() })
        .find(|resource| !resource.id.is_empty())
        .into_iter()
        .collect()
}
