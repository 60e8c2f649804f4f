//! Atlassian's document format as Jira shows it.

use serde_json::Value;

use super::html::{escaped, link};

/// A node and all below it.
pub fn node(node: &Value) -> String {
    let inside = || {
        let children = node.get("content").and_then(Value::as_array).into_iter().flatten();
        children.map(self::node).collect::<String>()
    };
    match node.get("type").and_then(Value::as_str).unwrap_or_default() {
        "text" => text(node),
        "heading" => format!("<h4>{}</h4>", inside()),
        "bulletList" => format!("<ul>{}</ul>", inside()),
        "listItem" => format!("<li>{}</li>", inside()),
        "blockquote" => format!("<blockquote>{}</blockquote>", inside()),
        "codeBlock" => format!("<pre tabindex=\"0\">{}</pre>", inside()),
        "paragraph" => format!("<p>{}</p>", inside()),
        _ => inside(),
    }
}

fn text(node: &Value) -> String {
    let text = node.get("text").and_then(Value::as_str).unwrap_or_default();
    let marks = || node.get("marks").and_then(Value::as_array).into_iter().flatten();
    if let Some(url) = marks().find_map(|mark| mark.pointer("/attrs/href")?.as_str()) {
        return link(url, text);
    }
    let is_strong = marks().any(|mark| mark.get("type").and_then(Value::as_str) == Some("strong"));
    if is_strong { format!("<strong>{}</strong>", escaped(text)) } else { escaped(text) }
}
