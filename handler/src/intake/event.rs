//! An EventBridge event: the envelope around a finding.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::field::Field;
use crate::finding::FindingKey;
use crate::plain::Plain;

/// The envelope's fields, each empty where it is missing or of another type, and the parsed `detail` as it came.
pub(super) struct Event {
    pub(super) id: Plain,
    pub(super) source: Plain,
    pub(super) detail_type: Plain,
    pub(super) account: Plain,
    pub(super) region: Plain,
    pub(super) time: Option<Timestamp>,
    pub(super) resources: Vec<Plain>,
    pub(super) detail: Value,
    /// The text is no JSON object: every other field is empty.
    pub(super) broken: bool,
    /// The whole message as it came.
    pub(super) body: Plain,
    /// Identity where a finding has none of its own.
    key: [String; 2],
}

impl Event {
    /// Reads the envelope, also in the form of a `PutEvents` entry (`DetailType`, and `Detail` as JSON text). Without an
    /// object it is an event that has nothing but its text.
    pub(super) fn of(object: Option<Map<String, Value>>, text: &str, body: Plain) -> Self {
        let broken = object.is_none();
        let mut object = object.unwrap_or_default();
        let detail = ["detail", "Detail"].iter().find_map(|key| object.shift_remove(*key)).unwrap_or_default();
        let detail = match detail {
            Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            other => other,
        };
        let rest = Value::Object(object);
        let envelope = Field::of(&rest);
        let id = envelope.get("id").plain();
        let (kind, identity) = if id.is_empty() { ("body", text) } else { ("event", id.text()) };
        Self {
            key: [kind.to_owned(), identity.to_owned()],
            source: envelope.get("source").plain(),
            detail_type: envelope.get("detail-type").or(envelope.get("DetailType")).plain(),
            account: envelope.get("account").account(),
            region: envelope.get("region").plain(),
            time: envelope.get("time").time(),
            resources: envelope.get("resources").items().map(Field::plain).filter(|arn| !arn.is_empty()).collect(),
            id,
            detail,
            broken,
            body,
        }
    }

    /// Identity for what has none of its own: the event's id, which a second delivery of the event shares, else its text;
    /// and the place inside the event where it holds several.
    pub(super) fn key(&self, place: usize) -> FindingKey {
        let [kind, identity] = &self.key;
        FindingKey::of(&[kind, identity, &place.to_string()])
    }
}
