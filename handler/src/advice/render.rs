//! From an answer to an advice: identities come back, and code writes every command, place and caution.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use regex_lite::Regex;

use super::answer::{Draft, number};
use super::catalogue::{self, Entry};
use super::playbook::{Class, first_look, kinds};
use super::pseudonym::{Shown, restore};
use super::text::{Text, fill};
use super::{Advice, Benign, Escalation, Facts, Origin, Phase, Statement, Step, StepKind, Strike, Urgency};
use crate::finding::{Language, Partition};
use crate::plain::Plain;

/// The word for a step that the catalogue lacks.
pub(super) const OTHER: &str = "other";

/// Renders a draft whose words were checked, or are our own.
pub(super) fn render(
    draft: &Draft,
    class: &'static Class,
    facts: &Facts,
    origin: Origin,
    struck: Vec<Strike>,
) -> Advice {
    let mut pen = Pen::new(facts);
    let summary = pen.statement(&draft.summary, &draft.evidence);
    let impact = pen.statement(&draft.impact, &[]);
    let urgency_reason = pen.statement(&draft.urgency_reason, &[]);
    let escalations = draft
        .escalate_if
        .iter()
        .map(|one| Escalation { condition: pen.statement(&one.condition, &one.evidence), urgency: one.urgency })
        .collect();
    let whom = pen.whom(class);
    let message = class.message.iter().filter_map(|line| line.iter().find_map(|text| pen.filled(text))).collect();
    let first = first_look(class, &facts.identities)
        .map(|(entry, target)| pen.step(entry, &target, &draft.first.text, &draft.first.evidence));
    let steps: Vec<Step> = first
        .into_iter()
        .chain(draft.steps.iter().filter_map(|step| match catalogue::entry(&step.r#do) {
            Some(entry) => Some(pen.step(entry, &step.target, &step.text, &step.evidence)),
            None if step.r#do == OTHER => Some(pen.other(&step.text, &step.evidence)),
            None => None,
        }))
        .collect();
    let benign = draft
        .benign
        .iter()
        .map(|one| Benign { explanation: pen.words(&one.explanation), check: pen.statement(&one.check, &one.evidence) })
        .collect();
    let unknowns = draft.unknowns.iter().map(|text| pen.words(text)).collect();
    Advice {
        tonight: Plain::new(tonight(draft.urgency, &steps, facts.language)),
        origin,
        class: &class.id,
        summary,
        impact,
        urgency: draft.urgency,
        urgency_reason,
        escalations,
        whom,
        message,
        steps,
        benign,
        unknowns,
        struck,
    }
}

/// Writes in the order of reading, so that a long name stands in full where it is read first.
struct Pen<'a> {
    facts: &'a Facts,
    shown: Shown,
    values: BTreeMap<&'static str, String>,
    /// The same for people, who know an image by its tag and not by its digest.
    said: BTreeMap<&'static str, String>,
}

impl<'a> Pen<'a> {
    fn new(facts: &'a Facts) -> Self {
        let mut values = kinds(facts, |_, identity| identity.value.text().to_owned());
        let mut said = kinds(facts, |_, identity| match identity.kind {
            "image" => identity.alias.text().to_owned(),
            _ => identity.value.text().to_owned(),
        });
        for values in [&mut values, &mut said] {
            values.insert("account", facts.place.account.clone());
            values.insert("region", facts.place.region.clone());
        }
        let partition = Partition::of_region(&facts.place.region);
        values.insert("partition", partition.word().to_owned());
        // IAM is global: its operations are recorded in one Region of the partition.
        let iam = match partition {
            Partition::Aws => "us-east-1",
            Partition::Cn => "cn-north-1",
            Partition::UsGov => "us-gov-west-1",
        };
        values.insert("iam_region", iam.to_owned());
        Self { facts, shown: Shown::default(), values, said }
    }

    fn words(&mut self, text: &str) -> Plain {
        restore(text, &self.facts.identities, &mut self.shown)
    }

    fn statement(&mut self, text: &str, evidence: &[String]) -> Statement {
        Statement { text: self.words(text), facts: evidence.iter().filter_map(|id| number(id)).collect() }
    }

    /// With whole values: what is sent on to others must not need this notification to be understood.
    fn filled(&self, text: &Text) -> Option<Plain> {
        fill(text.of(self.facts.language), &self.said).map(Plain::new)
    }

    /// An owner's tag, else the class's people, else the account's administrators.
    fn whom(&self, class: &Class) -> Plain {
        let owner = self.values.get("owner").filter(|owner| !owner.is_empty());
        let (tagged, untagged, anybody) = match self.facts.language {
            Language::Ja => (" (owner タグ)", " (owner タグは届いていません)", "アカウントの管理者"),
            Language::En => (" (owner tag)", " (no owner tag came with the finding)", "the account's administrators"),
        };
        match owner {
            Some(owner) => Plain::new(format!("{owner}{tagged}")),
            None => {
                let people = self.filled(&class.whom).unwrap_or_else(|| Plain::new(anybody));
                Plain::new(format!("{}{untagged}", people.text()))
            }
        }
    }

    fn step(&mut self, entry: &'static Entry, target: &str, here: &str, evidence: &[String]) -> Step {
        let language = self.facts.language;
        let value = self.facts.identities.get(target).map_or("", |identity| identity.value.text()).to_owned();
        let last = value.rsplit(['/', ':']).next().unwrap_or_default().to_owned();
        let named = entry.sentence.of(language).replace("{a}", target);
        let mut safe: BTreeMap<&str, String> = self.values.iter().map(|(slot, value)| (*slot, value.clone())).collect();
        safe.extend([("t", value), ("v", last)]);
        safe.retain(|_, value| is_shell_safe(value));
        let of = |text: &Option<Text>| {
            Plain::new(text.as_ref().and_then(|text| fill(text.of(language), &safe)).unwrap_or_default())
        };
        let mut commands: Vec<Plain> = Vec::new();
        for command in entry.commands.iter().filter_map(|command| fill(command, &safe)).map(Plain::new) {
            if !commands.contains(&command) {
                commands.push(command);
            }
        }
        Step {
            entry: &entry.id,
            phase: entry.phase,
            kind: entry.kind,
            sentence: self.words(&named),
            here: self.statement(here, evidence),
            place: of(&entry.place),
            commands,
            read: of(&entry.read),
            risk: of(&entry.risk),
            undo: of(&entry.undo),
        }
    }

    fn other(&mut self, text: &str, evidence: &[String]) -> Step {
        let Statement { text, facts } = self.statement(text, evidence);
        Step {
            entry: OTHER,
            phase: Phase::Verify,
            kind: StepKind::Ask,
            sentence: text,
            here: Statement { text: Plain::default(), facts },
            place: Plain::default(),
            commands: Vec::new(),
            read: Plain::default(),
            risk: Plain::default(),
            undo: Plain::default(),
        }
    }
}

/// A value enters a command only in this grammar: nothing that a shell or an option parser reads otherwise.
fn is_shell_safe(value: &str) -> bool {
    static SAFE: OnceLock<Option<Regex>> = OnceLock::new();
    SAFE.get_or_init(|| Regex::new(r"^[A-Za-z0-9/_+][A-Za-z0-9:/._@=+-]{0,300}$").ok())
        .as_ref()
        .is_some_and(|safe| safe.is_match(value))
}

/// What to do tonight and what can wait.
fn tonight(urgency: Urgency, steps: &[Step], language: Language) -> String {
    let at_once: Vec<String> = (1..)
        .zip(steps)
        .filter(|(number, step)| *number == 1 || catalogue::entry(step.entry).is_some_and(|entry| entry.at_once))
        .map(|(number, _)| number.to_string())
        .collect();
    match (urgency, language) {
        (Urgency::Now, Language::Ja) => "今すぐ対応します。".into(),
        (Urgency::Now, Language::En) => "Act now.".into(),
        (Urgency::Today, Language::Ja) if at_once.is_empty() => "今日のうちに対応します。".into(),
        (Urgency::Today, Language::En) if at_once.is_empty() => "Act within the day.".into(),
        (Urgency::Today, Language::Ja) => {
            format!("夜間なら今は手順 {} だけ、残りは今日のうちに。", at_once.join("、"))
        }
        (Urgency::Today, Language::En) => {
            let steps = if at_once.len() == 1 { "step" } else { "steps" };
            format!("At night, only {steps} {} now; the rest within the day.", at_once.join(", "))
        }
        (Urgency::ThisWeek | Urgency::Planned, Language::Ja) => "夜間の作業はありません。".into(),
        (Urgency::ThisWeek | Urgency::Planned, Language::En) => "Nothing to do at night.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_shell_safe;

    #[test]
    fn only_plain_values_enter_a_command() {
        for good in ["i-0123", "AKIAEXAMPLE", "arn:aws:iam::111122223333:role/a_b", "bucket.name", "+x"] {
            assert!(is_shell_safe(good), "{good}");
        }
        for bad in ["", "-rf", "a b", "a;b", "$(x)", "`x`", "a'b", "a\nb", "日本", "a|b", "--profile"] {
            assert!(!is_shell_safe(bad), "{bad}");
        }
    }
}
