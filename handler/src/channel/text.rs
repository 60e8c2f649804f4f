//! The layout of plain text: for a topic's subscribers, and as the text part of a mail.
//!
//! Outside text needs no escaping here, but it must not look like ours: it is one line, and stands only behind a label or
//! indented, so that it can imitate no heading. Only the original message stands as it is, below a line, at the end.

use std::collections::BTreeSet;

use crate::notification::cut::{ELLIPSIS, bytes, one_line};
use crate::notification::{Block, Notification, StepLine, Words};
use crate::plain::Plain;

/// Bytes of all that stands above the original message: some 20,000 where nobody is hostile.
const MOST_ABOVE: usize = 200_000;
/// Bytes of one line above the original message.
const MOST_LINE: usize = 6_000;
/// Parts the original message from everything of ours.
pub(super) const RULE: &str = "------------------------------------------------------------";

/// Everything of ours, without the original message.
pub(super) fn above(notification: &Notification, unsure: bool) -> String {
    let words = Words::of(notification.language);
    let mut notification = notification.clone();
    if unsure {
        notification.notices.insert(0, Plain::new(words.maybe_repeat));
    }
    let above = Mail::of(words).above(&notification);
    let shown = bytes(&above, MOST_ABOVE);
    if shown.len() < above.len() { format!("{shown}{ELLIPSIS}\n") } else { above }
}

/// The body in at most `room` bytes: everything of ours, and as much of the original message as fits.
pub(super) fn message(notification: &Notification, room: usize) -> String {
    let words = Words::of(notification.language);
    let above = Mail::of(words).above(notification);
    let mut text = bytes(&above, MOST_ABOVE.min(room)).to_owned();
    if text.len() < above.len() {
        text.push_str(ELLIPSIS);
        text.push('\n');
    }
    let original = notification.original.text();
    let heading = |cut: Option<String>| {
        let mut mail = Mail::of(words);
        mail.heading(words.original);
        let sentences = [cut.as_deref(), Some(words.original_below)].into_iter().flatten().collect::<Vec<_>>();
        mail.prose("", 0, &sentences.join(words.between), &[]);
        ["\n", &mail.text, RULE, "\n"].concat()
    };
    let whole = heading(None);
    if text.len() + whole.len() + original.len() < room {
        return text + &whole + original + "\n";
    }
    let way = way(
        notification,
        text.contains(words.finding_id),
        notification.link.as_deref().is_some_and(|link| text.contains(link)),
    );
    let cut = |shown: usize| heading(Some([&(words.original_cut)(shown, original.len()), way].join(words.between)));
    // The heading is longest where it says that all is shown.
    let around = text.len() + cut(original.len()).len() + ELLIPSIS.len() + 1;
    let shown = bytes(original, room.saturating_sub(around));
    text + &cut(shown.len()) + shown + ELLIPSIS + "\n"
}

/// The way to what was cut. Only what is shown can be it: hostile values may have pushed it out.
pub(super) fn way(notification: &Notification, shows_id: bool, shows_link: bool) -> &'static str {
    let words = Words::of(notification.language);
    match (notification.link.is_some() && shows_link, shows_id) {
        (true, _) => words.rest_by_link,
        (false, true) => words.rest_by_id,
        (false, false) => words.rest_by_sender,
    }
}

/// A statement, and the facts that it rests on: `It was open (f2 f3)`.
pub(super) fn supported(text: &str, facts: &[usize]) -> String {
    let facts: BTreeSet<usize> = facts.iter().copied().collect();
    let facts = facts.iter().map(|number| format!("f{number}")).collect::<Vec<_>>().join(" ");
    match (text.is_empty(), facts.is_empty()) {
        (_, true) => text.to_owned(),
        (true, false) => facts,
        (false, false) => format!("{text} ({facts})"),
    }
}

/// Lays out everything above the original message.
struct Mail {
    words: &'static Words,
    text: String,
}

impl Mail {
    fn of(words: &'static Words) -> Self {
        Self { words, text: String::new() }
    }

    fn above(mut self, notification: &Notification) -> String {
        let [notice, fact, item] = self.words.marks;
        self.prose("", 2, notification.headline.text(), &[]);
        self.gap();
        for sentence in &notification.notices {
            self.prose(notice, 2, sentence.text(), &[]);
        }
        for section in &notification.sections {
            self.heading(section.title);
            for block in &section.blocks {
                self.block(block, item);
            }
        }
        self.gap();
        self.prose("", 0, notification.note.text(), &[]);
        self.heading(self.words.facts);
        for (label, value) in &notification.facts {
            self.prose(&format!("{fact}{}: ", label.text()), 2, value.text(), &[]);
        }
        if !notification.grounds.is_empty() {
            self.heading(self.words.grounds);
        }
        for (number, sentence) in &notification.grounds {
            self.prose(&format!("  {number}: "), 4, sentence.text(), &[]);
        }
        if let Some(link) = &notification.link {
            self.heading(self.words.link);
            self.literal(0, link);
        }
        self.text
    }

    fn block(&mut self, block: &Block, item: &str) {
        match block {
            Block::Paragraph(text, facts) => self.prose("  ", 2, text.text(), facts),
            Block::Labelled(label, text) => self.prose(&format!("  {label}: "), 2, text.text(), &[]),
            Block::Item(text, facts) => self.prose(&format!("  {item}"), 4, text.text(), facts),
            Block::Quote(lines) => lines.iter().for_each(|line| self.prose("    ", 4, line.text(), &[])),
            Block::Step { number, tag, sentence, lines } => {
                self.prose(&format!("{number}. {} ", tag.text()), 3, sentence.text(), &[]);
                let mut before = "";
                for line in lines {
                    match line {
                        StepLine::Text(label, text, facts) => {
                            self.prose(&format!("   {label}: "), 5, text.text(), facts);
                            before = label;
                        }
                        StepLine::Command(label, command) => {
                            if before != *label {
                                self.literal(3, &format!("{label}:"));
                            }
                            self.literal(5, command.text());
                            before = label;
                        }
                    }
                }
            }
        }
    }

    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn heading(&mut self, title: &str) {
        self.gap();
        self.text.push_str(&(self.words.heading)(title));
        self.text.push('\n');
    }

    /// One line that no mail program's reader should have to put together again: a command or an address.
    fn literal(&mut self, indent: usize, line: &str) {
        let line = one_line(line);
        self.text.extend(std::iter::repeat_n(' ', indent));
        self.text.push_str(shortened(&line).as_ref());
        self.text.push('\n');
    }

    /// A text behind its label, and the facts that it rests on; broken at spaces where the language has them, further lines
    /// indented by `indent`.
    fn prose(&mut self, label: &str, indent: usize, text: &str, facts: &[usize]) {
        let text = one_line(text);
        let line = format!("{label}{}", supported(&shortened(&text), facts));
        let columns = self.words.columns.unwrap_or(usize::MAX);
        let mut column = 0;
        for (count, word) in line.split(' ').enumerate() {
            let width = word.chars().count();
            // The label's own spaces belong to it: a line is never broken in its indentation.
            if count > 0 && column + 1 + width > columns && column > indent {
                self.text.push('\n');
                self.text.extend(std::iter::repeat_n(' ', indent));
                column = indent;
            } else if count > 0 {
                self.text.push(' ');
                column += 1;
            }
            self.text.push_str(word);
            column += width;
        }
        self.text.push('\n');
    }
}

/// A line that ends visibly where it is longer than any honest one.
fn shortened(line: &str) -> std::borrow::Cow<'_, str> {
    if line.len() <= MOST_LINE {
        return line.into();
    }
    format!("{}{ELLIPSIS}", bytes(line, MOST_LINE)).into()
}
