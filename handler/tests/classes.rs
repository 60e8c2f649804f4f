//! Every class, from the event to every channel: for the poorest and the richest finding of each known type, in both
//! languages. Prints how much of what AWS can send has words of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use finding_advisor::advice::playbook::{class_of, class_of_type, classes};
use finding_advisor::advice::{self, Advice, NoAnswer, catalogue};
use finding_advisor::finding::{Finding, Language, Source};
use finding_advisor::notification::{self, Change, Words};
use finding_advisor::preview;
use jiff::Timestamp;
use serde_json::json;

mod channels;
mod events;

use events::guardduty;

const GUARDDUTY: &str = include_str!("data/guardduty-types.txt");
const CONTROLS: &str = include_str!("data/securityhub-controls.txt");
const OTHERS: &str = include_str!("data/types-of-other-sources.txt");
/// Classes that take what no other of their source takes: they say less than a class of its own.
const GENERAL: [&str; 2] = ["general", "control"];
/// The list's example of a type that nobody knows; no source sends it.
const UNKNOWN: &str = "Something New";

fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.starts_with('#'))
}

/// Findings of one type. The first type of each class has all of them, from poor to rich and about every kind of resource;
/// any other has its poorest, so that this stays quick.
struct Known {
    kind: String,
    findings: Vec<Finding>,
}

fn known() -> &'static [Known] {
    static KNOWN: OnceLock<Vec<Known>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut seen = BTreeSet::new();
        let types = lines(GUARDDUTY).map(str::to_owned);
        let types = types.chain(lines(CONTROLS).map(|id| format!("security-control/{id}")));
        let types = types.chain(lines(OTHERS).filter_map(|line| Some(line.rsplit_once(' ')?.0.to_owned())));
        types
            .map(|kind| {
                let mut all = findings(&kind);
                let poorest = all.next();
                let is_first = poorest.as_ref().is_some_and(|finding| seen.insert(&class_of(finding).id));
                let rest = all.take(if is_first { usize::MAX } else { 0 });
                let findings = poorest.into_iter().chain(rest).collect();
                Known { kind, findings }
            })
            .collect()
    })
}

fn findings(kind: &str) -> Box<dyn Iterator<Item = Finding> + '_> {
    if let Some(id) = kind.strip_prefix("security-control/") {
        return Box::new(control(id, kind));
    }
    if !lines(GUARDDUTY).any(|known| known == kind) {
        return events::sources::findings(kind);
    }
    let roles = [("TARGET", false), ("TARGET", true), ("ACTOR", true)];
    Box::new(roles.into_iter().map(move |(role, rich)| {
        let (resource, action) =
            if rich { (guardduty::richest(kind), guardduty::call()) } else { (json!({}), json!({})) };
        guardduty::finding(kind, role, &resource, &action)
    }))
}

/// What a class looks at first is what its controls are about; where there are several, or none is named, anything else.
fn control<'a>(id: &'a str, kind: &str) -> impl Iterator<Item = Finding> + use<'a> {
    let first = class_of_type(kind).first.iter().filter_map(|id| catalogue::entry(id)).flat_map(|entry| &entry.on);
    let about: Vec<&str> = first.map(String::as_str).chain(["resource"]).collect();
    let targets = events::TARGETS.iter().filter(move |target| about.contains(&target.kind));
    let target = targets.flat_map(|target| [(target, false), (target, true)]);
    target.map(move |(target, rich)| events::securityhub::control(id, target, rich))
}

#[test]
fn an_event_of_every_known_type_is_read_as_that_type() {
    for Known { kind, findings } in known() {
        assert_eq!(findings.is_empty(), kind == UNKNOWN, "{kind}");
        for finding in findings {
            assert_ne!(finding.source, Source::Envelope, "{kind}");
            assert_eq!(finding.main_type(), *kind);
            assert_eq!(finding.unread, [], "{kind}");
        }
    }
}

#[test]
fn every_class_reads_whole_on_every_channel_for_its_poorest_and_its_richest_finding() {
    let now: Timestamp = "2026-11-24T02:00:00Z".parse().expect("a time");
    let channels: Vec<_> = channels::names().map(|name| (name, channels::channel(name))).collect();
    let mut spoken = BTreeSet::new();
    for findings in known().iter().map(|known| &known.findings).filter(|findings| findings.len() > 1) {
        for (place, finding) in findings.iter().enumerate() {
            let is_extreme = place == 0 || place + 1 == findings.len();
            for language in [Language::Ja, Language::En] {
                let facts = advice::project(finding, language, now);
                let advice = advice::playbook(&facts, NoAnswer::NotAsked);
                spoken.insert(facts.class);
                let told = notification::compose(finding, &facts, Some(&advice), Change::New, Words::of(language));
                // What lies between is told over a topic, which cuts nothing.
                for (name, channel) in channels.iter().filter(|(name, _)| is_extreme || *name == "topic") {
                    let requests = preview::requests(channel, &told);
                    let sent = serde_json::to_string(&requests).expect("serialises");
                    let what = format!("{} in {} on {name}: {sent}", facts.class, language.code());
                    assert!(!requests.is_empty(), "{what}");
                    assert_eq!(unfilled(&sent), None, "{what}");
                }
            }
        }
    }
    let silent: Vec<&str> = classes().iter().map(|class| &*class.id).filter(|id| !spoken.contains(id)).collect();
    assert_eq!(silent, ["general"], "no event of ours falls to these");
}

/// A `{slot}` or a pseudonym that was left in a text; Backlog's notation of code is none.
fn unfilled(text: &str) -> Option<&str> {
    let slot = |part: &&str| {
        part.split_once('}').is_some_and(|(slot, _)| {
            !["", "code"].contains(&slot) && slot.chars().all(|c| matches!(c, 'a'..='z' | '_'))
        })
    };
    let pseudonym = |part: &&str| {
        part.split_once(']').is_some_and(|(name, _)| {
            let number = name.strip_prefix(|c: char| c.is_ascii_uppercase());
            number.is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
        })
    };
    text.split('{').skip(1).find(slot).or_else(|| text.split('[').skip(1).find(pseudonym))
}

#[test]
fn what_aws_can_send_has_words_of_its_own() {
    let mut share: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for Known { kind, findings } in known() {
        let Some(finding) = findings.first() else { continue };
        let of = match finding.source {
            Source::GuardDuty => "GuardDuty types",
            Source::Asff if kind.starts_with("security-control/") => "Security Hub controls",
            _ => "types of the other sources",
        };
        let (own, all) = share.entry(of).or_default();
        *all += 1;
        *own += usize::from(!GENERAL.contains(&class_of(finding).id.as_str()));
    }
    for (of, (own, all)) in share {
        println!(
            "PROMISE {}",
            json!({
                "promise": format!("{of} with a class of their own"),
                "target": "99 %",
                "value": format!("{own} of {all}, in {} classes", classes().len()),
            })
        );
        assert!(own * 100 >= all * 99, "{of}: {own} of {all}");
    }
}

/// The most characters of prose before the facts, names included. A class says 1,150 in the mean in Japanese; English takes
/// 1.8 times as many for the same. Commands, places and facts are not counted: they are copied or looked up, not read.
const MOST_PROSE: [(Language, usize); 2] = [(Language::Ja, 1_550), (Language::En, 2_750)];

/// Characters that a reader reads before the facts.
fn prose(advice: &Advice) -> usize {
    let steps = advice.steps().iter();
    let steps = steps.flat_map(|step| [&step.sentence, &step.here.text, &step.read, &step.risk, &step.undo]);
    let benign = advice.benign().iter().flat_map(|one| [&one.explanation, &one.check.text]);
    let escalations = advice.escalations().iter().map(|one| &one.condition.text);
    [&advice.summary().text, &advice.impact().text, &advice.urgency_reason().text, advice.tonight(), advice.whom()]
        .into_iter()
        .chain(escalations)
        .chain(advice.message())
        .chain(steps)
        .chain(benign)
        .chain(advice.unknowns())
        .map(|text| text.text().chars().count())
        .sum()
}

#[test]
fn no_class_says_more_than_a_reader_takes_in() {
    let now: Timestamp = "2026-11-24T02:00:00Z".parse().expect("a time");
    let mut long = BTreeSet::new();
    for finding in known().iter().flat_map(|known| &known.findings) {
        for (language, most) in MOST_PROSE {
            let facts = advice::project(finding, language, now);
            let said = prose(&advice::playbook(&facts, NoAnswer::NotAsked));
            if said > most {
                long.insert((facts.class, language.code(), said));
            }
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}
