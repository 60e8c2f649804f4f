//! The ledger: what each route was told of each finding, and the one rule that says whether to tell again.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::advice::Later;
use crate::burst::Burst;
use crate::channel::Receipt;
use crate::finding::{Finding, FindingKey, Severity, State};
use crate::notification::{Change, Folded};

/// Resources and actors that are remembered of one notification; one more among so many is no news.
const MOST_PARTIES: usize = 100;

/// What is known of one finding. The default is what is known of one that nobody heard of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Counts the writes of the row: a claim holds only if nobody wrote since it was read. 0: there is no row.
    pub revision: u64,
    /// What each route was told, by the route's name.
    pub told: BTreeMap<String, Told>,
    /// What a route's channel reached before it was refused, by the route's name.
    pub attempts: BTreeMap<String, Receipt>,
    /// Until when another run has leave to tell it.
    pub claimed_until: Option<Timestamp>,
}

/// What one route was last told of one finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    /// The severity it was told with.
    pub severity: Option<Severity>,
    /// The state it was told in.
    pub state: State,
    /// The format it came in: two products' words for the severity of one finding differ, and that is no rise.
    pub source: String,
    /// When the product had changed the finding last.
    pub updated: Option<Timestamp>,
    /// When it was told.
    pub at: Timestamp,
    /// Which event it was: the same event is told once, whatever it asks for.
    pub event: String,
    /// Hashes of the resources and actors it was about.
    #[serde(default)]
    pub parties: Vec<String>,
    /// How often the activity had been seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// What the channel needs for the next notification; nothing where it was told together with others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

impl Told {
    /// What is to be recorded once a route took the notification, or keeps it to be told together with others.
    #[must_use]
    pub fn of(finding: &Finding, now: Timestamp, receipt: Option<Receipt>) -> Self {
        Self {
            severity: finding.severity,
            state: finding.state,
            source: finding.source.word().into(),
            updated: finding.updated,
            at: now,
            event: event_hash(finding),
            parties: parties(finding),
            count: finding.count,
            receipt,
        }
    }

    fn was_open(&self) -> bool {
        self.state == State::Open
    }
}

/// Short hashes of who and what a finding is about.
fn parties(finding: &Finding) -> Vec<String> {
    let resources = finding.resources.iter().map(|resource| &resource.id);
    resources.chain(&finding.actors).take(MOST_PARTIES).map(|party| hash(party.text(), 4)).collect()
}

fn event_hash(finding: &Finding) -> String {
    hash(finding.event.text(), 8)
}

fn hash(text: &str, bytes: usize) -> String {
    Sha256::digest(text).iter().take(bytes).map(|byte| format!("{byte:02x}")).collect()
}

/// Tell a route or not, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Tell it.
    Tell(Change),
    /// Do not.
    Hold(Held),
}

/// Why a route is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Held {
    /// It heard of it, and nothing that matters changed.
    Unchanged,
    /// This very event was told already: a retry for another route's sake.
    SameEvent,
    /// The route does not take it; the word says why.
    OutOfReach(&'static str),
    /// Closed, and the route never heard it open.
    ClosedUnheard,
    /// The product could not evaluate it: it stands as the route heard it.
    NotEvaluated,
    /// A sample, which the route heard of.
    Sample,
    /// Older than what the route was told.
    Older,
}

impl Held {
    /// The word for logs and metrics.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::SameEvent => "same_event",
            Self::OutOfReach(why) => why,
            Self::ClosedUnheard => "closed_unheard",
            Self::NotEvaluated => "not_evaluated",
            Self::Sample => "sample",
            Self::Older => "older",
        }
    }
}

/// What the rule needs to know of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Why the finding does not reach it, in one word; `None`: it does.
    pub miss: Option<&'static str>,
    /// Days after which an open finding of HIGH or CRITICAL is told again; 0: never.
    pub repeat_days: u16,
}

/// The rule. Pure; every line below is one promise, in this order.
#[must_use]
pub fn decide(finding: &Finding, listener: Listener, told: Option<&Told>, now: Timestamp) -> Decision {
    use Decision::{Hold, Tell};
    let serious = finding.severity >= Some(Severity::High);
    let open = finding.state == State::Open;
    if told.is_some_and(|told| told.event == event_hash(finding)) {
        return Hold(Held::SameEvent);
    }
    if finding.asked_for.is_some() {
        return listener.miss.map_or(Tell(Change::Asked), |why| Hold(Held::OutOfReach(why)));
    }
    if finding.state == State::Unknown {
        return Hold(Held::NotEvaluated);
    }
    let Some(told) = told else {
        // Somebody who may suppress can hide: what is serious is told all the same, once, as suppressed.
        let hidden = finding.state == State::Suppressed && serious;
        return match listener.miss {
            _ if !open && !hidden => Hold(Held::ClosedUnheard),
            Some(why) => Hold(Held::OutOfReach(why)),
            None => Tell(if open { Change::New } else { Change::Suppressed }),
        };
    };
    if finding.sample {
        return Hold(Held::Sample);
    }
    // Two ways of one finding name severity, resources and counts differently: only the same way can tell of a rise.
    let comparable = told.was_open() && told.source == finding.source.word();
    let worse = comparable && finding.severity > told.severity;
    if !worse && matches!((finding.updated, told.updated), (Some(this), Some(known)) if this < known) {
        return Hold(Held::Older);
    }
    match (told.was_open(), open, listener.miss) {
        (true, false, _) => Tell(Change::Closed),
        (false, false, _) => Hold(Held::Unchanged),
        (_, true, Some(why)) => Hold(Held::OutOfReach(why)),
        (false, true, None) => Tell(Change::Reopened),
        (true, true, None) if worse => Tell(Change::Worse),
        (true, true, None) if comparable && has_new_party(finding, told) => Tell(Change::NewParty),
        (true, true, None) if comparable && is_many_more(finding.count, told.count) => Tell(Change::ManyMore),
        (true, true, None) if serious && is_over(listener.repeat_days, told.at, now) => Tell(Change::Still),
        (true, true, None) => Hold(Held::Unchanged),
    }
}

fn has_new_party(finding: &Finding, told: &Told) -> bool {
    told.parties.len() < MOST_PARTIES && parties(finding).iter().any(|party| !told.parties.contains(party))
}

/// Ten times what it was when it was told.
fn is_many_more(now: Option<u64>, told: Option<u64>) -> bool {
    matches!((now, told), (Some(now), Some(told)) if now >= told.max(1).saturating_mul(10))
}

fn is_over(days: u16, since: Timestamp, now: Timestamp) -> bool {
    days > 0 && now.duration_since(since).as_hours() >= i64::from(days) * 24
}

/// The ledger did not answer; its error code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerDown(pub String);

/// Why a claim was not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotClaimed {
    /// Another run holds it or wrote since: decide anew later.
    Taken,
    /// The ledger did not answer: tell anyway.
    Down(LedgerDown),
}

/// The door to the memory.
pub trait Ledger: Sync {
    /// What is known of a finding, read consistently. A row that this version cannot read is as good as none.
    fn recall<'a>(&'a self, key: &'a FindingKey) -> Later<'a, Result<Known, LedgerDown>>;

    /// Takes leave to tell a finding until then, if nobody wrote since `known` was read and no claim lives at `now`.
    fn claim<'a>(
        &'a self,
        key: &'a FindingKey,
        known: &'a Known,
        now: Timestamp,
        until: Timestamp,
    ) -> Later<'a, Result<(), NotClaimed>>;

    /// Remembers what a route was told; `last` ends the claim.
    fn record<'a>(
        &'a self,
        key: &'a FindingKey,
        route: &'a str,
        told: &'a Told,
        last: bool,
    ) -> Later<'a, Result<(), LedgerDown>>;

    /// Ends the claim and remembers nothing: the last route to end was refused, and a retry may come before the lease ends.
    fn release<'a>(&'a self, key: &'a FindingKey) -> Later<'a, Result<(), LedgerDown>>;

    /// Remembers what a route's channel reached before it was refused, until the route is told.
    fn attempted<'a>(
        &'a self,
        key: &'a FindingKey,
        route: &'a str,
        so_far: &'a Receipt,
    ) -> Later<'a, Result<(), LedgerDown>>;

    /// What an account is called, where somebody wrote it down.
    fn account_name<'a>(&'a self, account: &'a str) -> Later<'a, Result<Option<String>, LedgerDown>>;

    /// Whether the route may be told of one more finding by itself in this minute, of at most so many.
    fn may_tell<'a>(&'a self, burst: &'a Burst, most: u16) -> Later<'a, Result<bool, LedgerDown>>;

    /// Keeps a finding to be told together with the others of its burst; again is no trouble. Returns whether somebody has
    /// called for the burst to be told already.
    fn fold<'a>(&'a self, burst: &'a Burst, finding: &'a Folded) -> Later<'a, Result<bool, LedgerDown>>;

    /// Remembers that the burst was called for.
    fn called<'a>(&'a self, burst: &'a Burst) -> Later<'a, Result<(), LedgerDown>>;

    /// Takes the call back, and then reads what was folded: whoever folds later calls again.
    fn unfold<'a>(&'a self, burst: &'a Burst) -> Later<'a, Result<Vec<Folded>, LedgerDown>>;

    /// Forgets findings of a burst, which were told.
    fn forget<'a>(&'a self, burst: &'a Burst, told: &'a [Folded]) -> Later<'a, Result<(), LedgerDown>>;
}

#[cfg(test)]
mod tests;
