//! The cases: one folder is one walk through the house, from an event to what a topic's subscribers read, in both languages.
//!
//! Events are written by hand. `BLESS=1 cargo test --test cases` writes the rest anew, to be read in review.
#![expect(clippy::expect_used, reason = "a test says what it expected")]
#![expect(clippy::disallowed_methods, reason = "the test is told by the environment whether to write")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use finding_advisor::advice::{self, Facts, NoAnswer};
use finding_advisor::channel::{self, Next, Request};
use finding_advisor::config::ChannelConfig;
use finding_advisor::finding::{Finding, Language, State};
use finding_advisor::intake;
use finding_advisor::notification::{self, Change, Words};
use jiff::{Timestamp, ToSpan};

/// When the notifications are written, where the event does not say when it was sent.
const NOON: &str = "2026-11-24T12:00:00Z";

fn folders() -> Vec<PathBuf> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cases");
    let entries = fs::read_dir(cases).expect("the cases").map(|entry| entry.expect("an entry").path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a case").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn findings(folder: &Path) -> Vec<Finding> {
    let event = names(folder).into_iter().find(|name| name.starts_with("1-event.")).expect("an event");
    intake::read(&fs::read_to_string(folder.join(event)).expect("text"))
}

/// What a route that never heard of the finding is told; a close is shown as to one that did.
fn change(finding: &Finding) -> Change {
    match (&finding.asked_for, finding.state) {
        (Some(_), _) => Change::Asked,
        (None, State::Open) => Change::New,
        (None, _) => Change::Closed,
    }
}

/// Five minutes after the event.
fn facts(finding: &Finding, language: Language) -> Facts {
    let now: Timestamp = finding.event_time.map_or_else(|| NOON.parse().expect("a time"), |time| time + 5.minutes());
    advice::project(finding, language, now)
}

/// What a model is asked, but for the system text, which is the same for all.
fn asked(finding: &Finding, language: Language) -> String {
    advice::prompt(&facts(finding, language)).user
}

fn told(finding: &Finding, language: Language) -> String {
    let facts = facts(finding, language);
    let change = change(finding);
    let advice = (change != Change::Closed).then(|| advice::playbook(&facts, NoAnswer::Deadline));
    let notification = notification::compose(finding, &facts, advice.as_ref(), change, Words::of(language));
    let topic = ChannelConfig::Topic { topic_arn: "arn:aws:sns:ap-northeast-1:111122223333:findings".into() };
    let Next::Send(Request::Sns { subject, message, attributes, .. }) = channel::next(&topic, &notification, None, &[])
    else {
        panic!("nothing to send")
    };
    let attributes: Vec<String> = attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("Subject: {subject}\nAttributes: {}\n\n{message}", attributes.join(", "))
}

#[test]
fn every_case_reads_as_it_was_reviewed() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut changed = Vec::new();
    for folder in folders() {
        let findings = findings(&folder);
        for language in [Language::Ja, Language::En] {
            for (station, walk) in [("2-prompt", asked as fn(&Finding, Language) -> String), ("5-topic", told)] {
                let texts: Vec<String> = findings.iter().map(|finding| walk(finding, language)).collect();
                let now = texts.join("\n================ the next one ================\n\n");
                let golden = folder.join(format!("{station}.{}.txt", language.code()));
                if bless {
                    fs::write(&golden, &now).expect("a folder that can be written");
                } else if fs::read_to_string(&golden).ok().as_ref() != Some(&now) {
                    changed.push(golden.display().to_string());
                }
            }
        }
    }
    assert!(
        changed.is_empty(),
        "run `BLESS=1 cargo test --test cases`, then read what changed:\n{}",
        changed.join("\n")
    );
}

#[test]
fn no_case_holds_a_file_that_no_test_reads() {
    let known: BTreeSet<&str> =
        ["1-event.json", "1-event.txt", "2-prompt.ja.txt", "2-prompt.en.txt", "5-topic.ja.txt", "5-topic.en.txt"]
            .into();
    for folder in folders() {
        let strangers: Vec<String> = names(&folder).into_iter().filter(|name| !known.contains(name.as_str())).collect();
        assert!(strangers.is_empty(), "{}: {strangers:?}", folder.display());
    }
}
