//! The markup that notifications are written in, as its services show it: only what our own dialects write, line by line.
//! What is no mark of ours is text.

use super::html::{escaped, link, literal};

/// Which markup a text is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// Slack's `mrkdwn`.
    Slack,
    /// Backlog's own notation.
    Backlog,
    /// Markdown.
    Markdown,
}

impl Markup {
    /// What opens and closes a text that is shown literally.
    fn fence(self, line: &str) -> Option<&str> {
        match self {
            Self::Backlog => (line == "{code}").then_some("{/code}"),
            Self::Slack | Self::Markdown => (line.len() >= 3 && line.bytes().all(|byte| byte == b'`')).then_some(line),
        }
    }

    fn heading(self, line: &str) -> Option<&str> {
        match self {
            Self::Backlog => line.strip_prefix("** "),
            Self::Markdown => {
                let whole = || line.strip_prefix("**")?.strip_suffix("**");
                line.strip_prefix("## ").or_else(whole)
            }
            Self::Slack => line.strip_prefix('*')?.strip_suffix('*'),
        }
    }

    fn item(self, line: &str) -> Option<&str> {
        line.strip_prefix(if self == Self::Slack { "• " } else { "- " })
    }

    /// A line that is a link alone: address and text.
    fn link(self, line: &str) -> Option<(&str, &str)> {
        let (first, second) = match self {
            Self::Slack => line.strip_prefix('<')?.strip_suffix('>')?.split_once('|')?,
            Self::Backlog => {
                let (text, url) = line.strip_prefix("[[")?.strip_suffix("]]")?.split_once('>')?;
                (url, text)
            }
            Self::Markdown => {
                let (text, url) = line.strip_prefix('[')?.strip_suffix(')')?.split_once("](")?;
                (url, text)
            }
        };
        first.starts_with("https://").then_some((first, second))
    }

    /// A strong label that begins a line, and the rest of it.
    fn label(self, line: &str) -> Option<(&str, &str)> {
        let mark = match self {
            Self::Slack => return None,
            Self::Backlog => "''",
            Self::Markdown => "**",
        };
        line.strip_prefix(mark)?.split_once(mark)
    }

    /// What the reader sees of a text that was escaped for the service.
    fn seen(self, text: &str) -> String {
        match self {
            Self::Backlog => text.to_owned(),
            Self::Slack => text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"),
            Self::Markdown => {
                let mut seen = String::with_capacity(text.len());
                let mut chars = text.chars().peekable();
                while let Some(c) = chars.next() {
                    let escapes = c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation);
                    seen.push(if escapes { chars.next().unwrap_or(c) } else { c });
                }
                seen
            }
        }
    }

    /// The whole text.
    pub fn shown(self, text: &str) -> String {
        let mut out = String::new();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let line = line.trim_end();
            let shown = |text: &str| escaped(&self.seen(text));
            if let Some(end) = self.fence(line) {
                let inside: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
                let inside = inside.join("\n");
                out += &literal(&if self == Self::Slack { self.seen(&inside) } else { inside });
            } else if let Some(title) = self.heading(line) {
                out += &format!("<h4>{}</h4>", shown(title));
            } else if let Some(item) = self.item(line) {
                out += &format!("<p class=\"item\">{}</p>", shown(item));
            } else if let Some((url, text)) = self.link(line) {
                out += &link(&if self == Self::Slack { self.seen(url) } else { url.to_owned() }, text);
            } else if let Some((label, rest)) = self.label(line) {
                out += &format!("<p><strong>{}</strong>{}</p>", shown(label), shown(rest));
            } else if !line.is_empty() {
                out += &format!("<p>{}</p>", shown(line));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_marks_are_shown_and_everything_else_is_text() {
        let slack =
            Markup::Slack.shown("*Title*\n• one &lt;b&gt;\n```\na &amp; b\n```\n<https://a.example/?b&amp;c|here>");
        assert_eq!(
            slack,
            "<h4>Title</h4><p class=\"item\">one &lt;b&gt;</p><pre tabindex=\"0\">a &amp; b</pre>\
             <a href=\"https://a.example/?b&amp;c\" rel=\"noreferrer noopener\">here</a>"
        );
        let backlog = Markup::Backlog.shown("** T\n''A:'' b\n{code}\n<script>\n{/code}\n[[x>javascript:alert(1)]]");
        assert_eq!(
            backlog,
            "<h4>T</h4><p><strong>A:</strong> b</p><pre tabindex=\"0\">&lt;script&gt;</pre>\
             <p>[[x&gt;javascript:alert(1)]]</p>"
        );
        assert_eq!(
            Markup::Markdown.shown("## T\n**A:** b\\*c\\\\d  \n[x](https://a.example)"),
            "<h4>T</h4><p><strong>A:</strong> b*c\\d</p>\
             <a href=\"https://a.example\" rel=\"noreferrer noopener\">x</a>"
        );
    }

    #[test]
    fn a_text_that_is_never_closed_hides_nothing() {
        assert_eq!(Markup::Backlog.shown("{code}\n<b>"), "<pre tabindex=\"0\">&lt;b&gt;</pre>");
    }
}
