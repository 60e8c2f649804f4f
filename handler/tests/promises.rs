//! Nothing lost, at most one duplicate for one crash, none without: over every history of crashes and of two runs at once.
//!
//! The real pipeline runs against the fakes of the three doors, one door call at a time. Before each call a scheduler chooses
//! which run goes on, or that one crashes, just before the call or just after its effect; what crashed or failed comes back as
//! SQS brings it back. All choices are tried, one after another; how often two runs may change places while both could go on
//! is bounded.
//!
//! Each test prints a line `PROMISE {…}` for `npm run promises`.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use finding_advisor::advice::{Advisor, Answer, Later, NoAnswer, Prompt};
use finding_advisor::burst::Burst;
use finding_advisor::channel::{Courier, Receipt, Reply, Request};
use finding_advisor::config::HandlerConfig;
use finding_advisor::finding::FindingKey;
use finding_advisor::ledger::{Known, Ledger, LedgerDown, NotClaimed, Told};
use finding_advisor::notification::Folded;
use finding_advisor::pipeline::{self, Doors, Moment, Record};
use finding_advisor::report::RecordReport;
use futures::FutureExt;
use jiff::{Timestamp, ToSpan};
use serde_json::json;
use tokio::time::Instant;

mod fakes;
use fakes::FakeLedger;

/// Receives of a record before the dead-letter queue.
const MOST_RECEIVES: usize = 5;
/// Seconds until the queue shows a record again.
const VISIBILITY: i64 = 360;

/// A door call that waits for leave.
struct Call {
    run: usize,
    /// Calls of one run that may change places without any difference: whether a route may be told.
    commutes: bool,
    leave: Option<Leave>,
    waker: Option<Waker>,
}

#[derive(Clone, Copy, PartialEq)]
enum Leave {
    Go,
    /// Do it, and crash before anybody hears of it.
    GoAndCrash,
}

/// What the scheduler sees of the runs.
#[derive(Default)]
struct Stage {
    calls: Mutex<BTreeMap<usize, Call>>,
}

impl Stage {
    fn waiting(&self, run: usize) -> Vec<(usize, bool)> {
        let calls = self.calls.lock().expect("one thread");
        calls.iter().filter(|(_, call)| call.run == run).map(|(id, call)| (*id, call.commutes)).collect()
    }

    fn give(&self, id: usize, leave: Leave) {
        let mut calls = self.calls.lock().expect("one thread");
        let call = calls.get_mut(&id).expect("it waits");
        call.leave = Some(leave);
        if let Some(waker) = call.waker.take() {
            waker.wake();
        }
    }

    fn drop_run(&self, run: usize) {
        self.calls.lock().expect("one thread").retain(|_, call| call.run != run);
    }

    fn call<'a, T: Send + 'a>(
        &'a self,
        run: usize,
        commutes: bool,
        effect: impl Future<Output = T> + Send + 'a,
    ) -> Later<'a, T> {
        Box::pin(async move {
            let id = {
                let mut calls = self.calls.lock().expect("one thread");
                let id = calls.keys().last().map_or(run * 1_000, |last| last.max(&(run * 1_000)) + 1);
                calls.insert(id, Call { run, commutes, leave: None, waker: None });
                id
            };
            let leave = Wait { stage: self, id }.await;
            let done = effect.now_or_never().expect("fakes answer at once");
            if leave == Leave::GoAndCrash {
                std::future::pending::<()>().await;
            }
            done
        })
    }
}

struct Wait<'a> {
    stage: &'a Stage,
    id: usize,
}

impl Future for Wait<'_> {
    type Output = Leave;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Leave> {
        let mut calls = self.stage.calls.lock().expect("one thread");
        let Some(call) = calls.get_mut(&self.id) else { return Poll::Pending };
        match call.leave {
            Some(leave) => {
                calls.remove(&self.id);
                Poll::Ready(leave)
            }
            None => {
                call.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// What outlives every run.
#[derive(Default)]
struct World {
    ledger: FakeLedger,
    /// Topic and message of everything that was delivered.
    delivered: Mutex<Vec<(String, String)>>,
    /// Calls for bursts, on their way through the queue.
    called: Mutex<Vec<String>>,
}

/// The doors of one run.
struct Gated<'a> {
    stage: &'a Stage,
    run: usize,
    world: &'a World,
}

impl Advisor for Gated<'_> {
    fn ask<'a>(&'a self, _: &'a Prompt, _: Duration) -> Later<'a, Result<Answer, NoAnswer>> {
        self.stage.call(self.run, false, std::future::ready(Err(NoAnswer::Throttled)))
    }
}

impl Courier for Gated<'_> {
    fn carry<'a>(&'a self, request: &'a Request) -> Later<'a, Reply> {
        self.stage.call(self.run, false, async move {
            match request {
                Request::Sns { topic_arn, message, .. } => {
                    self.world.delivered.lock().expect("one thread").push((topic_arn.clone(), message.clone()));
                }
                Request::Sqs { message, .. } => self.world.called.lock().expect("one thread").push(message.clone()),
                Request::Http(_) | Request::Ses(_) => panic!("every route of these stages is a topic's"),
            }
            Reply::Accepted("m".into())
        })
    }
}

impl Ledger for Gated<'_> {
    fn recall<'a>(&'a self, key: &'a FindingKey) -> Later<'a, Result<Known, LedgerDown>> {
        self.stage.call(self.run, false, async move { self.world.ledger.recall(key).await })
    }

    fn claim<'a>(
        &'a self,
        key: &'a FindingKey,
        known: &'a Known,
        now: Timestamp,
        until: Timestamp,
    ) -> Later<'a, Result<(), NotClaimed>> {
        self.stage.call(self.run, false, async move { self.world.ledger.claim(key, known, now, until).await })
    }

    fn record<'a>(
        &'a self,
        key: &'a FindingKey,
        route: &'a str,
        told: &'a Told,
        last: bool,
    ) -> Later<'a, Result<(), LedgerDown>> {
        self.stage.call(self.run, false, async move { self.world.ledger.record(key, route, told, last).await })
    }

    fn release<'a>(&'a self, key: &'a FindingKey) -> Later<'a, Result<(), LedgerDown>> {
        self.stage.call(self.run, false, async move { self.world.ledger.release(key).await })
    }

    fn attempted<'a>(
        &'a self,
        key: &'a FindingKey,
        route: &'a str,
        so_far: &'a Receipt,
    ) -> Later<'a, Result<(), LedgerDown>> {
        self.stage.call(self.run, false, async move { self.world.ledger.attempted(key, route, so_far).await })
    }

    /// Needs no leave: it reads what no run writes.
    fn account_name<'a>(&'a self, account: &'a str) -> Later<'a, Result<Option<String>, LedgerDown>> {
        self.world.ledger.account_name(account)
    }

    fn may_tell<'a>(&'a self, burst: &'a Burst, most: u16) -> Later<'a, Result<bool, LedgerDown>> {
        self.stage.call(self.run, true, async move { self.world.ledger.may_tell(burst, most).await })
    }

    fn fold<'a>(&'a self, burst: &'a Burst, finding: &'a Folded) -> Later<'a, Result<bool, LedgerDown>> {
        self.stage.call(self.run, false, async move { self.world.ledger.fold(burst, finding).await })
    }

    fn called<'a>(&'a self, burst: &'a Burst) -> Later<'a, Result<(), LedgerDown>> {
        self.stage.call(self.run, false, async move { self.world.ledger.called(burst).await })
    }

    fn unfold<'a>(&'a self, burst: &'a Burst) -> Later<'a, Result<Vec<Folded>, LedgerDown>> {
        self.stage.call(self.run, false, async move { self.world.ledger.unfold(burst).await })
    }

    fn forget<'a>(&'a self, burst: &'a Burst, told: &'a [Folded]) -> Later<'a, Result<(), LedgerDown>> {
        self.stage.call(self.run, false, async move { self.world.ledger.forget(burst, told).await })
    }
}

/// What comes to pass: which choice was taken at each point, of how many.
#[derive(Default)]
struct Choices {
    taken: Vec<(usize, usize)>,
    at: usize,
}

impl Choices {
    fn choose(&mut self, options: usize) -> usize {
        if self.at == self.taken.len() {
            self.taken.push((0, options));
        }
        let (chosen, known) = self.taken[self.at];
        assert_eq!(known, options, "a history is the same each time that it is played");
        self.at += 1;
        chosen
    }

    /// The next history, or nothing when all were played.
    fn next(mut self) -> Option<Self> {
        while let Some((chosen, options)) = self.taken.pop() {
            if chosen + 1 < options {
                self.taken.push((chosen + 1, options));
                self.at = 0;
                return Some(self);
            }
        }
        None
    }
}

/// A message on its way: when it is shown, how often it was, and what it says.
struct Message {
    due: i64,
    receives: usize,
    body: String,
}

/// One history: what was delivered, and how many runs crashed.
struct History<'a> {
    config: &'a HandlerConfig,
    world: World,
    choices: &'a mut Choices,
    crashes: usize,
    queue: Vec<Message>,
    most_switches: usize,
}

/// A run until it ended or crashed.
type Run<'a> = Option<Pin<Box<dyn Future<Output = Vec<RecordReport>> + 'a>>>;

#[derive(Clone, Copy)]
enum Step {
    Crash(usize),
    Go(usize, usize, Leave),
}

impl History<'_> {
    fn play(&mut self) {
        while let Some(due) = self.queue.iter().map(|message| message.due).min() {
            let (now, later) = std::mem::take(&mut self.queue).into_iter().partition(|message| message.due == due);
            self.queue = later;
            self.together(now, due);
            for body in std::mem::take(&mut *self.world.called.lock().expect("one thread")) {
                self.queue.push(Message { due: due + 60, receives: 0, body });
            }
        }
    }

    /// Runs that are shown their records at once; what fails or crashes is shown again later.
    fn together(&mut self, messages: Vec<Message>, seconds: i64) {
        let now: Timestamp = "2026-11-24T00:00:00Z".parse::<Timestamp>().expect("a time") + seconds.seconds();
        let moment = Moment { now, deadline: Instant::now() + Duration::from_secs(600), lease_end: now + 70.seconds() };
        let stage = Stage::default();
        let records: Vec<[Record; 1]> =
            messages.iter().map(|message| [Record { id: "r".into(), body: message.body.clone() }]).collect();
        let gates: Vec<Gated<'_>> =
            (0..messages.len()).map(|run| Gated { stage: &stage, run, world: &self.world }).collect();
        let mut runs: Vec<Run<'_>> = records
            .iter()
            .zip(&gates)
            .map(|(records, gate)| {
                let doors = Doors { advisor: gate, ledger: gate, courier: gate };
                let run: Run<'_> = Some(Box::pin(pipeline::run(records, self.config, doors, moment)));
                run
            })
            .collect();
        let mut failed = vec![false; messages.len()];
        let mut poll = |run: usize, runs: &mut Vec<Run<'_>>| {
            let Some(running) = &mut runs[run] else { return };
            if let Poll::Ready(reports) = running.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                failed[run] = reports.iter().any(RecordReport::failed);
                runs[run] = None;
            }
        };
        (0..messages.len()).for_each(|run| poll(run, &mut runs));
        let (mut current, mut switches) = (0, 0);
        let mut crashed = vec![false; messages.len()];
        loop {
            let live: Vec<usize> = (0..runs.len()).filter(|run| runs[*run].is_some()).collect();
            let Some(first) = live.first().copied() else { break };
            let went_on = live.contains(&current);
            if !went_on {
                current = first;
            }
            // One run at first, and nothing went wrong yet: its calls in every order. Else in their own order.
            let all = messages.len() == 1 && seconds == 0 && self.crashes == 0;
            let options = self.options(&stage, &live, current, switches, all);
            let step = options[self.choices.choose(options.len())];
            match step {
                Step::Crash(run) => {
                    runs[run] = None;
                    stage.drop_run(run);
                    crashed[run] = true;
                    self.crashes += 1;
                }
                Step::Go(run, call, leave) => {
                    switches += usize::from(run != current);
                    current = run;
                    stage.give(call, leave);
                    poll(run, &mut runs);
                    if leave == Leave::GoAndCrash {
                        runs[run] = None;
                        stage.drop_run(run);
                        crashed[run] = true;
                        self.crashes += 1;
                    }
                }
            }
        }
        drop(runs);
        for (run, message) in messages.into_iter().enumerate() {
            if (failed[run] || crashed[run]) && message.receives + 1 < MOST_RECEIVES {
                let (due, receives) = (seconds + VISIBILITY, message.receives + 1);
                self.queue.push(Message { due, receives, body: message.body });
            }
        }
    }

    fn options(&self, stage: &Stage, live: &[usize], current: usize, switches: usize, all: bool) -> Vec<Step> {
        let mut options = Vec::new();
        for run in live.iter().copied().filter(|run| *run == current || switches < self.most_switches) {
            let waiting = stage.waiting(run);
            let all = all && !waiting.iter().any(|(_, commutes)| *commutes);
            for (call, _) in waiting.into_iter().take(if all { usize::MAX } else { 1 }) {
                options.push(Step::Go(run, call, Leave::Go));
                if self.crashes == 0 {
                    options.push(Step::Go(run, call, Leave::GoAndCrash));
                }
            }
        }
        if self.crashes == 0 {
            options.push(Step::Crash(current));
        }
        options
    }
}

/// What all histories of a scenario came to.
#[derive(Default)]
struct Counted {
    histories: usize,
    crashes: usize,
    lost: usize,
    /// The most notifications of one finding on one route beyond the first, in a history without and with a crash.
    duplicates: [usize; 2],
}

fn config(routes: usize) -> HandlerConfig {
    let route = |name: &str| {
        json!({ "name": name, "language": "en", "minimumSeverity": "HIGH",
                "channel": { "kind": "topic", "topicArn": format!("arn:aws:sns:eu-west-1:111122223333:{name}") } })
    };
    let others: Vec<_> = ["a", "b", "c"].iter().take(routes).map(|name| route(name)).collect();
    let config = json!({ "ledgerTable": "t", "models": ["m"], "queueUrl": "q", "defaultRoute": route("default"), "routes": others });
    HandlerConfig::parse(&config.to_string()).expect("fits the contract")
}

/// A small finding: an event that nobody knows.
fn event(id: &str, sent: &str) -> String {
    json!({ "id": id, "source": "aws.new", "detail-type": "New", "account": "111122223333", "region": "eu-west-1",
            "time": sent, "detail": {} })
    .to_string()
}

/// Plays every history of at most so many switches: `bodies` are shown at once; `told_before` is how often each route was told
/// in this minute already.
fn play(most_switches: usize, routes: usize, bodies: &[String], findings: &[&str], told_before: u16) -> Counted {
    let config = config(routes);
    let names: Vec<String> = config.routes.iter().map(|route| route.channel_topic().to_owned()).collect();
    let mut counted = Counted::default();
    let mut choices = Some(Choices::default());
    while let Some(mut these) = choices {
        let queue = bodies.iter().map(|body| Message { due: 0, receives: 0, body: body.clone() }).collect();
        let world = World::default();
        for route in &config.routes {
            let burst = Burst::of(&route.name, None, "2026-11-24T00:00:00Z".parse().expect("a time"));
            for _ in 0..told_before {
                let told = world.ledger.may_tell(&burst, route.most_a_minute).now_or_never().expect("at once");
                assert_eq!(told, Ok(true));
            }
        }
        let mut history = History { config: &config, world, choices: &mut these, crashes: 0, queue, most_switches };
        history.play();
        counted.histories += 1;
        counted.crashes += history.crashes;
        let delivered = history.world.delivered.lock().expect("one thread");
        for (topic, finding) in names.iter().flat_map(|topic| findings.iter().map(move |finding| (topic, finding))) {
            let heard = delivered.iter().filter(|(to, message)| to == topic && message.contains(*finding)).count();
            counted.lost += usize::from(heard == 0);
            let duplicates = &mut counted.duplicates[history.crashes];
            *duplicates = (*duplicates).max(heard.saturating_sub(1));
        }
        drop(delivered);
        choices = these.next();
    }
    counted
}

trait ChannelTopic {
    fn channel_topic(&self) -> &str;
}

impl ChannelTopic for finding_advisor::config::RouteConfig {
    fn channel_topic(&self) -> &str {
        self.channel.topic_arn().expect("a topic's route")
    }
}

fn keeps(what: &str, scenarios: Vec<Counted>) {
    let sum = |of: fn(&Counted) -> usize| scenarios.iter().map(of).sum::<usize>();
    let most = |crash: usize| scenarios.iter().map(|one| one.duplicates[crash]).max().unwrap_or(0);
    let (histories, crashes, lost) = (sum(|one| one.histories), sum(|one| one.crashes), sum(|one| one.lost));
    println!(
        "PROMISE {}",
        json!({
            "promise": format!("{what}: lost / duplicates a route without a crash / with one"),
            "target": "0 / 0 / 1 at most",
            "value": format!("{lost} / {} / {} over {histories} histories, {crashes} with a crash", most(0), most(1)),
        })
    );
    assert_eq!((lost, most(0)), (0, 0), "{what}");
    assert!(most(1) <= 1, "{what}: {} duplicates for one crash", most(1));
    assert!(crashes > 0 && crashes < histories, "{what}");
}

const SENT: &str = "2026-11-23T23:59:00Z";

fn one_delivery() -> Vec<Counted> {
    let bodies = [event("finding-one", SENT)];
    (1..=3).map(|routes| play(0, routes, &bodies, &["finding-one"], 0)).collect()
}

fn two_deliveries(most_switches: usize) -> Vec<Counted> {
    let bodies = [event("finding-one", SENT), event("finding-one", SENT)];
    (1..=3).map(|routes| play(most_switches, routes, &bodies, &["finding-one"], 0)).collect()
}

fn together(most_switches: usize) -> Vec<Counted> {
    let one = [event("finding-one", SENT)];
    let two = [event("finding-one", SENT), event("finding-two", SENT)];
    let same = [event("finding-one", SENT), event("finding-one", SENT)];
    vec![
        play(most_switches, 1, &one, &["finding-one"], 10),
        play(most_switches, 2, &one, &["finding-one"], 10),
        play(most_switches, 1, &two, &["finding-one", "finding-two"], 10),
        play(most_switches, 1, &two, &["finding-one", "finding-two"], 9),
        play(most_switches, 1, &same, &["finding-one"], 10),
    ]
}

#[tokio::test]
async fn one_delivery_loses_nothing_whenever_it_crashes() {
    keeps("one delivery to 1, 2 and 3 routes", one_delivery());
}

#[tokio::test]
async fn two_deliveries_of_one_event_at_once_tell_it_once() {
    keeps("two deliveries at once to 1, 2 and 3 routes, 2 switches", two_deliveries(2));
}

#[tokio::test]
async fn what_is_told_together_is_told_whenever_a_run_crashes() {
    keeps("told together, 1 switch", together(1));
}

#[tokio::test]
#[ignore = "takes minutes: `npm run promises -- --all` runs it"]
async fn the_promises_hold_with_one_switch_more() {
    keeps("two deliveries at once to 1, 2 and 3 routes, 3 switches", two_deliveries(3));
    keeps("told together, 2 switches", together(2));
}
