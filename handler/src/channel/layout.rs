//! The order of a notification on a page, told once for all services; how a page writes each part is its service's matter.

use super::text::supported;
use crate::notification::{Block, Notification, StepLine, Words};
use crate::plain::Plain;

/// What stands before a text on its line.
#[derive(Clone, Copy, Debug)]
pub(super) enum Label<'a> {
    /// Nothing.
    None,
    /// Words that stand out; what ends them belongs to them: `Account: `.
    Strong(&'a str),
    /// Words that do not.
    Light(&'a str),
}

impl<'a> Label<'a> {
    /// The words.
    pub(super) fn words(self) -> &'a str {
        match self {
            Self::None => "",
            Self::Strong(words) | Self::Light(words) => words,
        }
    }
}

/// A page of one service. Every text may come from outside: the page keeps it from being anything but text, keeps to the
/// service's limits, and remembers that something was cut.
pub(super) trait Page {
    /// What talks to the reader.
    fn notice(&mut self, text: &str);
    /// A heading.
    fn heading(&mut self, title: &str);
    /// An empty line, where the service has one.
    fn gap(&mut self);
    /// A line.
    fn line(&mut self, label: Label<'_>, text: &str);
    /// An item of a list.
    fn item(&mut self, text: &str);
    /// Text to send on.
    fn quote(&mut self, lines: &[Plain]);
    /// A command: whole or not at all, since half of one does something else.
    fn code(&mut self, command: &str);

    /// Why the reader gets this, and all that must be read first.
    fn notices(&mut self, notification: &Notification, unsure: bool) {
        let words = Words::of(notification.language);
        if unsure {
            self.notice(words.maybe_repeat);
        }
        for notice in &notification.notices {
            self.notice(notice.text());
        }
    }

    /// A section of the advice.
    fn section(&mut self, title: &str, blocks: &[Block]) {
        self.heading(title);
        for block in blocks {
            match block {
                Block::Paragraph(text, facts) => self.line(Label::None, &supported(text.text(), facts)),
                Block::Labelled(label, text) => self.line(Label::Strong(&format!("{label}: ")), text.text()),
                Block::Item(text, facts) => self.item(&supported(text.text(), facts)),
                Block::Quote(lines) => self.quote(lines),
                Block::Step { number, tag, sentence, lines } => {
                    // Steps have many lines: without a gap nobody sees where the next one begins.
                    self.gap();
                    self.line(Label::Strong(&format!("{number}. {} ", tag.text())), sentence.text());
                    self.step(lines);
                }
            }
        }
    }

    /// What stands below a step.
    fn step(&mut self, lines: &[StepLine]) {
        let mut before = "";
        for line in lines {
            match line {
                StepLine::Text(label, text, facts) => {
                    self.line(Label::Light(&format!("{label}: ")), &supported(text.text(), facts));
                    before = label;
                }
                StepLine::Command(label, command) => {
                    if before != *label {
                        self.line(Label::Light(&format!("{label}:")), "");
                    }
                    self.code(command.text());
                    before = label;
                }
            }
        }
    }

    /// Where the words come from, what the finding says, and the facts that statements rest on.
    fn details(&mut self, notification: &Notification) {
        let words = Words::of(notification.language);
        self.gap();
        self.line(Label::None, notification.note.text());
        self.heading(words.facts);
        for (label, value) in &notification.facts {
            self.line(Label::Strong(&format!("{}: ", label.text())), value.text());
        }
        if !notification.grounds.is_empty() {
            self.heading(words.grounds);
        }
        for (number, fact) in &notification.grounds {
            self.line(Label::Light(&format!("{number}: ")), fact.text());
        }
    }
}
