//! Tolerant reading: a place in a JSON value that may be missing, null, or of another type than its format says.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::time;
use crate::plain::Plain;

/// A place in an event, or nothing.
#[derive(Clone, Copy)]
pub(super) struct Field<'a>(Option<&'a Value>);

impl<'a> Field<'a> {
    /// The whole value.
    pub(super) fn of(value: &'a Value) -> Self {
        Self(Some(value))
    }

    /// The place at `path` (`service.additionalInfo.sample`). AWS's APIs and events write the same names with another first
    /// letter (`AccountId`, `accountId`): the other one is taken where the first is missing.
    pub(super) fn get(self, path: &str) -> Self {
        path.split('.').fold(self, |field, key| {
            Self(field.object().and_then(|map| map.get(key).or_else(|| map.get(&other_case(key)))))
        })
    }

    /// This place, or the other where this holds nothing.
    pub(super) fn or(self, other: Self) -> Self {
        if self.exists() { self } else { other }
    }

    /// Whether anything but null is there.
    pub(super) fn exists(self) -> bool {
        self.0.is_some_and(|value| !value.is_null())
    }

    /// What stands there.
    pub(super) fn value(self) -> Option<&'a Value> {
        self.0
    }

    /// The object, or nothing.
    pub(super) fn object(self) -> Option<&'a Map<String, Value>> {
        self.0.and_then(Value::as_object)
    }

    /// Text, or a number as text; nothing where it is blank.
    pub(super) fn text(self) -> Option<String> {
        let text: Cow<'a, str> = match self.0? {
            Value::String(text) => Cow::Borrowed(text),
            Value::Number(number) => Cow::Owned(number.to_string()),
            _ => return None,
        };
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// [`Field::text`] without hidden code points; empty where there is none.
    pub(super) fn plain(self) -> Plain {
        Plain::new(self.text().unwrap_or_default())
    }

    /// An account id. One that was written as a number has lost its leading zeros.
    pub(super) fn account(self) -> Plain {
        match self.0 {
            Some(Value::Number(number)) => Plain::new(format!("{number:0>12}", number = number.to_string())),
            _ => self.plain(),
        }
    }

    /// A number, also written as text.
    pub(super) fn number(self) -> Option<f64> {
        self.text()?.parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// A count, also written as text.
    pub(super) fn count(self) -> Option<u64> {
        self.text()?.parse().ok()
    }

    /// True, also written as text.
    pub(super) fn is_true(self) -> bool {
        match self.0 {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
            _ => false,
        }
    }

    /// A time in any of the forms that AWS's events use.
    pub(super) fn time(self) -> Option<Timestamp> {
        time::read(&self.text()?)
    }

    /// The elements of a list. A single object or text stands for a list of one.
    pub(super) fn items(self) -> impl Iterator<Item = Self> {
        let values = match self.0 {
            Some(Value::Array(values)) => values.as_slice(),
            Some(Value::Null) | None => &[],
            Some(single) => std::slice::from_ref(single),
        };
        values.iter().map(Self::of)
    }

    /// Tags, as a map or as a list of keys (in OCSF: names) and values.
    pub(super) fn tags(self) -> Vec<(Plain, Plain)> {
        match self.object() {
            Some(map) => map.iter().map(|(key, value)| (Plain::new(key), Field::of(value).plain())).collect(),
            None => self
                .items()
                .map(|tag| (tag.get("key").or(tag.get("name")).plain(), tag.get("value").plain()))
                .filter(|(key, _)| !key.is_empty())
                .collect(),
        }
    }
}

/// The key with the other case of its first letter.
fn other_case(key: &str) -> String {
    let mut rest = key.chars();
    match rest.next() {
        Some(first) if first.is_ascii_lowercase() => format!("{}{}", first.to_ascii_uppercase(), rest.as_str()),
        Some(first) => format!("{}{}", first.to_ascii_lowercase(), rest.as_str()),
        None => String::new(),
    }
}
