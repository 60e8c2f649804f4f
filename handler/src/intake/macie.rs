//! `Macie Finding`, native: a bucket's settings (`Policy:…`) or sensitive data in an object (`SensitiveData:…`).

use std::sync::Arc;

use super::arn::{Arn, last_segment};
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
    let id = detail.get("id").plain();
    let account = detail.get("accountId").account();
    let region = detail.get("region").plain();
    let kind = detail.get("type").plain();
    let title = detail.get("title").plain();
    let severity = severity(detail.get("severity"));
    let resources = resources(detail.get("resourcesAffected"));
    let updated = detail.get("updatedAt").time();
    let unread = unread(&[
        ("id", !id.is_empty()),
        ("accountId", !account.is_empty()),
        ("region", !region.is_empty()),
        ("type", !kind.is_empty()),
        ("title", !title.is_empty()),
        ("severity", severity.is_some()),
        ("resourcesAffected", !resources.is_empty()),
        ("updatedAt", updated.is_some()),
    ]);
    let account = first([account, start.account]);
    let region = first([region, start.region]);
    let bucket = detail.get("resourcesAffected.s3Bucket.arn").plain();
    Finding {
        key: key(account.text(), id.text()).unwrap_or(start.key),
        source: Source::Macie,
        product: Plain::new("Macie"),
        partition: Arn::partition_of(bucket.text(), region.text()),
        id,
        account,
        region,
        severity,
        state: if detail.get("archived").is_true() { State::Archived } else { State::Open },
        sample: detail.get("sample").is_true() || title.text().starts_with("[SAMPLE]"),
        title: first([title, start.title]),
        description: detail.get("description").plain(),
        types: if kind.is_empty() { start.types } else { vec![kind] },
        resources,
        first_seen: detail.get("createdAt").time(),
        last_seen: updated.or(start.last_seen),
        updated: updated.or(start.updated),
        count: detail.get("count").count(),
        unread,
        hidden_in,
        detail: Arc::clone(&value),
        ..start
    }
}

/// Macie's identity of a finding: natively and in OCSF a bare id, in ASFF the last part of an ARN.
pub(super) fn key(account: &str, id: &str) -> Option<FindingKey> {
    let id = last_segment(id);
    (!id.is_empty()).then(|| FindingKey::of(&["macie", account, id]))
}

/// Whether this is one of Macie's own types.
pub(super) fn is_type(kind: &str) -> bool {
    kind.starts_with("Policy:") || kind.starts_with("SensitiveData:")
}

/// The word, else the score from 1 to 3. Macie knows no more than these three.
fn severity(severity: Field<'_>) -> Option<Severity> {
    let word = severity.get("description").text().map(|word| word.to_ascii_lowercase());
    match (word.as_deref(), severity.get("score").count()) {
        (Some("low"), _) | (None, Some(1)) => Some(Severity::Low),
        (Some("medium"), _) | (None, Some(2)) => Some(Severity::Medium),
        (Some("high"), _) | (None, Some(3)) => Some(Severity::High),
        _ => None,
    }
}

/// The bucket, and the object where one is named: its path begins with the bucket's name, as an object's ARN does.
fn resources(affected: Field<'_>) -> Vec<Resource> {
    let (bucket, object) = (affected.get("s3Bucket"), affected.get("s3Object"));
    let arn = bucket.get("arn").or(bucket.get("name")).plain();
    let path = object.get("path").plain();
    let partition = Arn::partition_of(arn.text(), "").word();
    let object_arn =
        Plain::new(if path.is_empty() { String::new() } else { format!("arn:{partition}:s3:::{}", path.text()) });
    [("S3Bucket", bucket, arn), ("S3Object", object, object_arn)]
        .into_iter()
        .map(|(kind, place, id)| Resource { kind: Plain::new(kind), id, tags: place.get("tags").tags() })
        .filter(|resource| !resource.id.is_empty())
        .collect()
}
