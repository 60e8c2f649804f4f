//! `finding-advisor eval`: recorded answers of many findings through prompt and check, and a table of what became of them.
//!
//! A case is a folder with an event (`1-event.json`) and answers (`3-answer.ja.json`, `3-answer.en.json`; of several answers
//! to one event, each has a word of its own before the language).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use finding_advisor::advice::converse::Recording;
use finding_advisor::finding::Language;
use finding_advisor::intake;
use serde_json::Value;

use crate::check::Verdict;
use crate::input::read;
use crate::{Trouble, facts};

#[derive(clap::Args)]
pub struct Arguments {
    /// The folder of the cases
    #[arg(long, value_name = "FOLDER")]
    cases: PathBuf,
}

#[derive(Default)]
struct Count {
    answers: usize,
    accepted: usize,
    with_strikes: usize,
    items: usize,
    struck: usize,
    reasons: BTreeMap<String, usize>,
}

pub fn run(arguments: &Arguments) -> Result<String, Trouble> {
    let mut rows = vec![["case", "language", "verdict", "struck", "tokens in/out", "latency"].map(str::to_owned)];
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    for case in sorted(&arguments.cases)? {
        for file in sorted(&case)? {
            let Some((word, language)) = answer_of(&file) else { continue };
            let mut row = one(&case, &file, language, counts.entry(language.code()).or_default())?;
            if !word.is_empty() {
                row[0].push_str(&format!(" ({word})"));
            }
            rows.push(row);
        }
    }
    if counts.is_empty() {
        return Err(
            format!("expected `3-answer.*.json` in folders of `{}`, got none", arguments.cases.display()).into()
        );
    }
    let mut text = table(&rows);
    for (language, count) in counts {
        let _ = write!(
            text,
            "\n{language}: {} answers, {} accepted ({} of them with something struck), {} rejected; {} of {} items struck",
            count.answers,
            count.accepted,
            count.with_strikes,
            count.answers - count.accepted,
            count.struck,
            count.items,
        );
        for (reason, times) in count.reasons {
            let _ = write!(text, "\n  {times} x {reason}");
        }
    }
    Ok(text)
}

/// One answer of a case: its row, counted.
fn one(case: &Path, file: &Path, language: Language, count: &mut Count) -> Result<[String; 6], Trouble> {
    let event = sorted(case)?
        .into_iter()
        .find(|path| name(path).starts_with("1-event."))
        .ok_or_else(|| format!("expected `1-event.json` in `{}`, got none", case.display()))?;
    let findings = intake::read(&read(&event)?);
    let [finding] = findings.as_slice() else {
        return Err(format!("expected one finding in `{}`, got {}", event.display(), findings.len()).into());
    };
    let recording = Recording::read(&read(file)?, "recorded");
    count.answers += 1;
    let (verdict, struck) = match Verdict::of(&recording, &facts(finding, language)) {
        Verdict::Accepted(advice) => {
            let strikes = advice.strikes();
            count.accepted += 1;
            count.with_strikes += usize::from(!strikes.is_empty());
            count.items += recording.answer.as_ref().map_or(0, |answer| items(&answer.json));
            count.struck += strikes.len();
            for strike in strikes {
                *count.reasons.entry(format!("struck by `{}`", strike.rule)).or_default() += 1;
            }
            let places = strikes.iter().map(|strike| format!("{strike} ({})", strike.rule)).collect::<Vec<_>>();
            ("accepted".to_owned(), places.join(", "))
        }
        Verdict::Rejected(rejection) => {
            *count.reasons.entry(format!("rejected by `{}`", rejection.rule)).or_default() += 1;
            ("rejected".to_owned(), format!("{} ({})", rejection.field, rejection.rule))
        }
        Verdict::None(why) => {
            *count.reasons.entry(format!("no answer: `{}`", why.word())).or_default() += 1;
            (why.word().to_owned(), String::new())
        }
    };
    let known = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    Ok([
        name(case),
        language.code().to_owned(),
        verdict,
        struck,
        known(recording.tokens.map(|(input, output)| format!("{input}/{output}"))),
        known(recording.latency_ms.map(|latency| format!("{latency} ms"))),
    ])
}

/// How many parts of an answer can be struck one by one.
fn items(answer: &str) -> usize {
    let answer: Value = serde_json::from_str(answer).unwrap_or_default();
    let lists = ["escalate_if", "steps", "benign", "unknowns"];
    1 + lists.iter().map(|list| answer.get(list).and_then(Value::as_array).map_or(0, Vec::len)).sum::<usize>()
}

/// The word of its own and the language of an answer's file.
fn answer_of(file: &Path) -> Option<(String, Language)> {
    let name = name(file);
    let name = name.strip_prefix("3-answer.")?.strip_suffix(".json")?;
    let (word, code) = name.rsplit_once('.').unwrap_or(("", name));
    let language = [Language::Ja, Language::En].into_iter().find(|language| language.code() == code)?;
    Some((word.to_owned(), language))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What lies in a folder, by name; nothing lies in a file.
fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    if !folder.is_dir() {
        return if folder.exists() { Ok(Vec::new()) } else { Err(format!("no folder `{}`", folder.display()).into()) };
    }
    let mut paths =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
    paths.sort();
    Ok(paths)
}

fn table(rows: &[[String; 6]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..6).map(width).collect();
    let line = |row: &[String; 6]| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}
