//! The HTML part of a mail: one column, styles on each element, nothing that is fetched, and colours that stand on light and
//! on dark ground alike, since many programs change one into the other.

use crate::channel::ink::inert;
use crate::channel::layout::{Label, Page};
use crate::channel::text::way;
use crate::notification::cut::{escaped, units};
use crate::notification::{Change, Notification, Words};
use crate::plain::Plain;

/// Characters of the whole page. Gmail shows no more than some 102,000 bytes; a Japanese character has three.
const MOST: usize = 30_000;
/// Room in it for the last lines: the link and the way to the rest.
const LAST: usize = 3_000;
/// What an element needs besides its text.
const AROUND: usize = 160;
/// Characters of one text.
const MOST_TEXT: usize = 3_000;

/// The whole page.
pub(super) fn page(notification: &Notification, unsure: bool) -> String {
    let words = Words::of(notification.language);
    let mut sheet = Html { text: String::new(), in_list: false, is_apart: false, left: MOST - LAST, is_cut: false };
    let headline = sheet.shown(notification.headline.text());
    let title = format!("<h1 style=\"font-size:20px;line-height:1.4;margin:0 0 12px\">{headline}</h1>\n");
    sheet.push(&title);
    sheet.notices(notification, unsure);
    for section in &notification.sections {
        sheet.section(section.title, &section.blocks);
    }
    sheet.details(notification);
    let way = way(notification, !sheet.is_cut, true);
    sheet.end_list();
    if let Some(link) = &notification.link {
        let link = link.replace('&', "&amp;");
        sheet.text.push_str(&format!("<p style=\"{LINE}\"><a href=\"{link}\">{}</a></p>\n", words.link));
    }
    if sheet.is_cut {
        sheet.text.push_str(&format!("<p style=\"{LINE}\">{}</p>\n", [words.shortened, way].join(words.between)));
    }
    let (language, colour, body) = (notification.language.code(), colour(notification), sheet.text);
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>{headline}</title>\n</head>\n\
         <body style=\"margin:0;padding:16px;font-family:sans-serif;font-size:15px\">\n\
         <main style=\"max-width:680px;border-left:6px solid {colour};padding:0 0 0 16px\">\n{body}</main>\n</body>\n</html>\n"
    )
}

const LINE: &str = "line-height:1.6;margin:0 0 6px;overflow-wrap:anywhere";
const APART: &str = "line-height:1.6;margin:18px 0 6px;overflow-wrap:anywhere";
const CODE: &str = "font-family:monospace;font-size:13px;white-space:pre-wrap;overflow-wrap:anywhere;\
                    border:1px solid #6B7280;padding:8px;margin:0 0 6px";

/// The edge's colour repeats what the headline's first word says.
fn colour(notification: &Notification) -> &'static str {
    match (notification.change, notification.severity.map(|severity| severity.label())) {
        (Change::Closed, _) => "#1E7D45",
        (_, Some("CRITICAL")) => "#B3261E",
        (_, Some("HIGH")) => "#C4560A",
        (_, Some("MEDIUM")) => "#8A6D00",
        (_, Some("LOW")) => "#1F6FB2",
        (_, Some(_) | None) => "#6B7280",
    }
}

/// The elements, in as much room as there is. Once something does not fit, nothing follows it: no room is left then.
struct Html {
    text: String,
    in_list: bool,
    /// The next line stands apart from what is above it.
    is_apart: bool,
    left: usize,
    is_cut: bool,
}

fn escape(_: Option<char>, c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        c => out.push(c),
    }
}

impl Html {
    /// As much of a text as there is room for, escaped.
    fn shown(&mut self, text: &str) -> String {
        let most = MOST_TEXT.min(self.left.saturating_sub(AROUND));
        let (shown, is_whole) = escaped(&inert(text), most, escape);
        self.is_cut |= !is_whole;
        self.left = if is_whole || most == MOST_TEXT { self.left.saturating_sub(units(&shown) + AROUND) } else { 0 };
        shown
    }

    /// Whether there is room for one more element; nothing follows where there is not.
    fn has_room(&mut self) -> bool {
        if self.left <= AROUND {
            (self.left, self.is_cut) = (0, true);
        }
        self.left > 0
    }

    fn push(&mut self, element: &str) {
        self.end_list();
        self.text.push_str(element);
    }

    fn end_list(&mut self) {
        if std::mem::take(&mut self.in_list) {
            self.text.push_str("</ul>\n");
        }
    }
}

impl Page for Html {
    fn notice(&mut self, text: &str) {
        if self.has_room() {
            let text = self.shown(text);
            self.push(&format!("<p style=\"{LINE}\"><strong>{text}</strong></p>\n"));
        }
    }

    fn heading(&mut self, title: &str) {
        if self.has_room() {
            let title = self.shown(title);
            self.push(&format!("<h2 style=\"font-size:16px;margin:20px 0 8px\">{title}</h2>\n"));
        }
    }

    fn gap(&mut self) {
        self.end_list();
        self.is_apart = true;
    }

    fn line(&mut self, label: Label<'_>, text: &str) {
        if !self.has_room() {
            return;
        }
        let words = self.shown(label.words());
        // A label ends with a space that counts.
        let end = if label.words().ends_with(' ') { " " } else { "" };
        let label =
            if matches!(label, Label::Strong(_)) { format!("<strong>{words}</strong>{end}") } else { words + end };
        let text = self.shown(text);
        let style = if std::mem::take(&mut self.is_apart) { APART } else { LINE };
        self.push(&format!("<p style=\"{style}\">{label}{text}</p>\n"));
    }

    fn item(&mut self, text: &str) {
        if self.has_room() {
            let text = self.shown(text);
            if !std::mem::replace(&mut self.in_list, true) {
                self.text.push_str("<ul style=\"margin:0 0 6px;padding:0 0 0 20px\">\n");
            }
            self.text.push_str(&format!("<li style=\"{LINE}\">{text}</li>\n"));
        }
    }

    fn quote(&mut self, lines: &[Plain]) {
        if self.has_room() {
            let lines: Vec<String> = lines.iter().map(|line| self.shown(line.text())).collect();
            let style = "margin:0 0 6px;padding:0 0 0 12px;border-left:3px solid #6B7280;line-height:1.6";
            self.push(&format!("<blockquote style=\"{style}\">{}</blockquote>\n", lines.join("<br>\n")));
        }
    }

    fn code(&mut self, command: &str) {
        let mut shown = String::new();
        command.chars().for_each(|c| escape(None, c, &mut shown));
        let size = units(&shown) + AROUND;
        if size > self.left {
            (self.left, self.is_cut) = (0, true);
            return;
        }
        self.left -= size;
        self.push(&format!("<pre style=\"{CODE}\">{shown}</pre>\n"));
    }
}
