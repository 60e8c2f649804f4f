//! What a command reads: files, folders of events, and standard input.

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};

use finding_advisor::finding::Language;
use finding_advisor::notification::cut::one_line;

use crate::Trouble;

/// A sentence about what a command was given, in both of our languages.
#[derive(Debug)]
pub struct Said {
    ja: String,
    en: String,
}

impl Said {
    /// As trouble of a command.
    pub fn trouble(ja: String, en: String) -> Trouble {
        Box::new(Self { ja, en })
    }

    /// For a reader of one language.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Ja => &self.ja,
            Language::En => &self.en,
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.en)
    }
}

impl std::error::Error for Said {}

/// The text of a file, or of standard input for `-`.
pub fn read(place: &Path) -> Result<String, Trouble> {
    let bytes = if place.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(place)
    };
    let place = place.display();
    bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).map_err(|error| {
        Said::trouble(format!("`{place}` を読めません: {error}"), format!("cannot read `{place}`: {error}"))
    })
}

/// An event, and where it came from.
pub struct Input {
    /// The file's name, and the line's number where a file holds many.
    pub place: String,
    /// The event as it came.
    pub text: String,
}

/// The events of some places: a file holds one, a file `.jsonl` one a line, and a folder stands for all such files in it and in
/// its folders, by name.
pub fn read_all(places: &[PathBuf]) -> Result<Vec<Input>, Trouble> {
    let mut files = Vec::new();
    for place in places {
        if place.is_dir() {
            walk(place, &mut files)?;
        } else {
            files.push(place.clone());
        }
    }
    let mut events = Vec::new();
    for file in files {
        let text = read(&file)?;
        let place = one_line(&file.display().to_string());
        if has_extension(&file, "jsonl") {
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            events
                .extend(lines.map(|(at, line)| Input { place: format!("{place}:{}", at + 1), text: line.to_owned() }));
        } else {
            events.push(Input { place, text });
        }
    }
    if events.is_empty() {
        let places = places.iter().map(|place| format!("`{}`", place.display())).collect::<Vec<_>>().join(", ");
        return Err(Said::trouble(
            format!("{places} にイベントがありません"),
            format!("expected at least one event in {places}, got none"),
        ));
    }
    Ok(events)
}

/// Links are not followed: one may lead back to a folder above.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Trouble> {
    let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            walk(&path, files)?;
        } else if has_extension(&path, "json") || has_extension(&path, "jsonl") {
            files.push(path);
        }
    }
    Ok(())
}

fn has_extension(file: &Path, extension: &str) -> bool {
    file.extension().is_some_and(|found| found == extension)
}
