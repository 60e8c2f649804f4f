//! Who may know whom: the rooms' own rules, read from the sources.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

use std::fs;
use std::path::Path;

/// A room, and the modules that it must not name.
const NEVER: &[(&str, &[&str])] = &[
    ("intake", &["advice", "aws", "channel", "config", "ledger", "notification", "pipeline", "report", "route"]),
    ("channel", &["finding", "advice::project", "advice::check", "ledger", "pipeline", "route", "intake", "aws"]),
    ("notification", &["channel", "config", "ledger", "pipeline", "route", "intake", "aws", "report"]),
    ("advice", &["channel", "config", "ledger", "pipeline", "route", "intake", "aws", "report", "notification"]),
    ("ledger.rs", &["aws", "pipeline", "intake", "config", "route"]),
    ("route.rs", &["aws", "pipeline", "intake", "advice", "channel", "ledger"]),
    ("finding.rs", &["aws", "pipeline", "intake", "advice", "channel", "ledger", "notification", "config", "route"]),
    ("plain.rs", &["aws", "finding", "pipeline", "intake", "advice", "channel", "ledger", "notification", "config"]),
    ("pipeline.rs", &["aws"]),
];

fn sources(path: &Path, found: &mut Vec<(String, String)>) {
    // A room's tests may walk through other rooms to real input.
    if path.ends_with("tests") {
        return;
    }
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder of ours").flatten() {
            sources(&entry.path(), found);
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
        found.push((path.display().to_string(), fs::read_to_string(path).expect("a source of ours")));
    }
}

#[test]
fn no_room_knows_a_room_that_it_must_not() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut broken = Vec::new();
    for (room, never) in NEVER {
        let mut found = Vec::new();
        sources(&src.join(room), &mut found);
        assert!(!found.is_empty(), "no source of `{room}`");
        for (file, text) in found {
            for module in *never {
                let name = format!("crate::{module}");
                let named = text.lines().filter(|line| !line.trim_start().starts_with("//")).any(|line| {
                    line.split(&name).skip(1).any(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
                });
                if named {
                    broken.push(format!("{file} names {name}"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
