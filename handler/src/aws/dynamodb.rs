//! The ledger door: one DynamoDB table, one row a finding.
//!
//! | attribute | |
//! |---|---|
//! | `key` | the finding key (partition key) |
//! | `version` | 1, of the row's form |
//! | `revision` | counts the writes |
//! | `claimedUntil` | epoch milliseconds; absent when nobody is telling it |
//! | `told#ROUTE` | what the route was told, JSON |
//! | `expires` | epoch seconds, for the table's time to live |

use std::collections::HashMap;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{Timestamp, ToSpan};

use super::code_of;
use crate::advice::Later;
use crate::finding::FindingKey;
use crate::ledger::{Known, Ledger, LedgerDown, NotClaimed, Told};

const VERSION: &str = "1";
const TOLD: &str = "told#";
/// A finding that was not told for this long is forgotten, and told as new if it comes again.
const KEEP_HOURS: i64 = 365 * 24;

/// The table.
#[derive(Debug)]
pub struct DynamoLedger {
    client: Client,
    table: String,
}

impl DynamoLedger {
    /// A ledger in this table.
    #[must_use]
    pub fn new(sdk: &SdkConfig, table: String) -> Self {
        Self { client: Client::new(sdk), table }
    }

    async fn recall(&self, key: &FindingKey) -> Result<Known, LedgerDown> {
        let row = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("key", text(key.text()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| LedgerDown(code_of(&error)))?;
        Ok(row.item.map_or_else(Known::default, |item| read(&item)))
    }

    async fn claim(&self, key: &FindingKey, known: &Known, now: Timestamp, until: Timestamp) -> Result<(), NotClaimed> {
        let unwritten = if known.revision == 0 { "attribute_not_exists(revision)" } else { "revision = :known" };
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("key", text(key.text()))
            .update_expression("SET version = :version, claimedUntil = :until, expires = :expires ADD revision :one")
            .condition_expression(format!(
                "{unwritten} AND (attribute_not_exists(claimedUntil) OR claimedUntil <= :now)"
            ))
            .expression_attribute_values(":version", number(VERSION))
            .expression_attribute_values(":until", number(until.as_millisecond()))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":expires", expires(now))
            .expression_attribute_values(":one", number(1));
        if known.revision > 0 {
            update = update.expression_attribute_values(":known", number(known.revision));
        }
        match update.send().await {
            Ok(_) => Ok(()),
            Err(error) => match code_of(&error) {
                code if code == "ConditionalCheckFailedException" => Err(NotClaimed::Taken),
                code => Err(NotClaimed::Down(LedgerDown(code))),
            },
        }
    }

    async fn record(&self, key: &FindingKey, route: &str, told: &Told, last: bool) -> Result<(), LedgerDown> {
        let json = serde_json::to_string(told).map_err(|_| LedgerDown("unwritable".into()))?;
        let end = if last { " REMOVE claimedUntil" } else { "" };
        self.client
            .update_item()
            .table_name(&self.table)
            .key("key", text(key.text()))
            .update_expression(format!(
                "SET version = :version, #told = :told, expires = :expires ADD revision :one{end}"
            ))
            .expression_attribute_names("#told", format!("{TOLD}{route}"))
            .expression_attribute_values(":version", number(VERSION))
            .expression_attribute_values(":told", text(&json))
            .expression_attribute_values(":expires", expires(told.at))
            .expression_attribute_values(":one", number(1))
            .send()
            .await
            .map(drop)
            .map_err(|error| LedgerDown(code_of(&error)))
    }

    async fn release(&self, key: &FindingKey) -> Result<(), LedgerDown> {
        self.client
            .update_item()
            .table_name(&self.table)
            .key("key", text(key.text()))
            .update_expression("REMOVE claimedUntil")
            .send()
            .await
            .map(drop)
            .map_err(|error| LedgerDown(code_of(&error)))
    }
}

impl Ledger for DynamoLedger {
    fn recall<'a>(&'a self, key: &'a FindingKey) -> Later<'a, Result<Known, LedgerDown>> {
        Box::pin(self.recall(key))
    }

    fn claim<'a>(
        &'a self,
        key: &'a FindingKey,
        known: &'a Known,
        now: Timestamp,
        until: Timestamp,
    ) -> Later<'a, Result<(), NotClaimed>> {
        Box::pin(self.claim(key, known, now, until))
    }

    fn record<'a>(
        &'a self,
        key: &'a FindingKey,
        route: &'a str,
        told: &'a Told,
        last: bool,
    ) -> Later<'a, Result<(), LedgerDown>> {
        Box::pin(self.record(key, route, told, last))
    }

    fn release<'a>(&'a self, key: &'a FindingKey) -> Later<'a, Result<(), LedgerDown>> {
        Box::pin(self.release(key))
    }
}

/// Reads a row. What this version cannot read counts as never told: telling twice is better than not at all. The revision
/// and the claim are read whatever the version, since they keep two runs apart.
fn read(item: &HashMap<String, AttributeValue>) -> Known {
    let integer = |name: &str| item.get(name)?.as_n().ok()?.parse::<i64>().ok();
    let ours = item.get("version").and_then(|version| version.as_n().ok()).is_some_and(|version| version == VERSION);
    let told = item
        .iter()
        .filter(|_| ours)
        .filter_map(|(name, value)| {
            let told: Told = serde_json::from_str(value.as_s().ok()?).ok()?;
            Some((name.strip_prefix(TOLD)?.to_owned(), told))
        })
        .collect();
    Known {
        revision: integer("revision").and_then(|revision| u64::try_from(revision).ok()).unwrap_or(0),
        told,
        claimed_until: integer("claimedUntil").and_then(|until| Timestamp::from_millisecond(until).ok()),
    }
}

pub(super) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

pub(super) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

fn expires(now: Timestamp) -> AttributeValue {
    number(now.checked_add(KEEP_HOURS.hours()).unwrap_or(Timestamp::MAX).as_second())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::Receipt;
    use crate::finding::{Severity, State};

    fn row(version: &str) -> HashMap<String, AttributeValue> {
        let told = Told {
            severity: Some(Severity::High),
            state: State::Open,
            source: "guardduty".into(),
            updated: None,
            at: Timestamp::UNIX_EPOCH,
            event: "0011223344556677".into(),
            receipt: Receipt { message_id: "m-1".into() },
        };
        HashMap::from([
            ("key".to_owned(), text("k")),
            ("version".to_owned(), number(version)),
            ("revision".to_owned(), number(7)),
            ("claimedUntil".to_owned(), number(1_000)),
            ("told#default".to_owned(), text(&serde_json::to_string(&told).expect("serialises"))),
            ("told#broken".to_owned(), text("{")),
        ])
    }

    #[test]
    fn a_row_of_ours_is_read_and_a_broken_route_counts_as_never_told() {
        let known = read(&row("1"));
        assert_eq!(known.revision, 7);
        assert_eq!(known.claimed_until, Timestamp::from_second(1).ok());
        assert_eq!(known.told.keys().collect::<Vec<_>>(), ["default"]);
    }

    #[test]
    fn a_row_of_an_unknown_version_keeps_its_claim_and_forgets_what_was_told() {
        let known = read(&row("2"));
        assert!(known.told.is_empty());
        assert_eq!(known.revision, 7);
        assert!(known.claimed_until.is_some());
    }
}
