//! From a finding, its facts and its advice to a notification, in the order in which a reader wants it.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;

use super::cut::{one_line, short};
use super::{Block, Change, Labels, Notification, Section, StepLine, Words, link};
use crate::advice::pseudonym::{Shown, restore};
use crate::advice::{Advice, Facts, Origin, Statement, Step};
use crate::finding::{Finding, Language, Source, State, Unread};
use crate::plain::Plain;

/// Graphemes of a name in a sentence of ours.
const MOST_NAME: usize = 80;
/// Characters of a product's name in a subject.
const MOST_LABEL: usize = 40;
/// Graphemes of what happened, in the headline.
const MOST_EVENT: usize = 160;
/// Graphemes of one value among the facts: ASFF allows 1,024 characters for the longest, the description.
const MOST_VALUE: usize = 1_500;
/// The most resources and types that are listed; the original message has them all.
const MOST_LISTED: usize = 10;
/// The catalogue's word for a step that it lacks.
const OTHER: &str = "other";

/// Composes what a reader gets. A close has no advice.
#[must_use]
pub fn compose(
    finding: &Finding,
    facts: &Facts,
    advice: Option<&Advice>,
    change: Change,
    words: &Words,
) -> Notification {
    let advice = advice.filter(|_| change != Change::Closed);
    Notification {
        key: finding.key.text().to_owned(),
        language: facts.language,
        change,
        severity: finding.severity,
        headline: headline(finding, facts, change, words),
        labels: labels(finding, facts, change),
        notices: notices(finding, facts, change, words),
        sections: advice.map_or_else(Vec::new, |advice| sections(advice, facts, words)),
        note: advice.map_or_else(|| Plain::new(words.note_closed), |advice| note(advice, words)),
        facts: rows(finding, facts, words),
        grounds: advice.map_or_else(Vec::new, |advice| grounds(advice, facts)),
        link: link::console(finding, &facts.place.region),
        original: finding.event.clone(),
    }
}

fn headline(finding: &Finding, facts: &Facts, change: Change, words: &Words) -> Plain {
    let mark = mark(finding, change, words);
    let sample = if finding.sample { format!("[{}]", words.sample_mark) } else { String::new() };
    let event = restore(&facts.headline, &facts.identities, &mut Shown::default());
    let event = if event.is_empty() { &finding.title } else { &event };
    let product = short(finding.product.text(), MOST_NAME);
    let said: Vec<String> =
        [product, short(event.text(), MOST_EVENT)].into_iter().filter(|part| !part.is_empty()).collect();
    let place: Vec<String> = [account(finding, true), short(region(finding, facts), MOST_NAME)]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    let place = if place.is_empty() { String::new() } else { format!(" ({})", place.join(" / ")) };
    Plain::new(format!("[{mark}]{sample} {}{place}", said.join(": ")))
}

/// The account as a reader knows it: its name first in a sentence, and behind the number in a list.
fn account(finding: &Finding, sentence: bool) -> String {
    let number = short(finding.account.text(), MOST_NAME);
    match finding.account_name.as_ref().map(|name| short(name.text(), MOST_NAME)).filter(|name| !name.is_empty()) {
        Some(name) if number.is_empty() => name,
        Some(name) if sentence => format!("{name} {number}"),
        Some(name) => format!("{number} ({name})"),
        None => number,
    }
}

fn region<'a>(finding: &'a Finding, facts: &'a Facts) -> &'a str {
    if facts.place.region.is_empty() { finding.region.text() } else { &facts.place.region }
}

fn labels(finding: &Finding, facts: &Facts, change: Change) -> Labels {
    let product: String =
        one_line(finding.product.text()).chars().filter(|c| matches!(c, ' '..='~')).take(MOST_LABEL).collect();
    Labels {
        account: facts.place.account.clone(),
        region: facts.place.region.clone(),
        product: product.trim().to_owned(),
        mark: mark(finding, change, Words::of(Language::En)),
        source: finding.source.word(),
    }
}

/// What a reader should see first: how bad it is, or that it is over.
fn mark(finding: &Finding, change: Change, words: &Words) -> &'static str {
    match change {
        Change::Closed => (words.closed_mark)(finding.state),
        _ => (words.severity)(finding.severity),
    }
}

/// What talks to the reader comes first: it must be read before what it talks about.
fn notices(finding: &Finding, facts: &Facts, change: Change, words: &Words) -> Vec<Plain> {
    let identities = &facts.identities;
    let mut notices: Vec<Plain> =
        facts.tripwire.iter().map(|sentence| restore(sentence, identities, &mut Shown::default())).collect();
    // Two tags that talk to the reader are one kind of field, and one sentence.
    let mut said = HashSet::new();
    notices.retain(|sentence| said.insert(sentence.clone()));
    let mut say = |sentence: &str| notices.push(Plain::new(sentence));
    match change {
        Change::New | Change::Together => {}
        Change::Worse => say(words.worse),
        Change::Reopened => say(words.reopened),
        Change::NewParty => say(words.new_party),
        Change::ManyMore => say(words.many_more),
        Change::Still => say(words.still),
        Change::Suppressed => say(words.suppressed),
        Change::Closed => say((words.closed)(finding.state)),
        Change::Asked => {
            let name = finding.asked_for.as_ref().map_or("", Plain::text);
            say(&(words.asked)(&short(name, MOST_NAME)));
        }
    }
    if finding.sample {
        say(words.sample);
    }
    let mut fields = Vec::new();
    for unread in &finding.unread {
        match unread {
            Unread::Body => say(words.unread_body),
            Unread::Unknown => say(words.unread_unknown),
            Unread::Panic => say(words.unread_panic),
            Unread::Field(path) => fields.push(*path),
        }
    }
    if !fields.is_empty() {
        say(&(words.unread_fields)(&fields.join(", ")));
    }
    if finding.severity.is_none() && change != Change::Closed {
        say(words.no_severity);
    }
    notices
}

fn sections(advice: &Advice, facts: &Facts, words: &Words) -> Vec<Section> {
    let paragraph = |statement: &Statement| Block::Paragraph(statement.text.clone(), statement.facts.clone());
    let reason = advice.urgency_reason();
    let why = [reason.text.text(), advice.tonight().text()].join(words.between);
    let mut urgency = vec![Block::Paragraph(
        Plain::new(format!("{}: {why}", (words.urgency)(advice.urgency()))),
        reason.facts.clone(),
    )];
    urgency.extend(advice.escalations().iter().map(|one| {
        let sentence = (words.escalation)(advice.urgency(), one.urgency, one.condition.text.text());
        Block::Item(Plain::new(sentence), one.condition.facts.clone())
    }));
    let mut people = vec![Block::Labelled(words.ask_first, advice.whom().clone())];
    if !advice.message().is_empty() {
        people.push(Block::Paragraph(Plain::new(words.ready_message), Vec::new()));
        people.push(Block::Quote(advice.message().to_vec()));
    }
    let mut steps = Vec::new();
    let has_commands = advice.steps().iter().any(|step| !step.commands.is_empty());
    if has_commands && !facts.place.account.is_empty() {
        steps.push(Block::Paragraph(Plain::new((words.run_in)(&facts.place.account)), Vec::new()));
    }
    steps.extend((1..).zip(advice.steps()).map(|(number, one)| step(number, one, words)));
    let benign = advice
        .benign()
        .iter()
        .map(|one| {
            let sentence = (words.tell)(one.explanation.text(), one.check.text.text());
            Block::Item(Plain::new(sentence), one.check.facts.clone())
        })
        .collect();
    let unknowns = advice.unknowns().iter().map(|text| Block::Item(text.clone(), Vec::new())).collect();
    [
        (words.summary, vec![paragraph(advice.summary()), paragraph(advice.impact())]),
        (words.urgency_title, urgency),
        (words.people, people),
        (words.steps, steps),
        (words.benign, benign),
        (words.unknowns, unknowns),
    ]
    .into_iter()
    .filter(|(_, blocks)| !blocks.is_empty())
    .map(|(title, blocks)| Section { title, blocks })
    .collect()
}

fn step(number: usize, step: &Step, words: &Words) -> Block {
    let is_other = step.entry == OTHER;
    let text = |label, text: &Plain| (!text.is_empty()).then(|| StepLine::Text(label, text.clone(), Vec::new()));
    let here = match (step.here.text.is_empty(), step.here.facts.is_empty()) {
        (false, _) => Some(StepLine::Text(words.here, step.here.text.clone(), step.here.facts.clone())),
        (true, false) => Some(StepLine::Text(words.rests_on, Plain::default(), step.here.facts.clone())),
        (true, true) => None,
    };
    let label = (words.command)(step.kind);
    let commands = step.commands.iter().map(|command| StepLine::Command(label, command.clone()));
    let lines = here
        .into_iter()
        .chain(text(words.place, &step.place))
        .chain(commands)
        .chain(text(words.read, &step.read))
        .chain(text(words.risk, &step.risk))
        .chain(text(words.undo, &step.undo))
        .chain(text(words.risk, &Plain::new(words.other)).filter(|_| is_other))
        .collect();
    let tag = if is_other { words.tag_other.to_owned() } else { (words.tag)(step.phase, step.kind) };
    Block::Step { number, tag: Plain::new(tag), sentence: step.sentence.clone(), lines }
}

fn note(advice: &Advice, words: &Words) -> Plain {
    match advice.origin() {
        Origin::Playbook(why) => Plain::new((words.note_playbook)(*why)),
        origin @ (Origin::Model(model) | Origin::Remembered(model) | Origin::Cheaper(model)) => {
            // An inference profile's ARN ends with its id, which says which model it is.
            let name = model.rsplit('/').next().unwrap_or(model);
            let note = (words.note_model)(name);
            let came = match origin {
                Origin::Remembered(_) => Some(words.note_remembered),
                Origin::Cheaper(_) => Some(words.note_cheaper),
                Origin::Model(_) | Origin::Playbook(_) => None,
            };
            let struck = (!advice.strikes().is_empty()).then_some(words.note_struck);
            Plain::new([note.as_str()].into_iter().chain(came).chain(struck).collect::<Vec<_>>().join(words.between))
        }
    }
}

fn rows(finding: &Finding, facts: &Facts, words: &Words) -> Vec<(Plain, Plain)> {
    let mut rows: Vec<(Plain, Plain)> = Vec::new();
    let mut row = |label: &str, value: &str| {
        let value = short(value, MOST_VALUE);
        if !value.is_empty() {
            rows.push((Plain::new(label), Plain::new(value)));
        }
    };
    let seen = |time: Option<Timestamp>| time.map_or_else(String::new, |time| words.clock.write(time));
    let title = finding.title.text();
    row(words.account, &account(finding, false));
    row(words.region, region(finding, facts));
    row(words.product, finding.product.text());
    let severity = match finding.severity {
        None => words.unrated.to_owned(),
        Some(severity) if words.language == Language::En => severity.label().to_owned(),
        Some(severity) => format!("{} ({})", (words.severity)(Some(severity)), severity.label()),
    };
    row(words.severity_label, &severity);
    row(if title.is_ascii() { words.title_english } else { words.title }, title);
    row(words.description, finding.description.text());
    let types = finding.types.iter().map(Plain::text).filter(|kind| *kind != title);
    let types: Vec<&str> = types.take(MOST_LISTED).collect();
    row(words.kind, &types.join(", "));
    for resource in finding.resources.iter().take(MOST_LISTED) {
        let kind = resource.kind.text();
        // An unknown event says no kind, and the label says already that it is a resource.
        let kind = if kind.eq_ignore_ascii_case("resource") { "" } else { kind };
        row(words.resource, &format!("{kind} {}", resource.id.text()));
    }
    if let Some(rest @ 1..) = finding.resources.len().checked_sub(MOST_LISTED) {
        row(words.resource, &(words.more)(rest));
    }
    row(words.count, &finding.count.map_or_else(String::new, |count| count.to_string()));
    row(words.first_seen, &seen(finding.first_seen));
    row(words.last_seen, &seen(finding.last_seen));
    // Nobody knows whether what an unknown event tells of still stands.
    if finding.source != Source::Envelope || finding.state != State::Open {
        row(words.state_label, (words.state)(finding.state));
    }
    row(words.note_by, finding.note_by.as_ref().map_or("", Plain::text));
    row(words.finding_id, finding.id.text());
    row(words.remediation, link::remediation(finding).unwrap_or_default());
    if finding.event_account != finding.account && !finding.event_account.is_empty() {
        row(words.event_account, &(words.event_account_differs)(&short(finding.event_account.text(), MOST_NAME)));
    }
    rows
}

/// The numbered facts that some statement cites, names restored.
fn grounds(advice: &Advice, facts: &Facts) -> Vec<(String, Plain)> {
    let statements = [advice.summary(), advice.impact(), advice.urgency_reason()]
        .into_iter()
        .chain(advice.escalations().iter().map(|one| &one.condition))
        .chain(advice.steps().iter().map(|step| &step.here))
        .chain(advice.benign().iter().map(|one| &one.check));
    let cited: BTreeSet<usize> = statements.flat_map(|statement| statement.facts.iter().copied()).collect();
    let mut shown = Shown::default();
    cited
        .into_iter()
        .filter_map(|number| Some((number, facts.list.get(number.checked_sub(1)?)?)))
        .map(|(number, fact)| (format!("f{number}"), restore(fact, &facts.identities, &mut shown)))
        .collect()
}

#[cfg(test)]
mod tests;
