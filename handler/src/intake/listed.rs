//! Events whose `detail` holds a list of findings: Security Hub's, in both of its formats.

use serde_json::Value;

use super::envelope;
use super::event::Event;
use super::field::Field;
use crate::finding::{Finding, Unread};

/// The most findings that are read of one event; `BatchImportFindings` takes no more, a custom action far fewer.
const MOST_FINDINGS: usize = 100;

/// Reads every finding in `detail.findings` by `read`, which gets its place in the list. What is none, or one too many, is
/// told once, by the envelope.
pub(super) fn findings(event: &Event, read: impl Fn(&Event, usize, &Value) -> Finding) -> Vec<Finding> {
    let places: Vec<Field<'_>> = Field::of(&event.detail).get("findings").items().collect();
    let mut findings: Vec<Finding> = places
        .iter()
        .take(MOST_FINDINGS)
        .enumerate()
        .filter_map(|(place, field)| Some(read(event, place, field.value().filter(|value| value.is_object())?)))
        .collect();
    if findings.is_empty() || findings.len() < places.len() {
        let mut rest = envelope::finding(event, Unread::Field("findings"));
        rest.key = event.key(MOST_FINDINGS);
        findings.push(rest);
    }
    findings
}
