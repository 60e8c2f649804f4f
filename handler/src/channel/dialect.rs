//! Dialects of markup, for services that take no structure: how each writes a heading, code and a link, and how outside text
//! is kept from writing any of them. A sheet is a text in one dialect, in as much room as a service gives.

use super::ink::inert;
use super::layout::{Label, Page};
use super::text::way;
use crate::notification::cut::{ELLIPSIS, escaped, units};
use crate::notification::{Notification, Words};
use crate::plain::Plain;

/// Characters of a label.
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

/// Backlog's own notation. It has no escape that is documented for all of its marks: a space parts those that work together,
/// and a look-alike stands for one that begins a line.
pub(super) const BACKLOG: Dialect = Dialect {
    escape: |before, c, out| {
        let marks = match before {
            Some('{') => c.is_alphabetic() || c == '/',
            Some('#' | '&') => c.is_alphabetic(),
            Some(before @ ('[' | '\'' | '%')) => c == before,
            _ => false,
        };
        if marks {
            out.push(' ');
        }
        out.push(match (before, c) {
            (None, '*') => '＊',
            (None, '-') => '‐',
            (None, '+') => '＋',
            (None, '|') => '｜',
            (None, '>') => '＞',
            (_, c) => c,
        });
    },
    heading: |title| format!("** {title}"),
    strong: "''",
    item: "- ",
    end: "\n",
    code: |text| format!("{{code}}\n{}\n{{/code}}", text.replace("{/", "{ /")),
    link: |url, text| format!("[[{text}>{url}]]"),
};

/// Markdown as Backlog shows it in projects that chose it.
pub(super) const MARKDOWN: Dialect = Dialect {
    escape: |before, c, out| {
        if before.is_none() && "-+=".contains(c) {
            out.push('\\');
        }
        backslash(before, c, out);
    },
    heading: |title| format!("## {title}"),
    strong: "**",
    item: "- ",
    // Two spaces keep the next line from running on in this one.
    end: "  \n",
    code: |text| {
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        format!("{fence}\n{text}\n{fence}")
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

    /// A label in the dialect. All of them are ours but for hostile input.
    fn label(&self, label: Label<'_>) -> String {
        let words = label.words();
        let (shown, end) = match words.strip_suffix(' ') {
            Some(words) => (words, " "),
            None => (words, ""),
        };
        let shown = self.dialect.line(shown, MOST_LABEL);
        match label {
            Label::Strong(_) => format!("{0}{shown}{0}{end}", self.dialect.strong),
            Label::None | Label::Light(_) => shown + end,
        }
    }

    /// A label in the dialect already, and outside text behind it.
    fn labelled(&mut self, label: &str, text: &str) {
        let room = self.left.saturating_sub(units(label) + units(self.dialect.end));
        let (text, is_whole) = escaped(&inert(text), room, self.dialect.escape);
        self.push(&format!("{label}{text}"));
        if !is_whole {
            (self.left, self.is_cut) = (0, true);
        }
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

impl Page for Sheet<'_> {
    fn notice(&mut self, text: &str) {
        self.line(Label::None, text);
    }

    fn heading(&mut self, title: &str) {
        self.gap();
        self.push(&(self.dialect.heading)(title));
    }

    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") && self.left > 0 {
            self.text.push('\n');
            self.left -= 1;
        }
    }

    fn line(&mut self, label: Label<'_>, text: &str) {
        if self.left == 0 {
            return;
        }
        let label = self.label(label);
        self.labelled(&label, text);
    }

    fn item(&mut self, text: &str) {
        if self.left > 0 {
            self.labelled(self.dialect.item, text);
        }
    }

    fn quote(&mut self, lines: &[Plain]) {
        self.code(&lines.iter().map(|line| inert(line.text())).collect::<Vec<_>>().join("\n"));
    }

    fn code(&mut self, command: &str) {
        if units(command) > self.left {
            (self.left, self.is_cut) = (0, true);
            return;
        }
        self.push(&(self.dialect.code)(command));
    }
}
