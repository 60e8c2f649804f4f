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

/// Fills a template's slots (`{bucket}`); `{{` and `}}` stand for the braces of JSON and of the AWS CLI's shorthand. `None`
/// when it needs a value that is not there: a reader never sees a slot.
#[must_use]
pub fn fill(template: &str, values: &BTreeMap<&str, String>) -> Option<String> {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, brace) = rest.split_at(at);
        filled.push_str(before);
        if brace.starts_with("{{") || brace.starts_with("}}") {
            filled.push_str(brace.get(..1)?);
            rest = brace.get(2..)?;
        } else {
            let (slot, after) = brace.strip_prefix('{')?.split_once('}')?;
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
        assert_eq!(fill("see }", &values), None);
        assert_eq!(fill("a=[{{b={bucket}}}]", &values).as_deref(), Some("a=[{b=b-1}]"));
    }
}
