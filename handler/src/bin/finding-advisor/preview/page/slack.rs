//! Slack's blocks as Slack shows them.

use serde_json::Value;

use super::html::{escaped, link};

/// The blocks of one message, or its text where it has none.
pub fn message(body: &Value) -> String {
    let blocks = body.get("blocks").and_then(Value::as_array).filter(|blocks| !blocks.is_empty());
    match blocks {
        Some(blocks) => blocks.iter().map(block).collect(),
        None => format!("<p class=\"said\">{}</p>", escaped(text_of(body))),
    }
}

fn block(block: &Value) -> String {
    if kind(block) == "header" {
        let text = block.get("text").map_or("", text_of);
        return format!("<p class=\"head\">{}</p>", escaped(text));
    }
    let parts = block.get("elements").and_then(Value::as_array).into_iter().flatten();
    parts.map(|part| within(kind(part), &children(part))).collect()
}

fn within(kind: &str, inside: &str) -> String {
    match kind {
        "rich_text_preformatted" => format!("<pre tabindex=\"0\">{inside}</pre>"),
        "rich_text_quote" => format!("<blockquote class=\"said\">{inside}</blockquote>"),
        _ => format!("<p class=\"said\">{inside}</p>"),
    }
}

fn children(part: &Value) -> String {
    let elements = part.get("elements").and_then(Value::as_array).into_iter().flatten();
    elements
        .map(|element| match (kind(element), element.pointer("/style/bold").is_some()) {
            ("link", _) => link(element.get("url").and_then(Value::as_str).unwrap_or_default(), text_of(element)),
            (_, true) => format!("<strong>{}</strong>", escaped(text_of(element))),
            (_, false) => escaped(text_of(element)),
        })
        .collect()
}

fn kind(value: &Value) -> &str {
    value.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn text_of(value: &Value) -> &str {
    value.get("text").and_then(Value::as_str).unwrap_or_default()
}
