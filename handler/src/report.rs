//! What became of each record, finding and route: batch item failures, metrics and one log line a finding come from here.
//! It holds ids, hashes and fixed words, never a finding's text.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::advice::{Advice, Origin};
use crate::finding::Finding;
use crate::ledger::Held;
use crate::notification::Change;

/// Namespace of the metrics.
pub const NAMESPACE: &str = "FindingAdvisor";

/// What became of one SQS record.
#[derive(Clone, Debug)]
pub struct RecordReport {
    /// The SQS message id.
    pub record: String,
    /// What became of its findings; empty when reading or advising panicked twice.
    pub findings: Vec<FindingReport>,
    /// What became of the burst that it called for, where it is no event.
    pub burst: Option<BurstReport>,
    /// How often it panicked: 0, 1 (told from the envelope) or 2 (failed).
    pub panics: u32,
}

impl RecordReport {
    /// Whether the record must come back: something in it is not told yet.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.panics > 1
            || self.findings.iter().any(FindingReport::failed)
            || self.burst.as_ref().is_some_and(|burst| burst.error.is_some())
    }

    /// When the record should come back, if a service asked for it.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.findings.iter().filter_map(|finding| finding.retry_after).max()
    }
}

/// What became of findings that were to be told together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BurstReport {
    /// The route.
    pub route: String,
    /// How many they were.
    pub findings: usize,
    /// Why they were not told; the record comes back.
    pub error: Option<String>,
}

impl BurstReport {
    /// The burst's log line.
    #[must_use]
    pub fn line(&self, record: &str) -> Value {
        let fate = if self.error.is_some() { "refused" } else { "told" };
        json!({ "record": record, "burstOfRoute": self.route, "findings": self.findings, "fate": fate, "reason": self.error })
    }
}

/// What became of one finding.
#[derive(Clone, Debug)]
pub struct FindingReport {
    /// The finding key.
    pub key: String,
    /// The format's word.
    pub source: &'static str,
    /// The severity's label, or `UNKNOWN`.
    pub severity: &'static str,
    /// How many fields could not be read.
    pub unread: usize,
    /// Another run is telling it: the record comes back.
    pub claimed_elsewhere: bool,
    /// Error codes of the ledger; the finding was told all the same.
    pub ledger_errors: Vec<String>,
    /// One for each language that was needed.
    pub advice: Vec<AdviceReport>,
    /// What became of it on each route.
    pub routes: Vec<(String, Fate)>,
    /// How long a service asked to be left alone, the longest of them.
    pub retry_after: Option<Duration>,
}

/// How one route ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// What became of the finding.
    pub fate: Fate,
    /// The ledger's error code, when that could not be recorded.
    pub ledger_error: Option<String>,
    /// How long the service asked to be left alone.
    pub retry_after: Option<Duration>,
}

impl Ended {
    /// With nothing else to say.
    #[must_use]
    pub fn of(fate: Fate) -> Self {
        Self { fate, ledger_error: None, retry_after: None }
    }
}

/// Where the advice came from.
#[derive(Clone, Debug)]
pub struct AdviceReport {
    /// The language's code.
    pub language: &'static str,
    /// The playbook's class.
    pub class: &'static str,
    /// `model`, `remembered`, `cheaper_model` or `playbook`.
    pub origin: &'static str,
    /// The model's id, or why the playbook spoke.
    pub by: String,
    /// The rules that struck parts of the answer or rejected it.
    pub rules: Vec<String>,
    /// Whether text in the finding talks to a reader or an AI, or hides characters.
    pub tripwire: bool,
    /// Whether a model was called.
    pub asked: bool,
    /// Tokens in and out.
    pub tokens: (u64, u64),
}

impl AdviceReport {
    /// Of advice that was given.
    #[must_use]
    pub fn of(advice: &Advice, language: &'static str, asked: bool, tokens: (u64, u64), tripwire: bool) -> Self {
        let (origin, by) = match advice.origin() {
            Origin::Model(model) => ("model", model.clone()),
            Origin::Remembered(model) => ("remembered", model.clone()),
            Origin::Cheaper(model) => ("cheaper_model", model.clone()),
            Origin::Playbook(why) => ("playbook", why.word().to_owned()),
        };
        let rules = advice.struck().iter().map(|rule| (*rule).to_owned()).collect();
        Self { language, class: advice.class(), origin, by, rules, tripwire, asked, tokens }
    }
}

/// What became of a finding on one route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The service took it.
    Told(Change),
    /// Kept, to be told together with others of its minute.
    Folded(Change),
    /// Not told, for this reason.
    Held(Held),
    /// The service refused it, with this code; the record comes back.
    Refused(String),
    /// The service refused it for good, with this code; the default route tells it.
    Rerouted(String),
}

/// A log line that says how much of the day's budget of tokens was used, in percent, and is its metric.
#[must_use]
pub fn budget_line(percent: u64, now: Timestamp) -> Value {
    json!({
        "_aws": {
            "Timestamp": now.as_millisecond(),
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE, "Dimensions": [[]], "Metrics": [{ "Name": "BudgetUsed", "Unit": "Percent" }],
            }],
        },
        "BudgetUsed": percent,
    })
}

impl FindingReport {
    /// A report of nothing yet.
    #[must_use]
    pub fn of(finding: &Finding) -> Self {
        Self {
            key: finding.key.text().to_owned(),
            source: finding.source.word(),
            severity: finding.severity.map_or("UNKNOWN", crate::finding::Severity::label),
            unread: finding.unread.len(),
            claimed_elsewhere: false,
            ledger_errors: Vec::new(),
            advice: Vec::new(),
            routes: Vec::new(),
            retry_after: None,
        }
    }

    /// Takes in how a route ended.
    pub fn ended(&mut self, route: &str, ended: Ended) {
        self.routes.push((route.to_owned(), ended.fate));
        self.ledger_errors.extend(ended.ledger_error);
        self.retry_after = self.retry_after.max(ended.retry_after);
    }

    /// The first route that refused it for good, and the code.
    #[must_use]
    pub fn refused_for_good(&self) -> Option<(String, String)> {
        self.routes.iter().find_map(|(route, fate)| match fate {
            Fate::Rerouted(code) => Some((route.clone(), code.clone())),
            _ => None,
        })
    }

    /// Whether somebody still has to be told.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.claimed_elsewhere || self.routes.iter().any(|(_, fate)| matches!(fate, Fate::Refused(_)))
    }

    /// The finding's log line, which is also its metrics in CloudWatch's embedded metric format.
    #[must_use]
    pub fn line(&self, record: &str, now: Timestamp) -> Value {
        let count = |test: fn(&Fate) -> bool| self.routes.iter().filter(|(_, fate)| test(fate)).count();
        let routes: Value = self
            .routes
            .iter()
            .map(|(route, fate)| match fate {
                Fate::Told(change) => json!({ "route": route, "fate": "told", "reason": change.word() }),
                Fate::Folded(change) => json!({ "route": route, "fate": "folded", "reason": change.word() }),
                Fate::Held(held) => json!({ "route": route, "fate": "held", "reason": held.word() }),
                Fate::Rerouted(code) => json!({ "route": route, "fate": "rerouted", "reason": code }),
                Fate::Refused(code) => json!({ "route": route, "fate": "refused", "reason": code }),
            })
            .collect();
        let advice: Value = self
            .advice
            .iter()
            .map(|one| {
                json!({ "language": one.language, "class": one.class, "origin": one.origin, "by": one.by,
                        "rules": one.rules, "tripwire": one.tripwire })
            })
            .collect();
        let sum = |value: fn(&AdviceReport) -> u64| self.advice.iter().map(value).sum::<u64>();
        let names = [
            "Findings",
            "Told",
            "Folded",
            "Held",
            "Refused",
            "LedgerErrors",
            "ModelCalls",
            "RememberedAdvice",
            "PlaybookAdvice",
            "Struck",
            "Tripwires",
            "InputTokens",
            "OutputTokens",
        ];
        let metrics: Vec<Value> = names.iter().map(|name| json!({ "Name": name, "Unit": "Count" })).collect();
        json!({
            "_aws": {
                "Timestamp": now.as_millisecond(),
                "CloudWatchMetrics": [{ "Namespace": NAMESPACE, "Dimensions": [[]], "Metrics": metrics }],
            },
            "Source": self.source,
            "Severity": self.severity,
            "Findings": 1,
            "Told": count(|fate| matches!(fate, Fate::Told(_))),
            "Folded": count(|fate| matches!(fate, Fate::Folded(_))),
            "Held": count(|fate| matches!(fate, Fate::Held(_))),
            "Refused": count(|fate| matches!(fate, Fate::Refused(_) | Fate::Rerouted(_))),
            "LedgerErrors": self.ledger_errors.len(),
            "ModelCalls": sum(|one| u64::from(one.asked)),
            "RememberedAdvice": sum(|one| u64::from(one.origin == "remembered")),
            "PlaybookAdvice": sum(|one| u64::from(one.origin == "playbook")),
            "Struck": sum(|one| one.rules.len() as u64),
            "Tripwires": sum(|one| u64::from(one.tripwire)),
            "InputTokens": sum(|one| one.tokens.0),
            "OutputTokens": sum(|one| one.tokens.1),
            "record": record,
            "finding": self.key,
            "unread": self.unread,
            "claimedElsewhere": self.claimed_elsewhere,
            "ledgerErrors": self.ledger_errors,
            "advice": advice,
            "routes": routes,
        })
    }
}
