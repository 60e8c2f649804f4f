//! The playbook's and the catalogue's words: both languages say the same, and each reads as a person writes it.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// One text in both languages, and where it stands.
struct Pair {
    place: String,
    ja: String,
    en: String,
}

fn pairs() -> Vec<Pair> {
    let mut pairs = Vec::new();
    for folder in ["playbook", "catalogue"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        for file in files.filter(|path| path.extension().is_some_and(|kind| kind == "json")) {
            let value = serde_json::from_str(&fs::read_to_string(&file).expect("text")).expect("JSON");
            collect(&file.file_stem().expect("a name").to_string_lossy(), &value, &mut pairs);
        }
    }
    assert!(pairs.len() > 3_000, "{} texts", pairs.len());
    pairs
}

fn collect(place: &str, value: &Value, pairs: &mut Vec<Pair>) {
    if let (Some(ja), Some(en)) = (value["ja"].as_str(), value["en"].as_str()) {
        return pairs.push(Pair { place: place.into(), ja: ja.into(), en: en.into() });
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        collect(&format!("{place}.{name}"), value, pairs);
    }
    for (number, value) in value.as_array().into_iter().flatten().enumerate() {
        let name = value["id"].as_str().map_or_else(|| number.to_string(), str::to_owned);
        collect(&format!("{place}.{name}"), value, pairs);
    }
}

/// Runs of what identifiers, numbers and addresses are made of; a slot stands in them as an `X`.
fn words(text: &str) -> BTreeSet<String> {
    let filled: String = text
        .split('{')
        .enumerate()
        .map(|(at, part)| match part.split_once('}') {
            Some((_, rest)) if at > 0 => format!("X{rest}"),
            _ => part.to_owned(),
        })
        .collect();
    filled
        .split(|c: char| !c.is_ascii_alphanumeric() && !"._:/-".contains(c))
        .map(|word| word.trim_end_matches(['.', ':', '/', '-']).trim_start_matches(['.', ':', '/']))
        // English counts with a hyphen, as in `12-digit`.
        .map(|word| word.split_once('-').filter(|(number, _)| number.parse::<u32>().is_ok()).map_or(word, |it| it.0))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Numbers too large to be written as words in English, and what a service or a program calls something.
fn exact(text: &str) -> BTreeSet<String> {
    let is_large = |word: &str| word.parse::<u32>().is_ok_and(|number| number > 10);
    let is_range = |word: &str| word.contains('/') && word.starts_with(|c: char| c.is_ascii_digit());
    let is_name = |word: &str| {
        let inner = |pair: (char, char)| pair.0.is_ascii_lowercase() && pair.1.is_ascii_uppercase();
        word.contains('_') || word.chars().zip(word.chars().skip(1)).any(inner)
    };
    words(text).into_iter().filter(|word| is_large(word) || is_range(word) || is_name(word)).collect()
}

fn slots(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)).collect()
}

/// The steps that a text refers to, in their order.
fn steps<'a>(text: &'a str, step: &str) -> Vec<&'a str> {
    let numbers = text.split(step).skip(1).filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
    numbers.filter(|number| !number.is_empty()).collect()
}

/// Whether a letter is written in Japanese alone.
fn is_japanese(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}')
}

#[test]
fn both_languages_name_the_same_numbers_names_steps_and_slots() {
    for Pair { place, ja, en } in pairs() {
        assert_eq!(exact(&ja), exact(&en), "{place}: {ja} | {en}");
        assert_eq!(slots(&ja), slots(&en), "{place}");
        assert_eq!(steps(&ja, "手順 "), steps(&en.replace("Step ", "step "), "step "), "{place}: {ja} | {en}");
    }
}

/// What services, programs and commands say, and their names; anything else in small letters is English.
const AS_THEY_SAY: &str = "\
    access account all allow apigateway apply arn audit available aws bak clusterrolebindings configuration \
    connect cordon create csv default drain eks elasticloadbalancing enabled eni env environment error exec false \
    for get group host http https iam identity kubectl kubelet list log message not null optional origin \
    postgresql privileged proxy quarantine recording redirect region required resources restore root running \
    secret secrets secretsmanager service source sql sshd ssm stopped terminated tmp true type unauthenticated \
    unblocked uncordon user verb volumes";

#[test]
fn japanese_holds_no_english_beyond_names_and_english_no_japanese() {
    for Pair { place, ja, en } in pairs() {
        assert!(!en.contains(is_japanese), "{place}: {en}");
        let is_path = place.ends_with(".place");
        assert!(is_path || ja.contains(is_japanese), "{place}: {ja}");
        for word in words(&ja).into_iter().filter(|word| word.chars().all(|c| c.is_ascii_lowercase())) {
            assert!(
                word.len() == 1 || AS_THEY_SAY.split_whitespace().any(|known| known == word),
                "{place}: {word}: {ja}"
            );
        }
    }
}

/// Marks of Markdown, which no channel would take for what they are.
const MARKS: [&str; 6] = ["**", "`", "](", "__", "##", "~~"];
/// What machines write and operators do not: first in Japanese, then in English.
const MACHINE_MADE: [&[&str]; 2] = [
    &[
        "重要です",
        "不可欠",
        "することができます",
        "包括的",
        "潜在的なリスク",
        "まとめると",
        "あなた",
        "が推奨されます",
        "することが重要",
        "所見",
        "発見事項",
        "調査結果",
        "シームレス",
        "注意深く",
        "：",
        "！",
    ],
    &[
        "comprehensive",
        "crucial",
        "important to",
        "leverag",
        "robust",
        "seamless",
        "potentially",
        "delve",
        "utiliz",
        "in order to",
        "lease note",
        "is recommended",
        "in conclusion",
        "ensure that",
        "best practice",
        " — ",
        "!",
    ],
];

#[test]
fn no_text_has_marks_of_markdown_or_reads_as_made_by_a_machine() {
    for Pair { place, ja, en } in pairs() {
        for (text, phrases) in [&ja, &en].into_iter().zip(MACHINE_MADE) {
            for phrase in MARKS.iter().chain(phrases) {
                assert!(!text.contains(phrase), "{place}: {phrase}: {text}");
            }
            assert!(!text.starts_with(['#', '-', '*', '>', ' ']) && !text.ends_with(' '), "{place}: {text}");
            assert!(!text.contains(|c| matches!(c, '\u{ff01}'..='\u{ff5e}')), "full-width in {place}: {text}");
        }
    }
}
