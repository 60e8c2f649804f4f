//! Advice: from a finding's numbered facts to checked words that a reader can act on.
//!
//! [`project`] picks what a model may read, [`prompt`] asks, [`check`] is the only way from a model's answer to an
//! [`Advice`], and [`playbook`] makes the same [`Advice`] without a model. The model chooses from the [`catalogue`];
//! code writes every command, link and identifier.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use crate::finding::Language;
use crate::plain::Plain;

mod answer;
pub mod budget;
pub mod catalogue;
pub mod check;
pub mod converse;
pub mod memory;
pub mod playbook;
pub mod project;
pub mod prompt;
pub mod pseudonym;
mod render;
mod text;

pub use check::{Rejection, check};
pub use playbook::playbook;
pub use project::project;
pub use prompt::{Asks, Prompt, prompt};

/// What may be said of one finding, numbered from 1: `list[0]` is `f1`.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The reader's language; every sentence here is in it.
    pub language: Language,
    /// The playbook's class that the finding falls to.
    pub class: &'static str,
    /// Our own sentences, identities as pseudonyms. The class's band of urgency and its knowledge lines are the last ones.
    pub list: Vec<String>,
    /// The way back from the pseudonyms, and what each stands for.
    pub identities: Identities,
    /// The Security Hub control that failed (`S3.8`), for texts and commands; empty for everything else, and for ids of old
    /// standards (`1.14`, `PCI.S3.1`), which mean nothing outside their standard.
    pub control: String,
    /// The one affected account, Region and partition, for commands and links.
    pub place: Place,
    /// What the reader sees and the model does not, so that a model does not call it unknown.
    pub hidden: Vec<String>,
    /// One sentence for each field that talks to the reader or to an AI, or carries hidden characters.
    pub tripwire: Vec<String>,
    /// One sentence for the subject of the finding in our words; pseudonyms may stand in it.
    pub headline: String,
    /// When it was last seen, as a reader writes it (`11/24 02:44 (JST)`), for messages; empty when unknown.
    pub last_seen: String,
}

/// Where commands run and links lead; each is empty when it was not readable or of the wrong form.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Twelve digits.
    pub account: String,
    /// A Region's name.
    pub region: String,
}

/// Pseudonyms (`[R1]`) and what they stand for, in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub struct Identities {
    by_name: BTreeMap<String, Identity>,
    order: Vec<String>,
}

/// What one pseudonym stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Kind of target, as the catalogue writes it: `bucket`, `role`, `key_temp`, `ip`, `account` …
    pub kind: &'static str,
    /// The whole value.
    pub value: Plain,
    /// A short form for every mention after the first.
    pub alias: Plain,
}

impl Identities {
    /// Gives a pseudonym of this letter to a value, or the one that the value has already (same kind, same value).
    pub fn name(&mut self, letter: char, kind: &'static str, value: &Plain, alias: Plain) -> String {
        if let Some(known) = self
            .order
            .iter()
            .find(|name| self.by_name.get(*name).is_some_and(|it| it.kind == kind && it.value == *value))
        {
            return known.clone();
        }
        let number = 1 + self.order.iter().filter(|name| name.chars().nth(1) == Some(letter)).count();
        let name = format!("[{letter}{number}]");
        self.by_name.insert(name.clone(), Identity { kind, value: value.clone(), alias });
        self.order.push(name.clone());
        name
    }

    /// What a pseudonym stands for.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Identity> {
        self.by_name.get(name)
    }

    /// All, in the order in which they were given.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Identity)> {
        self.order.iter().filter_map(|name| self.by_name.get(name).map(|identity| (name.as_str(), identity)))
    }

    /// The first pseudonym of a kind.
    #[must_use]
    pub fn first_of(&self, kind: &str) -> Option<&str> {
        self.iter().find(|(_, identity)| identity.kind == kind).map(|(name, _)| name)
    }
}

/// How soon a person should act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// At once, also at night.
    Now,
    /// Before the day ends.
    Today,
    /// Within the week.
    ThisWeek,
    /// With the next planned work.
    Planned,
}

/// Who wrote the words that are particular to this finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A model, checked by code.
    Model(String),
    /// A model that was asked about another finding with the same facts, checked anew.
    Remembered(String),
    /// The cheaper model, since little of the day's budget was left.
    Cheaper(String),
    /// The playbook, because of this.
    Playbook(NoAnswer),
}

/// Advice whose every word went through [`check`] or came out of the [`playbook`]: identities restored, in the reader's
/// language, not yet escaped. Only those two can make one.
#[derive(Clone, Debug)]
pub struct Advice {
    pub(in crate::advice) origin: Origin,
    pub(in crate::advice) class: &'static str,
    pub(in crate::advice) summary: Statement,
    pub(in crate::advice) impact: Statement,
    pub(in crate::advice) urgency: Urgency,
    pub(in crate::advice) urgency_reason: Statement,
    pub(in crate::advice) tonight: Plain,
    pub(in crate::advice) escalations: Vec<Escalation>,
    pub(in crate::advice) whom: Plain,
    pub(in crate::advice) message: Vec<Plain>,
    pub(in crate::advice) steps: Vec<Step>,
    pub(in crate::advice) benign: Vec<Benign>,
    pub(in crate::advice) unknowns: Vec<Plain>,
    pub(in crate::advice) struck: Vec<Strike>,
}

impl Advice {
    /// Who wrote it.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
    /// The playbook's class.
    #[must_use]
    pub fn class(&self) -> &'static str {
        self.class
    }
    /// What happened to what, and the decisive circumstance.
    #[must_use]
    pub fn summary(&self) -> &Statement {
        &self.summary
    }
    /// What it can lead to here.
    #[must_use]
    pub fn impact(&self) -> &Statement {
        &self.impact
    }
    /// How soon to act.
    #[must_use]
    pub fn urgency(&self) -> Urgency {
        self.urgency
    }
    /// Why so soon.
    #[must_use]
    pub fn urgency_reason(&self) -> &Statement {
        &self.urgency_reason
    }
    /// What to do tonight and what can wait.
    #[must_use]
    pub fn tonight(&self) -> &Plain {
        &self.tonight
    }
    /// Visible conditions that make it more urgent.
    #[must_use]
    pub fn escalations(&self) -> &[Escalation] {
        &self.escalations
    }
    /// Whom to ask first.
    #[must_use]
    pub fn whom(&self) -> &Plain {
        &self.whom
    }
    /// A message ready to send to them, line by line.
    #[must_use]
    pub fn message(&self) -> &[Plain] {
        &self.message
    }
    /// What to do, in order; the first is the class's decisive look.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
    /// Innocent explanations and how to tell.
    #[must_use]
    pub fn benign(&self) -> &[Benign] {
        &self.benign
    }
    /// What nobody knows yet and what decides.
    #[must_use]
    pub fn unknowns(&self) -> &[Plain] {
        &self.unknowns
    }
    /// Names of the rules that struck a part of the model's answer.
    #[must_use]
    pub fn struck(&self) -> Vec<&'static str> {
        self.struck.iter().map(|strike| strike.rule).collect()
    }
    /// The same with their places.
    #[must_use]
    pub fn strikes(&self) -> &[Strike] {
        &self.struck
    }
}

/// A part of a model's answer that was taken out or mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strike {
    /// The rule's word.
    pub rule: &'static str,
    /// The field of the answer.
    pub field: &'static str,
    /// Which item of it, from 0, where the field is a list.
    pub item: Option<usize>,
}

impl fmt::Display for Strike {
    /// Its place as in the answer: `steps[2]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.field)?;
        self.item.map_or(Ok(()), |item| write!(f, "[{item}]"))
    }
}

/// A sentence and the numbers of the facts that it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Statement {
    /// The sentence.
    pub text: Plain,
    /// Fact numbers: 3 is `f3`.
    pub facts: Vec<usize>,
}

/// A condition that the reader can see, and what it raises the urgency to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// The condition.
    pub condition: Statement,
    /// The urgency then.
    pub urgency: Urgency,
}

/// An innocent explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Benign {
    /// The explanation.
    pub explanation: Plain,
    /// How to tell.
    pub check: Statement,
}

/// One step of the proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The catalogue entry, or `other`.
    pub entry: &'static str,
    /// Why it is done.
    pub phase: Phase,
    /// Whether it changes anything.
    pub kind: StepKind,
    /// The reviewed sentence with the target's name (for `other`: the model's own words).
    pub sentence: Plain,
    /// What to look for, or why, here; empty where nobody said.
    pub here: Statement,
    /// Where in the console; empty where there is none.
    pub place: Plain,
    /// Commands with real values.
    pub commands: Vec<Plain>,
    /// How to read the output; empty where there is none.
    pub read: Plain,
    /// What a change breaks; empty where nothing.
    pub risk: Plain,
    /// How to undo it; empty where it cannot be or needs not be undone.
    pub undo: Plain,
}

/// The phases of incident response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Find out.
    Verify,
    /// Stop the harm.
    Contain,
    /// Take out the cause.
    Eradicate,
    /// Keep it from coming back.
    Prevent,
}

/// What a step does to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepKind {
    /// Reads only.
    Look,
    /// Saves evidence.
    Save,
    /// Changes something.
    Act,
    /// Asks people.
    Ask,
}

/// What a model answered: the JSON text of the answer object, and who said it.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The answer object as JSON text, unchecked.
    pub json: String,
    /// The model's id, as configured.
    pub model: String,
    /// Tokens in and out, for the metrics.
    pub tokens: (u64, u64),
    /// How it came.
    pub way: Way,
}

/// How an answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A model was asked for it.
    Asked,
    /// It was asked for before.
    Remembered,
    /// The cheaper model was asked, since little of the day's budget was left.
    Cheaper,
}

/// The models that can be asked.
#[derive(Clone, Debug, Default)]
pub struct Models {
    /// Those that are asked unless another one is wanted, in order: the next one when one does not answer.
    pub usual: Vec<String>,
    /// One that is asked before them about findings of HIGH and CRITICAL.
    pub for_high: Option<String>,
    /// One that is asked instead of all others when little of the day's budget is left.
    pub cheaper: Option<String>,
}

impl Models {
    /// Whom such a prompt asks, in order.
    #[must_use]
    pub fn of(&self, asks: Asks) -> Vec<&str> {
        let (first, usual) = match (asks, &self.cheaper) {
            (Asks::Cheaper, Some(cheaper)) => return vec![cheaper],
            (Asks::ForHigh, _) => (self.for_high.as_ref(), &self.usual),
            (Asks::Cheaper | Asks::Usual, _) => (None, &self.usual),
        };
        first.into_iter().chain(usual.iter().filter(|model| Some(*model) != first)).map(String::as_str).collect()
    }
}

impl fmt::Debug for Answer {
    /// Never prints the answer: it is unchecked text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("model", &self.model).field("bytes", &self.json.len()).finish()
    }
}

/// Why there is no checked answer of a model. The word goes to logs and metrics, the notification says it in its own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoAnswer {
    /// The time that delivery leaves for the model was over.
    Deadline,
    /// Throttled, also after the client's own attempts and on every model.
    Throttled,
    /// No access to any model: permission, subscription, or a model that no longer exists.
    Denied,
    /// The request was refused as malformed: a mistake of configuration or of ours.
    Refused,
    /// The model stopped for another reason than having answered (length, a content filter).
    Stopped,
    /// The guardrail of the configuration stepped in.
    Intervened,
    /// Bedrock or the network failed.
    Failed,
    /// It answered, and the check rejected the answer.
    Rejected,
    /// The day's budget of tokens is used up.
    Budget,
    /// Another run asked the same, and its answer did not come in time or was of no use.
    Pending,
    /// The same was asked a few minutes ago, and no model answered it.
    AskedBefore,
    /// A guardrail is configured, and could not be asked about the answer.
    Unassessed,
    /// Nobody was asked: the event could not be read well enough.
    NotAsked,
    /// Nobody was asked: this is a preview without an answer.
    Preview,
}

impl NoAnswer {
    /// The word for logs and metrics.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Deadline => "deadline",
            Self::Throttled => "throttled",
            Self::Denied => "denied",
            Self::Refused => "refused",
            Self::Stopped => "stopped",
            Self::Intervened => "intervened",
            Self::Failed => "failed",
            Self::Rejected => "rejected",
            Self::Budget => "budget",
            Self::Pending => "pending",
            Self::AskedBefore => "asked_before",
            Self::Unassessed => "unassessed",
            Self::NotAsked => "not_asked",
            Self::Preview => "preview",
        }
    }
}

/// Whether a model was called for this.
#[must_use]
pub fn was_called(answer: &Result<Answer, NoAnswer>) -> bool {
    match answer {
        Ok(answer) => answer.way != Way::Remembered,
        Err(why) => !matches!(
            why,
            NoAnswer::Budget | NoAnswer::Pending | NoAnswer::AskedBefore | NoAnswer::NotAsked | NoAnswer::Preview
        ),
    }
}

/// A door's answer that comes later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The door to a model.
pub trait Advisor: Sync {
    /// Asks once, within `patience`; never longer, and never again by itself after an answer.
    fn ask<'a>(&'a self, prompt: &'a Prompt, patience: std::time::Duration) -> Later<'a, Result<Answer, NoAnswer>>;

    /// Hears whether an answer of its own was accepted whole, so that it can be remembered. Who remembers nothing need not
    /// listen.
    fn settle<'a>(&'a self, _prompt: &'a Prompt, _answer: &'a Answer, _whole: bool) -> Later<'a, ()> {
        Box::pin(std::future::ready(()))
    }

    /// Tokens that were spent since this was called last, also on what was no answer.
    fn spent(&self) -> u64 {
        0
    }
}
