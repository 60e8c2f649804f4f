//! START HERE: the one way through the house, from an SQS record to a report.
//!
//! Decide, send, and only then record. Retrying belongs to SQS, memory to the ledger. The claim is a lease: it keeps two
//! runs from telling one finding at once, but nothing is lost without it. The model is never in the way of delivery: no
//! checked answer in time means the playbook's advice and a line that says why.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::join_all;
use futures::{FutureExt, StreamExt};
use jiff::Timestamp;
use tokio::time::Instant;

use crate::advice::{self, Advice, Advisor, Facts, NoAnswer};
use crate::burst::{self, Burst};
use crate::channel::{self, Courier, Next, Receipt, Refusal, Reply, Request};
use crate::config::{HandlerConfig, RouteConfig};
use crate::finding::{Finding, Language, Unread};
use crate::intake;
use crate::ledger::{self, Decision, Known, Ledger, Listener, NotClaimed, Told};
use crate::notification::{self, Change, Folded, Notification, Words};
use crate::plain::Plain;
use crate::report::{AdviceReport, BurstReport, Ended, Fate, FindingReport, RecordReport};
use crate::route::{self, Miss};

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
        let id = record.id.clone();
        if let Some(burst) = Burst::called_for(&record.body) {
            let told = AssertUnwindSafe(self.burst(&burst)).catch_unwind().await;
            let panics = if told.is_ok() { 0 } else { 2 };
            return RecordReport { record: id, findings: Vec::new(), burst: told.ok(), panics };
        }
        for panics in 0..2 {
            let attempt = async {
                let findings = match panics {
                    0 => intake::read(&record.body),
                    _ => vec![intake::envelope_of(&record.body, Unread::Panic)],
                };
                join_all(findings.iter().map(|finding| self.finding(finding, panics == 0))).await
            };
            if let Ok(findings) = AssertUnwindSafe(attempt).catch_unwind().await {
                return RecordReport { record: id, findings, burst: None, panics };
            }
        }
        RecordReport { record: id, findings: Vec::new(), burst: None, panics: 2 }
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
            let listener = Listener { miss: reach.miss.map(Miss::word), repeat_days: reach.route.repeat_days };
            match ledger::decide(finding, listener, told, self.moment.now) {
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
        let named = self.named(finding, &mut report).await;
        let finding = named.as_ref();
        let Known { told, attempts, .. } = &known;
        let telling = join_all(telling.into_iter().map(|(route, change)| async move {
            let heard = told.get(&route.name).and_then(|told| told.receipt.as_ref());
            let previous = attempts.get(&route.name).or(heard);
            let (folds, ledger_error) = self.folds(finding, route, change).await;
            (Telling { route, change, previous, folds }, ledger_error)
        }));
        let (telling, ledger_errors): (Vec<Telling<'_>>, Vec<Option<String>>) = telling.await.into_iter().unzip();
        report.ledger_errors.extend(ledger_errors.into_iter().flatten());
        let advised = self.advise(finding, &telling, ask).await;
        let open = AtomicUsize::new(telling.len());
        let told = join_all(telling.iter().map(|one| self.tell(finding, advised.get(&one.route.language), one, &open)));
        for (one, ended) in telling.iter().zip(told.await) {
            report.ended(&one.route.name, ended);
        }
        if let Some((route, code)) = report.refused_for_good() {
            let heard = known.told.get(&self.config.default_route.name);
            let ended = self.reroute(finding, &advised, heard, &route, &code, ask).await;
            report.ended(&self.config.default_route.name, ended);
        }
        report.advice = advised.into_values().filter_map(|advised| advised.report).collect();
        report
    }

    /// The finding with its account's name, where only the ledger knows it.
    async fn named<'f>(&self, finding: &'f Finding, report: &mut FindingReport) -> Cow<'f, Finding> {
        // A ledger that is silent is not waited for once more.
        if finding.account_name.is_some() || finding.account.is_empty() || !report.ledger_errors.is_empty() {
            return Cow::Borrowed(finding);
        }
        match self.doors.ledger.account_name(finding.account.text()).await {
            Ok(Some(name)) => Cow::Owned(Finding { account_name: Some(Plain::new(name)), ..finding.clone() }),
            Ok(None) => Cow::Borrowed(finding),
            Err(down) => {
                report.ledger_errors.push(down.0);
                Cow::Borrowed(finding)
            }
        }
    }

    /// A finding that a route refuses for good is told over the default route, so that somebody hears of it, and of the
    /// route; what the default route heard already is not told again. This ends the claim.
    async fn reroute(
        &self,
        finding: &Finding,
        advised: &BTreeMap<Language, Advised>,
        heard: Option<&Told>,
        refused: &str,
        code: &str,
        ask: bool,
    ) -> Ended {
        let route = &self.config.default_route;
        let listener = Listener { miss: None, repeat_days: route.repeat_days };
        let change = match ledger::decide(finding, listener, heard, self.moment.now) {
            Decision::Tell(change) => change,
            Decision::Hold(held) => {
                let released = self.doors.ledger.release(&finding.key).await;
                return Ended { ledger_error: released.err().map(|down| down.0), ..Ended::of(Fate::Held(held)) };
            }
        };
        let previous = heard.and_then(|told| told.receipt.as_ref());
        let telling = Telling { route, change, previous, folds: false };
        // Its language may be one that no other route has.
        let own = match advised.contains_key(&route.language) {
            true => BTreeMap::new(),
            false => self.advise(finding, &[telling], ask).await,
        };
        let Some(Advised { facts, advice, .. }) = advised.get(&route.language).or(own.get(&route.language)) else {
            return Ended::of(Fate::Refused("no_advice".into()));
        };
        let words = words_of(route);
        let mut notification = notification::compose(finding, facts, advice.as_ref(), change, &words);
        notification.notices.push(Plain::new((words.rerouted)(refused, code)));
        let sent = self.send(route, &notification, previous).await.map(Some);
        self.end(finding, &telling, sent, true).await
    }

    /// Whether a finding is told together with others of its minute, and the ledger's error. Without a ledger nothing is.
    async fn folds(&self, finding: &Finding, route: &RouteConfig, change: Change) -> (bool, Option<String>) {
        if !burst::may_fold(finding, change) {
            return (false, None);
        }
        let readers = channel::readers(&route.channel, finding.account.text(), finding.region.text());
        let burst = Burst::of(&route.name, readers, self.moment.now);
        match self.doors.ledger.may_tell(&burst, route.most_a_minute).await {
            Ok(may_tell) => (!may_tell, None),
            Err(down) => (false, Some(down.0)),
        }
    }

    /// The advice in each language that somebody will read. A close needs none, and neither does what is told together.
    async fn advise(&self, finding: &Finding, telling: &[Telling<'_>], ask: bool) -> BTreeMap<Language, Advised> {
        let mut open = BTreeMap::new();
        for one in telling {
            *open.entry(one.route.language).or_insert(false) |= one.change != Change::Closed && !one.folds;
        }
        join_all(open.into_iter().map(|(language, open)| async move {
            let facts = advice::project(finding, language, self.moment.now);
            if !open {
                return (language, Advised { facts, advice: None, report: None });
            }
            let patience = MODEL_PATIENCE
                .min(self.moment.deadline.saturating_duration_since(Instant::now()).saturating_sub(SENDING_TIME));
            let prompt = advice::prompt(&facts).about(finding.severity);
            let asked = ask && !patience.is_zero();
            let answer = if asked {
                // The door keeps to the time itself; that nothing can outstay it is worth a second clock.
                let answer = self.doors.advisor.ask(&prompt, patience);
                tokio::time::timeout(patience, answer).await.unwrap_or(Err(NoAnswer::Deadline))
            } else {
                Err(if ask { NoAnswer::Deadline } else { NoAnswer::NotAsked })
            };
            let tokens = answer.as_ref().map_or((0, 0), |answer| answer.tokens);
            let called = asked && advice::was_called(&answer);
            let mut rejected = None;
            let advice = match answer {
                Ok(answer) => {
                    let checked = advice::check(&answer, &facts);
                    let whole = checked.as_ref().is_ok_and(|advice| advice.strikes().is_empty());
                    self.doors.advisor.settle(&prompt, &answer, whole).await;
                    checked.unwrap_or_else(|rejection| {
                        rejected = Some(rejection.rule.to_owned());
                        advice::playbook(&facts, NoAnswer::Rejected)
                    })
                }
                Err(why) => advice::playbook(&facts, why),
            };
            let mut report = AdviceReport::of(&advice, language.code(), called, tokens, !facts.tripwire.is_empty());
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
        telling: &Telling<'_>,
        open: &AtomicUsize,
    ) -> Ended {
        let Telling { route, change, previous, folds } = *telling;
        let Some(Advised { facts, advice, .. }) = advised else {
            return Ended::of(Fate::Refused("no_advice".into()));
        };
        let notification = notification::compose(finding, facts, advice.as_ref(), change, &words_of(route));
        let sent = if folds {
            self.fold(route, &Folded::of(finding, &notification)).await.map(|()| None)
        } else {
            self.send(route, &notification, previous).await.map(Some)
        };
        if let Err((Refusal::Never(code), _)) = &sent
            && route.name != self.config.default_route.name
        {
            // The claim lives on, for the default route.
            return Ended::of(Fate::Rerouted(code.clone()));
        }
        let last = open.fetch_sub(1, Ordering::SeqCst) == 1;
        self.end(finding, telling, sent, last).await
    }

    /// What a route heard is recorded; of what it did not, only what was reached so far. `last` ends the claim.
    async fn end(
        &self,
        finding: &Finding,
        telling: &Telling<'_>,
        sent: Result<Option<Receipt>, (Refusal, Option<Receipt>)>,
        last: bool,
    ) -> Ended {
        let (ledger, route) = (self.doors.ledger, &telling.route.name);
        let (refusal, so_far) = match sent {
            Ok(receipt) => {
                let told = Told::of(finding, self.moment.now, receipt);
                let recorded = ledger.record(&finding.key, route, &told, last).await;
                let fate = if telling.folds { Fate::Folded(telling.change) } else { Fate::Told(telling.change) };
                return Ended { ledger_error: recorded.err().map(|down| down.0), ..Ended::of(fate) };
            }
            Err(refused) => refused,
        };
        let mut down = None;
        if let Some(so_far) = so_far {
            down = ledger.attempted(&finding.key, route, &so_far).await.err();
        }
        if last {
            down = ledger.release(&finding.key).await.err().or(down);
        }
        let after = if let Refusal::Again(_, after) = &refusal { *after } else { None };
        Ended {
            fate: Fate::Refused(refusal.code().to_owned()),
            ledger_error: down.map(|down| down.0),
            retry_after: after,
        }
    }

    /// Keeps a finding to be told together with others, and calls for them when nobody has yet.
    async fn fold(&self, route: &RouteConfig, finding: &Folded) -> Result<(), (Refusal, Option<Receipt>)> {
        let refused = |code: &str| (Refusal::Again(code.to_owned(), None), None);
        let readers = channel::readers(&route.channel, &finding.account, &finding.region);
        let burst = Burst::of(&route.name, readers, self.moment.now);
        if self.doors.ledger.fold(&burst, finding).await.map_err(|down| refused(&down.0))? {
            return Ok(());
        }
        let call = Request::Sqs {
            queue_url: self.config.queue_url.clone(),
            message: burst.call(),
            delay_seconds: burst::DELAY_SECONDS,
        };
        match self.doors.courier.carry(&call).await {
            Reply::Accepted(_) => {}
            Reply::Error(code) => return Err(refused(&code)),
            _ => return Err(refused("silence")),
        }
        // Should this fail, the next one calls once more, and the call that comes second finds nothing to tell.
        let _ = self.doors.ledger.called(&burst).await;
        Ok(())
    }

    /// Tells what was folded in one minute of one route, and forgets it.
    async fn burst(&self, burst: &Burst) -> BurstReport {
        let (ledger, key) = (self.doors.ledger, burst.key());
        let mut report = BurstReport { route: burst.burst_of_route.clone(), findings: 0, error: None };
        // Several findings may have called at once: whoever comes second finds nothing, and needs no claim to see that.
        if ledger.unfold(burst).await.is_ok_and(|findings| findings.is_empty()) {
            return report;
        }
        let known = ledger.recall(&key).await.unwrap_or_default();
        match ledger.claim(&key, &known, self.moment.now, self.moment.lease_end).await {
            Ok(()) | Err(NotClaimed::Down(_)) => {}
            Err(NotClaimed::Taken) => {
                report.error = Some("claimed_elsewhere".into());
                return report;
            }
        }
        report.error = match ledger.unfold(burst).await {
            Ok(findings) if findings.is_empty() => None,
            Ok(findings) => {
                report.findings = findings.len();
                let named = |route: &&RouteConfig| route.name == burst.burst_of_route;
                let route = self.config.routes.iter().find(named).unwrap_or(&self.config.default_route);
                let together =
                    |route: &RouteConfig| notification::together(&key, burst.start(), &findings, &words_of(route));
                let mut sent = self.send(route, &together(route), None).await;
                let default = &self.config.default_route;
                if let Err((Refusal::Never(code), _)) = &sent
                    && route.name != default.name
                {
                    let mut notification = together(default);
                    let words = words_of(default);
                    notification.notices.push(Plain::new((words.rerouted)(&route.name, code)));
                    sent = self.send(default, &notification, None).await;
                }
                match sent {
                    // Should this fail, a later call of the same minute would tell them again.
                    Ok(_) => ledger.forget(burst, &findings).await.err().map(|down| down.0),
                    Err((refusal, _)) => Some(refusal.code().to_owned()),
                }
            }
            Err(down) => Some(down.0),
        };
        let _ = ledger.release(&key).await;
        report
    }

    /// The conversation of a channel with its service.
    async fn send(
        &self,
        route: &RouteConfig,
        notification: &Notification,
        previous: Option<&Receipt>,
    ) -> Result<Receipt, (Refusal, Option<Receipt>)> {
        let mut replies = Vec::new();
        loop {
            match channel::next(&route.channel, notification, previous, &replies) {
                Next::Send(request) if replies.len() < channel::MOST_REQUESTS => {
                    replies.push(self.doors.courier.carry(&request).await);
                }
                Next::Send(_) => {
                    return Err((Refusal::Again("too_many_requests_for_one_notification".into(), None), None));
                }
                Next::Done(receipt) => return Ok(receipt),
                Next::Refused(refusal, so_far) => return Err((refusal, so_far)),
            }
        }
    }
}

/// What one route is to be told.
#[derive(Clone, Copy)]
struct Telling<'a> {
    route: &'a RouteConfig,
    change: Change,
    /// What its channel needs to know of the notification before.
    previous: Option<&'a Receipt>,
    /// Together with others of the same minute.
    folds: bool,
}

/// The words for a route's readers.
fn words_of(route: &RouteConfig) -> Cow<'static, Words> {
    Words::on_clock_of(route.language, route.time_zone.as_deref())
}

/// What one language's readers get.
struct Advised {
    facts: Facts,
    advice: Option<Advice>,
    report: Option<AdviceReport>,
}
