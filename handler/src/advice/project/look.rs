//! Looking into a finding's object: a place that may be missing, or of another type than its format says.

use serde_json::Value;

use crate::finding::Language;

/// The text at a pointer, where it says anything.
pub(super) fn text<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    value.pointer(pointer)?.as_str().filter(|text| !text.is_empty())
}

/// The number at a pointer, also written as text.
pub(super) fn number(value: &Value, pointer: &str) -> Option<f64> {
    let place = value.pointer(pointer)?;
    place.as_f64().or_else(|| place.as_str()?.parse().ok()).filter(|number: &f64| number.is_finite())
}

/// The count at a pointer.
pub(super) fn count(value: &Value, pointer: &str) -> Option<u64> {
    value.pointer(pointer)?.as_u64()
}

/// Yes or no at a pointer, in any of the products' spellings.
pub(super) fn flag(value: &Value, pointer: &str) -> Option<bool> {
    match value.pointer(pointer)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.as_str() {
            "YES" | "TRUE" | "true" => Some(true),
            "NO" | "FALSE" | "false" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// The elements of the list at a pointer.
pub(super) fn list<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = &'v Value> {
    value.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

/// How many, as coarse as a person would say it, so that findings of one sort have one prompt.
pub(super) fn about(count: u64, language: Language) -> String {
    let at_least = match count {
        0 => return say!(language, "0 件", "none"),
        1 => return say!(language, "1 件", "1"),
        2..=9 => return say!(language, "数件", "a few"),
        10..=99 => "10",
        100..=999 => "100",
        1_000..=9_999 => "1,000",
        _ => "10,000",
    };
    say!(language, "{at_least} 件以上", "{at_least} or more")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_is_read_in_every_spelling_and_nothing_else() {
        let value = json!({"a": "YES", "b": "NO", "c": true, "d": "maybe", "e": "0.62", "f": "NaN", "g": "", "h": 3});
        let flags = ["/a", "/b", "/c", "/d", "/x"].map(|pointer| flag(&value, pointer));
        assert_eq!(flags, [Some(true), Some(false), Some(true), None, None]);
        assert_eq!((number(&value, "/e"), number(&value, "/f"), number(&value, "/h")), (Some(0.62), None, Some(3.0)));
        assert_eq!((text(&value, "/g"), count(&value, "/h"), list(&value, "/a").count()), (None, Some(3), 0));
    }

    #[test]
    fn a_count_is_told_by_its_size() {
        for (count, ja, en) in [(1, "1 件", "1"), (9, "数件", "a few"), (18_422, "10,000 件以上", "10,000 or more")]
        {
            assert_eq!((about(count, Language::Ja), about(count, Language::En)), (ja.into(), en.into()));
        }
    }
}
