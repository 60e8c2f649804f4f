//! The contract with the construct: the schema file is made from the Rust types, and what synthesis wrote is read by them.

use std::fs;
use std::path::{Path, PathBuf};

use finding_advisor::config::HandlerConfig;

fn contract() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../contract")
}

#[test]
fn the_schema_file_is_what_the_types_say() {
    let file = contract().join("handler-config.schema.json");
    let made =
        format!("{}\n", serde_json::to_string_pretty(&schemars::schema_for!(HandlerConfig)).expect("serialises"));
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == made, "contract/handler-config.schema.json is out of date: run `npm run contract`");
}

#[test]
fn every_example_that_synthesis_wrote_is_read() {
    let mut read = 0;
    for entry in fs::read_dir(contract().join("examples")).expect("examples are committed").flatten() {
        let json = fs::read_to_string(entry.path()).expect("an example");
        if let Err(error) = HandlerConfig::parse(&json) {
            panic!("{}: {error}: {:?}", entry.path().display(), std::error::Error::source(&error));
        }
        read += 1;
    }
    assert!(read > 0, "no example in contract/examples: run `npm run contract`");
}
