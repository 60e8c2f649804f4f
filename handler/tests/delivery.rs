//! The delivery promises, with fakes of the three doors: nothing lost, told once, and the model never in the way.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

use std::collections::{BTreeMap, HashMap};
use std::future::ready;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use finding_advisor::advice::{Advisor, Answer, Later, NoAnswer, Prompt, Way};
use finding_advisor::channel::{Courier, Receipt, Reply, Request};
use finding_advisor::config::{AdviceConfig, ChannelConfig, HandlerConfig, MatchConfig, RouteConfig};
use finding_advisor::finding::{Language, Severity};
use finding_advisor::ledger::{Held, Told};
use finding_advisor::notification::Change;
use finding_advisor::pipeline::{self, Doors, Moment, Record};
use finding_advisor::report::{Fate, RecordReport};
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use tokio::time::Instant;

mod fakes;
use fakes::FakeLedger;

/// A model that always gives the same reply, or never any.
enum Model {
    Says(Result<String, NoAnswer>),
    Silent,
    Panics,
}

struct FakeAdvisor {
    model: Model,
    asked: AtomicUsize,
}

impl Advisor for FakeAdvisor {
    fn ask<'a>(&'a self, _: &'a Prompt, _: Duration) -> Later<'a, Result<Answer, NoAnswer>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        match &self.model {
            Model::Says(reply) => Box::pin(ready(reply.clone().map(|json| Answer {
                json,
                model: "a-model".into(),
                tokens: (100, 10),
                way: Way::Asked,
            }))),
            Model::Silent => Box::pin(std::future::pending()),
            Model::Panics => panic!("a door that breaks"),
        }
    }
}

/// A courier that takes everything but what is addressed to a topic on its list, which answers with a code.
#[derive(Default)]
struct FakeCourier {
    refuses: Mutex<HashMap<String, &'static str>>,
    carried: Mutex<Vec<(String, String)>>,
}

impl Courier for FakeCourier {
    fn carry<'a>(&'a self, request: &'a Request) -> Later<'a, Reply> {
        let (topic_arn, message) = match request {
            Request::Sns { topic_arn, message, .. } => (topic_arn, message),
            Request::Sqs { queue_url, message, .. } => (queue_url, message),
            other => panic!("no route of these tests sends {other:?}"),
        };
        let reply = if let Some(code) = self.refuses.lock().expect("one thread").get(topic_arn) {
            Reply::Error((*code).into())
        } else {
            self.carried.lock().expect("one thread").push((topic_arn.clone(), message.clone()));
            Reply::Accepted("m-1".into())
        };
        Box::pin(ready(reply))
    }
}

const QUEUE: &str = "https://sqs.ap-northeast-1.amazonaws.com/111122223333/findings";

/// A whole house with fake doors.
struct House {
    config: HandlerConfig,
    advisor: FakeAdvisor,
    ledger: FakeLedger,
    courier: FakeCourier,
    now: Timestamp,
}

impl House {
    fn new(routes: Vec<RouteConfig>) -> Self {
        Self {
            config: HandlerConfig {
                ledger_table: "ledger".into(),
                models: vec!["a-model".into()],
                advice: AdviceConfig::default(),
                default_route: route("default", Language::Ja, Severity::High),
                routes,
                queue_url: QUEUE.into(),
            },
            advisor: FakeAdvisor { model: Model::Says(Err(NoAnswer::Throttled)), asked: AtomicUsize::new(0) },
            ledger: FakeLedger::default(),
            courier: FakeCourier::default(),
            now: "2026-11-24T00:00:00Z".parse().expect("a time"),
        }
    }

    async fn run(&self, bodies: &[String]) -> Vec<RecordReport> {
        let records: Vec<Record> =
            bodies.iter().enumerate().map(|(n, body)| Record { id: format!("r{n}"), body: body.clone() }).collect();
        let doors = Doors { advisor: &self.advisor, ledger: &self.ledger, courier: &self.courier };
        let moment = Moment {
            now: self.now,
            deadline: Instant::now() + Duration::from_secs(60),
            lease_end: self.now + 70.seconds(),
        };
        pipeline::run(&records, &self.config, doors, moment).await
    }

    fn carried(&self) -> Vec<String> {
        self.courier.carried.lock().expect("one thread").iter().map(|(arn, _)| arn.clone()).collect()
    }

    fn last_message(&self) -> String {
        self.courier.carried.lock().expect("one thread").last().expect("something was carried").1.clone()
    }
}

fn route(name: &str, language: Language, minimum_severity: Severity) -> RouteConfig {
    RouteConfig {
        name: name.into(),
        language,
        minimum_severity,
        matching: MatchConfig::default(),
        except: MatchConfig::default(),
        repeat_days: 7,
        most_a_minute: 10,
        time_zone: None,
        channel: ChannelConfig::Topic { topic_arn: arn(name) },
    }
}

fn arn(name: &str) -> String {
    format!("arn:aws:sns:ap-northeast-1:111122223333:{name}")
}

fn control(id: &str, severity: &str, compliance: &str, updated: &str) -> Value {
    json!({
        "SchemaVersion": "2018-10-08", "AwsAccountId": "111122223333", "Region": "ap-northeast-1",
        "Id": format!("arn:aws:securityhub:ap-northeast-1:111122223333:security-control/S3.8/finding/{id}"),
        "ProductArn": "arn:aws:securityhub:ap-northeast-1::product/aws/securityhub", "ProductName": "Security Hub",
        "GeneratorId": "security-control/S3.8", "Title": "S3 general purpose buckets should block public access",
        "Description": "d", "Types": ["Software and Configuration Checks"], "CreatedAt": "2026-11-01T00:00:00Z",
        "UpdatedAt": updated, "Severity": { "Label": severity }, "Compliance": { "Status": compliance, "SecurityControlId": "S3.8" },
        "Workflow": { "Status": "NEW" }, "RecordState": "ACTIVE",
        "Resources": [{ "Type": "AwsS3Bucket", "Id": format!("arn:aws:s3:::bucket-{id}") }],
    })
}

fn imported(finding: Value) -> String {
    json!({ "version": "0", "id": "e", "detail-type": "Security Hub Findings - Imported", "source": "aws.securityhub",
            "account": "111122223333", "time": "2026-11-23T23:58:00Z", "region": "ap-northeast-1",
            "detail": { "findings": [finding] } })
    .to_string()
}

fn custom_action(findings: Vec<Value>) -> String {
    json!({ "version": "0", "id": "c", "detail-type": "Security Hub Findings - Custom Action", "source": "aws.securityhub",
            "account": "111122223333", "time": "2026-11-23T23:58:00Z", "region": "ap-northeast-1",
            "detail": { "actionName": "Advise", "actionDescription": "d", "findings": findings } })
    .to_string()
}

fn failed_high(id: &str) -> String {
    imported(control(id, "HIGH", "FAILED", "2026-11-23T00:00:00Z"))
}

fn fates(report: &RecordReport) -> BTreeMap<String, Fate> {
    report.findings.iter().flat_map(|finding| finding.routes.clone()).collect()
}

#[tokio::test]
async fn a_new_finding_is_told_once_and_its_repeat_is_held() {
    let house = House::new(vec![]);
    let first = house.run(&[failed_high("a")]).await;
    assert_eq!(fates(&first[0])["default"], Fate::Told(Change::New));
    assert_eq!(
        house.ledger.calls.swap(0, Ordering::SeqCst),
        5,
        "recall, claim, the account's name, whether more may be told, record"
    );
    let refreshed = imported(control("a", "HIGH", "FAILED", "2026-11-23T18:00:00Z"));
    let again = house.run(&[refreshed]).await;
    assert_eq!(fates(&again[0])["default"], Fate::Held(Held::Unchanged));
    assert_eq!(house.ledger.calls.load(Ordering::SeqCst), 1, "a repeat costs one read");
    assert_eq!(house.advisor.asked.load(Ordering::SeqCst), 1, "and no model");
    assert_eq!(house.carried(), [arn("default")]);
}

#[tokio::test]
async fn the_default_route_takes_what_no_other_takes_and_nothing_else() {
    let house = House::new(vec![route("critical", Language::En, Severity::Critical)]);
    house.run(&[failed_high("a"), imported(control("b", "CRITICAL", "FAILED", "2026-11-23T00:00:00Z"))]).await;
    assert_eq!(house.carried(), [arn("default"), arn("critical")]);
}

#[tokio::test]
async fn an_account_is_called_by_its_name_where_the_ledger_knows_it() {
    let mut house = House::new(vec![]);
    house.ledger.names = BTreeMap::from([("111122223333".into(), "決済 本番".into())]);
    house.run(&[failed_high("a")]).await;
    assert!(house.last_message().contains("決済 本番 111122223333"), "{}", house.last_message());
}

#[tokio::test]
async fn a_close_is_told_to_those_who_heard_it_open_and_to_nobody_else() {
    let house = House::new(vec![]);
    house.run(&[failed_high("a")]).await;
    let passed = |id: &str| imported(control(id, "INFORMATIONAL", "PASSED", "2026-11-24T00:00:00Z"));
    let reports = house.run(&[passed("a"), passed("b")]).await;
    assert_eq!(fates(&reports[0])["default"], Fate::Told(Change::Closed));
    assert_eq!(fates(&reports[1])["default"], Fate::Held(Held::ClosedUnheard));
    assert_eq!(house.advisor.asked.load(Ordering::SeqCst), 1, "a close asks no model");
}

#[tokio::test]
async fn worse_and_reopened_are_told_and_an_older_event_is_held() {
    let house = House::new(vec![]);
    for (severity, compliance, updated, fate) in [
        ("HIGH", "FAILED", "2026-11-20T00:00:00Z", Fate::Told(Change::New)),
        ("CRITICAL", "FAILED", "2026-11-21T00:00:00Z", Fate::Told(Change::Worse)),
        ("INFORMATIONAL", "PASSED", "2026-11-22T00:00:00Z", Fate::Told(Change::Closed)),
        ("HIGH", "FAILED", "2026-11-20T12:00:00Z", Fate::Held(Held::Older)),
        ("HIGH", "FAILED", "2026-11-23T00:00:00Z", Fate::Told(Change::Reopened)),
    ] {
        let reports = house.run(&[imported(control("a", severity, compliance, updated))]).await;
        assert_eq!(fates(&reports[0])["default"], fate, "{severity} {compliance} {updated}");
    }
}

#[tokio::test]
async fn an_open_high_finding_is_told_again_after_seven_days() {
    let mut house = House::new(vec![]);
    house.run(&[failed_high("a")]).await;
    house.now += (7 * 24).hours();
    let reports = house.run(&[imported(control("a", "HIGH", "FAILED", "2026-11-30T00:00:00Z"))]).await;
    assert_eq!(fates(&reports[0])["default"], Fate::Told(Change::Still));
}

#[tokio::test]
async fn both_findings_of_a_custom_action_are_told_whatever_their_severity_and_a_retry_tells_neither_again() {
    let house = House::new(vec![]);
    let both = custom_action(vec![
        control("a", "LOW", "FAILED", "2026-11-23T00:00:00Z"),
        control("b", "LOW", "FAILED", "2026-11-23T00:00:00Z"),
    ]);
    let reports = house.run(std::slice::from_ref(&both)).await;
    assert_eq!(reports[0].findings.len(), 2);
    assert!(reports[0].findings.iter().all(|finding| finding.routes[0].1 == Fate::Told(Change::Asked)));
    let retry = house.run(&[both]).await;
    assert!(retry[0].findings.iter().all(|finding| finding.routes[0].1 == Fate::Held(Held::SameEvent)));
    assert_eq!(house.carried().len(), 2);
}

#[tokio::test]
async fn a_refused_route_hears_again_and_the_others_do_not() {
    let house = House::new(vec![route("ja", Language::Ja, Severity::High), route("en", Language::En, Severity::High)]);
    house.courier.refuses.lock().expect("one thread").insert(arn("en"), "Throttled");
    let first = house.run(&[failed_high("a")]).await;
    assert!(first[0].failed());
    assert_eq!(fates(&first[0])["en"], Fate::Refused("Throttled".into()));
    house.courier.refuses.lock().expect("one thread").clear();
    let retry = house.run(&[failed_high("a")]).await;
    assert!(!retry[0].failed());
    assert_eq!(house.carried(), [arn("ja"), arn("en")]);
}

#[tokio::test]
async fn what_a_route_refuses_for_good_is_told_over_the_default_route_once() {
    let house = House::new(vec![route("ja", Language::Ja, Severity::High), route("en", Language::En, Severity::High)]);
    for name in ["ja", "en"] {
        house.courier.refuses.lock().expect("one thread").insert(arn(name), "AuthorizationError");
    }
    let first = house.run(&[failed_high("a")]).await;
    assert!(!first[0].failed(), "somebody heard of it");
    assert_eq!(fates(&first[0])["en"], Fate::Rerouted("AuthorizationError".into()));
    assert_eq!(fates(&first[0])["ja"], Fate::Rerouted("AuthorizationError".into()));
    assert_eq!(house.carried(), [arn("default")], "once for both");
    assert!(house.last_message().contains("AuthorizationError"), "and it says why it comes this way");
    // A refresh is tried again on the routes, and what the default route heard is not repeated.
    let refreshed = imported(control("a", "HIGH", "FAILED", "2026-11-23T18:00:00Z"));
    let again = house.run(std::slice::from_ref(&refreshed)).await;
    assert!(!again[0].failed());
    assert_eq!(house.carried(), [arn("default")]);
    // Once the routes are mended, they hear of it as of something new.
    house.courier.refuses.lock().expect("one thread").clear();
    let mended = house.run(&[imported(control("a", "HIGH", "FAILED", "2026-11-24T00:00:00Z"))]).await;
    assert_eq!(fates(&mended[0])["ja"], Fate::Told(Change::New));
    let claims = house.ledger.rows.lock().expect("one thread").values().all(|row| row.claimed_until.is_none());
    assert!(claims, "no claim lives on");
}

#[tokio::test]
async fn a_burst_that_its_route_refuses_for_good_is_told_over_the_default_route() {
    let mut few = route("en", Language::En, Severity::High);
    few.most_a_minute = 1;
    let house = House::new(vec![few]);
    house.run(&[failed_high("a"), failed_high("b"), failed_high("c")]).await;
    let (queue, call) = house.courier.carried.lock().expect("one thread").last().expect("a call").clone();
    assert_eq!(queue, QUEUE);
    house.courier.refuses.lock().expect("one thread").insert(arn("en"), "NotFound");
    let reports = house.run(std::slice::from_ref(&call)).await;
    assert!(!reports[0].failed());
    assert_eq!(house.carried().last(), Some(&arn("default")));
    let told = house.last_message();
    assert!(told.contains("finding/b") && told.contains("finding/c") && told.contains("NotFound"), "{told}");
}

/// A failed control of HIGH in an account.
fn high_in(account: &str, id: &str) -> String {
    let mut finding = control(id, "HIGH", "FAILED", "2026-11-23T00:00:00Z");
    finding["AwsAccountId"] = account.into();
    imported(finding)
}

fn to_members() -> RouteConfig {
    let mut members = route("members", Language::En, Severity::High);
    members.channel = ChannelConfig::MemberTopic { topic_name: "findings".into() };
    members.most_a_minute = 1;
    members
}

fn members_topic(account: &str) -> String {
    format!("arn:aws:sns:ap-northeast-1:{account}:findings")
}

#[tokio::test]
async fn a_member_hears_on_its_own_topic_and_what_has_none_is_told_over_the_default_route() {
    let house = House::new(vec![to_members()]);
    let (theirs, others) = (members_topic("444455556666"), members_topic("777788889999"));
    let report = house.run(&[high_in("444455556666", "a")]).await;
    assert_eq!(fates(&report[0])["members"], Fate::Told(Change::New));
    assert_eq!(house.carried(), std::slice::from_ref(&theirs));
    let report = house.run(&[high_in("4444:5555:66", "b")]).await;
    assert_eq!(fates(&report[0])["members"], Fate::Rerouted("no_member".into()));
    assert!(house.last_message().contains("no_member"), "and it says why it comes this way");
    // Its topic is not there, its policy lets nobody in, or its key does.
    for (id, code) in [("c", "NotFound"), ("d", "AuthorizationError"), ("e", "KMSAccessDenied")] {
        let house = House::new(vec![to_members()]);
        house.courier.refuses.lock().expect("one thread").insert(others.clone(), code);
        let report = house.run(&[high_in("777788889999", id)]).await;
        assert_eq!(fates(&report[0])["members"], Fate::Rerouted(code.into()));
        assert_eq!(house.carried(), [arn("default")]);
        assert!(house.last_message().contains(code), "and it says why it comes this way");
    }
}

#[tokio::test]
async fn a_members_burst_is_its_own_and_reaches_nobody_else() {
    let house = House::new(vec![to_members()]);
    let (theirs, others) = (members_topic("444455556666"), members_topic("777788889999"));
    house.run(&[high_in("444455556666", "a"), high_in("777788889999", "b")]).await;
    assert_eq!(house.carried(), [theirs.clone(), others.clone()], "one a minute for each of them");
    house.run(&[high_in("444455556666", "c"), high_in("777788889999", "d"), high_in("444455556666", "e")]).await;
    let calls = house.courier.carried.lock().expect("one thread").split_off(2);
    let calls: Vec<String> = calls.into_iter().map(|(_, message)| message).collect();
    house.run(&calls).await;
    let told = house.courier.carried.lock().expect("one thread").split_off(2);
    for (topic, heard, others) in
        [(theirs, vec!["finding/c", "finding/e"], "finding/d"), (others, vec!["finding/d"], "finding/c")]
    {
        let [message] = told.iter().filter(|(to, _)| *to == topic).map(|(_, text)| text).collect::<Vec<_>>()[..] else {
            panic!("one notification to {topic}: {told:?}")
        };
        assert!(heard.iter().all(|id| message.contains(id)) && !message.contains(others), "{message}");
    }
}

#[tokio::test]
async fn what_the_default_route_refuses_for_good_comes_back_and_ends_in_the_dead_letter_queue() {
    let house = House::new(vec![route("en", Language::En, Severity::High)]);
    for name in ["en", "default"] {
        house.courier.refuses.lock().expect("one thread").insert(arn(name), "NotFound");
    }
    let reports = house.run(&[failed_high("a")]).await;
    assert!(reports[0].failed());
    assert_eq!(fates(&reports[0])["default"], Fate::Refused("NotFound".into()));
    house.courier.refuses.lock().expect("one thread").remove(&arn("default"));
    let retry = house.run(&[failed_high("a")]).await;
    assert!(!retry[0].failed(), "the claim ended with the refusal");
    assert_eq!(fates(&retry[0])["default"], Fate::Told(Change::New));
}

#[tokio::test]
async fn one_bad_record_touches_no_other() {
    let house = House::new(vec![route("ja", Language::Ja, Severity::Critical)]);
    house.courier.refuses.lock().expect("one thread").insert(arn("ja"), "Throttled");
    let critical = imported(control("a", "CRITICAL", "FAILED", "2026-11-23T00:00:00Z"));
    let reports = house.run(&[critical, "{ broken".into(), failed_high("b")]).await;
    assert_eq!(reports.iter().map(RecordReport::failed).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(fates(&reports[2])["default"], Fate::Told(Change::New));
}

#[tokio::test]
async fn a_live_claim_sends_the_record_back_and_an_ended_one_does_not() {
    let mut house = House::new(vec![]);
    let reports = house.run(&[failed_high("a")]).await;
    let key = reports[0].findings[0].key.clone();
    for (name, row) in house.ledger.rows.lock().expect("one thread").iter_mut() {
        assert_eq!(name.text(), key);
        row.told.clear();
        row.claimed_until = Some(house.now + 70.seconds());
    }
    let reports = house.run(&[failed_high("a")]).await;
    assert!(reports[0].failed() && reports[0].findings[0].claimed_elsewhere);
    house.now += 71.seconds();
    let reports = house.run(&[failed_high("a")]).await;
    assert_eq!(fates(&reports[0])["default"], Fate::Told(Change::New));
}

#[tokio::test]
async fn a_live_claim_sends_back_what_would_be_held_too() {
    let house = House::new(vec![]);
    house.run(&[failed_high("a")]).await;
    for row in house.ledger.rows.lock().expect("one thread").values_mut() {
        row.claimed_until = Some(house.now + 70.seconds());
    }
    // What the other run tells may fail: only after its end is it known what the route heard.
    let refreshed = imported(control("a", "HIGH", "FAILED", "2026-11-23T18:00:00Z"));
    let reports = house.run(&[refreshed]).await;
    assert!(reports[0].failed() && reports[0].findings[0].claimed_elsewhere);
}

#[tokio::test]
async fn two_records_of_one_finding_in_a_batch_are_told_once_and_one_comes_back() {
    let house = House::new(vec![]);
    let other = imported(control("a", "HIGH", "FAILED", "2026-11-23T06:00:00Z"));
    let reports = house.run(&[failed_high("a"), other.clone()]).await;
    assert_eq!(house.carried().len(), 1);
    let back = reports.iter().filter(|report| report.failed()).count();
    let held =
        reports.iter().filter(|report| fates(report).get("default") == Some(&Fate::Held(Held::Unchanged))).count();
    assert_eq!(back + held, 1);
}

#[tokio::test]
async fn a_ledger_that_is_down_stops_nobody_from_being_told() {
    let mut house = House::new(vec![]);
    house.ledger.down = true;
    let reports = house.run(&[failed_high("a")]).await;
    assert_eq!(fates(&reports[0])["default"], Fate::Told(Change::New));
    assert_eq!(reports[0].findings[0].ledger_errors.len(), 4);
    assert!(!reports[0].failed());
}

#[tokio::test(start_paused = true)]
async fn a_silent_model_is_left_in_time_and_the_playbook_speaks() {
    let mut house = House::new(vec![]);
    house.advisor.model = Model::Silent;
    let start = Instant::now();
    let reports = house.run(&[failed_high("a")]).await;
    assert_eq!(start.elapsed(), Duration::from_secs(25));
    assert_eq!(fates(&reports[0])["default"], Fate::Told(Change::New));
    assert_eq!(reports[0].findings[0].advice[0].by, "deadline");
}

#[tokio::test]
async fn rubbish_from_the_model_is_rejected_and_the_playbook_speaks() {
    let mut house = House::new(vec![]);
    house.advisor.model = Model::Says(Ok("{\"summary\":\"<script>\"}".into()));
    let reports = house.run(&[failed_high("a")]).await;
    let advice = &reports[0].findings[0].advice[0];
    assert_eq!((advice.origin, advice.by.as_str()), ("playbook", "rejected"));
    assert!(!advice.rules.is_empty());
    assert!(!house.last_message().contains("<script>"));
}

#[tokio::test]
async fn a_panic_is_told_from_the_envelope_and_harms_no_other_record() {
    let mut house = House::new(vec![]);
    house.advisor.model = Model::Panics;
    let low = imported(control("b", "LOW", "FAILED", "2026-11-23T00:00:00Z"));
    let reports = house.run(&[failed_high("a"), low]).await;
    assert_eq!(reports.iter().map(|report| report.panics).collect::<Vec<_>>(), [1, 0]);
    assert_eq!(fates(&reports[0])["default"], Fate::Told(Change::New));
    assert_eq!(reports[0].findings[0].source, "envelope");
    assert!(house.last_message().contains("arn:aws:s3:::bucket-a"), "the original message is there");
}

#[tokio::test]
async fn one_model_call_serves_all_routes_of_a_language() {
    let house = House::new(vec![
        route("one", Language::Ja, Severity::High),
        route("two", Language::Ja, Severity::High),
        route("three", Language::En, Severity::High),
    ]);
    house.run(&[failed_high("a")]).await;
    assert_eq!(house.advisor.asked.load(Ordering::SeqCst), 2);
    assert_eq!(house.carried().len(), 3);
}

#[test]
fn a_receipt_and_what_was_told_survive_the_ledger() {
    let told = Told {
        severity: Some(Severity::High),
        state: finding_advisor::finding::State::Open,
        source: "asff".into(),
        updated: None,
        at: Timestamp::UNIX_EPOCH,
        event: "e".into(),
        parties: vec!["01234567".into()],
        count: Some(3),
        receipt: Some(Receipt::of_message("m")),
    };
    let json = serde_json::to_string(&told).expect("serialises");
    assert_eq!(serde_json::from_str::<Told>(&json).expect("reads"), told);
}
