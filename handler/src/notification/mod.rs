//! A notification: what a reader gets, in the reader's language, not yet escaped for any channel.

use crate::finding::{Language, Severity};
use crate::plain::Plain;

mod arn;
mod clock;
mod compose;
pub mod cut;
mod link;
#[cfg(test)]
pub(crate) mod sample;
mod together;
pub mod words;

pub use arn::arn;
pub use compose::compose;
pub use together::{Folded, together};
pub use words::Words;

/// Everything that a channel may show, in the order in which a reader wants it. Texts are finished sentences and labels
/// in `language`; a channel lays them out, cuts and escapes them, and adds no words but those of its [`Words`].
#[derive(Clone, Debug)]
pub struct Notification {
    /// The finding key: 64 hexadecimal digits that name the same problem in every notification of it.
    pub key: String,
    /// The reader's language.
    pub language: Language,
    /// What became of the finding since this route last heard of it.
    pub change: Change,
    /// `None` where no severity could be read.
    pub severity: Option<Severity>,
    /// What happened, in one sentence that stands alone: severity, product, what, to what, account and Region.
    pub headline: Plain,
    /// For filters and ASCII subjects.
    pub labels: Labels,
    /// Why the reader gets this, what could not be read, what talks to the reader: one sentence each, to be shown first.
    pub notices: Vec<Plain>,
    /// The advice, section by section; empty only for closes.
    pub sections: Vec<Section>,
    /// The note that generated text may be wrong and the reader decides, or where the words come from otherwise.
    pub note: Plain,
    /// The finding's facts: label and value.
    pub facts: Vec<(Plain, Plain)>,
    /// The numbered facts that statements rest on (`f3`, sentence).
    pub grounds: Vec<(String, Plain)>,
    /// The finding in the console, built from validated parts only.
    pub link: Option<String>,
    /// The original message, whole.
    pub original: Plain,
}

/// Short values for filters, ASCII subjects and metrics; each is empty where it could not be read.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// Twelve digits.
    pub account: String,
    /// A Region's name.
    pub region: String,
    /// The product in ASCII.
    pub product: String,
    /// The first word of a subject: the severity, or how it was closed.
    pub mark: &'static str,
    /// The format's word ([`crate::finding::Source::word`]).
    pub source: &'static str,
}

/// What became of a finding since a route last heard of it; also the reason why it is told now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// Told for the first time.
    New,
    /// The severity rose.
    Worse,
    /// It was closed and is open again.
    Reopened,
    /// A resource or an actor came to it.
    NewParty,
    /// The activity was seen ten times as often.
    ManyMore,
    /// It was closed.
    Closed,
    /// Told for the first time, and suppressed already.
    Suppressed,
    /// A person asked for it by a custom action.
    Asked,
    /// Still open, and last told long ago.
    Still,
    /// Many findings of one minute in one notification.
    Together,
}

impl Change {
    /// The word for logs, metrics and message attributes.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Worse => "worse",
            Self::Reopened => "reopened",
            Self::NewParty => "new_party",
            Self::ManyMore => "many_more",
            Self::Closed => "closed",
            Self::Asked => "asked",
            Self::Still => "still",
            Self::Suppressed => "suppressed",
            Self::Together => "together",
        }
    }
}

/// A part of the advice under one heading.
#[derive(Clone, Debug)]
pub struct Section {
    /// The heading, or nothing.
    pub title: &'static str,
    /// What stands below it.
    pub blocks: Vec<Block>,
}

/// What a section is made of.
#[derive(Clone, Debug)]
pub enum Block {
    /// A paragraph, and the numbers of the facts that it rests on.
    Paragraph(Plain, Vec<usize>),
    /// A line with a label: `Where: CloudTrail > Event history`.
    Labelled(&'static str, Plain),
    /// An item of a list.
    Item(Plain, Vec<usize>),
    /// Text to send on as it is, line by line.
    Quote(Vec<Plain>),
    /// A numbered step with its lines.
    Step {
        /// From 1.
        number: usize,
        /// `[Verify]`, `[Contain, a change]`.
        tag: Plain,
        /// The sentence.
        sentence: Plain,
        /// Lines below it.
        lines: Vec<StepLine>,
    },
}

/// A line below a step.
#[derive(Clone, Debug)]
pub enum StepLine {
    /// Words with a label (where, how to read it, effect, undo, why here), and the facts they rest on.
    Text(&'static str, Plain, Vec<usize>),
    /// A command with a label (look only, change, save): shown literally, never wrapped.
    Command(&'static str, Plain),
}
