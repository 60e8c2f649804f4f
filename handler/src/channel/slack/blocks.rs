//! What a Slack message is made of: a header of plain text, and one `rich_text` block, whose elements take text literally: no
//! mention, link or markup of outside origin works in them.

use serde_json::{Value, json};

use crate::channel::ink::{inert, title};
use crate::channel::layout::{Label, Page};
use crate::channel::text::way;
use crate::notification::cut::{escaped, short_units, units};
use crate::notification::{Block, Notification, Words};
use crate::plain::Plain;

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
    let mut paper =
        Paper { elements: Vec::new(), line: Vec::new(), is_apart: false, left: MOST_BLOCKS - LAST, is_cut: false };
    if part != Part::Rest {
        paper.notices(notification, unsure);
    }
    let is_top = |title| [words.summary, words.urgency_title].contains(&title);
    for section in &notification.sections {
        if part == Part::Whole || is_top(section.title) == (part == Part::Top) {
            paper.section(section.title, &section.blocks);
        }
    }
    if part != Part::Top {
        paper.details(notification);
    }
    if part == Part::Top && !notification.sections.is_empty() {
        paper.gap();
        paper.line(Label::None, words.in_thread);
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
    let title = title(notification, MOST_HEADER);
    json!([{ "type": "header", "text": { "type": "plain_text", "text": title, "emoji": false } }, body])
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
    /// The next text stands apart from what is above it in its element; an empty element of its own would take more room.
    is_apart: bool,
    left: usize,
    is_cut: bool,
}

impl Page for Paper {
    fn notice(&mut self, text: &str) {
        self.line(Label::Strong(""), text);
    }

    fn heading(&mut self, title: &str) {
        self.gap();
        self.notice(title);
    }

    fn gap(&mut self) {
        self.is_apart = !self.line.is_empty();
    }

    fn line(&mut self, label: Label<'_>, text: &str) {
        if self.left == 0 {
            return;
        }
        let is_bold = matches!(label, Label::Strong(_));
        let words = label.words();
        // A label ends with a space that counts.
        let end = if words.ends_with(' ') { " " } else { "" };
        match (words.is_empty(), text.is_empty()) {
            (true, _) => self.text(&inert(text), "\n", is_bold),
            (false, true) => self.text(&inert(words), "\n", is_bold),
            (false, false) => {
                self.text(&inert(words), end, is_bold);
                self.text(&inert(text), "\n", false);
            }
        }
    }

    fn item(&mut self, text: &str) {
        self.line(Label::None, &format!("• {text}"));
    }

    fn quote(&mut self, lines: &[Plain]) {
        let quote = lines.iter().map(|line| inert(line.text())).collect::<Vec<_>>().join("\n");
        self.whole("rich_text_quote", &short_units(&quote, MOST_TEXT));
    }

    fn code(&mut self, command: &str) {
        self.whole("rich_text_preformatted", command);
    }
}

impl Paper {
    fn text(&mut self, words: &str, end: &str, is_bold: bool) {
        let most = MOST_TEXT.min(self.left.saturating_sub(AROUND));
        let (shown, is_whole) = escaped(words, most, |_, c, out| out.push(c));
        let start = if std::mem::take(&mut self.is_apart) { "\n" } else { "" };
        let element = text(&format!("{start}{shown}{end}"), is_bold);
        let size = units(&element.to_string()) + 1;
        self.is_cut |= !is_whole || size > self.left;
        if size > self.left {
            self.left = 0;
            return;
        }
        self.left = if is_whole || most == MOST_TEXT { self.left - size } else { 0 };
        self.line.push(element);
    }

    fn flush(&mut self) {
        self.is_apart = false;
        if !self.line.is_empty() {
            let line = std::mem::take(&mut self.line);
            self.elements.push(json!({ "type": "rich_text_section", "elements": line }));
        }
    }

    /// A text that stands whole or not at all.
    fn whole(&mut self, kind: &str, words: &str) {
        if words.is_empty() {
            return;
        }
        let element = json!({ "type": kind, "elements": [text(words, false)] });
        let size = units(&element.to_string()) + 1;
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
