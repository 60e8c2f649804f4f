//! The check: the only way from a model's answer to an advice. Every rule has a word, which goes to logs and metrics.
//!
//! The prompt holds no real identifier, so every literal identifier in an answer is an invention. What fails in one item
//! strikes that item; what fails in the core (summary, impact, urgency and its reason), or more than two items, rejects the
//! whole answer, and the playbook speaks.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::answer::{Draft, number};
use super::playbook::{Class, MOST_STEPS, class as class_named, first_look, starts};
use super::pseudonym::{names_in, without_names};
use super::render::{OTHER, render};
use super::{Advice, Answer, Facts, Origin, Strike, Urgency, Way, catalogue};
use crate::finding::Language;

mod rules;

/// An answer is some 3 KB; more than this is no answer.
const MOST_BYTES: usize = 16 * 1024;
/// More items struck than this, and the answer is not to be trusted at all.
const MOST_STRUCK: usize = 2;
/// A fact is cited by at most this many ids.
const MOST_EVIDENCE: usize = 6;

/// Why an answer was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The rule's word.
    pub rule: &'static str,
    /// The field that broke it.
    pub field: &'static str,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule `{}` broken by `{}`", self.rule, self.field)
    }
}

/// Checks an answer against the facts that its model saw.
///
/// # Errors
/// Where the answer has not the schema's shape, its core breaks a rule, or too many of its items do.
pub fn check(answer: &Answer, facts: &Facts) -> Result<Advice, Rejection> {
    let reject = |rule, field| Rejection { rule, field };
    if answer.json.len() > MOST_BYTES {
        return Err(reject("size", "answer"));
    }
    let draft: Draft = serde_json::from_str(unfenced(&answer.json)).map_err(|_| reject("shape", "answer"))?;
    let class =
        class_named(facts.class).filter(|class| starts(class, &facts.identities)).ok_or(reject("class", "answer"))?;
    let (draft, struck) = judged(draft, class, facts)?;
    let origin = match answer.way {
        Way::Asked => Origin::Model,
        Way::Remembered => Origin::Remembered,
        Way::Cheaper => Origin::Cheaper,
    };
    Ok(render(&draft, class, facts, origin(answer.model.clone()), struck))
}

/// The answer without the one code fence that some models put around JSON.
fn unfenced(json: &str) -> &str {
    let json = json.trim();
    let inside = json.strip_prefix("```").and_then(|rest| rest.strip_suffix("```"));
    inside.map_or(json, |inside| inside.strip_prefix("json").unwrap_or(inside).trim())
}

/// What is left of a draft, and what was struck or mended.
fn judged(mut draft: Draft, class: &Class, facts: &Facts) -> Result<(Draft, Vec<Strike>), Rejection> {
    let reject = |rule, field| Rejection { rule, field };
    let mut judge = Judge::new(facts);

    for (field, limit) in [("summary", 110), ("impact", 90), ("urgency_reason", 60)] {
        let text = match field {
            "summary" => &draft.summary,
            "impact" => &draft.impact,
            _ => &draft.urgency_reason,
        };
        let broken = if text.trim().is_empty() { Some("empty") } else { judge.told(text, limit) };
        let broken = broken.or_else(|| rules::asks(text, facts.language).then_some("request"));
        if let Some(rule) = broken {
            return Err(reject(rule, field));
        }
    }
    let core = [draft.summary.as_str(), &draft.impact, &draft.urgency_reason].join("\n");
    judge.evidence(&mut draft.evidence, &core).map_or(Ok(()), |rule| Err(reject(rule, "evidence")))?;
    if let Some(rule) = rules::language(&prose(&draft), facts) {
        return Err(reject(rule, "answer"));
    }
    let clamped = nearest(draft.urgency, class);
    if clamped != draft.urgency {
        judge.noted.push(Strike { rule: "urgency", field: "urgency", item: None });
        draft.urgency = clamped;
    }
    judge.items(&mut draft, class);
    if judge.struck.len() > MOST_STRUCK {
        return Err(judge.struck.first().map_or(reject("items", "items"), |first| reject(first.rule, first.field)));
    }
    if draft.steps.is_empty() {
        return Err(reject("steps", "steps"));
    }
    let struck = judge.struck.into_iter().chain(judge.noted).collect();
    Ok((draft, struck))
}

/// The class's urgency that is nearest to this one.
fn nearest(urgency: Urgency, class: &Class) -> Urgency {
    let distance = |other: &Urgency| (*other as i32 - urgency as i32).abs();
    class.band.iter().copied().min_by_key(distance).unwrap_or(class.default)
}

/// All prose of an answer, for the rule on its language.
fn prose(draft: &Draft) -> String {
    let mut all = vec![&draft.summary, &draft.impact, &draft.urgency_reason, &draft.first.text];
    all.extend(draft.steps.iter().map(|step| &step.text));
    all.extend(draft.benign.iter().flat_map(|one| [&one.explanation, &one.check]));
    all.into_iter().map(|text| without_names(text)).collect::<Vec<_>>().join("\n")
}

/// Applies the rules, and keeps what they struck.
struct Judge<'a> {
    facts: &'a Facts,
    /// All facts, in compatibility form, to find numbers and names in.
    known: String,
    /// Items taken out.
    struck: Vec<Strike>,
    /// Things mended or clamped.
    noted: Vec<Strike>,
}

impl<'a> Judge<'a> {
    fn new(facts: &'a Facts) -> Self {
        Self { facts, known: facts.list.join("\n").nfkc().collect(), struck: Vec::new(), noted: Vec::new() }
    }

    /// The rules on one text alone.
    fn text(&self, text: &str, limit: usize) -> Option<&'static str> {
        let limit = if self.facts.language == Language::En { limit * 2 } else { limit };
        // A little over is a matter of style; half as much again is another text than was asked for.
        if text.nfc().collect::<String>().graphemes(true).count() > limit * 3 / 2 {
            return Some("length");
        }
        if names_in(text).any(|name| self.facts.identities.get(name).is_none()) {
            return Some("pseudonym");
        }
        rules::words(&without_names(text), &self.known, self.facts.language)
    }

    /// The rule on evidence: it exists, and names what the text names. A missing id of a known pseudonym is added.
    fn evidence(&self, ids: &mut Vec<String>, text: &str) -> Option<&'static str> {
        if ids.is_empty() || ids.iter().any(|id| self.fact(id).is_none()) {
            return Some("evidence");
        }
        for name in names_in(text) {
            let cites = |id: &String| self.fact(id).is_some_and(|fact| fact.contains(name));
            if !ids.iter().any(cites)
                && let Some(at) = self.facts.list.iter().position(|fact| fact.contains(name))
            {
                ids.insert(0, format!("f{}", at + 1));
            }
        }
        let mut seen = std::collections::HashSet::new();
        ids.retain(|id| seen.insert(id.clone()));
        ids.truncate(MOST_EVIDENCE);
        None
    }

    fn fact(&self, id: &str) -> Option<&String> {
        self.facts.list.get(number(id)?.checked_sub(1)?)
    }

    /// The rules on the parts that can be struck one by one.
    fn items(&mut self, draft: &mut Draft, class: &Class) {
        let language = self.facts.language;
        let first = &mut draft.first;
        if first.text.trim().is_empty() {
            first.evidence.clear();
        } else if let Some(rule) = self.item(&first.text, &mut first.evidence, 70) {
            self.struck.push(Strike { rule, field: "first", item: None });
            first.text.clear();
            first.evidence.clear();
        }
        let urgency = draft.urgency;
        draft.escalate_if.truncate(2);
        self.keep("escalate_if", 0.., &mut draft.escalate_if, |judge, one| {
            let higher = one.urgency < urgency || (one.urgency, urgency) == (Urgency::Now, Urgency::Now);
            judge
                .told(&one.condition, 45)
                .or_else(|| judge.evidence(&mut one.evidence, &one.condition))
                .or_else(|| rules::asks(&one.condition, language).then_some("request"))
                .or_else(|| (!higher).then_some("escalation"))
        });
        draft.benign.truncate(2);
        self.keep("benign", 0.., &mut draft.benign, |judge, one| {
            judge.told(&one.explanation, 40).or_else(|| judge.item(&one.check, &mut one.evidence, 50))
        });
        draft.unknowns.truncate(2);
        self.keep("unknowns", 0.., &mut draft.unknowns, |judge, text| judge.told(text, 40));
        self.steps(draft, class);
    }

    fn steps(&mut self, draft: &mut Draft, class: &Class) {
        let first = first_look(class, &self.facts.identities).map_or("", |(entry, _)| &entry.id);
        let mut before = vec![first.to_owned()];
        let mut others = 0;
        let (mut said, mut places, mut slip) = (Vec::new(), Vec::new(), None);
        draft.steps.retain(|step| {
            // A step said again, or the fixed first look said once more, is a slip and no sign of a bad answer.
            let again = step.r#do == first || said.contains(&step.r#do) && step.r#do != OTHER;
            if again {
                slip.get_or_insert(said.len());
            } else {
                places.push(said.len());
            }
            said.push(step.r#do.clone());
            !again
        });
        self.noted.extend(slip.map(|item| Strike { rule: "entry", field: "steps", item: Some(item) }));
        self.keep("steps", places, &mut draft.steps, |judge, step| {
            if step.r#do == OTHER {
                others += 1;
                return if others > 1 { Some("others") } else { judge.item(&step.text, &mut step.evidence, 100) };
            }
            let Some(entry) = catalogue::entry(&step.r#do) else { return Some("entry") };
            let offered = entry.only.is_empty() || entry.only.contains(&class.id);
            let targets = catalogue::targets(entry, &judge.facts.identities);
            if !offered || targets.is_empty() {
                return Some("entry");
            }
            if !targets.contains(&step.target) {
                // A wrong target of a known identity is mended: the entry says what it can be done to.
                if step.target != "none" && judge.facts.identities.get(&step.target).is_none() {
                    return Some("target");
                }
                step.target = targets.first().cloned().unwrap_or_default();
            }
            if entry.requires.iter().any(|required| !before.contains(required)) {
                return Some("order");
            }
            if step.text.trim().is_empty() {
                step.evidence.clear();
            } else if let Some(rule) = judge.item(&step.text, &mut step.evidence, 60) {
                return Some(rule);
            }
            before.push(entry.id.clone());
            None
        });
        draft.steps.truncate(MOST_STEPS);
    }

    /// A text that tells and may name a guard, but not what is to be done to it.
    fn told(&self, text: &str, limit: usize) -> Option<&'static str> {
        self.text(text, limit).or_else(|| rules::orders(text).then_some("guard"))
    }

    /// A text with its evidence, which must not ask to weaken a guard either.
    fn item(&self, text: &str, evidence: &mut Vec<String>, limit: usize) -> Option<&'static str> {
        self.text(text, limit)
            .or_else(|| self.evidence(evidence, text))
            .or_else(|| rules::weakens(&without_names(text), self.facts.language).then_some("guard"))
    }

    /// Keeps the items that pass; `places` says where each stood in the answer.
    fn keep<T>(
        &mut self,
        field: &'static str,
        places: impl IntoIterator<Item = usize>,
        items: &mut Vec<T>,
        mut test: impl FnMut(&Self, &mut T) -> Option<&'static str>,
    ) {
        let (mut places, mut struck) = (places.into_iter(), Vec::new());
        items.retain_mut(|item| {
            let place = places.next();
            let broken = test(self, item);
            struck.extend(broken.map(|rule| Strike { rule, field, item: place }));
            broken.is_none()
        });
        self.struck.extend(struck);
    }
}

#[cfg(test)]
mod tests;
