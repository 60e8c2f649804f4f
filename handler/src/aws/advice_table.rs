//! Remembered answers and counted tokens, in the ledger's table: rows that no finding key can name.
//!
//! | key | attributes |
//! |---|---|
//! | `answer#HASH` | `answer` (JSON) and `model`, or `pendingUntil` (epoch milliseconds): somebody is asking |
//! | `tokens#DAY` | `tokens`: how many were spent on that day (UTC) |
//!
//! All have `version` (1) and `expires` (epoch seconds). The table's time to live deletes late, so it is tested at reading.

use std::collections::HashMap;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use jiff::{Timestamp, ToSpan};

use super::dynamodb::{number, text};
use crate::advice::Later;
use crate::advice::memory::{AdviceTable, Kept, Row, TableDown};

const VERSION: &str = "1";
/// The sort key of these rows: each stands alone under its key.
const PART: &str = "advice";
/// A day's count is of no use after it; this is long enough to look at it.
const KEEP_COUNT_HOURS: i64 = 72;

/// The table.
#[derive(Debug)]
pub struct DynamoAdvice {
    client: Client,
    table: String,
}

impl DynamoAdvice {
    /// What is remembered in this table.
    #[must_use]
    pub fn new(sdk: &SdkConfig, table: String) -> Self {
        Self { client: Client::new(sdk), table }
    }

    fn update(&self, key: &str) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .key("key", text(key))
            .key("part", text(PART))
            .expression_attribute_values(":version", number(VERSION))
    }

    async fn item(&self, key: &str) -> Result<HashMap<String, AttributeValue>, TableDown> {
        let row = self.client.get_item().table_name(&self.table).key("key", text(key)).key("part", text(PART));
        Ok(row.consistent_read(true).send().await.map_err(|_| TableDown)?.item.unwrap_or_default())
    }

    async fn reserve(&self, key: &str, now: Timestamp, until: Timestamp) -> Result<Row, TableDown> {
        let reserved = self
            .update(key)
            .update_expression("SET version = :version, pendingUntil = :until, expires = :expires REMOVE answer, model")
            .condition_expression(
                "(attribute_not_exists(pendingUntil) OR pendingUntil <= :now) AND \
                 (attribute_not_exists(answer) OR expires <= :seconds OR version <> :version)",
            )
            .expression_attribute_values(":until", number(until.as_millisecond()))
            .expression_attribute_values(":expires", number(until.as_second()))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":seconds", number(now.as_second()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match reserved.map_err(aws_sdk_dynamodb::error::SdkError::into_service_error) {
            Ok(_) => Ok(Row::Nothing),
            Err(UpdateItemError::ConditionalCheckFailedException(stands)) => match stands.item {
                Some(item) => Ok(read(&item, now)),
                None => Ok(read(&self.item(key).await?, now)),
            },
            Err(_) => Err(TableDown),
        }
    }

    async fn recall(&self, key: &str, now: Timestamp) -> Result<Row, TableDown> {
        Ok(read(&self.item(key).await?, now))
    }

    async fn keep(&self, key: &str, kept: &Kept, until: Timestamp) -> Result<(), TableDown> {
        self.update(key)
            .update_expression(
                "SET version = :version, answer = :answer, model = :model, expires = :expires REMOVE pendingUntil",
            )
            .expression_attribute_values(":answer", text(&kept.json))
            .expression_attribute_values(":model", text(&kept.model))
            .expression_attribute_values(":expires", number(until.as_second()))
            .send()
            .await
            .map_or(Err(TableDown), |_| Ok(()))
    }

    async fn clear(&self, key: &str, now: Timestamp) -> Result<(), TableDown> {
        self.update(key)
            .update_expression("SET version = :version, expires = :expires REMOVE answer, model, pendingUntil")
            .expression_attribute_values(":expires", number(now.as_second()))
            .send()
            .await
            .map_or(Err(TableDown), |_| Ok(()))
    }

    async fn spend(&self, day: &str, tokens: u64, now: Timestamp) -> Result<u64, TableDown> {
        let expires = now.checked_add(KEEP_COUNT_HOURS.hours()).unwrap_or(Timestamp::MAX);
        let counted = self
            .update(&count_of(day))
            .update_expression("SET version = :version, expires = :expires ADD #tokens :tokens")
            .expression_attribute_names("#tokens", "tokens")
            .expression_attribute_values(":tokens", number(tokens))
            .expression_attribute_values(":expires", number(expires.as_second()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await
            .map_err(|_| TableDown)?;
        tokens_in(&counted.attributes.unwrap_or_default()).ok_or(TableDown)
    }

    async fn spent(&self, day: &str) -> Result<u64, TableDown> {
        Ok(tokens_in(&self.item(&count_of(day)).await?).unwrap_or(0))
    }
}

impl AdviceTable for DynamoAdvice {
    fn reserve<'a>(&'a self, key: &'a str, now: Timestamp, until: Timestamp) -> Later<'a, Result<Row, TableDown>> {
        Box::pin(self.reserve(key, now, until))
    }

    fn recall<'a>(&'a self, key: &'a str, now: Timestamp) -> Later<'a, Result<Row, TableDown>> {
        Box::pin(self.recall(key, now))
    }

    fn keep<'a>(&'a self, key: &'a str, kept: &'a Kept, until: Timestamp) -> Later<'a, Result<(), TableDown>> {
        Box::pin(self.keep(key, kept, until))
    }

    fn clear<'a>(&'a self, key: &'a str, now: Timestamp) -> Later<'a, Result<(), TableDown>> {
        Box::pin(self.clear(key, now))
    }

    fn spend<'a>(&'a self, day: &'a str, tokens: u64, now: Timestamp) -> Later<'a, Result<u64, TableDown>> {
        Box::pin(self.spend(day, tokens, now))
    }

    fn spent<'a>(&'a self, day: &'a str) -> Later<'a, Result<u64, TableDown>> {
        Box::pin(self.spent(day))
    }
}

fn count_of(day: &str) -> String {
    format!("tokens#{day}")
}

fn tokens_in(item: &HashMap<String, AttributeValue>) -> Option<u64> {
    item.get("tokens")?.as_n().ok()?.parse().ok()
}

/// Reads a row. What this version cannot read, or whose time is over, says nothing.
fn read(item: &HashMap<String, AttributeValue>, now: Timestamp) -> Row {
    let integer = |name: &str| item.get(name)?.as_n().ok()?.parse::<i64>().ok();
    let string = |name: &str| item.get(name)?.as_s().ok().cloned();
    if integer("pendingUntil").is_some_and(|until| until > now.as_millisecond()) {
        return Row::Pending;
    }
    let ours = item.get("version").and_then(|version| version.as_n().ok()).is_some_and(|version| version == VERSION);
    let stands = ours && integer("expires").is_some_and(|expires| expires > now.as_second());
    match (string("answer"), string("model")) {
        (Some(json), Some(model)) if stands => Row::Kept(Kept { json, model }),
        _ => Row::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(fields: &[(&str, AttributeValue)]) -> HashMap<String, AttributeValue> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    #[test]
    fn an_answer_stands_until_its_time_is_over_and_only_in_our_version() {
        let now = Timestamp::from_second(1_000).expect("a time");
        let kept = |version: &str, expires: i64| {
            let row = row(&[
                ("version", number(version)),
                ("answer", text("{}")),
                ("model", text("m")),
                ("expires", number(expires)),
            ]);
            matches!(read(&row, now), Row::Kept(kept) if kept.json == "{}" && kept.model == "m")
        };
        assert!(kept("1", 1_001));
        assert!(!kept("1", 1_000) && !kept("2", 1_001));
    }

    #[test]
    fn a_pending_row_ends_by_itself_and_an_empty_one_says_nothing() {
        let now = Timestamp::from_second(1_000).expect("a time");
        let pending = |until: i64| read(&row(&[("pendingUntil", number(until))]), now) == Row::Pending;
        assert!(pending(1_000_001) && !pending(1_000_000));
        assert!(read(&row(&[]), now) == Row::Nothing);
    }
}
