//! The prompt: one static system text for each language, and a user text made of facts alone.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::OnceLock;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::catalogue::{self, Offer};
use super::playbook::{Class, Family, class, first_look};
use super::render::OTHER;
use super::{Facts, Urgency};
use crate::finding::{Language, Severity};

/// Changes with every change of the schema or of what an answer means.
const VERSION: &str = "1";
/// The most facts that a prompt may hold; the schema names them all.
pub(super) const MOST_FACTS: usize = 40;

/// What a model is asked. The system text is ours alone: its type keeps every finding out of it.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// Who the model is and how it must answer.
    pub system: &'static str,
    /// The facts of one finding, and what can be proposed.
    pub user: String,
    /// The language of the answer.
    pub language: Language,
    /// Whom it asks.
    pub asks: Asks,
    /// Where in `user` the facts stand: what a guardrail looks at.
    pub facts: Range<usize>,
    /// The schema of the answer.
    pub schema: &'static Value,
}

/// Which of the configured models a prompt asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// The usual ones.
    Usual,
    /// The one for findings of HIGH and CRITICAL first, where there is one.
    ForHigh,
    /// The cheaper one alone, where there is one.
    Cheaper,
}

impl Prompt {
    /// The user text in three parts: what comes before the facts, the facts, and what comes after them.
    #[must_use]
    pub fn parts(&self) -> [&str; 3] {
        let part = |range: Range<usize>| self.user.get(range).unwrap_or_default();
        let Range { start, end } = self.facts;
        [part(0..start), part(start..end), part(end..self.user.len())]
    }

    /// Chooses the models by severity.
    #[must_use]
    pub fn about(self, severity: Option<Severity>) -> Self {
        let high = severity >= Some(Severity::High);
        Self { asks: if high { Asks::ForHigh } else { self.asks }, ..self }
    }

    /// SHA-256 of all that an answer depends on, in hexadecimal. Findings that differ only in identities share it.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for part in [VERSION, self.system, self.user.as_str()] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The system text of a language.
pub(super) fn system(language: Language) -> &'static str {
    match language {
        Language::Ja => concat!(include_str!("../../prompts/rules.txt"), include_str!("../../prompts/ja.txt")),
        Language::En => concat!(include_str!("../../prompts/rules.txt"), include_str!("../../prompts/en.txt")),
    }
}

/// Asks for advice on these facts.
#[must_use]
pub fn prompt(facts: &Facts) -> Prompt {
    let language = facts.language;
    let offers = catalogue::offered(facts);
    let first =
        class(facts.class).and_then(|class| first_look(class, &facts.identities)).map_or("", |(entry, _)| &entry.id);
    let mut user = String::with_capacity(6_000);
    for (heading, fixed) in [("Step 1 (fixed)", true), ("Offered entries", false)] {
        let _ = writeln!(user, "{heading}:");
        let mut lines = offers.iter().filter(|offer| (offer.entry.id == first) == fixed).peekable();
        if lines.peek().is_none() {
            user.push_str("none\n");
        }
        for offer in lines {
            let _ = writeln!(user, "{}", line(offer, language, fixed));
        }
        user.push('\n');
    }
    let _ = writeln!(user, "Language: {}. Facts:", language.code());
    let start = user.len();
    for (number, fact) in (1..).zip(&facts.list) {
        let _ = writeln!(user, "f{number} {fact}");
    }
    let end = user.len();
    let names: Vec<&str> = facts.identities.iter().map(|(name, _)| name).collect();
    let _ = writeln!(
        user,
        "\nThe reader also sees, you do not (so they are no unknowns): the real values of {}; {}.",
        names.join(" "),
        facts.hidden.join("; ")
    );
    let schema = schema(class(facts.class).map_or(Family::Others, Class::family));
    Prompt { system: system(language), user, language, asks: Asks::Usual, facts: start..end, schema }
}

fn line(offer: &Offer, language: Language, fixed: bool) -> String {
    let entry = offer.entry;
    let word = |value: Value| value.as_str().unwrap_or_default().to_owned();
    let mut line = format!(
        "{} ({}, {}; target {}): {}",
        entry.id,
        word(json!(entry.kind)),
        word(json!(entry.phase)),
        offer.targets.join(" "),
        entry.meaning.of(language)
    );
    if !entry.requires.is_empty() {
        let _ = write!(line, " [first: {}]", entry.requires.join(", "));
    }
    if let Some(risk) = &entry.risk {
        let _ = write!(line, " [risk: {}]", risk.of(language));
    }
    if let (true, Some(read)) = (fixed, &entry.read) {
        let _ = write!(line, " [how the reader reads it: {}]", read.of(language));
    }
    line
}

/// The schema of a family's answers: static, so that what Bedrock compiles and caches serves all its findings. What is offered
/// stands in the prompt, and the check enforces it.
#[must_use]
pub fn schema(family: Family) -> &'static Value {
    static SCHEMAS: [OnceLock<Value>; 3] = [const { OnceLock::new() }; 3];
    let schema = match family {
        Family::Threats => &SCHEMAS[0],
        Family::Settings => &SCHEMAS[1],
        Family::Others => &SCHEMAS[2],
    };
    schema.get_or_init(|| {
        let text = || json!({ "type": "string" });
        let evidence = || json!({ "$ref": "#/$defs/evidence" });
        let urgency = |these: &[Urgency]| json!({ "type": "string", "enum": these });
        let object = |fields: Vec<(&str, Value)>| {
            let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
            let properties: serde_json::Map<String, Value> =
                fields.iter().map(|(name, field)| ((*name).to_owned(), field.clone())).collect();
            json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties })
        };
        let list = |item: Value| json!({ "type": "array", "items": item });
        let entries: Vec<&str> =
            catalogue::of_family(family).map(|entry| entry.id.as_str()).chain([OTHER]).collect();
        let ids: Vec<String> = (1..=MOST_FACTS).map(|number| format!("f{number}")).collect();
        let all = [Urgency::Now, Urgency::Today, Urgency::ThisWeek, Urgency::Planned];
        let mut schema = object(vec![
            ("summary", text()),
            ("impact", text()),
            ("urgency", urgency(&all)),
            ("urgency_reason", text()),
            ("evidence", evidence()),
            (
                "escalate_if",
                list(object(vec![
                    ("condition", text()),
                    ("urgency", urgency(&[Urgency::Now, Urgency::Today])),
                    ("evidence", evidence()),
                ])),
            ),
            ("first", object(vec![("text", text()), ("evidence", evidence())])),
            (
                "steps",
                list(object(vec![
                    ("do", json!({ "type": "string", "enum": entries })),
                    ("target", json!({ "type": "string", "description": "one pseudonym of the entry's targets, or none" })),
                    ("text", json!({ "type": "string", "description": "what to look for or why, here; for other: the whole step" })),
                    ("evidence", evidence()),
                ])),
            ),
            ("benign", list(object(vec![("explanation", text()), ("check", text()), ("evidence", evidence())]))),
            ("unknowns", list(text())),
        ]);
        if let Some(fields) = schema.as_object_mut() {
            fields.insert(
                "$defs".into(),
                json!({ "evidence": { "type": "array", "items": { "type": "string", "enum": ids },
                        "description": "1 to 6 ids of the facts this rests on" } }),
            );
        }
        schema
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_text_asks_for_its_language_and_for_the_limits_that_the_check_keeps() {
        for (language, name, summary) in
            [(Language::Ja, "Japanese", "summary 110"), (Language::En, "English", "summary 220")]
        {
            let system = system(language);
            assert!(system.contains(&format!("Write in {name}.")) && system.contains(summary));
            assert!(!system.contains("[A1]") && system.is_ascii() == (language == Language::En));
        }
        assert_ne!(system(Language::Ja), system(Language::En));
    }

    #[test]
    fn the_schema_is_static_and_within_what_bedrock_compiles() {
        const KEYWORDS: [&str; 9] =
            ["type", "properties", "required", "items", "additionalProperties", "enum", "$ref", "$defs", "description"];
        fn walk(schema: &Value) {
            let fields = schema.as_object().expect("a schema");
            for (name, value) in fields {
                assert!(KEYWORDS.contains(&name.as_str()), "`{name}` is not accepted");
                match (name.as_str(), value) {
                    ("properties" | "$defs", Value::Object(below)) => below.values().for_each(walk),
                    ("items", below) => walk(below),
                    _ => {}
                }
            }
            if fields.get("type") == Some(&json!("object")) {
                assert_eq!(fields.get("additionalProperties"), Some(&json!(false)));
                let names = |value: &Value| match value {
                    Value::Object(map) => map.keys().cloned().collect::<Vec<_>>(),
                    Value::Array(list) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                    _ => Vec::new(),
                };
                assert_eq!(names(&fields["properties"]), names(&fields["required"]), "no field may be left out");
            }
        }
        let mut named = std::collections::HashSet::new();
        for family in [Family::Threats, Family::Settings, Family::Others] {
            let schema = schema(family);
            walk(schema);
            let entries = schema.pointer("/properties/steps/items/properties/do/enum").and_then(Value::as_array);
            named.extend(entries.expect("entries").iter().filter_map(Value::as_str));
            let facts = schema.pointer("/$defs/evidence/items/enum").and_then(Value::as_array).expect("facts");
            assert_eq!((facts.len(), facts.last()), (MOST_FACTS, Some(&json!("f40"))));
        }
        assert_eq!(named.len(), catalogue::entries().len() + 1, "each entry is in some family");
    }

    #[test]
    fn what_is_offered_stands_in_the_schema_of_its_class() {
        for class in crate::advice::playbook::classes() {
            let schema = schema(class.family()).to_string();
            for id in class.first.iter().chain(&class.steps) {
                assert!(schema.contains(&format!("\"{id}\"")), "{}: {id}", class.id);
            }
        }
    }
}
