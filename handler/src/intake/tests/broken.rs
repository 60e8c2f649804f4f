//! Hostile and broken shapes of every source: something is told of each, it says what could not be read, and nothing panics.

use super::*;

/// One case of each format, and where its own object stands.
const FORMATS: [(&str, &str, Source); 7] = [
    (NATIVE, "/detail", Source::GuardDuty),
    (BUCKET, "/detail/findings/0", Source::Asff),
    (OCSF_CONTROL, "/detail/findings/0", Source::Ocsf),
    (EXPOSURE, "/detail/findings/0", Source::Ocsf),
    (EXPLOIT, "/detail", Source::Inspector),
    (SENSITIVE, "/detail", Source::Macie),
    (OUTSIDE, "/detail", Source::AccessAnalyzer),
];

/// The finding's object with every value below it replaced by what `change` makes of it, its shape kept.
fn changed(case: &str, place: &str, change: fn(&Value) -> Value) -> String {
    fn below(value: &Value, change: fn(&Value) -> Value) -> Value {
        match value {
            Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), below(value, change))).collect(),
            Value::Array(list) => list.iter().map(|value| below(value, change)).collect(),
            other => change(other),
        }
    }
    let mut event: Value = serde_json::from_str(case).unwrap();
    let object = event.pointer_mut(place).unwrap();
    *object = below(object, change);
    event.to_string()
}

#[test]
fn numbers_and_flags_as_text_are_read_alike() {
    let as_text = |value: &Value| match value {
        Value::Number(number) => json!(number.to_string()),
        Value::Bool(flag) => json!(flag.to_string()),
        other => other.clone(),
    };
    for (case, place, source) in FORMATS {
        let (own, text) = (one(case), one(&changed(case, place, as_text)));
        assert_eq!((text.source, &text.key, text.unread.as_slice()), (source, &own.key, [].as_slice()), "{source:?}");
        assert_eq!(
            (text.severity, text.state, text.main_type()),
            (own.severity, own.state, own.main_type()),
            "{source:?}"
        );
    }
}

#[test]
fn names_with_another_first_letter_are_read_alike() {
    fn turned(value: &Value) -> Value {
        let turn = |key: &str| {
            let mut letters = key.chars();
            let first = letters.next().unwrap_or_default();
            let first =
                if first.is_ascii_lowercase() { first.to_ascii_uppercase() } else { first.to_ascii_lowercase() };
            format!("{first}{}", letters.as_str())
        };
        match value {
            Value::Object(map) => map.iter().map(|(key, value)| (turn(key), turned(value))).collect(),
            Value::Array(list) => list.iter().map(turned).collect(),
            other => other.clone(),
        }
    }
    for (case, place, source) in FORMATS {
        let mut event: Value = serde_json::from_str(case).unwrap();
        let object = event.pointer_mut(place).unwrap();
        *object = turned(object);
        let (own, other) = (one(case), one(&event.to_string()));
        assert_eq!((&other.key, other.unread.as_slice()), (&own.key, [].as_slice()), "{source:?}");
        assert_eq!((other.severity, other.state), (own.severity, own.state), "{source:?}");
    }
}

#[test]
fn a_finding_of_nothing_but_wrong_values_says_so() {
    let wrong: [fn(&Value) -> Value; 5] =
        [|_| Value::Null, |_| json!({}), |_| json!([[]]), |_| json!(true), |_| json!("\u{202e}")];
    for (case, place, source) in FORMATS {
        for change in wrong {
            let body = changed(case, place, change);
            let finding = one(&body);
            assert_eq!(finding.source, source, "{body}");
            assert!(finding.unread.len() >= 3, "{source:?}: {:?}", finding.unread);
            assert!(!finding.title.is_empty() && !finding.account.is_empty(), "{source:?}");
            assert_eq!(finding.key, one(&body).key, "{source:?}");
        }
    }
}

#[test]
fn a_name_that_stands_twice_and_an_escape_that_is_none_are_no_trouble() {
    for (case, _, source) in FORMATS {
        // The second of two wins, as in every parser of the products.
        let twice = case.replacen("\"region\": ", "\"region\": \"us-east-1\", \"region\": ", 1);
        assert_eq!(one(&twice).source, source, "{source:?}");
        let escape = case.replacen("\"region\": \"", "\"region\": \"\\ud800", 1);
        assert_eq!(one(&escape).unread, [Unread::Body], "{source:?}");
        let hidden = one(&case.replace("111122223333", "1111\u{200b}22223333"));
        assert_eq!(hidden.account.text(), "111122223333", "{source:?}");
        assert!(!hidden.hidden_in.is_empty(), "{source:?}");
    }
}

#[test]
fn long_and_deep_values_are_read_and_what_is_deeper_is_told_whole() {
    let mut deep = json!("x");
    for _ in 0..100 {
        deep = json!([deep]);
    }
    let long = json!("脆弱性\u{200b}".repeat(20_000));
    for (case, place, source) in FORMATS {
        for value in [&deep, &long] {
            let mut event: Value = serde_json::from_str(case).unwrap();
            for field in event.pointer_mut(place).unwrap().as_object_mut().unwrap().values_mut() {
                *field = value.clone();
            }
            let finding = one(&event.to_string());
            assert!(finding.source == source && !finding.unread.is_empty(), "{source:?}");
        }
        let deeper = format!("{}1{}", "[".repeat(200), "]".repeat(200));
        let body = case.replacen("\"region\": ", &format!("\"x\": {deeper}, \"region\": "), 1);
        assert_eq!((one(&body).unread, one(&body).event.text()), (vec![Unread::Body], body.as_str()), "{source:?}");
    }
}
