//! A page in Atlassian's document format: a tree of nodes, whose texts are taken literally.

use serde_json::{Value, json};

use crate::channel::ink::inert;
use crate::channel::layout::{Label, Page};
use crate::channel::text::way;
use crate::notification::cut::{escaped, short_units, units};
use crate::notification::{Notification, Words};
use crate::plain::Plain;

/// Characters of all texts together: Jira takes 32,767 of an issue's description or a comment.
const MOST: usize = 25_000;
/// Room in it for the link and the way to the rest.
const LAST: usize = 1_600;
/// Characters of one text.
const MOST_TEXT: usize = 3_000;
/// The level of our headings: the issue's own are above.
const LEVEL: u8 = 3;

/// Nodes, in as much room as there is. Once something does not fit, nothing follows it: no room is left then.
pub(super) struct Document {
    nodes: Vec<Value>,
    items: Vec<Value>,
    left: usize,
    is_cut: bool,
}

impl Document {
    pub(super) fn new() -> Self {
        Self { nodes: Vec::new(), items: Vec::new(), left: MOST - LAST, is_cut: false }
    }

    /// The whole document, with the link and what to know where something was cut.
    pub(super) fn end(mut self, notification: &Notification) -> Value {
        let words = Words::of(notification.language);
        let way = way(notification, !self.is_cut, true);
        self.flush();
        if let Some(link) = &notification.link {
            let mark = json!({ "type": "link", "attrs": { "href": link } });
            self.nodes.push(paragraph(&[json!({ "type": "text", "text": words.link, "marks": [mark] })]));
        }
        if self.is_cut {
            self.nodes.push(paragraph(&[plain(&[words.shortened, way].join(words.between))]));
        }
        json!({ "type": "doc", "version": 1, "content": self.nodes })
    }

    fn push(&mut self, node: Value) {
        self.flush();
        self.nodes.push(node);
    }

    fn flush(&mut self) {
        if !self.items.is_empty() {
            let items = std::mem::take(&mut self.items);
            self.nodes.push(json!({ "type": "bulletList", "content": items }));
        }
    }

    /// As much of a text as there is room for; nothing where there is none, since a text node may not be empty.
    fn fitted(&mut self, text: &str) -> Option<String> {
        let most = MOST_TEXT.min(self.left);
        let (shown, is_whole) = escaped(&inert(text), most, |_, c, out| out.push(c));
        self.is_cut |= !is_whole;
        self.left = if is_whole || most == MOST_TEXT { self.left - units(&shown) } else { 0 };
        Some(shown).filter(|shown| !shown.is_empty())
    }

    /// A text that stands whole or not at all.
    fn whole(&mut self, text: &str) -> bool {
        let size = units(text);
        if size > self.left {
            (self.left, self.is_cut) = (0, true);
            return false;
        }
        self.left -= size;
        !text.is_empty()
    }
}

fn plain(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}

fn strong(text: &str) -> Value {
    json!({ "type": "text", "text": text, "marks": [{ "type": "strong" }] })
}

fn paragraph(texts: &[Value]) -> Value {
    json!({ "type": "paragraph", "content": texts })
}

impl Page for Document {
    fn notice(&mut self, text: &str) {
        if let Some(text) = self.fitted(text) {
            self.push(paragraph(&[strong(&text)]));
        }
    }

    fn heading(&mut self, title: &str) {
        if let Some(title) = self.fitted(title) {
            self.push(json!({ "type": "heading", "attrs": { "level": LEVEL }, "content": [plain(&title)] }));
        }
    }

    fn gap(&mut self) {}

    fn line(&mut self, label: Label<'_>, text: &str) {
        let words = label.words();
        // A label ends with a space that counts.
        let end = if words.ends_with(' ') && !text.is_empty() { " " } else { "" };
        let shown = self.fitted(words).map(|words| words + end);
        let shown = shown.map(|shown| if matches!(label, Label::Strong(_)) { strong(&shown) } else { plain(&shown) });
        let texts: Vec<Value> = shown.into_iter().chain(self.fitted(text).map(|text| plain(&text))).collect();
        if !texts.is_empty() {
            self.push(paragraph(&texts));
        }
    }

    fn item(&mut self, text: &str) {
        if let Some(text) = self.fitted(text) {
            self.items.push(json!({ "type": "listItem", "content": [paragraph(&[plain(&text)])] }));
        }
    }

    fn quote(&mut self, lines: &[Plain]) {
        let lines: Vec<Value> = lines
            .iter()
            .filter_map(|line| self.fitted(&short_units(line.text(), MOST_TEXT)))
            .map(|line| paragraph(&[plain(&line)]))
            .collect();
        if !lines.is_empty() {
            self.push(json!({ "type": "blockquote", "content": lines }));
        }
    }

    fn code(&mut self, command: &str) {
        if self.whole(command) {
            self.push(json!({ "type": "codeBlock", "content": [plain(command)] }));
        }
    }
}
