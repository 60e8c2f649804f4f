//! Explains: who would be told of a finding, by which route and why, and what stays silent and why. The pipeline's own rooms
//! decide; this only says it for a person.

use jiff::Timestamp;
use serde::Serialize;

use crate::config::HandlerConfig;
use crate::finding::{Finding, Language, Severity};
use crate::ledger::{self, Decision, Held, Known, Listener};
use crate::notification::Change;
use crate::notification::cut::one_line;
use crate::plain::Plain;
use crate::route::{self, Miss, Reach};

/// What would become of one finding.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The finding key.
    pub key: String,
    /// The format's word.
    pub source: &'static str,
    /// The severity's label, or `UNKNOWN`.
    pub severity: &'static str,
    /// The product.
    pub product: Plain,
    /// The product's own title.
    pub title: Plain,
    /// What would become of it on each route.
    pub routes: Vec<RouteExplanation>,
}

/// What would become of a finding on one route.
#[derive(Clone, Debug, Serialize)]
pub struct RouteExplanation {
    /// The route's name.
    pub route: String,
    /// Whether it is told.
    pub told: bool,
    /// The reason's word, as logs and metrics have it.
    pub reason: &'static str,
    /// The reason as a sentence.
    pub why: String,
}

impl Explanation {
    /// For a person: the finding, and one line a route.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let (told, silent) = match language {
            Language::Ja => ("通知する", "通知しない"),
            Language::En => ("told", "silent"),
        };
        let mut text =
            format!("{} {}: {}\n", self.severity, one_line(self.product.text()), one_line(self.title.text()));
        for route in &self.routes {
            let fate = if route.told { told } else { silent };
            text.push_str(&format!("  {}: {fate} ({}) - {}\n", route.route, route.reason, route.why));
        }
        text
    }
}

/// Explains a finding: `known` is what was told before.
#[must_use]
pub fn explain(
    finding: &Finding,
    config: &HandlerConfig,
    known: &Known,
    now: Timestamp,
    language: Language,
) -> Explanation {
    let routes = route::weigh(finding, config).into_iter().map(|reach| {
        let listener = Listener { miss: reach.miss.map(Miss::word), repeat_days: reach.route.repeat_days };
        let told = known.told.get(&reach.route.name);
        let decision = ledger::decide(finding, listener, told, now);
        let (told, reason) = match decision {
            Decision::Tell(change) => (true, change.word()),
            Decision::Hold(held) => (false, held.word()),
        };
        RouteExplanation {
            route: reach.route.name.clone(),
            told,
            reason,
            why: why(decision, &reach, finding, language),
        }
    });
    Explanation {
        key: finding.key.text().to_owned(),
        source: finding.source.word(),
        severity: finding.severity.map_or("UNKNOWN", Severity::label),
        product: finding.product.clone(),
        title: finding.title.clone(),
        routes: routes.collect(),
    }
}

fn why(decision: Decision, reach: &Reach<'_>, finding: &Finding, language: Language) -> String {
    let (ja, en) = match decision {
        Decision::Tell(change) => told(change),
        Decision::Hold(Held::OutOfReach(_)) => return missed(reach, finding, language),
        Decision::Hold(held) => silent(held),
    };
    match language {
        Language::Ja => ja.into(),
        Language::En => en.into(),
    }
}

fn told(change: Change) -> (&'static str, &'static str) {
    match change {
        Change::New => {
            ("アクティブで、このルートにはまだ通知していません", "it is active, and this route has not heard of it")
        }
        Change::Worse => ("前回の通知より重要度が上がりました", "its severity rose since the route heard of it"),
        Change::Reopened => ("終了した後、再びアクティブになりました", "it was closed and is active again"),
        Change::NewParty => ("リソースか操作の主体が加わりました", "a resource or an actor came to it"),
        Change::ManyMore => ("検出回数が 10 倍以上になりました", "it has been seen ten times as often"),
        Change::Closed => (
            "アクティブな間に通知したため、終了も通知します",
            "the route heard of it while it was active, so it hears of its end",
        ),
        Change::Suppressed => (
            "重要度が高いのに、通知される前に抑制されています",
            "it is severe, and somebody suppressed it before anybody was told",
        ),
        Change::Asked => ("カスタムアクションで依頼されました", "somebody asked for it by a custom action"),
        Change::Still => {
            ("重要度が高いまま、再通知の間隔が過ぎました", "it is severe, still active, and was told long enough ago")
        }
        Change::Together => ("件数が多いため、まとめて通知します", "there are so many that they are told together"),
    }
}

fn silent(held: Held) -> (&'static str, &'static str) {
    match held {
        Held::Unchanged => {
            ("通知済みで、重要な変化はありません", "the route heard of it, and nothing that matters changed")
        }
        Held::SameEvent => ("このイベントは通知済みです", "the route was told of this very event"),
        Held::ClosedUnheard => {
            ("終了していて、このルートには通知していません", "it is closed, and the route never heard of it")
        }
        Held::NotEvaluated => ("検出元が評価できない状態です", "its product could not evaluate it"),
        Held::Sample => ("サンプルは一度だけ通知します", "a sample is told once"),
        Held::Older => ("通知済みの内容より古いイベントです", "it is older than what the route was told"),
        Held::OutOfReach(_) => ("このルートの対象ではありません", "the route does not take it"),
    }
}

fn missed(reach: &Reach<'_>, finding: &Finding, language: Language) -> String {
    let minimum = reach.route.minimum_severity.label();
    let severity = finding.severity.map_or("UNKNOWN", Severity::label);
    let (ja, en) = match reach.miss {
        Some(Miss::BelowSeverity) => {
            return match language {
                Language::Ja => format!("重要度 {severity} が、このルートの下限 {minimum} に達していません"),
                Language::En => format!("its severity {severity} is below the route's minimum, {minimum}"),
            };
        }
        Some(Miss::TakenElsewhere) => ("ほかのルートが通知します", "another route takes it"),
        Some(Miss::Excepted) => ("このルートの除外条件に一致します", "the route excepts it"),
        Some(Miss::Severity) => ("重要度がルートの条件に一致しません", "its severity is none that the route matches"),
        Some(Miss::Source) => {
            ("イベントの形式がルートの条件に一致しません", "it came in no format that the route matches")
        }
        Some(Miss::Product) => ("製品がルートの条件に一致しません", "it is of no product that the route matches"),
        Some(Miss::Type) => ("タイプがルートの条件に一致しません", "none of its types begins as the route wants"),
        Some(Miss::Account) => {
            ("アカウントがルートの条件に一致しません", "it is about an account that the route does not match")
        }
        Some(Miss::Region) => {
            ("リージョンがルートの条件に一致しません", "it is about a Region that the route does not match")
        }
        Some(Miss::ResourceType) => {
            ("リソースタイプがルートの条件に一致しません", "it affects no resource of a type that the route matches")
        }
        Some(Miss::Tag) => {
            ("タグがルートの条件に一致しません", "it affects no resource with the tags that the route matches")
        }
        None => silent(Held::OutOfReach("")),
    };
    match language {
        Language::Ja => ja.into(),
        Language::En => en.into(),
    }
}
