//! The ledger door's fake: rows in memory, and the real one's rules.

use std::collections::{BTreeMap, HashMap};
use std::future::ready;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use finding_advisor::advice::Later;
use finding_advisor::burst::Burst;
use finding_advisor::channel::Receipt;
use finding_advisor::finding::FindingKey;
use finding_advisor::ledger::{Known, Ledger, LedgerDown, NotClaimed, Told};
use finding_advisor::notification::Folded;
use jiff::Timestamp;

/// A ledger in memory that keeps the real one's rules.
#[derive(Default)]
pub struct FakeLedger {
    /// Findings' rows.
    pub rows: Mutex<HashMap<FindingKey, Known>>,
    /// Bursts' rows.
    pub bursts: Mutex<HashMap<Burst, FakeBurst>>,
    /// Accounts' names.
    pub names: BTreeMap<String, String>,
    /// Whether it answers with an error.
    pub down: bool,
    /// How often it was called.
    pub calls: AtomicUsize,
}

/// What the ledger keeps of a burst.
#[derive(Default)]
pub struct FakeBurst {
    told: u16,
    called: bool,
    /// By finding key.
    pub folded: BTreeMap<String, Folded>,
}

impl FakeLedger {
    fn in_burst<T>(&self, burst: &Burst, change: impl FnOnce(&mut FakeBurst) -> T) -> Result<T, LedgerDown> {
        self.answer(|_| change(self.bursts.lock().expect("one thread").entry(burst.clone()).or_default()))
    }

    fn answer<T>(&self, value: impl FnOnce(&mut HashMap<FindingKey, Known>) -> T) -> Result<T, LedgerDown> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if self.down {
            Err(LedgerDown("InternalServerError".into()))
        } else {
            Ok(value(&mut self.rows.lock().expect("one thread")))
        }
    }
}

impl Ledger for FakeLedger {
    fn recall<'a>(&'a self, key: &'a FindingKey) -> Later<'a, Result<Known, LedgerDown>> {
        Box::pin(ready(self.answer(|rows| rows.get(key).cloned().unwrap_or_default())))
    }

    fn claim<'a>(
        &'a self,
        key: &'a FindingKey,
        known: &'a Known,
        now: Timestamp,
        until: Timestamp,
    ) -> Later<'a, Result<(), NotClaimed>> {
        let claimed = self.answer(|rows| {
            let row = rows.entry(key.clone()).or_default();
            if row.revision != known.revision || row.claimed_until.is_some_and(|until| until > now) {
                return Err(NotClaimed::Taken);
            }
            row.revision += 1;
            row.claimed_until = Some(until);
            Ok(())
        });
        Box::pin(ready(claimed.unwrap_or_else(|down| Err(NotClaimed::Down(down)))))
    }

    fn record<'a>(
        &'a self,
        key: &'a FindingKey,
        route: &'a str,
        told: &'a Told,
        last: bool,
    ) -> Later<'a, Result<(), LedgerDown>> {
        Box::pin(ready(self.answer(|rows| {
            let row = rows.entry(key.clone()).or_default();
            row.revision += 1;
            row.told.insert(route.to_owned(), told.clone());
            row.attempts.remove(route);
            row.claimed_until = row.claimed_until.filter(|_| !last);
        })))
    }

    fn release<'a>(&'a self, key: &'a FindingKey) -> Later<'a, Result<(), LedgerDown>> {
        Box::pin(ready(self.answer(|rows| {
            if let Some(row) = rows.get_mut(key) {
                row.claimed_until = None;
            }
        })))
    }

    fn attempted<'a>(
        &'a self,
        key: &'a FindingKey,
        route: &'a str,
        so_far: &'a Receipt,
    ) -> Later<'a, Result<(), LedgerDown>> {
        Box::pin(ready(self.answer(|rows| {
            rows.entry(key.clone()).or_default().attempts.insert(route.to_owned(), so_far.clone());
        })))
    }

    fn account_name<'a>(&'a self, account: &'a str) -> Later<'a, Result<Option<String>, LedgerDown>> {
        Box::pin(ready(self.answer(|_| self.names.get(account).cloned())))
    }

    fn may_tell<'a>(&'a self, burst: &'a Burst, most: u16) -> Later<'a, Result<bool, LedgerDown>> {
        Box::pin(ready(self.in_burst(burst, |row| {
            row.told += 1;
            row.told <= most
        })))
    }

    fn fold<'a>(&'a self, burst: &'a Burst, finding: &'a Folded) -> Later<'a, Result<bool, LedgerDown>> {
        Box::pin(ready(self.in_burst(burst, |row| {
            row.folded.insert(finding.key.clone(), finding.clone());
            row.called
        })))
    }

    fn called<'a>(&'a self, burst: &'a Burst) -> Later<'a, Result<(), LedgerDown>> {
        Box::pin(ready(self.in_burst(burst, |row| row.called = true)))
    }

    fn unfold<'a>(&'a self, burst: &'a Burst) -> Later<'a, Result<Vec<Folded>, LedgerDown>> {
        Box::pin(ready(self.in_burst(burst, |row| {
            row.called = false;
            row.folded.values().cloned().collect()
        })))
    }

    fn forget<'a>(&'a self, burst: &'a Burst, told: &'a [Folded]) -> Later<'a, Result<(), LedgerDown>> {
        Box::pin(ready(self.in_burst(burst, |row| row.folded.retain(|key, _| told.iter().all(|one| one.key != *key)))))
    }
}
