//! What may reach a terminal: what a command prints was partly written by whoever could name a resource, or a file.

use std::borrow::Cow;

/// The text with every character that could steer a terminal, or show text in another order than it has, as `\u009b`: JSON
/// stays what it was.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if steers(character) {
            safe.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// C0, DEL and C1 but for what our own lines are made of; and the marks of Unicode's bidirectional algorithm.
fn steers(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        other => other.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn no_control_character_reaches_the_terminal() {
        let every: String = ('\0'..='\u{2fff}').collect();
        let shown = printable(&every);
        assert!(shown.chars().all(|c| !c.is_control() || c == '\n' || c == '\t'));
        assert!(!shown.contains(['\u{202e}', '\u{2066}', '\u{200f}']));
        assert!(shown.contains("\\u001b") && shown.contains("\\u009b") && shown.contains("\\u007f"));
    }

    #[test]
    fn json_says_the_same_afterwards() {
        let text = serde_json::to_string("a\u{9b}31m\u{202e}\u{1b}\n👨‍👩‍👧").expect("JSON");
        let again: String = serde_json::from_str(&printable(&text)).expect("still JSON");
        assert_eq!(again, "a\u{9b}31m\u{202e}\u{1b}\n👨‍👩‍👧");
    }

    #[test]
    fn what_people_write_stays() {
        let text = "検出結果\tS3 👨‍👩‍👧 – “ja”\n";
        assert_eq!(printable(text), text);
    }
}
