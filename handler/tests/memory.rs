//! Remembered answers: one model call for one prompt, within a run and across runs, and never in the way of an answer.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

use std::collections::{HashMap, HashSet};
use std::future::ready;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use finding_advisor::advice::budget::Purse;
use finding_advisor::advice::converse::Guardrail;
use finding_advisor::advice::memory::{AdviceTable, Flights, Remembering, Row, TableDown, key};
use finding_advisor::advice::{self, Advisor, Answer, Asks, Later, Models, NoAnswer, Prompt, Way};
use finding_advisor::finding::{Language, Severity};
use finding_advisor::intake;
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp, ToSpan};
use tokio::time::Instant;

const PATIENCE: Duration = Duration::from_secs(25);

/// A model that takes four seconds and 4,000 tokens.
struct Slow {
    reply: Result<&'static str, NoAnswer>,
    asked: AtomicUsize,
    whom: Mutex<Vec<Asks>>,
}

impl Slow {
    fn new(reply: Result<&'static str, NoAnswer>) -> Self {
        Self { reply, asked: AtomicUsize::new(0), whom: Mutex::default() }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Advisor for Slow {
    fn spent(&self) -> u64 {
        4_000
    }

    fn ask<'a>(&'a self, prompt: &'a Prompt, _: Duration) -> Later<'a, Result<Answer, NoAnswer>> {
        self.whom.lock().expect("one thread").push(prompt.asks);
        self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(async {
            tokio::time::sleep(Duration::from_secs(4)).await;
            self.reply.map(|json| Answer {
                json: json.into(),
                model: "a-model".into(),
                tokens: (3_000, 900),
                way: Way::Asked,
            })
        })
    }
}

/// A table in memory that keeps the real one's rules.
#[derive(Default)]
struct Table {
    rows: Mutex<HashMap<String, (Row, Timestamp)>>,
    tokens: Mutex<HashMap<String, u64>>,
    down: bool,
}

impl Table {
    fn row<T>(&self, work: impl FnOnce(&mut HashMap<String, (Row, Timestamp)>) -> T) -> Later<'_, Result<T, TableDown>>
    where
        T: Send + 'static,
    {
        let done = if self.down { Err(TableDown) } else { Ok(work(&mut self.rows.lock().expect("one thread"))) };
        Box::pin(ready(done))
    }
}

fn said(rows: &HashMap<String, (Row, Timestamp)>, key: &str, now: Timestamp) -> Row {
    rows.get(key).filter(|(_, until)| *until > now).map_or(Row::Nothing, |(row, _)| row.clone())
}

impl AdviceTable for Table {
    fn reserve<'a>(&'a self, key: &'a str, now: Timestamp, until: Timestamp) -> Later<'a, Result<Row, TableDown>> {
        self.row(|rows| {
            let before = said(rows, key, now);
            if before == Row::Nothing {
                rows.insert(key.to_owned(), (Row::Pending, until));
            }
            before
        })
    }

    fn recall<'a>(&'a self, key: &'a str, now: Timestamp) -> Later<'a, Result<Row, TableDown>> {
        self.row(|rows| said(rows, key, now))
    }

    fn write<'a>(&'a self, key: &'a str, row: &'a Row, until: Timestamp) -> Later<'a, Result<(), TableDown>> {
        self.row(|rows| drop(rows.insert(key.to_owned(), (row.clone(), until))))
    }

    fn shorten<'a>(&'a self, key: &'a str, until: Timestamp) -> Later<'a, Result<(), TableDown>> {
        self.row(|rows| rows.get_mut(key).into_iter().for_each(|(_, end)| *end = until.min(*end)))
    }

    fn spend<'a>(&'a self, day: &'a str, tokens: u64, _: Timestamp) -> Later<'a, Result<u64, TableDown>> {
        let mut days = self.tokens.lock().expect("one thread");
        let spent = days.entry(day.to_owned()).or_default();
        *spent += tokens;
        Box::pin(ready(Ok(*spent)))
    }

    fn spent<'a>(&'a self, day: &'a str) -> Later<'a, Result<u64, TableDown>> {
        Box::pin(ready(Ok(self.tokens.lock().expect("one thread").get(day).copied().unwrap_or_default())))
    }
}

fn models() -> Models {
    Models { usual: vec!["a-model".into()], for_high: None, cheaper: None }
}

fn start() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().expect("a time")
}

/// A process of its own, unless it is given the flights of another.
fn process<'a>(model: &'a Slow, table: &'a Table, flights: &'a Flights, models: &'a Models) -> Remembering<'a> {
    at(start(), model, table, flights, models)
}

fn at<'a>(
    now: Timestamp,
    advisor: &'a Slow,
    table: &'a Table,
    flights: &'a Flights,
    models: &'a Models,
) -> Remembering<'a> {
    let keep_for = SignedDuration::from_hours(7 * 24);
    Remembering {
        advisor,
        models,
        guardrail: None,
        table,
        flights,
        purse: None,
        keep_for,
        now,
        started: Instant::now(),
    }
}

/// What is asked about the n-th of many buckets that fail one control.
fn prompt(number: usize) -> Prompt {
    let path = format!("{}/../cases/securityhub-public-bucket/1-event.json", env!("CARGO_MANIFEST_DIR"));
    let event = std::fs::read_to_string(path).expect("a case");
    let event = event.replace("example-shop-catalogue", &format!("example-shop-store-{number}"));
    let findings = intake::read(&event);
    let now = "2026-11-24T02:00:00Z".parse().expect("a time");
    advice::prompt(&advice::project(findings.first().expect("one"), Language::Ja, now))
}

/// Asks, and settles as the pipeline does.
async fn ask(process: &Remembering<'_>, prompt: &Prompt, whole: bool) -> Result<Answer, NoAnswer> {
    let answer = Advisor::ask(process, prompt, PATIENCE).await?;
    process.settle(prompt, &answer, whole).await;
    Ok(answer)
}

#[tokio::test(start_paused = true)]
async fn five_hundred_findings_of_one_control_cost_one_call() {
    let (model, table, models) = (Slow::new(Ok("{}")), Table::default(), models());
    let flights: Vec<Flights> = (0..5).map(|_| Flights::default()).collect();
    let runs = flights.iter().map(|flights| process(&model, &table, flights, &models)).collect::<Vec<_>>();
    let prompts: Vec<Prompt> = (0..500).map(prompt).collect();
    let begun = Instant::now();
    let asked = prompts.iter().enumerate().map(|(number, prompt)| ask(&runs[number % 5], prompt, true));
    let answers = join_all(asked).await;
    assert_eq!(model.asked(), 1);
    let ways: Vec<Way> = answers.iter().flatten().map(|answer| answer.way).collect();
    assert_eq!(ways.len(), 500);
    assert_eq!(ways.iter().filter(|way| **way == Way::Asked).count(), 1);
    let tokens: u64 = answers.iter().flatten().map(|answer| answer.tokens.0).sum();
    assert_eq!(tokens, 3_000, "what was remembered costs nothing");
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_remembered_until_its_time_is_over() {
    let (model, table, flights, models) = (Slow::new(Ok("{}")), Table::default(), Flights::default(), models());
    for (days, way) in [(0, Way::Asked), (6, Way::Remembered), (8, Way::Asked)] {
        let run = at(start() + (days * 24).hours(), &model, &table, &flights, &models);
        assert_eq!(ask(&run, &prompt(0), true).await.map(|answer| answer.way), Ok(way), "after {days} days");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_struck_serves_for_minutes_and_so_does_what_is_struck_though_it_was_remembered() {
    let (model, table, flights, models) = (Slow::new(Ok("{}")), Table::default(), Flights::default(), models());
    for (minutes, whole, calls) in [
        (0, false, 1),
        (9, false, 1), // judged anew, and no reason to keep it longer
        (11, true, 2),
        (60, true, 2),
        (61, false, 2),
        (70, false, 2),
        (72, true, 3),
    ] {
        let run = at(start() + minutes.minutes(), &model, &table, &flights, &models);
        ask(&run, &prompt(0), whole).await.expect("an answer");
        assert_eq!(model.asked(), calls, "after {minutes} minutes");
    }
}

#[tokio::test(start_paused = true)]
async fn five_hundred_findings_cost_one_call_also_where_its_answer_is_rejected_or_the_model_stops() {
    let prompts: Vec<Prompt> = (0..500).map(prompt).collect();
    for reply in [Ok("no answer"), Err(NoAnswer::Stopped), Err(NoAnswer::Intervened)] {
        let (model, table, models) = (Slow::new(reply), Table::default(), models());
        let flights: Vec<Flights> = (0..5).map(|_| Flights::default()).collect();
        let runs = flights.iter().map(|flights| process(&model, &table, flights, &models)).collect::<Vec<_>>();
        for _ in 0..2 {
            join_all(prompts.iter().enumerate().map(|(number, prompt)| ask(&runs[number % 5], prompt, false))).await;
            assert_eq!(model.asked(), 1, "{reply:?}");
        }
        let later = at(start() + 11.minutes(), &model, &table, &flights[0], &models);
        let _ = ask(&later, &prompts[0], false).await;
        assert_eq!(model.asked(), 2, "a model gets another chance");
    }
}

#[tokio::test(start_paused = true)]
async fn what_no_model_answered_is_not_asked_again_for_minutes_and_that_is_no_call() {
    let (model, table, flights, models) =
        (Slow::new(Err(NoAnswer::Stopped)), Table::default(), Flights::default(), models());
    let run = process(&model, &table, &flights, &models);
    let first = ask(&run, &prompt(0), true).await;
    let again = ask(&run, &prompt(1), true).await;
    assert_eq!((first.clone().expect_err("none"), advice::was_called(&first)), (NoAnswer::Stopped, true));
    assert_eq!((again.clone().expect_err("none"), advice::was_called(&again)), (NoAnswer::AskedBefore, false));
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_another_run_asks_no_second_time_when_that_one_dies() {
    let (model, table, models) = (Slow::new(Ok("{}")), Table::default(), models());
    let (one, other) = (Flights::default(), Flights::default());
    let prompt = prompt(0);
    let dying = process(&model, &table, &one, &models);
    let cut_off = tokio::time::timeout(Duration::from_secs(2), ask(&dying, &prompt, true)).await;
    assert!(cut_off.is_err());
    let waiting = process(&model, &table, &other, &models);
    let begun = Instant::now();
    assert_eq!(ask(&waiting, &prompt, true).await.expect_err("none"), NoAnswer::Pending);
    assert!(begun.elapsed() <= PATIENCE);
    assert_eq!(model.asked(), 1);
    let later = at(start() + 30.seconds(), &model, &table, &other, &models);
    assert_eq!(ask(&later, &prompt, true).await.map(|answer| answer.way), Ok(Way::Asked), "the row ended by itself");
}

#[tokio::test(start_paused = true)]
async fn who_follows_in_a_run_hears_the_end_of_the_one_who_asked() {
    let (model, table, flights, models) =
        (Slow::new(Err(NoAnswer::Throttled)), Table::default(), Flights::default(), models());
    let run = process(&model, &table, &flights, &models);
    let (one, other) = (prompt(0), prompt(1));
    let both = join_all([ask(&run, &one, true), ask(&run, &other, true)]).await;
    assert_eq!(both.into_iter().map(|reply| reply.expect_err("none")).collect::<Vec<_>>(), [NoAnswer::Throttled; 2]);
    assert_eq!(model.asked(), 1);
    assert_eq!(ask(&run, &one, true).await.expect_err("none"), NoAnswer::Throttled);
    assert_eq!(model.asked(), 2, "nobody waits for what failed");
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_down_keeps_nobody_from_an_answer() {
    let (model, flights, models) = (Slow::new(Ok("{}")), Flights::default(), models());
    let table = Table { down: true, ..Table::default() };
    let run = process(&model, &table, &flights, &models);
    for _ in 0..2 {
        assert_eq!(ask(&run, &prompt(0), true).await.map(|answer| answer.way), Ok(Way::Asked));
    }
}

#[test]
fn an_answer_serves_the_same_question_to_the_same_models_only() {
    let one = prompt(0);
    let key = |prompt: &Prompt, models: &[&str]| key(prompt, models, None);
    assert_eq!(key(&one, &["a"]), key(&prompt(1), &["a"]));
    assert_ne!(key(&one, &["a"]), key(&one, &["a", "b"]));
    assert_ne!(key(&one, &["ab"]), key(&one, &["a", "b"]));
    let other = Prompt { user: format!("{} ", one.user), ..one.clone() };
    assert_ne!(key(&one, &["a"]), key(&other, &["a"]));
    let english = Prompt { language: Language::En, ..one.clone() };
    assert_ne!(key(&one, &["a"]), key(&english, &["a"]));
    assert!(key(&one, &["a"]).starts_with("answer#"));
}

#[test]
fn an_answer_that_one_guardrail_saw_does_not_serve_where_there_is_another() {
    let guardrail = |id: &str, version: &str| Guardrail { id: id.into(), version: version.into() };
    let guardrails = [None, Some(guardrail("g", "1")), Some(guardrail("g", "2")), Some(guardrail("h", "1"))];
    let keys: HashSet<String> =
        guardrails.iter().map(|guardrail| key(&prompt(0), &["a"], guardrail.as_ref())).collect();
    assert_eq!(keys.len(), guardrails.len());
}

#[test]
fn high_and_critical_ask_the_model_that_is_named_for_them_first() {
    let models =
        Models { usual: vec!["usual".into(), "strong".into()], for_high: Some("strong".into()), cheaper: None };
    for (severity, asked) in [
        (Some(Severity::Critical), vec!["strong", "usual"]),
        (Some(Severity::High), vec!["strong", "usual"]),
        (Some(Severity::Medium), vec!["usual", "strong"]),
        (None, vec!["usual", "strong"]),
    ] {
        assert_eq!(models.of(prompt(0).about(severity).asks), asked, "{severity:?}");
    }
    let none = Models { for_high: None, ..models };
    assert_eq!(none.of(Asks::ForHigh), ["usual", "strong"]);
}

/// A prompt of its own, whose answer nobody remembers.
fn another(number: usize) -> Prompt {
    let one = prompt(0);
    Prompt { user: format!("{} {number}", one.user), ..one }
}

#[tokio::test(start_paused = true)]
async fn near_the_budget_the_cheaper_model_is_asked_and_beyond_it_nobody_but_the_memory() {
    let (model, table, flights, purse) =
        (Slow::new(Ok("{}")), Table::default(), Flights::default(), Purse::new(10_000));
    let models = Models { cheaper: Some("cheap".into()), ..models() };
    let at = |time: Timestamp| Remembering { purse: Some(&purse), ..at(time, &model, &table, &flights, &models) };
    let today = at(start());
    for (number, way) in [(1, Way::Asked), (2, Way::Asked), (3, Way::Cheaper)] {
        assert_eq!(ask(&today, &another(number), true).await.map(|answer| answer.way), Ok(way), "{number}");
    }
    assert_eq!(*model.whom.lock().expect("one thread"), [Asks::Usual, Asks::Usual, Asks::Cheaper]);
    assert_eq!(ask(&today, &another(4), true).await.expect_err("spent"), NoAnswer::Budget);
    for known in [1, 3] {
        assert_eq!(ask(&today, &another(known), true).await.map(|answer| answer.way), Ok(Way::Remembered));
    }
    assert_eq!(model.asked(), 3);
    let tomorrow = at(start() + 25.hours());
    assert_eq!(ask(&tomorrow, &another(1), true).await.map(|answer| answer.way), Ok(Way::Remembered));
    let anew = ask(&tomorrow, &another(3), true).await.map(|answer| answer.way);
    assert_eq!(anew, Ok(Way::Asked), "what the cheaper model said is forgotten with the day");
}

#[tokio::test(start_paused = true)]
async fn another_process_learns_what_was_spent_and_a_failed_call_is_counted_too() {
    let (model, table, models) = (Slow::new(Err(NoAnswer::Stopped)), Table::default(), models());
    let (one, other) = ((Flights::default(), Purse::new(8_000)), (Flights::default(), Purse::new(8_000)));
    for number in [1, 2] {
        let run = Remembering { purse: Some(&one.1), ..process(&model, &table, &one.0, &models) };
        assert_eq!(ask(&run, &another(number), true).await.expect_err("none"), NoAnswer::Stopped);
    }
    let run = Remembering { purse: Some(&other.1), ..process(&model, &table, &other.0, &models) };
    assert_eq!(ask(&run, &prompt(0), true).await.expect_err("none"), NoAnswer::Budget);
    assert_eq!(other.1.used(start()), Some(100));
}
