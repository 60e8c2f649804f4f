//! The playbook: reviewed advice for every class of finding. It grounds the model's answer, and it speaks when there is none.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::answer::{Draft, DraftBenign, DraftEscalation, DraftFirst, DraftStep};
use super::render::render;
use super::text::{Text, fill};
use super::{Advice, Facts, NoAnswer, Origin, Urgency, catalogue};
use crate::finding::Finding;

/// The data files, one a class. The last one is the general class, which every finding matches.
const FILES: &[&str] = &[
    include_str!("../../playbook/credentials_used_by_others.json"),
    include_str!("../../playbook/public_bucket.json"),
    include_str!("../../playbook/public_bucket_read.json"),
    include_str!("../../playbook/public_bucket_write.json"),
    include_str!("../../playbook/account_public_access.json"),
    include_str!("../../playbook/general.json"),
];

/// At most this many steps after the first look.
pub(super) const MOST_STEPS: usize = 4;

/// One class of finding: what a person does about it is the same.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Its word in logs.
    pub id: String,
    /// Finding types that fall to it; `*` stands for any text.
    pub matches: Vec<String>,
    /// Urgencies that its findings can have.
    pub band: Vec<Urgency>,
    /// The urgency without further facts.
    pub default: Urgency,
    /// What moves the urgency within the band.
    pub rule: Text,
    /// Why the default is what it is, for the reader.
    pub reason: Text,
    /// The decisive first look: an entry of the catalogue.
    pub first: String,
    /// Entries that may follow, in this order.
    pub steps: Vec<String>,
    /// What happened; templates in the order of preference, the first that can be filled is taken.
    pub summary: Vec<Text>,
    /// What it can lead to.
    pub impact: Text,
    /// Whom to ask when no owner is known.
    pub whom: Text,
    /// A message to them, line by line; of a line's wordings the first that can be filled is taken.
    pub message: Vec<Vec<Text>>,
    /// Innocent explanations.
    pub benign: Vec<BenignTexts>,
    /// What the reader may see that makes it more urgent.
    pub escalate: Vec<EscalationText>,
    /// What nobody knows yet.
    pub unknowns: Vec<Text>,
    /// What a model should know of this class.
    pub know: Vec<Text>,
    /// AWS's pages that it rests on.
    pub references: Vec<Reference>,
}

/// An innocent explanation and how to tell.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BenignTexts {
    /// The explanation.
    pub explanation: Text,
    /// How to tell.
    pub check: Text,
}

/// A visible condition and what it raises the urgency to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EscalationText {
    /// The condition.
    pub condition: Text,
    /// The urgency then.
    pub urgency: Urgency,
}

/// A page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// The day on which it was read, as `2026-11-24`.
    pub read: String,
}

/// All classes, the general one last.
///
/// # Panics
/// Never in a release: a test loads every file.
pub fn classes() -> &'static [Class] {
    static CLASSES: OnceLock<Vec<Class>> = OnceLock::new();
    CLASSES.get_or_init(|| {
        FILES
            .iter()
            .map(|file| match serde_json::from_str(file) {
                Ok(class) => class,
                Err(error) => panic!("a compiled-in playbook file is broken: {error}"),
            })
            .collect()
    })
}

/// The class of this id.
#[must_use]
pub fn class(id: &str) -> Option<&'static Class> {
    classes().iter().find(|class| class.id == id)
}

/// The class that a finding's types fall to.
#[must_use]
pub fn class_of(finding: &Finding) -> &'static Class {
    let fits = |class: &&Class| class.matches.iter().any(|glob| matches_glob(glob, finding.main_type()));
    classes().iter().find(fits).unwrap_or_else(general)
}

/// The class that says what is true of every finding.
#[must_use]
pub fn general() -> &'static Class {
    match classes() {
        [.., general] => general,
        [] => unreachable!("the list of files is not empty"),
    }
}

fn matches_glob(glob: &str, text: &str) -> bool {
    // An importer may write any type, also one of AWS's own behind this mark.
    if text.starts_with("imported/") && glob != "*" && !glob.starts_with("imported/") {
        return false;
    }
    let mut parts = glob.split('*');
    let Some(mut rest) = parts.next().and_then(|start| text.strip_prefix(start)) else { return false };
    let mut last = None;
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
        last = Some(part);
    }
    match last {
        None => rest.is_empty(),
        Some(end) => end.is_empty() || text.ends_with(end),
    }
}

/// The advice that needs no model, in the same shape and through the same renderer.
#[must_use]
pub fn playbook(facts: &Facts, why: NoAnswer) -> Advice {
    let class = class(facts.class).filter(|class| starts(class, facts)).unwrap_or_else(general);
    render(&draft(class, facts), class, facts, Origin::Playbook(why), Vec::new())
}

/// Whether the class's first look has something to look at here.
pub(super) fn starts(class: &Class, facts: &Facts) -> bool {
    catalogue::entry(&class.first).is_some_and(|entry| !catalogue::targets(entry, facts).is_empty())
        || class.id == general().id
}

/// The class's words as an answer, with pseudonyms.
pub(super) fn draft(class: &Class, facts: &Facts) -> Draft {
    let language = facts.language;
    let names = pseudonyms(facts);
    let say = |text: &Text| fill(text.of(language), &names).unwrap_or_default();
    let summary = class.summary.iter().map(say).find(|text| !text.is_empty()).unwrap_or_default();
    let mut before = vec![class.first.as_str()];
    let mut steps = Vec::new();
    for id in &class.steps {
        let Some(entry) = catalogue::entry(id) else { continue };
        let Some(target) = catalogue::targets(entry, facts).into_iter().next() else { continue };
        if steps.len() < MOST_STEPS && entry.requires.iter().all(|required| before.contains(&required.as_str())) {
            before.push(id);
            steps.push(DraftStep { r#do: id.clone(), evidence: evidence(&target, facts), target, text: String::new() });
        }
    }
    Draft {
        evidence: evidence(&summary, facts),
        summary,
        impact: say(&class.impact),
        urgency: class.default,
        urgency_reason: say(&class.reason),
        escalate_if: class
            .escalate
            .iter()
            .map(|one| DraftEscalation { condition: say(&one.condition), urgency: one.urgency, evidence: Vec::new() })
            .filter(|one| !one.condition.is_empty())
            .collect(),
        first: DraftFirst { text: String::new(), evidence: Vec::new() },
        steps,
        benign: class
            .benign
            .iter()
            .map(|one| (say(&one.explanation), say(&one.check)))
            .filter(|(explanation, check)| !explanation.is_empty() && !check.is_empty())
            .map(|(explanation, check)| DraftBenign { evidence: evidence(&check, facts), explanation, check })
            .collect(),
        unknowns: class.unknowns.iter().map(say).filter(|text| !text.is_empty()).collect(),
    }
}

/// The first pseudonym of each kind, as slots.
fn pseudonyms(facts: &Facts) -> BTreeMap<&'static str, String> {
    kinds(facts, |name, _| name.to_owned())
}

/// A value for each kind of identity, and for the groups `key`, `principal` and `target` (whatever is affected).
pub(super) fn kinds(facts: &Facts, value: impl Fn(&str, &super::Identity) -> String) -> BTreeMap<&'static str, String> {
    let mut values = BTreeMap::new();
    for (name, identity) in facts.identities.iter() {
        let group = match identity.kind {
            "key_temp" | "key_long" => "key",
            "role" | "user" => "principal",
            kind => kind,
        };
        let affected = !matches!(
            identity.kind,
            "account"
                | "ip"
                | "owner"
                | "key_temp"
                | "key_long"
                | "hash"
                | "cve"
                | "package"
                | "version"
                | "event"
                | "config_rule"
                | "case"
        );
        for kind in [identity.kind, group].into_iter().chain(affected.then_some("target")) {
            values.entry(kind).or_insert_with(|| value(name, identity));
        }
    }
    values.insert("time", facts.last_seen.clone());
    values.insert("account", values.get("account").cloned().unwrap_or_default());
    values
}

/// The facts that name the text's pseudonyms. The account is where it happened and no reason for anything.
fn evidence(text: &str, facts: &Facts) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let grounds = |name: &&str| facts.identities.get(name).is_some_and(|identity| identity.kind != "account");
    for name in super::pseudonym::names_in(text).filter(grounds) {
        if let Some(at) = facts.list.iter().position(|fact| fact.contains(name)) {
            let id = format!("f{}", at + 1);
            if !found.contains(&id) && found.len() < 6 {
                found.push(id);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Language;

    #[test]
    fn a_type_finds_its_class_and_an_unknown_one_the_general_class() {
        let class_of = |kind: &str| {
            let fits = |class: &&Class| class.matches.iter().any(|glob| matches_glob(glob, kind));
            classes().iter().find(fits).map_or("", |class| class.id.as_str())
        };
        for (kind, id) in [
            ("UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS", "credentials_used_by_others"),
            ("security-control/S3.8", "public_bucket"),
            ("security-control/S3.2", "public_bucket_read"),
            ("security-control/S3.3", "public_bucket_write"),
            ("security-control/S3.1", "account_public_access"),
            ("security-control/S3.80", "general"),
            ("Something:New/Type", "general"),
            ("", "general"),
        ] {
            assert_eq!(class_of(kind), id, "{kind}");
        }
    }

    #[test]
    fn every_class_is_whole() {
        for class in classes() {
            assert!(class.band.contains(&class.default), "{}", class.id);
            for id in class.steps.iter().chain([&class.first]) {
                let entry = catalogue::entry(id);
                assert!(entry.is_some(), "{}: no entry {id}", class.id);
                let fits = entry.is_some_and(|entry| entry.only.is_empty() || entry.only.contains(&class.id));
                assert!(fits, "{}: {id} is limited to other classes", class.id);
            }
            for language in [Language::Ja, Language::En] {
                assert!(!class.reason.of(language).is_empty(), "{}", class.id);
            }
            assert!(!class.references.is_empty(), "{}", class.id);
            for page in &class.references {
                assert!(page.url.starts_with("https://docs.aws.amazon.com/") && !page.title.is_empty(), "{}", class.id);
                assert!(page.read.parse::<jiff::civil::Date>().is_ok(), "{}: {}", class.id, page.read);
            }
        }
    }

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches_glob("a*c*", "abcd") && matches_glob("*", "") && matches_glob("a*d", "abcd"));
        assert!(matches_glob("*", "imported/a:b/c") && matches_glob("imported/*", "imported/a"));
        assert!(!matches_glob("*:b/*", "imported/a:b/c"));
        assert!(!matches_glob("a*d", "abcde") && !matches_glob("a", "ab") && !matches_glob("ab*b", "ab"));
    }
}
