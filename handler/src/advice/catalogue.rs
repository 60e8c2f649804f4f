//! The catalogue: every look, save and act that advice may propose. Reviewed sentences, commands and reading hints; a model
//! only chooses among them.

use std::sync::OnceLock;

use serde::Deserialize;

use super::text::Text;
use super::{Facts, Phase, StepKind};

/// The data files, one for a theme.
const FILES: &[&str] = &[
    include_str!("../../catalogue/general.json"),
    include_str!("../../catalogue/credentials.json"),
    include_str!("../../catalogue/instance.json"),
    include_str!("../../catalogue/bucket.json"),
];

/// One entry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its word in answers, logs and the schema.
    pub id: String,
    /// What it does to the world.
    pub kind: StepKind,
    /// Its place in incident response.
    pub phase: Phase,
    /// Kinds of target that it can be done to.
    pub on: Vec<String>,
    /// Classes that it is limited to; empty: all.
    #[serde(default)]
    pub only: Vec<String>,
    /// What it is, for the prompt.
    pub meaning: Text,
    /// What the reader is asked to do; `{a}` is the target's name.
    pub sentence: Text,
    /// Where in the console.
    pub place: Option<Text>,
    /// Commands with slots: `{t}` the target's value, `{v}` its last part, and kinds.
    #[serde(default)]
    pub commands: Vec<String>,
    /// How to read the output.
    pub read: Option<Text>,
    /// What a change breaks.
    pub risk: Option<Text>,
    /// How to undo it.
    pub undo: Option<Text>,
    /// Entries that must stand before it.
    #[serde(default)]
    pub requires: Vec<String>,
    /// May be done at once, without waiting for anybody's answer.
    #[serde(default)]
    pub at_once: bool,
}

/// All entries, in the files' order.
///
/// # Panics
/// Never in a release: a test loads every file.
pub fn entries() -> &'static [Entry] {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        FILES
            .iter()
            .flat_map(|file| match serde_json::from_str::<Vec<Entry>>(file) {
                Ok(entries) => entries,
                Err(error) => panic!("a compiled-in catalogue file is broken: {error}"),
            })
            .collect()
    })
}

/// The entry of this id.
#[must_use]
pub fn entry(id: &str) -> Option<&'static Entry> {
    entries().iter().find(|entry| entry.id == id)
}

/// An entry that can be done here, and to what.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The entry.
    pub entry: &'static Entry,
    /// Pseudonyms of the right kind, in the order in which they were given.
    pub targets: Vec<String>,
}

/// What can be proposed for a finding: entries for its class that have a target.
#[must_use]
pub fn offered(facts: &Facts) -> Vec<Offer> {
    entries()
        .iter()
        .filter(|entry| entry.only.is_empty() || entry.only.iter().any(|class| class == facts.class))
        .map(|entry| Offer { entry, targets: targets(entry, facts) })
        .filter(|offer| !offer.targets.is_empty())
        .collect()
}

/// The pseudonyms that an entry can be done to.
#[must_use]
pub fn targets(entry: &Entry, facts: &Facts) -> Vec<String> {
    facts
        .identities
        .iter()
        .filter(|(_, identity)| entry.on.iter().any(|kind| kind == identity.kind))
        .map(|(name, _)| name.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Language;

    #[test]
    fn every_entry_is_whole_and_what_it_requires_exists() {
        for entry in entries() {
            assert_eq!(entries().iter().filter(|other| other.id == entry.id).count(), 1, "{} twice", entry.id);
            assert!(!entry.on.is_empty(), "{} has no kind of target", entry.id);
            for required in &entry.requires {
                assert!(super::entry(required).is_some(), "{} requires {required}", entry.id);
            }
            if entry.kind == StepKind::Look {
                assert!(entry.read.is_some(), "{}: a look says how to read it", entry.id);
            }
            if entry.kind == StepKind::Act {
                assert!(entry.risk.is_some(), "{}: a change says what it breaks", entry.id);
            }
            for language in [Language::Ja, Language::En] {
                assert!(
                    !entry.sentence.of(language).is_empty() && !entry.meaning.of(language).is_empty(),
                    "{}",
                    entry.id
                );
            }
        }
    }

    #[test]
    fn only_acts_and_saves_change_anything() {
        const CHANGES: [&str; 9] =
            [" put-", " create-", " delete-", " update-", " modify-", " start-", " stop-", " attach-", " detach-"];
        for entry in entries().iter().filter(|entry| entry.kind == StepKind::Look) {
            for command in &entry.commands {
                assert!(!CHANGES.iter().any(|change| command.contains(change)), "{}: {command}", entry.id);
            }
        }
    }
}
