//! The last resort: a finding made from the envelope alone. Every other format starts from it, too.

use std::sync::Arc;

use super::clean::clean;
use super::event::Event;
use crate::finding::{Finding, Partition, Resource, Source, State, Unread};
use crate::plain::Plain;

/// What the envelope alone tells, and why no more could be read. It has no severity, so that no filter silences it.
pub(super) fn finding(event: &Event, unread: Unread) -> Finding {
    let (detail, hidden_in) = clean(&event.detail);
    Finding { detail: Arc::new(detail), hidden_in, unread: vec![unread], ..start(event) }
}

/// A finding that knows its envelope, has no `detail` yet, and names nothing as unread.
pub(super) fn start(event: &Event) -> Finding {
    let resources =
        event.resources.iter().map(|arn| Resource { kind: Plain::new("resource"), id: arn.clone(), tags: Vec::new() });
    Finding {
        key: event.key(0),
        source: Source::Envelope,
        product: event.source.clone(),
        id: event.id.clone(),
        partition: Partition::of_region(event.region.text()),
        account: event.account.clone(),
        account_name: None,
        region: event.region.clone(),
        event_account: event.account.clone(),
        severity: None,
        state: State::Open,
        title: event.detail_type.clone(),
        description: Plain::default(),
        types: Some(event.detail_type.clone()).filter(|kind| !kind.is_empty()).into_iter().collect(),
        resources: resources.collect(),
        first_seen: None,
        last_seen: event.time,
        updated: event.time,
        count: None,
        actors: Vec::new(),
        note_by: None,
        asked_for: None,
        sample: false,
        unread: Vec::new(),
        hidden_in: Vec::new(),
        detail: Arc::default(),
        event: event.body.clone(),
        event_time: event.time,
    }
}
