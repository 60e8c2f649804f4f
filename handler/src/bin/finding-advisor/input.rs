//! What a command reads: files, folders of events, and standard input.

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};

use finding_advisor::finding::Language;

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

/// The texts of some events. A folder stands for each `.json` file in it and in its folders, by name.
pub fn read_all(places: &[PathBuf]) -> Result<Vec<(PathBuf, String)>, Trouble> {
    let mut files = Vec::new();
    for place in places {
        if place.is_dir() {
            let before = files.len();
            walk(place, &mut files)?;
            if files.len() == before {
                let place = place.display();
                return Err(Said::trouble(
                    format!("フォルダー `{place}` に `.json` のファイルがありません"),
                    format!("expected `.json` files in the folder `{place}`, got none"),
                ));
            }
        } else {
            files.push(place.clone());
        }
    }
    files.into_iter().map(|file| read(&file).map(|text| (file, text))).collect()
}

/// Links are not followed: one may lead back to a folder above.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Trouble> {
    let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            walk(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}
