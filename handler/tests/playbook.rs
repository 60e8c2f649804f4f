//! Every class of the playbook, whole: for the poorest finding that can start it, for each kind of target alone and for all
//! of them together, in both languages.

use finding_advisor::advice::{self, Advice, Facts, Identities, NoAnswer, Place, StepKind, catalogue, playbook};
use finding_advisor::finding::Language;
use finding_advisor::plain::Plain;

/// A value of each kind that has a form of its own; any other kind is an ARN.
fn value(kind: &str) -> &'static str {
    match kind {
        "account" => "111122223333",
        "bucket" => "example-shop-catalogue",
        "cve" => "CVE-2026-0001",
        "event" => "the message that came",
        "function" | "role" | "user" | "group" | "queue" | "table" | "db" | "db_cluster" | "db_snapshot" => "a-name",
        "instance" => "i-0123456789abcdef0",
        "ip" => "198.51.100.7",
        "key_long" => "AKIAIOSFODNN7EXAMPLE",
        "key_temp" => "ASIAIOSFODNN7EXAMPLE",
        "repository" => "team/app",
        "sg" => "sg-0123456789abcdef0",
        _ => "arn:aws:service:ap-northeast-1:111122223333:thing/one",
    }
}

/// Facts that name these kinds and nothing else.
fn facts(class: &'static playbook::Class, kinds: &[&'static str], language: Language) -> Facts {
    let mut identities = Identities::default();
    let mut list = Vec::new();
    for kind in kinds {
        let value = Plain::new(value(kind));
        let name = identities.name(if *kind == "account" { 'A' } else { 'R' }, kind, &value, value.clone());
        list.push(name);
    }
    Facts {
        language,
        class: &class.id,
        list,
        identities,
        control: String::new(),
        place: Place { account: "111122223333".into(), region: "ap-northeast-1".into() },
        hidden: Vec::new(),
        tripwire: Vec::new(),
        headline: "something happened".into(),
        last_seen: String::new(),
    }
}

/// The kinds that a class's first looks and steps can be done to.
fn kinds(class: &'static playbook::Class) -> Vec<&'static str> {
    let entries = class.first.iter().chain(&class.steps).filter_map(|id| catalogue::entry(id));
    let mut kinds: Vec<&str> = entries.flat_map(|entry| entry.on.iter().map(String::as_str)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// The kinds of which one alone starts the class.
fn starts(class: &'static playbook::Class) -> Vec<&'static str> {
    let entries = class.first.iter().filter_map(|id| catalogue::entry(id));
    entries.flat_map(|entry| entry.on.iter().map(String::as_str)).collect()
}

/// Whether a `{slot}` or a pseudonym was left.
fn is_unfilled(text: &str) -> bool {
    let slot =
        |part: &str| part.split_once('}').is_some_and(|(slot, _)| slot.chars().all(|c| matches!(c, 'a'..='z' | '_')));
    let pseudonym = |part: &str| part.split_once(']').is_some_and(|(name, _)| matches!(name, "A1" | "R1" | "R2"));
    text.split('{').skip(1).any(slot) || text.split('[').skip(1).any(pseudonym)
}

fn texts(advice: &Advice) -> Vec<&str> {
    let mut texts =
        vec![advice.summary().text.text(), advice.impact().text.text(), advice.urgency_reason().text.text()];
    texts.push(advice.whom().text());
    texts.extend(advice.message().iter().map(Plain::text));
    texts.extend(advice.escalations().iter().map(|one| one.condition.text.text()));
    texts.extend(advice.benign().iter().flat_map(|one| [one.explanation.text(), one.check.text.text()]));
    texts.extend(advice.unknowns().iter().map(Plain::text));
    for step in advice.steps() {
        texts.push(step.sentence.text());
        texts.extend(step.commands.iter().map(Plain::text));
        texts.extend([step.read.text(), step.place.text(), step.risk.text(), step.undo.text()]);
    }
    texts
}

/// The advice in both languages, after what must hold for each.
fn whole(class: &'static playbook::Class, kinds: &[&'static str]) -> [Advice; 2] {
    [Language::Ja, Language::En].map(|language| {
        let facts = facts(class, kinds, language);
        let advice = advice::playbook(&facts, NoAnswer::NotAsked);
        assert_eq!(advice.class(), class.id, "{kinds:?}");
        for text in texts(&advice) {
            assert!(!is_unfilled(text), "{}: {text}", class.id);
        }
        for text in [advice.summary().text.text(), advice.impact().text.text(), advice.whom().text()] {
            assert!(!text.is_empty(), "{} of {kinds:?} lacks a text", class.id);
        }
        assert!(!advice.message().is_empty(), "{} of {kinds:?}: no message", class.id);
        assert!(!advice.benign().is_empty(), "{} of {kinds:?}: no innocent cause", class.id);
        for step in advice.steps() {
            assert!(step.kind != StepKind::Look || !step.read.is_empty(), "{}: how to read {}", class.id, step.entry);
            assert!(step.kind != StepKind::Act || !step.risk.is_empty(), "{}: the risk of {}", class.id, step.entry);
        }
        advice
    })
}

#[test]
fn every_class_speaks_whole_for_every_kind_of_target() {
    for class in playbook::classes() {
        for kind in starts(class) {
            for kinds in [vec![kind], vec!["account", kind]] {
                whole(class, &kinds);
            }
        }
        whole(class, &kinds(class));
    }
}

#[test]
fn both_languages_say_the_same() {
    for class in playbook::classes() {
        let [ja, en] = whole(class, &kinds(class));
        let steps = |advice: &Advice| {
            let steps = advice.steps().iter();
            steps.map(|step| (step.entry, step.commands.clone(), step.undo.is_empty())).collect::<Vec<_>>()
        };
        assert_eq!(steps(&ja), steps(&en), "{}", class.id);
        assert_eq!(ja.urgency(), en.urgency(), "{}", class.id);
        assert!((2..=5).contains(&ja.steps().len()), "{}: {} steps", class.id, ja.steps().len());
        assert_eq!(ja.escalations().len(), en.escalations().len(), "{}", class.id);
        assert_eq!(ja.unknowns().len(), en.unknowns().len(), "{}", class.id);
    }
}

/// The types that intake makes for sources other than GuardDuty and Security Hub's controls, with the class of each.
const TYPES: &str = include_str!("data/types-of-other-sources.txt");

#[test]
fn every_type_of_the_other_sources_has_its_class() {
    for line in TYPES.lines().filter(|line| !line.starts_with('#')) {
        let (kind, class) = line.rsplit_once(' ').expect("a type and a class");
        assert_eq!(playbook::class_of_type(kind).id, class, "{kind}");
    }
}
