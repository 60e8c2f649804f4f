//! IAM Access Analyzer, native: access from outside, access from inside to what is critical, and access that nobody uses.

use std::sync::Arc;

use serde_json::Value;

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
    let id = detail.get("id").or(detail.get("findingId")).plain();
    let account = detail.get("accountId").account();
    let resource = detail.get("resource").plain();
    let status = detail.get("status").text();
    let updated = detail.get("updatedAt").time();
    let unread = unread(&[
        ("id", !id.is_empty()),
        ("accountId", !account.is_empty()),
        ("resource", !resource.is_empty()),
        ("status", status.is_some()),
        ("updatedAt", updated.is_some()),
    ]);
    let access = Access::of_event(event.detail_type.text(), detail);
    let is_error = detail.get("error").exists();
    let analyzer = event.resources.first().map_or("", Plain::text);
    let account = first([account, Arn::account_of(resource.text()), Arn::account_of(analyzer), start.account]);
    let region = first([detail.get("region").plain(), Arn::region_of(resource.text()), start.region]);
    let principal = if is_error { "error".to_owned() } else { principal(detail.get("principal")) };
    let resources = Resource { kind: detail.get("resourceType").plain(), id: resource.clone(), tags: Vec::new() };
    Finding {
        key: access.key(resource.text(), &principal).unwrap_or(start.key),
        source: Source::AccessAnalyzer,
        product: Plain::new("IAM Access Analyzer"),
        partition: Arn::partition_of(resource.text(), region.text()),
        id,
        account,
        region,
        severity: Some(if is_error { Severity::Low } else { access.severity() }),
        state: state(detail.get("isDeleted").is_true(), status.as_deref()),
        title: access.title(resource.text(), is_error),
        types: vec![access.kind()],
        resources: if resource.is_empty() { start.resources } else { vec![resources] },
        first_seen: detail.get("createdAt").time(),
        last_seen: updated.or(start.last_seen),
        updated: updated.or(start.updated),
        unread,
        hidden_in,
        detail: Arc::clone(&value),
        ..start
    }
}

/// What kind of access a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Anybody.
    Public,
    /// Somebody outside the zone of trust.
    Outside,
    /// Somebody inside, to a resource that was named as critical.
    Internal,
    /// Nobody: what the access was given to.
    Unused(&'static str),
}

/// What nobody uses: our word, how the events name it, and how ASFF's types end.
const UNUSED: [(&str, &str, &str); 4] = [
    ("PERMISSION", "UnusedPermission", "Unused Permission"),
    ("ROLE", "UnusedIAMRole", "Unused IAM Role"),
    ("ACCESS_KEY", "UnusedIAMUserAccessKey", "Unused IAM User Access Key"),
    ("PASSWORD", "UnusedIAMUserPassword", "Unused IAM User Password"),
];

impl Access {
    fn of_event(detail_type: &str, detail: Field<'_>) -> Self {
        let finding_type = detail.get("findingType").text().unwrap_or_default();
        match (detail_type, finding_type.as_str()) {
            (_, "InternalAccess") | ("Internal Access Finding", _) => Self::Internal,
            ("Unused Access Finding for IAM entities", word) => Self::unused(word).unwrap_or(Self::Unused("")),
            _ if detail.get("isPublic").is_true() => Self::Public,
            _ => Self::Outside,
        }
    }

    /// Of a finding that Security Hub passes on: by its types and, since public access has had two, by its title.
    pub(super) fn passed_on(types: &[Plain], title: &str, finding_type: &str) -> Option<Self> {
        let says = |words: &str| types.iter().any(|kind| kind.text().ends_with(words));
        let unused = UNUSED.iter().find(|(_, _, words)| says(words)).map(|(word, ..)| Self::Unused(word));
        if let Some(unused) = Self::unused(finding_type).or(unused) {
            return Some(unused);
        }
        if says("Internal Access Granted") || finding_type == "InternalAccess" {
            return Some(Self::Internal);
        }
        let is_public =
            says("Effects/Data Exposure/External Access Granted") || title.ends_with("allows public access");
        says("External Access Granted").then_some(if is_public { Self::Public } else { Self::Outside })
    }

    fn unused(finding_type: &str) -> Option<Self> {
        UNUSED.iter().find(|(_, event, _)| *event == finding_type).map(|(word, ..)| Self::Unused(word))
    }

    /// The telling type.
    pub(super) fn kind(self) -> Plain {
        Plain::new(match self {
            Self::Public => "access-analyzer/external/public".to_owned(),
            Self::Outside => "access-analyzer/external/account".to_owned(),
            Self::Internal => "access-analyzer/internal".to_owned(),
            Self::Unused("") => "access-analyzer/unused".to_owned(),
            Self::Unused(what) => format!("access-analyzer/unused/{what}"),
        })
    }

    /// Access Analyzer's identity of a finding. Natively each outside principal has one of its own; Security Hub shows one
    /// finding a resource, whoever it is that has access. Anybody is nobody in particular, so public access is one by both
    /// ways.
    pub(super) fn key(self, resource: &str, principal: &str) -> Option<FindingKey> {
        let (kind, principal) = match self {
            Self::Public if principal != "error" => ("external", ""),
            Self::Public | Self::Outside => ("external", principal),
            Self::Internal => ("internal", principal),
            Self::Unused(what) => (what, ""),
        };
        (!resource.is_empty()).then(|| FindingKey::of(&["access-analyzer", resource, kind, principal]))
    }

    /// Access Analyzer itself gives none.
    fn severity(self) -> Severity {
        match self {
            Self::Public => Severity::High,
            Self::Outside | Self::Internal => Severity::Medium,
            Self::Unused(_) => Severity::Low,
        }
    }

    /// Its events have no title.
    fn title(self, resource: &str, is_error: bool) -> Plain {
        let what = match self {
            _ if is_error => "Access could not be analyzed",
            Self::Public => "Public access",
            Self::Outside => "Access from outside the zone of trust",
            Self::Internal => "Internal access",
            Self::Unused("PERMISSION") => "Unused permissions",
            Self::Unused("ROLE") => "Unused role",
            Self::Unused("ACCESS_KEY") => "Unused access key",
            Self::Unused("PASSWORD") => "Unused password",
            Self::Unused(_) => "Unused access",
        };
        Plain::new(if resource.is_empty() { what.to_owned() } else { format!("{what}: {resource}") })
    }
}

/// A deleted finding keeps its status.
fn state(is_deleted: bool, status: Option<&str>) -> State {
    match status {
        _ if is_deleted => State::Deleted,
        Some("ARCHIVED") => State::Archived,
        Some("RESOLVED") => State::Resolved,
        _ => State::Open,
    }
}

/// Who has access, as one text whatever the order in which it came.
fn principal(field: Field<'_>) -> String {
    let mut parts: Vec<String> = match field.value() {
        Some(Value::Object(map)) => {
            map.iter().map(|(kind, who)| format!("{}={who}", kind.to_ascii_lowercase())).collect()
        }
        Some(Value::Null) | None => Vec::new(),
        Some(other) => vec![other.to_string()],
    };
    parts.sort();
    parts.join(",")
}
