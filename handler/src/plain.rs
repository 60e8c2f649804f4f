//! Text from outside: cleaned of what no reader can see, and not yet escaped for any sink.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Outside text without invisible and bidirectional code points. It has no `Display`, so that it cannot slip into a sink:
/// a channel takes it with [`Plain::text`] and escapes it for its own service.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Plain(String);

impl Plain {
    /// Takes outside text, dropping every code point that [`is_hidden`] names.
    pub fn new(outside: impl AsRef<str>) -> Self {
        Self(outside.as_ref().chars().filter(|c| !is_hidden(*c)).collect())
    }

    /// The text, still to be escaped for the sink.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether nothing readable is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Code points that change what a reader or a model sees without being seen: control characters (line feed and tab stay),
/// soft hyphen, zero-width and bidirectional marks, tag characters, variation selectors beyond the emoji ones, private use.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        c if c.is_control() => true,
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}'
        | '\u{f0000}'..='\u{10ffff}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_code_points_are_dropped_and_readable_text_stays() {
        let hostile = "a\u{202e}b\u{200b}c\u{e0041}d\u{0}e\u{1b}[31m\r\n日本語\tか\u{3099} 👍🏽";
        assert_eq!(Plain::new(hostile).text(), "abcde[31m\n日本語\tか\u{3099} 👍🏽");
    }
}
