//! Dialects of markup, for services that take no structure: how each writes a heading, code and a link, and how outside text
//! is kept from writing any of them. A sheet is a text in one dialect, in as much room as a service gives.

use super::ink::inert;
use super::text::{supported, way};
use crate::notification::cut::{ELLIPSIS, escaped, units};
use crate::notification::{Block, Notification, StepLine, Words};

/// Characters of a label; all of them are ours but for hostile input.
const MOST_LABEL: usize = 100;

/// One service's markup.
pub(super) struct Dialect {
    /// Writes a character of outside text, after this one, so that it does nothing.
    escape: fn(Option<char>, char, &mut String),
    /// A heading of ours.
    heading: fn(&str) -> String,
    /// What stands around a label.
    strong: &'static str,
    /// What stands before an item of a list.
    item: &'static str,
    /// What ends a line.
    end: &'static str,
    /// A text that is shown literally, on lines of its own.
    code: fn(&str) -> String,
    /// A link of ours: address and text.
    link: fn(&str, &str) -> String,
}

/// Slack's `mrkdwn`, as Amazon Q Developer passes it on.
pub(super) const SLACK: Dialect = Dialect {
    escape: |_, c, out| match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        // Slack has no escape for these: a look-alike that marks nothing up.
        '*' => out.push('∗'),
        '`' => out.push('\''),
        '~' => out.push('∼'),
        c => out.push(c),
    },
    // Full-width characters beside the marks keep Slack from seeing them: the whole line stands between them.
    heading: |title| format!("*{title}*"),
    strong: "",
    item: "• ",
    end: "\n",
    code: |text| {
        let text = text.replace("```", "'''").replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        format!("```\n{text}\n```")
    },
    link: |url, text| format!("<{}|{text}>", url.replace('&', "&amp;")),
};

/// Markdown as Microsoft Teams shows it: no code and no headings, so both are lines.
pub(super) const TEAMS: Dialect = Dialect {
    escape: backslash,
    heading: |title| format!("**{title}**"),
    strong: "**",
    item: "- ",
    end: "\n\n",
    code: |text| {
        let mut out = String::new();
        inert(text).chars().for_each(|c| backslash(None, c, &mut out));
        out
    },
    link: |url, text| format!("[{text}]({url})"),
};

/// A backslash before each character that Markdown gives a meaning to in the middle of a line.
fn backslash(_: Option<char>, c: char, out: &mut String) {
    if r"\`*_{}[]()<>#!|~&".contains(c) {
        out.push('\\');
    }
    out.push(c);
}

impl Dialect {
    /// One line of outside text in at most so many characters.
    pub(super) fn line(&self, text: &str, most: usize) -> String {
        escaped(&inert(text), most, self.escape).0
    }
}

/// A text in one dialect. Once something does not fit, nothing follows it: no room is left then.
pub(super) struct Sheet<'a> {
    dialect: &'a Dialect,
    words: &'static Words,
    text: String,
    left: usize,
    is_cut: bool,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(dialect: &'a Dialect, words: &'static Words, room: usize) -> Self {
        Self { dialect, words, text: String::new(), left: room, is_cut: false }
    }

    /// What talks to the reader.
    pub(super) fn notices(&mut self, notification: &Notification, unsure: bool) {
        for notice in unsure
            .then_some(self.words.maybe_repeat)
            .into_iter()
            .chain(notification.notices.iter().map(|notice| notice.text()))
        {
            self.line("", notice);
        }
    }

    /// A section of the advice.
    pub(super) fn section(&mut self, title: &str, blocks: &[Block]) {
        self.heading(title);
        blocks.iter().for_each(|block| self.block(block));
    }

    /// Where the words come from, what the finding says, and the facts that statements rest on.
    pub(super) fn details(&mut self, notification: &Notification) {
        self.gap();
        self.line("", notification.note.text());
        self.heading(self.words.facts);
        for (label, value) in &notification.facts {
            let label = self.label(label.text());
            self.line(&label, value.text());
        }
        if !notification.grounds.is_empty() {
            self.heading(self.words.grounds);
        }
        for (number, fact) in &notification.grounds {
            self.line(&format!("{number}: "), fact.text());
        }
    }

    /// The whole text, with the link and what to know where something was cut. `last` is the room for them.
    pub(super) fn end(mut self, notification: &Notification, last: usize) -> String {
        let shows_id = !self.is_cut;
        let way = [self.words.shortened, way(notification, shows_id, true)].join(self.words.between);
        let is_cut = self.is_cut;
        self.left = last;
        self.gap();
        if let Some(link) = &notification.link {
            self.push(&(self.dialect.link)(link, self.words.link));
        }
        if is_cut {
            self.push(&way);
        }
        self.text.trim_end().to_owned()
    }

    /// The text alone; it ends visibly where something was cut.
    pub(super) fn text(self) -> String {
        let end = if self.is_cut { ELLIPSIS } else { "" };
        self.text.trim_end().to_owned() + end
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(text, facts) => self.line("", &supported(text.text(), facts)),
            Block::Labelled(label, text) => {
                let label = self.label(label);
                self.line(&label, text.text());
            }
            Block::Item(text, facts) => self.line(self.dialect.item, &supported(text.text(), facts)),
            Block::Quote(lines) => {
                let quote = lines.iter().map(|line| inert(line.text())).collect::<Vec<_>>().join("\n");
                self.code(&quote);
            }
            Block::Step { number, tag, sentence, lines } => {
                let tag = self.dialect.line(tag.text(), usize::MAX);
                self.line(&format!("{number}. {tag} "), sentence.text());
                self.step(lines);
            }
        }
    }

    pub(super) fn step(&mut self, lines: &[StepLine]) {
        let mut before = "";
        for line in lines {
            match line {
                StepLine::Text(label, text, facts) => {
                    self.line(&format!("{label}: "), &supported(text.text(), facts));
                    before = label;
                }
                StepLine::Command(label, command) => {
                    if before != *label {
                        self.line(&format!("{label}:"), "");
                    }
                    self.code(command.text());
                    before = label;
                }
            }
        }
    }

    fn label(&self, label: &str) -> String {
        let strong = self.dialect.strong;
        format!("{strong}{}:{strong} ", self.dialect.line(label, MOST_LABEL))
    }

    pub(super) fn heading(&mut self, title: &str) {
        self.gap();
        self.push(&(self.dialect.heading)(title));
    }

    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.push("");
        }
    }

    /// A label of ours, in the dialect already, and outside text behind it.
    pub(super) fn line(&mut self, label: &str, text: &str) {
        if self.left == 0 {
            return;
        }
        let room = self.left.saturating_sub(units(label) + units(self.dialect.end));
        let (text, is_whole) = escaped(&inert(text), room, self.dialect.escape);
        self.push(&format!("{label}{text}"));
        if !is_whole {
            (self.left, self.is_cut) = (0, true);
        }
    }

    /// A text that stands whole or not at all: half a command does something else.
    fn code(&mut self, text: &str) {
        if units(text) > self.left {
            (self.left, self.is_cut) = (0, true);
            return;
        }
        self.push(&(self.dialect.code)(text));
    }

    fn push(&mut self, line: &str) {
        let size = units(line) + units(self.dialect.end);
        if size > self.left {
            (self.left, self.is_cut) = (0, true);
            return;
        }
        self.left -= size;
        self.text.push_str(line);
        self.text.push_str(self.dialect.end);
    }
}
