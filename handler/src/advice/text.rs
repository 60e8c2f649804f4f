//! A reviewed text in both languages, side by side; a missing translation does not load.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::finding::Language;

/// One text, Japanese and English.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    ja: String,
    en: String,
}

impl Text {
    /// The text in a language.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Ja => &self.ja,
            Language::En => &self.en,
        }
    }
}

/// Fills a template's slots (`{bucket}`); a doubled brace is a brace. `None` when it needs a value that is not there: a reader
/// never sees a slot.
#[must_use]
pub fn fill(template: &str, values: &BTreeMap<&str, String>) -> Option<String> {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, after) = rest.split_at(at);
        filled.push_str(before);
        if let Some(brace) = ["{{", "}}"].into_iter().find(|double| after.starts_with(double)) {
            filled.push_str(brace.get(..1)?);
            rest = after.get(2..)?;
        } else {
            let (slot, after) = after.strip_prefix('{')?.split_once('}')?;
            filled.push_str(values.get(slot).filter(|value| !value.is_empty())?);
            rest = after;
        }
    }
    filled.push_str(rest);
    Some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_filled_or_left_out() {
        let values = BTreeMap::from([("bucket", "b-1".to_owned()), ("empty", String::new())]);
        assert_eq!(fill("see {bucket}!", &values).as_deref(), Some("see b-1!"));
        assert_eq!(fill("see {role}", &values), None);
        assert_eq!(fill("see {empty}", &values), None);
        assert_eq!(fill("{{\"Name\":{{\"a\":\"{bucket}\"}}}}", &values).as_deref(), Some("{\"Name\":{\"a\":\"b-1\"}}"));
        assert_eq!(fill("see } alone", &values), None);
    }
}
