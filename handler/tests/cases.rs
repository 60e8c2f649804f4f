//! The cases: one folder is one walk through the house, from an event to what a topic's subscribers read, in both languages;
//! telling ones also show what every other channel sends.
//!
//! Events are written by hand. `BLESS=1 cargo test --test cases` writes the rest anew, to be read in review.
#![expect(clippy::expect_used, reason = "a test says what it expected")]
#![expect(clippy::disallowed_methods, reason = "the test is told by the environment whether to write")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use finding_advisor::advice::NoAnswer;
use finding_advisor::channel::Request;
use finding_advisor::config::ChannelConfig;
use finding_advisor::finding::{Finding, Language};
use finding_advisor::intake;
use finding_advisor::preview::Preview;
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

/// Five minutes after the event, where no model answered in time.
fn preview(finding: &Finding, language: Language) -> Preview {
    let now: Timestamp = finding.event_time.map_or_else(|| NOON.parse().expect("a time"), |time| time + 5.minutes());
    Preview::of(finding, language, now, &[], NoAnswer::Deadline)
}

/// What a model is asked, but for the system text, which is the same for all.
fn asked(finding: &Finding, language: Language) -> String {
    preview(finding, language).prompt.user
}

fn told(finding: &Finding, language: Language) -> String {
    let topic = ChannelConfig::Topic { topic_arn: "arn:aws:sns:ap-northeast-1:111122223333:findings".into() };
    let requests = preview(finding, language).requests(&topic);
    let [Request::Sns { subject: Some(subject), message, attributes, .. }] = requests.as_slice() else {
        panic!("nothing to publish")
    };
    let attributes: Vec<String> = attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("Subject: {subject}\nAttributes: {}\n\n{message}", attributes.join(", "))
}

/// The cases that show every channel: an open finding, its hostile cousin, and a close.
const TELLING: [&str; 3] = ["guardduty-credentials-outside", "hostile-text", "securityhub-control-passed"];

/// The other channels, as the construct would write them: those that the command line previews.
fn channels() -> Vec<(String, ChannelConfig)> {
    let all = include_str!("../src/bin/finding-advisor/preview/channels.json");
    let all: Vec<serde_json::Value> = serde_json::from_str(all).expect("JSON");
    let kind = |channel: &serde_json::Value| channel["kind"].as_str().expect("a kind").to_owned();
    all.into_iter()
        .filter(|channel| kind(channel) != "topic")
        .map(|channel| (kind(&channel), serde_json::from_value(channel).expect("fits the contract")))
        .collect()
}

/// Every request that a channel sends for these findings, one after the other.
fn conversation(channel: &ChannelConfig, findings: &[Finding], language: Language) -> String {
    let requests = findings.iter().map(|finding| preview(finding, language).requests(channel));
    serde_json::to_string_pretty(&requests.flatten().collect::<Vec<_>>()).expect("serialises") + "\n"
}

/// What every golden file of a folder holds now.
fn walked(folder: &Path) -> Vec<(String, String)> {
    let findings = findings(folder);
    let mut files = Vec::new();
    for language in [Language::Ja, Language::En] {
        let code = language.code();
        for (station, walk) in [("2-prompt", asked as fn(&Finding, Language) -> String), ("5-topic", told)] {
            let texts: Vec<String> = findings.iter().map(|finding| walk(finding, language)).collect();
            let text = texts.join("\n================ the next one ================\n\n");
            files.push((format!("{station}.{code}.txt"), text));
        }
        let channels = channels().into_iter().filter(|_| TELLING.iter().any(|name| folder.ends_with(name)));
        for (name, channel) in channels {
            files.push((format!("6-{name}.{code}.json"), conversation(&channel, &findings, language)));
        }
    }
    files
}

#[test]
fn every_case_reads_as_it_was_reviewed() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut changed = Vec::new();
    for folder in folders() {
        for (name, now) in walked(&folder) {
            let golden = folder.join(name);
            if bless {
                fs::write(&golden, &now).expect("a folder that can be written");
            } else if fs::read_to_string(&golden).ok().as_ref() != Some(&now) {
                changed.push(golden.display().to_string());
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
    for folder in folders() {
        let mut known: BTreeSet<String> = walked(&folder).into_iter().map(|(name, _)| name).collect();
        known.extend(["1-event.json".to_owned(), "1-event.txt".to_owned()]);
        // Recorded answers are read by `eval`.
        let known = |name: &String| known.contains(name) || name.starts_with("3-answer.");
        let strangers: Vec<String> = names(&folder).into_iter().filter(|name| !known(name)).collect();
        assert!(strangers.is_empty(), "{}: {strangers:?}", folder.display());
    }
}
