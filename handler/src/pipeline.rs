//! START HERE: the one way through the house, from an SQS record to a report.
//!
//! Decide, send, and only then record. Retrying belongs to SQS, memory to the ledger. The claim is a lease: it keeps two
//! runs from telling one finding at once, but nothing is lost without it. The model is never in the way of delivery: no
//! checked answer in time means the playbook's advice and a line that says why.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::join_all;
use futures::{FutureExt, StreamExt};
use jiff::Timestamp;
use tokio::time::Instant;

use crate::advice::{self, Advice, Advisor, Facts, NoAnswer};
use crate::channel::{self, Courier, Next, Receipt};
use crate::config::{HandlerConfig, RouteConfig};
use crate::finding::{Finding, Language, Unread};
use crate::intake;
use crate::ledger::{self, Decision, Known, Ledger, NotClaimed, Told};
use crate::notification::{self, Change, Words};
use crate::report::{AdviceReport, Fate, FindingReport, RecordReport};
use crate::route;

/// Records of a batch that run at once; more would only wait for each other's connections.
const AT_ONCE: usize = 16;
/// The longest that delivery waits for a model, all attempts and models together.
const MODEL_PATIENCE: Duration = Duration::from_secs(25);
/// What stays for sending when the model took all its time.
const SENDING_TIME: Duration = Duration::from_secs(10);

/// One SQS record.
#[derive(Clone, Debug)]
pub struct Record {
    /// The SQS message id, which a failure is reported under.
    pub id: String,
    /// The body: an EventBridge event, or anything.
    pub body: String,
}

/// The three doors to the outside.
#[derive(Clone, Copy)]
pub struct Doors<'a> {
    /// To a model.
    pub advisor: &'a dyn Advisor,
    /// To the memory.
    pub ledger: &'a dyn Ledger,
    /// To the services that deliver.
    pub courier: &'a dyn Courier,
}

/// The time of one invocation, read once at its start.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Now.
    pub now: Timestamp,
    /// When Lambda ends this invocation.
    pub deadline: Instant,
    /// When a claim made by this invocation ends: after its deadline, before the queue shows the record again.
    pub lease_end: Timestamp,
}

/// Runs a batch; the reports come in the order of the records.
pub async fn run(records: &[Record], config: &HandlerConfig, doors: Doors<'_>, moment: Moment) -> Vec<RecordReport> {
    let house = House { config, doors, moment };
    futures::stream::iter(records).map(|record| house.record(record)).buffered(AT_ONCE).collect().await
}

/// What every room of one run needs.
struct House<'a> {
    config: &'a HandlerConfig,
    doors: Doors<'a>,
    moment: Moment,
}

impl House<'_> {
    /// One record. A panic harms no other record: it is told from the envelope then, with the playbook's words.
    async fn record(&self, record: &Record) -> RecordReport {
        for panics in 0..2 {
            let attempt = async {
                let findings = match panics {
                    0 => intake::read(&record.body),
                    _ => vec![intake::envelope_of(&record.body, Unread::Panic)],
                };
                join_all(findings.iter().map(|finding| self.finding(finding, panics == 0))).await
            };
            if let Ok(findings) = AssertUnwindSafe(attempt).catch_unwind().await {
                return RecordReport { record: record.id.clone(), findings, panics };
            }
        }
        RecordReport { record: record.id.clone(), findings: Vec::new(), panics: 2 }
    }

    /// One finding: recall, decide, claim, advise, tell.
    async fn finding(&self, finding: &Finding, ask: bool) -> FindingReport {
        let mut report = FindingReport::of(finding);
        let known = match self.doors.ledger.recall(&finding.key).await {
            Ok(known) => known,
            // Fails open: a finding that is told twice is better than one that is not.
            Err(down) => {
                report.ledger_errors.push(down.0);
                Known::default()
            }
        };
        if known.claimed_until.is_some_and(|until| until > self.moment.now) {
            report.claimed_elsewhere = true;
            return report;
        }
        let mut telling = Vec::new();
        for reach in route::weigh(finding, self.config) {
            let told = known.told.get(&reach.route.name);
            match ledger::decide(finding, reach.reaches, told, self.moment.now) {
                Decision::Tell(change) => telling.push((reach.route, change)),
                Decision::Hold(held) => report.routes.push((reach.route.name.clone(), Fate::Held(held))),
            }
        }
        if telling.is_empty() {
            return report;
        }
        match self.doors.ledger.claim(&finding.key, &known, self.moment.now, self.moment.lease_end).await {
            Ok(()) => {}
            Err(NotClaimed::Taken) => {
                report.claimed_elsewhere = true;
                return report;
            }
            Err(NotClaimed::Down(down)) => report.ledger_errors.push(down.0),
        }
        let advised = self.advise(finding, &telling, ask).await;
        let open = AtomicUsize::new(telling.len());
        let told = join_all(telling.iter().map(|(route, change)| {
            let previous = known.told.get(&route.name).map(|told| &told.receipt);
            self.tell(finding, advised.get(&route.language), route, *change, previous, &open)
        }))
        .await;
        for ((route, _), (fate, ledger_error)) in telling.iter().zip(told) {
            report.routes.push((route.name.clone(), fate));
            report.ledger_errors.extend(ledger_error);
        }
        report.advice = advised.into_values().filter_map(|advised| advised.report).collect();
        report
    }

    /// The advice in each language that somebody will read. A close needs none.
    async fn advise(
        &self,
        finding: &Finding,
        telling: &[(&RouteConfig, Change)],
        ask: bool,
    ) -> BTreeMap<Language, Advised> {
        let mut open = BTreeMap::new();
        for (route, change) in telling {
            *open.entry(route.language).or_insert(false) |= *change != Change::Closed;
        }
        join_all(open.into_iter().map(|(language, open)| async move {
            let facts = advice::project(finding, language, self.moment.now);
            if !open {
                return (language, Advised { facts, advice: None, report: None });
            }
            let patience = MODEL_PATIENCE
                .min(self.moment.deadline.saturating_duration_since(Instant::now()).saturating_sub(SENDING_TIME));
            let prompt = advice::prompt(&facts);
            let asked = ask && !patience.is_zero();
            let answer = if asked {
                // The door keeps to the time itself; that nothing can outstay it is worth a second clock.
                let answer = self.doors.advisor.ask(&prompt, patience);
                tokio::time::timeout(patience, answer).await.unwrap_or(Err(NoAnswer::Deadline))
            } else {
                Err(if ask { NoAnswer::Deadline } else { NoAnswer::NotAsked })
            };
            let tokens = answer.as_ref().map_or((0, 0), |answer| answer.tokens);
            let mut rejected = None;
            let advice = match answer {
                Ok(answer) => advice::check(&answer, &facts).unwrap_or_else(|rejection| {
                    rejected = Some(rejection.rule.to_owned());
                    advice::playbook(&facts, NoAnswer::Rejected)
                }),
                Err(why) => advice::playbook(&facts, why),
            };
            let mut report = AdviceReport::of(&advice, language.code(), asked, tokens, !facts.tripwire.is_empty());
            report.rules.extend(rejected);
            (language, Advised { facts, advice: Some(advice), report: Some(report) })
        }))
        .await
        .into_iter()
        .collect()
    }

    /// One route: compose, carry, and record as soon as the send ended. `open` counts the routes that are still to end;
    /// the last one ends the claim.
    async fn tell(
        &self,
        finding: &Finding,
        advised: Option<&Advised>,
        route: &RouteConfig,
        change: Change,
        previous: Option<&Receipt>,
        open: &AtomicUsize,
    ) -> (Fate, Option<String>) {
        let Some(Advised { facts, advice, .. }) = advised else {
            return (Fate::Refused("no_advice".into()), None);
        };
        let notification = notification::compose(finding, facts, advice.as_ref(), change, Words::of(route.language));
        let sent = self.send(route, &notification, previous).await;
        let last = open.fetch_sub(1, Ordering::SeqCst) == 1;
        match sent {
            Ok(receipt) => {
                let told = Told::of(finding, self.moment.now, receipt);
                let recorded = self.doors.ledger.record(&finding.key, &route.name, &told, last).await;
                (Fate::Told(change), recorded.err().map(|down| down.0))
            }
            Err(code) if last => {
                let released = self.doors.ledger.release(&finding.key).await;
                (Fate::Refused(code), released.err().map(|down| down.0))
            }
            Err(code) => (Fate::Refused(code), None),
        }
    }

    /// The conversation of a channel with its service.
    async fn send(
        &self,
        route: &RouteConfig,
        notification: &notification::Notification,
        previous: Option<&Receipt>,
    ) -> Result<Receipt, String> {
        let mut replies = Vec::new();
        loop {
            match channel::next(&route.channel, notification, previous, &replies) {
                Next::Send(request) if replies.len() < channel::MOST_REQUESTS => {
                    replies.push(self.doors.courier.carry(&request).await);
                }
                Next::Send(_) => return Err("too_many_requests_for_one_notification".into()),
                Next::Done(receipt) => return Ok(receipt),
                Next::Refused(refusal, _) => return Err(refusal.code().to_owned()),
            }
        }
    }
}

/// What one language's readers get.
struct Advised {
    facts: Facts,
    advice: Option<Advice>,
    report: Option<AdviceReport>,
}
