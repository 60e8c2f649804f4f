//! The ledger door: one DynamoDB table.
//!
//! | `key` (partition key) | `part` (sort key) | attributes |
//! |---|---|---|
//! | finding key | `finding` | `version` (1, of the row's form), `revision` (counts the writes), `claimedUntil` (epoch milliseconds; absent when nobody is telling it), `told#ROUTE` (what the route was told, JSON), `attempt#ROUTE` (what its channel reached before it was refused, JSON) |
//! | `account#NUMBER` | `account` | `name` (what people call the account; `finding-advisor name-accounts` writes it) |
//! | `burst#ROUTE#MINUTE`, and `#READERS` where they differ | `head` | `told` (notifications by themselves), `calledFor` (somebody called for it; `called` is a reserved word) |
//! | the same | finding key | `folded` (what is to be told, JSON) |
//!
//! Every row but an account's has `expires` (epoch seconds), for the table's time to live.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, ReturnValue, WriteRequest};
use jiff::{Timestamp, ToSpan};
use serde::de::DeserializeOwned;

use super::{code_of, why};
use crate::advice::Later;
use crate::burst::Burst;
use crate::channel::Receipt;
use crate::finding::FindingKey;
use crate::ledger::{Known, Ledger, LedgerDown, NotClaimed, Told};
use crate::notification::Folded;

const VERSION: &str = "1";
const TOLD: &str = "told#";
const ATTEMPT: &str = "attempt#";
/// The sort key of a finding's row.
const FINDING: &str = "finding";
/// The sort key of an account's row.
const ACCOUNT: &str = "account";
/// The sort key of a burst's own row.
const HEAD: &str = "head";
/// A finding that was not told for this long is forgotten, and told as new if it comes again.
const KEEP_HOURS: i64 = 365 * 24;
/// A call for a burst lives as long as the queues keep a message; a day more, and its rows may go.
const KEEP_BURST_HOURS: i64 = 15 * 24;
/// Rows that one request may delete: `BatchWriteItem`.
const MOST_WRITES: usize = 25;
/// Rounds until all of them are deleted; the SDK waits between its own attempts.
const MOST_ROUNDS: usize = 10;

/// The table.
#[derive(Debug)]
pub struct DynamoLedger {
    client: Client,
    table: String,
    /// How often this process told in each burst of this minute.
    own: Mutex<HashMap<Burst, u16>>,
    /// Accounts by name, as far as this process asked; nothing for one without a name. A new name is seen by the next process.
    names: Mutex<HashMap<String, Option<String>>>,
}

impl DynamoLedger {
    /// A ledger in this table.
    #[must_use]
    pub fn new(sdk: &SdkConfig, table: String) -> Self {
        Self { client: Client::new(sdk), table, own: Mutex::default(), names: Mutex::default() }
    }

    fn update(&self, key: &str, part: &str) -> UpdateItemFluentBuilder {
        self.client.update_item().table_name(&self.table).key("key", text(key)).key("part", text(part))
    }

    async fn recall(&self, key: &FindingKey) -> Result<Known, LedgerDown> {
        let row = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("key", text(key.text()))
            .key("part", text(FINDING))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| LedgerDown(code_of(&error)))?;
        Ok(row.item.map_or_else(Known::default, |item| read(&item)))
    }

    async fn claim(&self, key: &FindingKey, known: &Known, now: Timestamp, until: Timestamp) -> Result<(), NotClaimed> {
        let unwritten = if known.revision == 0 { "attribute_not_exists(revision)" } else { "revision = :known" };
        let mut update = self
            .update(key.text(), FINDING)
            .update_expression("SET version = :version, claimedUntil = :until, expires = :expires ADD revision :one")
            .condition_expression(format!(
                "{unwritten} AND (attribute_not_exists(claimedUntil) OR claimedUntil <= :now)"
            ))
            .expression_attribute_values(":version", number(VERSION))
            .expression_attribute_values(":until", number(until.as_millisecond()))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":expires", expires(now, KEEP_HOURS))
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
        let end = if last { ", claimedUntil" } else { "" };
        self.update(key.text(), FINDING)
            .update_expression(format!(
                "SET version = :version, #told = :told, expires = :expires ADD revision :one REMOVE #attempt{end}"
            ))
            .expression_attribute_names("#told", format!("{TOLD}{route}"))
            .expression_attribute_names("#attempt", format!("{ATTEMPT}{route}"))
            .expression_attribute_values(":version", number(VERSION))
            .expression_attribute_values(":told", text(&json))
            .expression_attribute_values(":expires", expires(told.at, KEEP_HOURS))
            .expression_attribute_values(":one", number(1))
            .send()
            .await
            .map(drop)
            .map_err(|error| LedgerDown(code_of(&error)))
    }

    async fn release(&self, key: &FindingKey) -> Result<(), LedgerDown> {
        self.update(key.text(), FINDING)
            .update_expression("REMOVE claimedUntil")
            .send()
            .await
            .map(drop)
            .map_err(|error| LedgerDown(code_of(&error)))
    }

    async fn attempted(&self, key: &FindingKey, route: &str, so_far: &Receipt) -> Result<(), LedgerDown> {
        let json = serde_json::to_string(so_far).map_err(|_| LedgerDown("unwritable".into()))?;
        self.update(key.text(), FINDING)
            .update_expression("SET #attempt = :attempt")
            .expression_attribute_names("#attempt", format!("{ATTEMPT}{route}"))
            .expression_attribute_values(":attempt", text(&json))
            .send()
            .await
            .map(drop)
            .map_err(|error| LedgerDown(code_of(&error)))
    }

    /// Writes down what people call an account.
    ///
    /// # Errors
    /// With the reason, for a person.
    pub async fn name_account(&self, account: &str, name: &str) -> Result<(), String> {
        self.update(&account_key(account), ACCOUNT)
            .update_expression("SET #name = :name")
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":name", text(name))
            .send()
            .await
            .map(drop)
            .map_err(|error| why(&error))
    }

    async fn account_name(&self, account: &str) -> Result<Option<String>, LedgerDown> {
        // What a thread that panicked left is whole: a name is put in at once.
        let names = || self.names.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(known) = names().get(account) {
            return Ok(known.clone());
        }
        let row = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("key", text(&account_key(account)))
            .key("part", text(ACCOUNT))
            .send()
            .await
            .map_err(|error| LedgerDown(code_of(&error)))?;
        let name = row.item.and_then(|mut row| row.remove("name")).and_then(|name| name.as_s().ok().cloned());
        names().insert(account.to_owned(), name.clone());
        Ok(name)
    }

    /// The first one that a process tells in a minute is free: a quiet day costs no request for this. From the second one on
    /// the table counts, the free one too; so more than `most` are told only by as many processes as there are.
    async fn may_tell(&self, burst: &Burst, most: u16) -> Result<bool, LedgerDown> {
        let own = self.count_own(burst);
        if own <= 1 {
            return Ok(true);
        }
        let counted = self
            .update(&burst_key(burst), HEAD)
            .update_expression("SET expires = :expires ADD told :new")
            .expression_attribute_values(":expires", expires(burst.start(), KEEP_BURST_HOURS))
            .expression_attribute_values(":new", number(if own == 2 { 2 } else { 1 }))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await
            .map_err(|error| LedgerDown(code_of(&error)))?;
        let told = counted.attributes.as_ref().and_then(|row| integer(row, "told"));
        Ok(told.is_none_or(|told| told <= i64::from(most)))
    }

    fn count_own(&self, burst: &Burst) -> u16 {
        // A thread that panicked while it held the lock left a count, and a count is never half.
        let mut own = self.own.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        own.retain(|other, _| other.minute == burst.minute);
        let told = own.entry(burst.clone()).or_default();
        *told = told.saturating_add(1);
        *told
    }

    async fn fold(&self, burst: &Burst, finding: &Folded) -> Result<bool, LedgerDown> {
        let json = serde_json::to_string(finding).map_err(|_| LedgerDown("unwritable".into()))?;
        self.update(&burst_key(burst), &finding.key)
            .update_expression("SET folded = :folded, expires = :expires")
            .expression_attribute_values(":folded", text(&json))
            .expression_attribute_values(":expires", expires(burst.start(), KEEP_BURST_HOURS))
            .send()
            .await
            .map_err(|error| LedgerDown(code_of(&error)))?;
        // Read after the row is written: either the call was taken back before, and we call again, or whoever takes it back
        // later reads our row.
        let head = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("key", text(&burst_key(burst)))
            .key("part", text(HEAD))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| LedgerDown(code_of(&error)))?;
        Ok(head.item.is_some_and(|row| row.contains_key("calledFor")))
    }

    async fn called(&self, burst: &Burst) -> Result<(), LedgerDown> {
        self.update(&burst_key(burst), HEAD)
            .update_expression("SET calledFor = :yes, expires = :expires")
            .expression_attribute_values(":yes", AttributeValue::Bool(true))
            .expression_attribute_values(":expires", expires(burst.start(), KEEP_BURST_HOURS))
            .send()
            .await
            .map(drop)
            .map_err(|error| LedgerDown(code_of(&error)))
    }

    async fn unfold(&self, burst: &Burst) -> Result<Vec<Folded>, LedgerDown> {
        self.update(&burst_key(burst), HEAD)
            .update_expression("SET expires = :expires REMOVE calledFor")
            .expression_attribute_values(":expires", expires(burst.start(), KEEP_BURST_HOURS))
            .send()
            .await
            .map_err(|error| LedgerDown(code_of(&error)))?;
        let mut folded = Vec::new();
        let mut from = None;
        loop {
            let page = self
                .client
                .query()
                .table_name(&self.table)
                .key_condition_expression("#key = :key")
                .expression_attribute_names("#key", "key")
                .expression_attribute_values(":key", text(&burst_key(burst)))
                .consistent_read(true)
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|error| LedgerDown(code_of(&error)))?;
            let rows = page.items.unwrap_or_default();
            folded.extend(rows.iter().filter_map(|row| {
                let json = row.get("folded")?.as_s().ok()?;
                let key = row.get("part")?.as_s().ok()?;
                Some(serde_json::from_str(json).unwrap_or_else(|_| Folded::unreadable(key)))
            }));
            from = page.last_evaluated_key;
            if from.is_none() {
                return Ok(folded);
            }
        }
    }

    async fn forget(&self, burst: &Burst, told: &[Folded]) -> Result<(), LedgerDown> {
        for some in told.chunks(MOST_WRITES) {
            let mut writes = Vec::with_capacity(some.len());
            for finding in some {
                let delete = DeleteRequest::builder()
                    .key("key", text(&burst_key(burst)))
                    .key("part", text(&finding.key))
                    .build()
                    .map_err(|_| LedgerDown("unwritable".into()))?;
                writes.push(WriteRequest::builder().delete_request(delete).build());
            }
            for _ in 0..MOST_ROUNDS {
                let mut left = self
                    .client
                    .batch_write_item()
                    .request_items(&self.table, writes)
                    .send()
                    .await
                    .map_err(|error| LedgerDown(code_of(&error)))?
                    .unprocessed_items
                    .unwrap_or_default();
                writes = left.remove(&self.table).unwrap_or_default();
                if writes.is_empty() {
                    break;
                }
            }
            if !writes.is_empty() {
                return Err(LedgerDown("unprocessed".into()));
            }
        }
        Ok(())
    }
}

fn account_key(account: &str) -> String {
    format!("account#{account}")
}

fn burst_key(burst: &Burst) -> String {
    let readers = burst.readers.as_ref().map_or_else(String::new, |readers| format!("#{readers}"));
    format!("burst#{}#{}{readers}", burst.burst_of_route, burst.minute)
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

    fn attempted<'a>(
        &'a self,
        key: &'a FindingKey,
        route: &'a str,
        so_far: &'a Receipt,
    ) -> Later<'a, Result<(), LedgerDown>> {
        Box::pin(self.attempted(key, route, so_far))
    }

    fn account_name<'a>(&'a self, account: &'a str) -> Later<'a, Result<Option<String>, LedgerDown>> {
        Box::pin(self.account_name(account))
    }

    fn may_tell<'a>(&'a self, burst: &'a Burst, most: u16) -> Later<'a, Result<bool, LedgerDown>> {
        Box::pin(self.may_tell(burst, most))
    }

    fn fold<'a>(&'a self, burst: &'a Burst, finding: &'a Folded) -> Later<'a, Result<bool, LedgerDown>> {
        Box::pin(self.fold(burst, finding))
    }

    fn called<'a>(&'a self, burst: &'a Burst) -> Later<'a, Result<(), LedgerDown>> {
        Box::pin(self.called(burst))
    }

    fn unfold<'a>(&'a self, burst: &'a Burst) -> Later<'a, Result<Vec<Folded>, LedgerDown>> {
        Box::pin(self.unfold(burst))
    }

    fn forget<'a>(&'a self, burst: &'a Burst, told: &'a [Folded]) -> Later<'a, Result<(), LedgerDown>> {
        Box::pin(self.forget(burst, told))
    }
}

/// Reads a row. What this version cannot read counts as never told: telling twice is better than not at all. The revision
/// and the claim are read whatever the version, since they keep two runs apart.
fn read(item: &HashMap<String, AttributeValue>) -> Known {
    let ours = item.get("version").and_then(|version| version.as_n().ok()).is_some_and(|version| version == VERSION);
    Known {
        revision: integer(item, "revision").and_then(|revision| u64::try_from(revision).ok()).unwrap_or(0),
        told: by_route(item, TOLD, ours),
        attempts: by_route(item, ATTEMPT, ours),
        claimed_until: integer(item, "claimedUntil").and_then(|until| Timestamp::from_millisecond(until).ok()),
    }
}

/// What stands under a prefix for each route, of a row that we know; what cannot be read counts as not there.
fn by_route<T: DeserializeOwned>(
    item: &HashMap<String, AttributeValue>,
    prefix: &str,
    ours: bool,
) -> BTreeMap<String, T> {
    item.iter()
        .filter(|_| ours)
        .filter_map(|(name, value)| {
            let route = name.strip_prefix(prefix)?;
            Some((route.to_owned(), serde_json::from_str(value.as_s().ok()?).ok()?))
        })
        .collect()
}

fn integer(item: &HashMap<String, AttributeValue>, name: &str) -> Option<i64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

pub(super) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

pub(super) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

fn expires(now: Timestamp, keep_hours: i64) -> AttributeValue {
    number(now.checked_add(keep_hours.hours()).unwrap_or(Timestamp::MAX).as_second())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Severity, State};

    fn row(version: &str) -> HashMap<String, AttributeValue> {
        let told = Told {
            severity: Some(Severity::High),
            state: State::Open,
            source: "guardduty".into(),
            updated: None,
            at: Timestamp::UNIX_EPOCH,
            event: "0011223344556677".into(),
            parties: Vec::new(),
            count: None,
            receipt: Some(Receipt::of_message("m-1")),
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
