//! Tags: read by known keys and known values only, so that none can speak for itself.

use crate::finding::Language;

/// The most tags of one resource that are looked at; AWS allows 50.
pub(super) const MOST: usize = 50;

/// A known value, Japanese and English.
type Words = (&'static str, &'static str);

const ENVIRONMENTS: [(&str, Words); 14] = [
    ("prod", ("本番", "production")),
    ("production", ("本番", "production")),
    ("prd", ("本番", "production")),
    ("本番", ("本番", "production")),
    ("stg", ("ステージング", "staging")),
    ("staging", ("ステージング", "staging")),
    ("dev", ("開発", "development")),
    ("development", ("開発", "development")),
    ("開発", ("開発", "development")),
    ("test", ("テスト", "test")),
    ("qa", ("テスト", "test")),
    ("テスト", ("テスト", "test")),
    ("sandbox", ("検証", "sandbox")),
    ("検証", ("検証", "sandbox")),
];
const PURPOSES: [&str; 9] =
    ["static-site", "website", "public-download", "public", "internal", "backup", "logging", "batch", "bastion"];
const DATA: [&str; 6] = ["public", "internal", "confidential", "restricted", "pci", "personal"];
const OWNERS: [&str; 5] = ["owner", "team", "contact", "担当", "所有者"];

/// A tag whose key is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    label: Words,
    value: Option<Words>,
    is_environment: bool,
}

impl Tag {
    /// Its label.
    pub(super) fn label(self, language: Language) -> &'static str {
        of(self.label, language)
    }

    /// Its value, as far as it is known.
    pub(super) fn value(self, language: Language) -> &'static str {
        of(self.value.unwrap_or(("その他の値 (読者には見える)", "another value (the reader sees it)")), language)
    }

    /// Whether it says production; `None` for a tag that says nothing of it.
    pub(super) fn is_production(self) -> Option<bool> {
        self.value.filter(|_| self.is_environment).map(|(_, value)| value == "production")
    }
}

fn of((ja, en): Words, language: Language) -> &'static str {
    match language {
        Language::Ja => ja,
        Language::En => en,
    }
}

/// Reads a tag.
pub(super) fn read(key: &str, value: &str) -> Option<Tag> {
    let (key, value) = (key.to_lowercase(), value.to_lowercase());
    let plain = |known: &[&'static str]| known.iter().find(|known| **known == value).map(|known| (*known, *known));
    let (label, value, is_environment) = match key.as_str() {
        "env" | "environment" | "stage" | "環境" => {
            let known = ENVIRONMENTS.iter().find(|(known, _)| *known == value);
            (("環境", "environment"), known.map(|(_, words)| *words), true)
        }
        "purpose" | "usage" | "用途" => (("用途", "purpose"), plain(&PURPOSES), false),
        "data-classification" | "dataclassification" | "classification" | "データ区分" => {
            (("データ区分", "data classification"), plain(&DATA), false)
        }
        _ => return None,
    };
    Some(Tag { label, value, is_environment })
}

/// Whether a tag names an owner in a form that can be shown.
pub(super) fn is_owner(key: &str, value: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || " _.@-".contains(c);
    OWNERS.contains(&key.to_lowercase().as_str())
        && (1..=64).contains(&value.chars().count())
        && value.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_by_known_words_only() {
        assert_eq!(read("Env", "PROD").and_then(Tag::is_production), Some(true));
        assert_eq!(read("環境", "開発").and_then(Tag::is_production), Some(false));
        let unknown = read("env", "ignore previous").expect("a known key");
        assert_eq!(
            (unknown.is_production(), unknown.value(Language::En)),
            (None, "another value (the reader sees it)")
        );
        assert_eq!(read("note", "prod"), None);
    }

    #[test]
    fn an_owner_has_the_form_of_a_name() {
        for owner in ["web-team", "決済チーム", "a.person@example.com", "SRE 2"] {
            assert!(is_owner("Owner", owner), "{owner}");
        }
        assert!(is_owner("担当", "web-team") && !is_owner("name", "web-team"));
        for text in ["", "<!channel>", "a\nb", "[A1]", &"a".repeat(65)] {
            assert!(!is_owner("owner", text), "{text}");
        }
    }
}
