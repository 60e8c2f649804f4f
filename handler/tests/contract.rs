//! The contract with the construct: the schema file is made from the Rust types, and what synthesis wrote is read by them.

use std::fs;
use std::path::{Path, PathBuf};

use finding_advisor::config::HandlerConfig;
use finding_advisor::intake;
use finding_advisor::report::{FindingReport, budget_line};
use jiff::Timestamp;
use serde_json::{Value, json};

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

#[test]
fn the_metrics_are_those_that_the_dashboard_and_the_alarms_read() {
    let finding = intake::read("{}").remove(0);
    let line = FindingReport::of(&finding).line("record", Timestamp::UNIX_EPOCH);
    let emitted = &line["_aws"]["CloudWatchMetrics"][0];
    let names: Vec<&Value> =
        emitted["Metrics"].as_array().expect("a list").iter().map(|metric| &metric["Name"]).collect();
    let of_budget = &budget_line(80, Timestamp::UNIX_EPOCH)["_aws"]["CloudWatchMetrics"][0];
    assert_eq!((&of_budget["Namespace"], &of_budget["Dimensions"]), (&emitted["Namespace"], &json!([[]])));
    let made = json!({
        "namespace": emitted["Namespace"], "dimensions": emitted["Dimensions"], "metrics": names,
        "budget": of_budget["Metrics"][0]["Name"],
    });
    let kept = fs::read_to_string(contract().join("metrics.json")).expect("committed");
    let kept: Value = serde_json::from_str(&kept).expect("JSON");
    assert_eq!(kept, made, "write into contract/metrics.json what the handler emits");
}
