//! Answers that lie in files, and which findings each may speak about.

use std::path::PathBuf;

use finding_advisor::advice::converse::Recording;
use finding_advisor::advice::{Answer, Prompt};
use serde_json::Value;

use crate::{Trouble, read};

/// One file: an answer alone, a response of Converse, or either of them as `answer` beside `marks`, texts that all stand in
/// the prompt that it answers.
pub struct Recorded {
    marks: Vec<String>,
    answer: Answer,
}

impl Recorded {
    /// All of these files.
    pub fn read(files: &[PathBuf], model: &str) -> Result<Vec<Self>, Trouble> {
        let one = |file: &PathBuf| -> Result<Self, Trouble> {
            let text = read(file)?;
            let json: Value = serde_json::from_str(&text).unwrap_or_default();
            let marks = json.get("marks").and_then(Value::as_array);
            let answer = marks.and_then(|_| json.get("answer")).map(Value::to_string);
            let recording = Recording::read(answer.as_deref().unwrap_or(&text), model);
            let answer =
                recording.answer.map_err(|why| format!("`{}` holds no answer: {}", file.display(), why.word()))?;
            let marks = marks.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
            Ok(Self { marks, answer })
        };
        files.iter().map(one).collect()
    }

    /// Those that may answer this prompt.
    pub fn of(all: &[Self], prompt: &Prompt) -> Vec<Answer> {
        let named = |one: &&Self| one.marks.iter().all(|mark| prompt.user.contains(mark));
        all.iter().filter(named).map(|one| one.answer.clone()).collect()
    }
}
