//! What a Slack message is made of: a header of plain text, and one `rich_text` block, whose elements take text literally: no
//! mention, link or markup of outside origin works in them.

use serde_json::{Value, json};

use crate::channel::ink::inert;
use crate::channel::text::{supported, way};
use crate::notification::cut::{escaped, short_units, units};
use crate::notification::{Block, Notification, StepLine, Words};

/// Characters of a header's text.
const MOST_HEADER: usize = 150;
/// Characters of the text beside the blocks: a sentence for pop-ups and screen readers.
const MOST_SENTENCE: usize = 300;
/// Characters of a message without blocks: Slack takes 40,000 and cuts them into several messages from 4,000.
const MOST_PLAIN: usize = 3_500;
/// Characters of one text.
const MOST_TEXT: usize = 3_000;
/// Characters of the blocks as they are sent. Slack refuses messages from about 13,000, which it documents nowhere.
const MOST_BLOCKS: usize = 11_000;
/// What one element needs besides its text.
const AROUND: usize = 90;
/// Room for the last lines: the link and the way to the rest.
const LAST: usize = 1_600;

/// Which part of a notification a message shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// What happened and how urgent it is: the first message of a thread.
    Top,
    /// All that the first message does not show.
    Rest,
    /// Everything.
    Whole,
}

/// The headline, escaped: `text` is markup, whatever the blocks are.
pub(super) fn sentence(notification: &Notification) -> String {
    escaped(&inert(notification.headline.text()), MOST_SENTENCE, escape).0
}

/// A message without blocks.
pub(super) fn plain(notification: &Notification, unsure: bool) -> String {
    let words = Words::of(notification.language);
    let mut lines = vec![sentence(notification)];
    let summary = notification.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
        Block::Paragraph(text, _) => Some(text.text()),
        _ => None,
    });
    let notices = notification.notices.iter().map(|notice| notice.text());
    let repeat = unsure.then_some(words.maybe_repeat);
    let all: Vec<&str> = notices.chain(repeat).chain(summary).chain([words.shortened]).collect();
    lines.push(escaped(&inert(&all.join(" ")), MOST_PLAIN, escape).0);
    if let Some(link) = &notification.link {
        lines.push(format!("<{}|{}>", link.replace('&', "&amp;"), words.link));
    }
    lines.join("\n")
}

/// Slack's own escapes. There is none for `*`, `_`, `~` and backticks, which change how a text looks, not what it does.
fn escape(_: Option<char>, c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        c => out.push(c),
    }
}

/// The blocks of a part.
pub(super) fn blocks(notification: &Notification, part: Part, unsure: bool) -> Value {
    let words = Words::of(notification.language);
    let mut paper = Paper { elements: Vec::new(), line: Vec::new(), left: MOST_BLOCKS - LAST, is_cut: false };
    if part != Part::Rest {
        if unsure {
            paper.line(&[(words.maybe_repeat, true)]);
        }
        for notice in &notification.notices {
            paper.line(&[(notice.text(), true)]);
        }
    }
    let is_top = |title| [words.summary, words.urgency_title].contains(&title);
    for section in &notification.sections {
        if part == Part::Whole || is_top(section.title) == (part == Part::Top) {
            paper.heading(section.title);
            section.blocks.iter().for_each(|block| paper.block(block));
        }
    }
    if part != Part::Top {
        details(&mut paper, notification, words);
    }
    if part == Part::Top && !notification.sections.is_empty() {
        paper.gap();
        paper.line(&[(words.in_thread, false)]);
    }
    let shows_id = part != Part::Top && !paper.is_cut;
    let mut elements = paper.last(notification, words, shows_id);
    if elements.is_empty() {
        elements.push(json!({ "type": "rich_text_section", "elements": [text(notification.note.text(), false)] }));
    }
    let body = json!({ "type": "rich_text", "elements": elements });
    if part == Part::Rest {
        return json!([body]);
    }
    let title = short_units(&inert(notification.headline.text()), MOST_HEADER);
    json!([{ "type": "header", "text": { "type": "plain_text", "text": title, "emoji": false } }, body])
}

fn details(paper: &mut Paper, notification: &Notification, words: &Words) {
    paper.gap();
    paper.line(&[(notification.note.text(), false)]);
    paper.heading(words.facts);
    for (label, value) in &notification.facts {
        paper.line(&[(&format!("{}: ", label.text()), true), (value.text(), false)]);
    }
    if !notification.grounds.is_empty() {
        paper.heading(words.grounds);
    }
    for (number, fact) in &notification.grounds {
        paper.line(&[(&format!("{number}: "), false), (fact.text(), false)]);
    }
}

fn text(text: &str, is_bold: bool) -> Value {
    if is_bold {
        json!({ "type": "text", "text": text, "style": { "bold": true } })
    } else {
        json!({ "type": "text", "text": text })
    }
}

/// The elements of a `rich_text` block, in as much room as there is. Once something does not fit, nothing follows it: no room
/// is left then.
struct Paper {
    elements: Vec<Value>,
    line: Vec<Value>,
    left: usize,
    is_cut: bool,
}

impl Paper {
    /// A line of texts, each of them bold or not.
    fn line(&mut self, texts: &[(&str, bool)]) {
        if self.left == 0 {
            return;
        }
        for (number, (words, is_bold)) in texts.iter().enumerate() {
            let end = if number + 1 == texts.len() { "\n" } else { "" };
            // A label ends with a space that counts.
            let label = if end.is_empty() && words.ends_with(' ') { " " } else { "" };
            self.text(&inert(words), label, end, *is_bold);
        }
    }

    fn text(&mut self, words: &str, label: &str, end: &str, is_bold: bool) {
        let most = MOST_TEXT.min(self.left.saturating_sub(AROUND));
        let (shown, is_whole) = escaped(words, most, |_, c, out| out.push(c));
        let element = text(&(shown + label + end), is_bold);
        let size = units(&element.to_string()) + 1;
        self.is_cut |= !is_whole || size > self.left;
        if size > self.left {
            self.left = 0;
            return;
        }
        self.left = if is_whole || most == MOST_TEXT { self.left - size } else { 0 };
        self.line.push(element);
    }

    fn heading(&mut self, title: &str) {
        self.gap();
        self.line(&[(title, true)]);
    }

    fn gap(&mut self) {
        if !self.line.is_empty() {
            self.text("", "", "\n", false);
        }
    }

    fn flush(&mut self) {
        if !self.line.is_empty() {
            let line = std::mem::take(&mut self.line);
            self.elements.push(json!({ "type": "rich_text_section", "elements": line }));
        }
    }

    fn block(&mut self, block: &Block) {
        let with = |text: &str, facts| supported(text, facts);
        match block {
            Block::Paragraph(text, facts) => self.line(&[(&with(text.text(), facts), false)]),
            Block::Labelled(label, text) => self.line(&[(&format!("{label}: "), true), (text.text(), false)]),
            Block::Item(text, facts) => self.line(&[(&format!("• {}", with(text.text(), facts)), false)]),
            Block::Quote(lines) => {
                let quote = lines.iter().map(|line| inert(line.text())).collect::<Vec<_>>().join("\n");
                self.whole("rich_text_quote", &short_units(&quote, MOST_TEXT));
            }
            Block::Step { number, tag, sentence, lines } => {
                self.line(&[(&format!("{number}. {} ", tag.text()), true), (sentence.text(), false)]);
                let mut before = "";
                for line in lines {
                    match line {
                        StepLine::Text(label, text, facts) => {
                            self.line(&[(&format!("{label}: "), false), (&with(text.text(), facts), false)]);
                            before = label;
                        }
                        StepLine::Command(label, command) => {
                            if before != *label {
                                self.line(&[(&format!("{label}:"), false)]);
                            }
                            self.whole("rich_text_preformatted", command.text());
                            before = label;
                        }
                    }
                }
            }
        }
    }

    /// A text that stands whole or not at all: half a command does something else.
    fn whole(&mut self, kind: &str, words: &str) {
        let element = json!({ "type": kind, "elements": [text(words, false)] });
        let size = units(&element.to_string()) + 1;
        if words.is_empty() {
            return;
        }
        if size > self.left {
            (self.left, self.is_cut) = (0, true);
            return;
        }
        self.left -= size;
        self.flush();
        self.elements.push(element);
    }

    /// The link, and what to know where something was cut; there is always room for them.
    fn last(mut self, notification: &Notification, words: &Words, shows_id: bool) -> Vec<Value> {
        self.flush();
        let mut line = Vec::new();
        if let Some(link) = &notification.link {
            line.push(json!({ "type": "link", "url": link, "text": words.link }));
            line.push(text("\n", false));
        }
        if self.is_cut {
            let way = way(notification, shows_id, true);
            line.push(text(&[words.shortened, way].join(words.between), false));
        }
        if !line.is_empty() {
            self.elements.push(json!({ "type": "rich_text_section", "elements": line }));
        }
        self.elements
    }
}
