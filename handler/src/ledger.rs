//! The ledger: what each route was told of each finding, and the one rule that says whether to tell again.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::advice::Later;
use crate::channel::Receipt;
use crate::finding::{Finding, FindingKey, Severity, State};
use crate::notification::Change;

/// An open finding of HIGH or CRITICAL is told again after this long: a reminder, where silence would read as "done".
const REPEAT: Duration = Duration::from_hours(7 * 24);

/// What is known of one finding. The default is what is known of one that nobody heard of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Counts the writes of the row: a claim holds only if nobody wrote since it was read. 0: there is no row.
    pub revision: u64,
    /// What each route was told, by the route's name.
    pub told: BTreeMap<String, Told>,
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
    /// What the channel needs for the next notification.
    pub receipt: Receipt,
}

impl Told {
    /// What is to be recorded once a route took the notification.
    #[must_use]
    pub fn of(finding: &Finding, now: Timestamp, receipt: Receipt) -> Self {
        Self {
            severity: finding.severity,
            state: finding.state,
            source: finding.source.word().into(),
            updated: finding.updated,
            at: now,
            event: event_hash(finding),
            receipt,
        }
    }
}

fn event_hash(finding: &Finding) -> String {
    Sha256::digest(finding.event.text()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
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
    /// The route's severity is higher, or another route takes it.
    OutOfReach,
    /// Closed, and the route never heard it open.
    ClosedUnheard,
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
            Self::OutOfReach => "out_of_reach",
            Self::ClosedUnheard => "closed_unheard",
            Self::Older => "older",
        }
    }
}

/// The rule. `reaches`: whether the route's match holds. Pure; every line below is one promise, in this order.
#[must_use]
pub fn decide(finding: &Finding, reaches: bool, told: Option<&Told>, now: Timestamp) -> Decision {
    use Decision::{Hold, Tell};
    if told.is_some_and(|told| told.event == event_hash(finding)) {
        return Hold(Held::SameEvent);
    }
    if finding.asked_for.is_some() {
        return if reaches { Tell(Change::Asked) } else { Hold(Held::OutOfReach) };
    }
    let Some(told) = told else {
        return match (finding.state == State::Open, reaches) {
            (false, _) => Hold(Held::ClosedUnheard),
            (true, false) => Hold(Held::OutOfReach),
            (true, true) => Tell(Change::New),
        };
    };
    let worse = told.state == State::Open && told.source == finding.source.word() && finding.severity > told.severity;
    if !worse && matches!((finding.updated, told.updated), (Some(this), Some(known)) if this < known) {
        return Hold(Held::Older);
    }
    match (told.state == State::Open, finding.state == State::Open) {
        (true, false) => Tell(Change::Closed),
        (false, false) => Hold(Held::Unchanged),
        (_, true) if !reaches => Hold(Held::OutOfReach),
        (false, true) => Tell(Change::Reopened),
        (true, true) if worse => Tell(Change::Worse),
        (true, true)
            if finding.severity >= Some(Severity::High) && now.duration_since(told.at).unsigned_abs() >= REPEAT =>
        {
            Tell(Change::Still)
        }
        (true, true) => Hold(Held::Unchanged),
    }
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
}
