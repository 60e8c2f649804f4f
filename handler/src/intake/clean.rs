//! Strips what no reader can see from a finding's object, and remembers where it stood; takes out secrets.

use serde_json::{Map, Value};

use super::secret;
use crate::plain::{Plain, is_hidden};

/// The most places that are remembered; a finding that hides text everywhere need not say so everywhere.
const MOST_PLACES: usize = 10;
/// The longest path, in characters; keys are outside text too.
const LONGEST_PATH: usize = 200;

/// A copy of the value without hidden code points and secrets in any text or key, and the paths where code points were hidden.
pub(super) fn clean(value: &Value) -> (Value, Vec<String>) {
    let mut cleaner = Cleaner::default();
    let value = cleaner.value(value);
    (value, cleaner.hidden_in)
}

#[derive(Default)]
struct Cleaner {
    path: Vec<String>,
    hidden_in: Vec<String>,
}

impl Cleaner {
    /// Recursion ends where the JSON parser's own limit ended: 128 levels.
    fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(values) => Value::Array(
                values.iter().enumerate().map(|(place, value)| self.below(format!("[{place}]"), value)).collect(),
            ),
            Value::Object(map) => Value::Object(self.object(map)),
            other => other.clone(),
        }
    }

    fn object(&mut self, map: &Map<String, Value>) -> Map<String, Value> {
        let mut cleaned = Map::new();
        for (given, value) in map {
            let seen = Plain::new(given).text().to_owned();
            let key = secret::without(&seen).into_owned();
            if seen == *given {
                let value = self.below(format!(".{key}"), value);
                cleaned.insert(key, value);
                continue;
            }
            self.remember(&format!(".{key}"));
            let value = self.below(format!(".{key}"), value);
            // A key in disguise must not replace the one that it imitates.
            if !cleaned.contains_key(&key) {
                cleaned.insert(key, value);
            }
        }
        cleaned
    }

    fn text(&mut self, text: &str) -> String {
        // A carriage return goes too, but it hides nothing: Windows ends its lines with it.
        if text.chars().any(|c| c != '\r' && is_hidden(c)) {
            self.remember("");
        }
        secret::without(Plain::new(text).text()).into_owned()
    }

    fn below(&mut self, step: String, value: &Value) -> Value {
        self.path.push(step);
        let value = self.value(value);
        self.path.pop();
        value
    }

    fn remember(&mut self, last: &str) {
        if self.hidden_in.len() == MOST_PLACES {
            return;
        }
        let steps = self.path.iter().map(String::as_str).chain([last]);
        let path = steps.flat_map(str::chars).skip_while(|c| *c == '.').take(LONGEST_PATH);
        // One line: a path is shown inside a sentence.
        let path: String = path.map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        if !self.hidden_in.contains(&path) {
            self.hidden_in.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn hidden_code_points_go_and_their_places_stay() {
        let (value, hidden_in) =
            clean(&json!({"a": [{"b": "x\u{202e}y"}, "plain"], "t\u{200b}ag": "v", "two\nlines": "\u{7}"}));
        assert_eq!(value, json!({"a": [{"b": "xy"}, "plain"], "tag": "v", "two\nlines": ""}));
        assert_eq!(hidden_in, ["a[0].b", "tag", "two lines"]);
    }

    #[test]
    fn line_ends_of_windows_hide_nothing() {
        assert_eq!(clean(&json!({"text": "a\r\nb"})), (json!({"text": "a\nb"}), vec![]));
    }

    #[test]
    fn a_key_in_disguise_replaces_nothing() {
        let real = json!("real");
        for map in [json!({"id": "real", "i\u{200b}d": "false"}), json!({"i\u{200b}d": "false", "id": "real"})] {
            assert_eq!(clean(&map).0.get("id"), Some(&real));
        }
    }

    #[test]
    fn places_are_few_and_short() {
        let many: Vec<Value> = (0..100).map(|_| json!({"k".repeat(500): "\u{feff}"})).collect();
        let (_, hidden_in) = clean(&Value::Array(many));
        assert_eq!(hidden_in.len(), MOST_PLACES);
        assert!(hidden_in.iter().all(|path| path.chars().count() <= LONGEST_PATH));
    }
}
