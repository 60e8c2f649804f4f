//! Many findings of one minute in one notification: all counted, the worst ones listed, no advice.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::cut::short;
use super::{Block, Change, Labels, Notification, Section, Words, link};
use crate::finding::{Finding, FindingKey, Language, Severity};
use crate::plain::Plain;

/// The most findings that are listed in sentences; the lines at the end have all.
const MOST_LISTED: usize = 20;
/// The most accounts and products that are named.
const MOST_NAMED: usize = 5;
/// Characters of a headline or an id that are kept.
const MOST_KEPT: usize = 400;

/// What is kept of a finding that is to be told together with others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Folded {
    /// The finding key: a finding is one row, however often it is folded.
    pub key: String,
    /// Its severity, where one could be read.
    pub severity: Option<Severity>,
    /// The sentence that stands alone, in the route's language.
    pub headline: String,
    /// Twelve digits, or nothing.
    pub account: String,
    /// A Region's name, or nothing.
    pub region: String,
    /// The product in ASCII, or nothing.
    pub product: String,
    /// The finding's own id.
    pub id: String,
    /// The finding in the console.
    pub link: Option<String>,
}

impl Folded {
    /// What is kept of a finding that would have been told so.
    #[must_use]
    pub fn of(finding: &Finding, notification: &Notification) -> Self {
        let kept = |text: &str| short(text, MOST_KEPT);
        Self {
            key: finding.key.text().to_owned(),
            severity: finding.severity,
            headline: kept(notification.headline.text()),
            account: notification.labels.account.clone(),
            region: notification.labels.region.clone(),
            product: notification.labels.product.clone(),
            id: kept(finding.id.text()),
            link: notification.link.clone(),
        }
    }
}

impl Folded {
    /// A row that another version wrote: that there is a finding is told all the same.
    #[must_use]
    pub fn unreadable(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            severity: None,
            headline: key.to_owned(),
            account: String::new(),
            region: String::new(),
            product: String::new(),
            id: key.to_owned(),
            link: None,
        }
    }
}

/// Tells findings together: `start` is when their minute began, `key` the same in every try.
#[must_use]
pub fn together(key: &FindingKey, start: Timestamp, findings: &[Folded], words: &Words) -> Notification {
    let mut worst: Vec<&Folded> = findings.iter().collect();
    // What has no severity comes right behind HIGH: nobody knows how bad it is.
    worst.sort_by_key(|one| (std::cmp::Reverse(one.severity.unwrap_or(Severity::High)), one.severity.is_none()));
    let severity = worst.first().and_then(|one| one.severity);
    let mark = (words.severity)(severity);
    let listed = worst.iter().take(MOST_LISTED);
    let mut blocks: Vec<Block> = listed.map(|one| Block::Item(Plain::new(one.headline.as_str()), Vec::new())).collect();
    if let Some(rest @ 1..) = worst.len().checked_sub(MOST_LISTED) {
        blocks.push(Block::Item(Plain::new((words.more)(rest)), Vec::new()));
    }
    let common = |of: fn(&Folded) -> &str| {
        let first = worst.first().map_or("", |one| of(one));
        if worst.iter().all(|one| of(one) == first) { first.to_owned() } else { String::new() }
    };
    let (account, region, product) =
        (common(|one| &one.account), common(|one| &one.region), common(|one| &one.product));
    Notification {
        key: key.text().to_owned(),
        language: words.language,
        change: Change::Together,
        severity,
        headline: Plain::new(format!("[{mark}] {}", (words.together)(&words.clock.write(start), worst.len()))),
        link: counts(&worst, |one| &one.region).first().and_then(|(region, _)| link::list(&product, region)),
        labels: Labels {
            account,
            region,
            product,
            mark: (Words::of(Language::En).severity)(severity),
            source: "together",
        },
        notices: vec![Plain::new(words.together_why)],
        sections: vec![Section { title: words.together_title, blocks }],
        note: Plain::new(words.together_note),
        facts: rows(&worst, words),
        grounds: Vec::new(),
        original: lines(&worst),
    }
}

/// How many there are of each severity, account, Region and product.
fn rows(worst: &[&Folded], words: &Words) -> Vec<(Plain, Plain)> {
    let counted = |counts: Vec<(String, usize)>| {
        let named = counts.iter().take(MOST_NAMED).map(|(name, count)| format!("{name}: {count}"));
        let rest = counts.len().checked_sub(MOST_NAMED).filter(|rest| *rest > 0).map(words.more);
        named.chain(rest).collect::<Vec<_>>().join(", ")
    };
    [
        (words.severity_label, counts(worst, |one| (words.severity)(one.severity))),
        (words.product, counts(worst, |one| &one.product)),
        (words.account, counts(worst, |one| &one.account)),
        (words.region, counts(worst, |one| &one.region)),
    ]
    .into_iter()
    .map(|(label, counts)| (Plain::new(label), Plain::new(counted(counts))))
    .filter(|(_, value)| !value.is_empty())
    .collect()
}

/// Each value and how often it stands there, the most frequent first; what could not be read is not counted.
fn counts<'a>(worst: &[&'a Folded], of: impl Fn(&'a Folded) -> &'a str) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for value in worst.iter().map(|one| of(one)).filter(|value| !value.is_empty()) {
        *counts.entry(value).or_default() += 1;
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().map(|(value, count)| (value.to_owned(), count)).collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// One line for each finding, in the place of the original message.
fn lines(worst: &[&Folded]) -> Plain {
    let line = |one: &&Folded| {
        let severity = one.severity.map_or("UNKNOWN", Severity::label);
        let link = one.link.as_deref().unwrap_or_default();
        let parts = [severity, &one.product, &one.account, &one.region, &one.id, link];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    Plain::new(worst.iter().map(line).collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(number: usize, severity: Option<Severity>) -> Folded {
        Folded {
            key: number.to_string(),
            severity,
            headline: format!("[高] GuardDuty: {number}"),
            account: format!("11112222{:04}", number % 7),
            region: "ap-northeast-1".into(),
            product: "GuardDuty".into(),
            id: format!("id-{number}"),
            link: None,
        }
    }

    #[test]
    fn all_are_counted_the_worst_are_listed_first_and_every_one_has_a_line() {
        let mut findings: Vec<Folded> = (0..50).map(|number| folded(number, Some(Severity::Medium))).collect();
        findings.push(folded(50, Some(Severity::High)));
        findings.push(folded(51, None));
        for language in [Language::Ja, Language::En] {
            let told = together(&FindingKey::of(&["burst"]), Timestamp::UNIX_EPOCH, &findings, Words::of(language));
            assert!(told.headline.text().contains("52"), "{:?}", told.headline);
            assert_eq!(told.severity, Some(Severity::High));
            let [section] = told.sections.as_slice() else { panic!("one section") };
            assert_eq!(section.blocks.len(), MOST_LISTED + 1);
            let first: Vec<&str> = section
                .blocks
                .iter()
                .take(3)
                .map(|block| if let Block::Item(text, _) = block { text.text() } else { "" })
                .collect();
            assert_eq!(first, ["[高] GuardDuty: 50", "[高] GuardDuty: 51", "[高] GuardDuty: 0"]);
            assert_eq!(told.original.text().lines().count(), 52);
            assert_eq!(told.labels.region, "ap-northeast-1");
            assert!(told.labels.account.is_empty(), "many accounts are no label");
            let accounts = told.facts.iter().find(|(label, _)| label.text() == Words::of(language).account);
            assert!(accounts.is_some_and(|(_, value)| value.text().contains("111122220000: 8")), "{accounts:?}");
            let link = told.link.expect("one product in one Region has a page");
            assert!(link.starts_with("https://ap-northeast-1.console.aws.amazon.com/guardduty/"), "{link}");
        }
    }
}
