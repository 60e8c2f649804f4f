//! `Security Hub Insight Results`: a person sent what an insight counts, by a custom action.

use std::sync::Arc;

use super::arn::Arn;
use super::clean::clean;
use super::event::Event;
use super::field::Field;
use super::{asff, envelope, first, unread};
use crate::finding::{Finding, FindingKey, Resource, Severity, Source, State, Unread};
use crate::plain::Plain;

/// Security Hub sends no more results of one insight.
const MOST_RESULTS: usize = 100;

/// Reads the results in `detail`. They count findings and are none, so they have no severity of their own.
pub(super) fn finding(event: &Event) -> Finding {
    let asked_for = Some(asff::action(event));
    if !event.detail.is_object() {
        return Finding { asked_for, ..envelope::finding(event, Unread::Field("detail")) };
    }
    let (detail, hidden_in) = clean(&event.detail);
    let value = Arc::new(detail);
    let detail = Field::of(&value);
    let start = envelope::start(event);
    let arn = detail.get("insightArn").plain();
    let name = detail.get("insightName").plain();
    let (resources, count) = results(detail);
    let unread = unread(&[
        ("insightArn", !arn.is_empty()),
        ("insightName", !name.is_empty()),
        ("insightResults", !resources.is_empty()),
    ]);
    Finding {
        key: if arn.is_empty() { start.key } else { FindingKey::of(&["insight", start.account.text(), arn.text()]) },
        source: Source::Insight,
        product: Plain::new("Security Hub"),
        partition: Arn::partition_of(arn.text(), start.region.text()),
        region: first([Arn::region_of(arn.text()), start.region]),
        severity: Some(Severity::Informational),
        state: State::Open,
        title: first([name, start.title]),
        description: detail.get("actionDescription").plain(),
        types: vec![Plain::new("insight")],
        resources: if resources.is_empty() { start.resources } else { resources },
        count,
        asked_for,
        id: first([arn, start.id]),
        unread,
        hidden_in,
        detail: Arc::clone(&value),
        ..start
    }
}

/// What the insight groups by, each with how many findings it has, and all findings together.
fn results(detail: Field<'_>) -> (Vec<Resource>, Option<u64>) {
    let kind = detail.get("resultType").plain();
    let results: Vec<(Plain, u64)> = detail
        .get("insightResults")
        .items()
        .filter_map(Field::object)
        .flatten()
        .take(MOST_RESULTS)
        .filter_map(|(name, count)| Some((Plain::new(name), Field::of(count).count()?)))
        .filter(|(name, _)| !name.is_empty())
        .collect();
    let count = results.iter().fold(0_u64, |sum, (_, count)| sum.saturating_add(*count));
    let count = (!results.is_empty()).then_some(count);
    (results.into_iter().map(|(id, _)| Resource { kind: kind.clone(), id, tags: Vec::new() }).collect(), count)
}
