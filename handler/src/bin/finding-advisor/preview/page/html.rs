//! The few pieces of HTML that the page is made of. Every text of an event passes through [`escaped`].

/// A text as the content of an element or of an attribute in double quotes.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A link, where the address is one that a notification may have; else its text alone.
pub fn link(url: &str, text: &str) -> String {
    if !url.starts_with("https://") {
        return escaped(text);
    }
    format!("<a href=\"{}\" rel=\"noreferrer noopener\">{}</a>", escaped(url), escaped(text))
}

/// A text that is shown as it is, and scrolls for those who use no mouse as well.
pub fn literal(text: &str) -> String {
    format!("<pre tabindex=\"0\">{}</pre>", escaped(text))
}

/// A text that is shown when it is asked for.
pub fn fold(title: &str, text: &str) -> String {
    format!("<details><summary>{}</summary>{}</details>\n", escaped(title), literal(text))
}

/// Names and values.
pub fn rows(rows: &[(&str, String)]) -> String {
    let rows = rows.iter().map(|(name, value)| format!("<dt>{}</dt><dd>{}</dd>", escaped(name), escaped(value)));
    format!("<dl>{}</dl>\n", rows.collect::<String>())
}
