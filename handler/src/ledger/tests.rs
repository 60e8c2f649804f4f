//! The rule, written a second time as the table of ARCHITECTURE.md, and compared over every combination of what it looks at.

use std::collections::BTreeSet;

use jiff::ToSpan;

use super::*;
use crate::finding::Resource;
use crate::notification::sample;
use crate::plain::Plain;

/// One combination.
#[derive(Clone, Copy, Debug)]
struct Now {
    state: State,
    /// The finding's severity: below, as, or above what the route heard, which is MEDIUM or HIGH.
    severity: Severity,
    reaches: bool,
    asked: bool,
    sample: bool,
    /// What the route heard.
    heard: Option<Heard>,
}

#[derive(Clone, Copy, Debug)]
struct Heard {
    state: State,
    severity: Severity,
    same_event: bool,
    same_way: bool,
    /// The event was changed before what the route heard.
    older: bool,
    new_party: bool,
    many_more: bool,
    long_ago: bool,
}

const MISS: &str = "other_region";

impl Now {
    fn heard(&self, test: fn(Heard) -> bool) -> bool {
        self.heard.is_some_and(test)
    }

    fn open(&self) -> bool {
        self.state == State::Open
    }

    fn serious(&self) -> bool {
        matches!(self.severity, Severity::High | Severity::Critical)
    }

    fn heard_open(&self) -> bool {
        self.heard(|heard| heard.state == State::Open)
    }

    /// It came the way that the route heard it, open.
    fn comparable(&self) -> bool {
        self.heard(|heard| heard.state == State::Open && heard.same_way)
    }

    fn worse(&self) -> bool {
        self.comparable() && self.heard.is_some_and(|heard| self.severity > heard.severity)
    }
}

/// What the finding is, what the route heard, what becomes of it; the first row that fits holds. The texts are those of the
/// table in ARCHITECTURE.md.
type Row = (&'static str, &'static str, &'static str, fn(&Now) -> bool, Decision);

const TABLE: &[Row] = &[
    (
        "this very event",
        "it",
        "held: `same_event`",
        |now| now.heard(|heard| heard.same_event),
        Decision::Hold(Held::SameEvent),
    ),
    (
        "asked for by a custom action, and the route's match holds but for the severity",
        "anything",
        "told: `asked`",
        |now| now.asked && now.reaches,
        Decision::Tell(Change::Asked),
    ),
    (
        "asked for by a custom action, and the route's match does not hold",
        "anything",
        "held: what did not match",
        |now| now.asked,
        Decision::Hold(Held::OutOfReach(MISS)),
    ),
    (
        "could not be evaluated",
        "anything",
        "held: `not_evaluated`",
        |now| now.state == State::Unknown,
        Decision::Hold(Held::NotEvaluated),
    ),
    (
        "open, reaches the route",
        "nothing",
        "told: `new`",
        |now| now.heard.is_none() && now.open() && now.reaches,
        Decision::Tell(Change::New),
    ),
    (
        "HIGH or CRITICAL, suppressed, reaches the route",
        "nothing",
        "told: `suppressed`",
        |now| now.heard.is_none() && now.state == State::Suppressed && now.serious() && now.reaches,
        Decision::Tell(Change::Suppressed),
    ),
    (
        "closed, and not a suppressed HIGH or CRITICAL",
        "nothing",
        "held: `closed_unheard`",
        |now| now.heard.is_none() && !now.open() && !(now.state == State::Suppressed && now.serious()),
        Decision::Hold(Held::ClosedUnheard),
    ),
    (
        "open or suppressed, does not reach the route",
        "nothing",
        "held: what did not match",
        |now| now.heard.is_none(),
        Decision::Hold(Held::OutOfReach(MISS)),
    ),
    ("a sample", "something", "held: `sample`", |now| now.sample, Decision::Hold(Held::Sample)),
    (
        "older than what it heard, and not worse",
        "something",
        "held: `older`",
        |now| now.heard(|heard| heard.older) && !now.worse(),
        Decision::Hold(Held::Older),
    ),
    ("closed", "it open", "told: `closed`", |now| !now.open() && now.heard_open(), Decision::Tell(Change::Closed)),
    ("closed", "it closed", "held: `unchanged`", |now| !now.open(), Decision::Hold(Held::Unchanged)),
    (
        "open, does not reach the route",
        "something",
        "held: what did not match",
        |now| !now.reaches,
        Decision::Hold(Held::OutOfReach(MISS)),
    ),
    ("open", "it closed", "told: `reopened`", |now| !now.heard_open(), Decision::Tell(Change::Reopened)),
    ("open, severity rose", "it open, the same way", "told: `worse`", Now::worse, Decision::Tell(Change::Worse)),
    (
        "open, with a new resource or actor",
        "it open, the same way",
        "told: `new_party`",
        |now| now.comparable() && now.heard(|heard| heard.new_party),
        Decision::Tell(Change::NewParty),
    ),
    (
        "open, seen ten times as often",
        "it open, the same way",
        "told: `many_more`",
        |now| now.comparable() && now.heard(|heard| heard.many_more),
        Decision::Tell(Change::ManyMore),
    ),
    (
        "open, HIGH or CRITICAL",
        "it open, the repeat interval ago or longer",
        "told: `still`",
        |now| now.serious() && now.heard(|heard| heard.long_ago),
        Decision::Tell(Change::Still),
    ),
    ("anything else", "something", "held: `unchanged`", |_| true, Decision::Hold(Held::Unchanged)),
];

const STATES: [State; 8] = [
    State::Open,
    State::Archived,
    State::Resolved,
    State::Suppressed,
    State::Passed,
    State::Closed,
    State::Deleted,
    State::Unknown,
];
const BOTH: [bool; 2] = [false, true];

fn combinations() -> Vec<Now> {
    let mut heards = vec![None];
    for state in [State::Open, State::Passed, State::Suppressed] {
        for severity in [Severity::Medium, Severity::High] {
            for bits in 0..64_u8 {
                let bit = |place: u8| bits & (1 << place) != 0;
                heards.push(Some(Heard {
                    state,
                    severity,
                    same_event: bit(0),
                    same_way: bit(1),
                    older: bit(2),
                    new_party: bit(3),
                    many_more: bit(4),
                    long_ago: bit(5),
                }));
            }
        }
    }
    let mut all = Vec::new();
    for heard in heards {
        for state in STATES {
            for severity in [Severity::Low, Severity::Medium, Severity::High, Severity::Critical] {
                for reaches in BOTH {
                    for asked in BOTH {
                        all.extend(BOTH.map(|sample| Now { state, severity, reaches, asked, sample, heard }));
                    }
                }
            }
        }
    }
    all
}

fn time() -> Timestamp {
    "2026-11-24T02:00:00Z".parse().expect("a time")
}

/// The finding and what was told, made of a combination.
fn made(now: &Now) -> (Finding, Option<Told>) {
    let mut finding = sample::finding();
    finding.state = now.state;
    finding.severity = Some(now.severity);
    finding.sample = now.sample;
    finding.asked_for = now.asked.then(|| Plain::new("ask"));
    finding.count = Some(50);
    let told = now.heard.map(|heard| {
        let mut told = Told::of(&finding, time(), None);
        told.state = heard.state;
        told.severity = Some(heard.severity);
        told.at = time().checked_sub(if heard.long_ago { 168.hours() } else { 167.hours() }).expect("a time");
        told.count = Some(if heard.many_more { 5 } else { 6 });
        told.updated = finding.updated.map(|updated| if heard.older { updated + 1.second() } else { updated });
        if !heard.same_event {
            told.event = "another".into();
        }
        if !heard.same_way {
            told.source = "ocsf".into();
        }
        if heard.new_party {
            finding.resources.push(Resource { kind: Plain::new("k"), id: Plain::new("new"), tags: Vec::new() });
        }
        told
    });
    (finding, told)
}

#[test]
fn the_rule_is_the_table_over_every_combination() {
    let mut reached = vec![0_usize; TABLE.len()];
    let all = combinations();
    for now in &all {
        let (row, (.., decision)) =
            TABLE.iter().enumerate().find(|(_, (.., fits, _))| fits(now)).expect("the last row fits everything");
        reached[row] += 1;
        let (finding, told) = made(now);
        let listener = Listener { miss: (!now.reaches).then_some(MISS), repeat_days: 7 };
        assert_eq!(decide(&finding, listener, told.as_ref(), time()), *decision, "{now:?}");
    }
    assert_eq!(all.len(), 98_560);
    let unreached: Vec<_> = TABLE.iter().zip(&reached).filter(|(_, count)| **count == 0).collect();
    assert!(
        unreached.is_empty(),
        "rows that nothing reaches: {:?}",
        unreached.iter().map(|(row, _)| row.0).collect::<Vec<_>>()
    );
}

#[test]
fn the_table_stands_in_the_architecture() {
    let written = include_str!("../../../ARCHITECTURE.md");
    let rows: Vec<String> =
        TABLE.iter().map(|(finding, heard, then, ..)| format!("| {finding} | {heard} | {then} |")).collect();
    assert!(written.contains(&rows.join("\n")), "the table of ARCHITECTURE.md should be:\n{}", rows.join("\n"));
}

#[test]
fn the_repeat_interval_is_the_routes_and_none_is_none() {
    let (finding, told) = made(&Now {
        state: State::Open,
        severity: Severity::High,
        reaches: true,
        asked: false,
        sample: false,
        heard: Some(Heard {
            state: State::Open,
            severity: Severity::High,
            same_event: false,
            same_way: true,
            older: false,
            new_party: false,
            many_more: false,
            long_ago: true,
        }),
    });
    let decided = |repeat_days| decide(&finding, Listener { miss: None, repeat_days }, told.as_ref(), time());
    assert_eq!(decided(7), Decision::Tell(Change::Still));
    assert_eq!(decided(8), Decision::Hold(Held::Unchanged));
    assert_eq!(decided(0), Decision::Hold(Held::Unchanged));
}

#[test]
fn what_is_about_too_many_brings_no_news_and_a_row_of_before_is_read() {
    let (mut finding, _) = made(&combinations()[0]);
    let resource =
        |number: usize| Resource { kind: Plain::new("k"), id: Plain::new(number.to_string()), tags: Vec::new() };
    finding.resources = (0..200).map(resource).collect();
    let told = Told::of(&finding, time(), None);
    assert_eq!(told.parties.len(), MOST_PARTIES);
    assert!(!has_new_party(&finding, &told));
    finding.resources[0] = resource(200);
    assert!(!has_new_party(&finding, &told), "one more among so many");
    let before = r#"{"severity":"HIGH","state":"OPEN","source":"asff","updated":null,"at":"2026-11-24T02:00:00Z","event":"e","receipt":{"messageId":"m"}}"#;
    let told: Told = serde_json::from_str(before).expect("the first form of a row");
    assert_eq!((told.parties.len(), told.count, told.receipt.is_some()), (0, None, true));
}

#[test]
fn a_reason_has_the_word_that_the_table_has_and_no_two_have_the_same() {
    let held: Vec<_> = TABLE.iter().filter_map(|(_, _, then, _, decision)| Some((*then, held(decision)?))).collect();
    for (then, held) in &held {
        match held {
            Held::OutOfReach(why) => assert_eq!(held.word(), *why),
            _ => assert_eq!(*then, format!("held: `{}`", held.word())),
        }
    }
    let words: BTreeSet<_> = held.iter().map(|(_, held)| held.word()).collect();
    assert_eq!(words.len(), 7, "{words:?}");
}

fn held(decision: &Decision) -> Option<Held> {
    match decision {
        Decision::Hold(held) => Some(*held),
        Decision::Tell(_) => None,
    }
}

#[test]
fn another_event_of_one_finding_is_not_the_same_event() {
    let (finding, _) = made(&combinations()[0]);
    let told = Told::of(&finding, time(), None);
    let decided = |finding: &Finding| decide(finding, Listener { miss: None, repeat_days: 0 }, Some(&told), time());
    assert_eq!(decided(&finding), Decision::Hold(Held::SameEvent));
    let mut another = finding.clone();
    another.event = Plain::new("another");
    assert_eq!(decided(&another), Decision::Hold(Held::Unchanged));
}

#[test]
fn a_count_of_none_or_zero_is_compared_with_care() {
    assert!(is_many_more(Some(10), Some(1)) && is_many_more(Some(10), Some(0)) && is_many_more(Some(370), Some(37)));
    assert!(!is_many_more(Some(9), Some(1)) && !is_many_more(None, Some(1)) && !is_many_more(Some(100), None));
    assert!(!is_many_more(Some(u64::MAX - 1), Some(u64::MAX)));
}
