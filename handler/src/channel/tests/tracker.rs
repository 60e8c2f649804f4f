//! Backlog and Jira: one issue a finding, whatever became of an earlier try, and texts that are only shown.

use super::*;
use crate::notification::Words;

pub(super) fn backlog(text: &str) -> ChannelConfig {
    let json = r#"{ "kind": "backlog", "url": "https://example.backlog.com", "projectId": 1, "issueTypeId": 2, "text": "TEXT",
                    "closedStatusId": 3, "reopenedStatusId": 1, "secret": SECRET }"#;
    channel(&json.replace("TEXT", text))
}

pub(super) fn jira() -> ChannelConfig {
    channel(
        r#"{ "kind": "jira", "url": "https://example.atlassian.net", "project": "SEC", "issueTypeId": "10001",
             "email": "robot@example.com", "closedStatus": "完了", "reopenedStatus": "To Do", "secret": SECRET }"#,
    )
}

const TRANSITIONS: &str =
    r#"{ "transitions": [{ "id": "11", "to": { "name": "to do" } }, { "id": "31", "to": { "name": "完了" } }] }"#;

fn path(request: &HttpRequest) -> String {
    let path = request.url.split_once('?').map_or(request.url.as_str(), |(path, _)| path);
    let path = path.split('/').skip(3).collect::<Vec<_>>().join("/");
    let path = path.trim_start_matches("api/v2/").trim_start_matches("rest/api/3/").to_owned();
    format!("{} {path}", request.method.name())
}

/// What a tracker that takes everything and knows no issue says.
pub(super) fn taken(request: &HttpRequest) -> Reply {
    match path(request).as_str() {
        "GET issues" => http(200, "[]"),
        "POST search/jql" => http(200, r#"{ "issues": [] }"#),
        "GET issue/SEC-12/transitions" => http(200, TRANSITIONS),
        "POST issue/SEC-12/transitions" => http(204, ""),
        _ => http(201, r#"{ "issueKey": "SEC-12", "key": "SEC-12" }"#),
    }
}

/// The limits are those of Backlog (summary 255, comment 50,000) and Jira (summary 255, text 32,767).
pub(super) fn is_within_limits(request: &HttpRequest, notification: &Notification) {
    match &request.body {
        Body::Empty => {}
        Body::Form(fields) => {
            for (name, value) in fields {
                assert!(units(value) <= if *name == "summary" { 255 } else { 50_000 }, "{name}");
                assert!(*name != "summary" || !value.contains('\n'));
                let ours = notification.link.as_deref().unwrap_or_default();
                let marks = marks_at_work(&value.replace(ours, ""));
                assert!(*name == "summary" || marks.is_empty(), "{marks:?}: {value}");
            }
        }
        Body::Json(body) => {
            let fields = &body["fields"];
            if let Some(summary) = fields["summary"].as_str() {
                assert!((1..=255).contains(&units(summary)));
            }
            for page in [&fields["description"], &body["body"]].into_iter().filter(|page| !page.is_null()) {
                let mut text = 0;
                assert_eq!((&page["type"], &page["version"]), (&json!("doc"), &json!(1)));
                look_at_node(page, notification, &mut text);
                assert!(text <= 32_767, "{text} characters");
            }
        }
    }
}

/// The marks of a text outside of code that would do something, in Backlog's notation or in Markdown.
fn marks_at_work(text: &str) -> Vec<&'static str> {
    let prose = |fence: &str| text.replace("{/code}", "{code}").split(fence).step_by(2).collect::<String>();
    let (prose, marks) = if text.contains("\n## ") || text.contains("**") {
        let without_escapes = |(mut shown, is_escaped): (String, bool), c| {
            if !is_escaped && c != '\\' {
                shown.push(c);
            }
            (shown, c == '\\' && !is_escaped)
        };
        let (shown, _) = prose("```").chars().fold((String::new(), false), without_escapes);
        (shown, ["://", "](j", "](http", "<s", "<i", "|", "~", "www."])
    } else {
        (prose("{code}"), ["://", "#image", "&color", "{quote", "[[a", "''x", "{code", "www."])
    };
    marks.into_iter().filter(|mark| prose.contains(mark)).collect()
}

/// What Atlassian's schema says of the nodes that we use.
fn look_at_node(node: &Value, notification: &Notification, text: &mut usize) {
    let kind = node["type"].as_str().expect("a type");
    if kind == "text" {
        let shown = node["text"].as_str().expect("text");
        assert!(!shown.is_empty(), "the schema refuses empty texts");
        *text += units(shown);
        for mark in node["marks"].as_array().into_iter().flatten() {
            match mark["type"].as_str() {
                Some("strong") => {}
                Some("link") => assert_eq!(mark["attrs"]["href"].as_str(), notification.link.as_deref()),
                other => panic!("{other:?}"),
            }
        }
        return;
    }
    let children = node["content"].as_array().expect("children");
    assert!(!children.is_empty(), "{kind}");
    let allowed: &[&str] = match kind {
        "doc" => &["paragraph", "heading", "bulletList", "blockquote", "codeBlock"],
        "bulletList" => &["listItem"],
        "listItem" | "blockquote" => &["paragraph"],
        "paragraph" | "heading" | "codeBlock" => &["text"],
        other => panic!("{other}"),
    };
    for child in children {
        assert!(allowed.contains(&child["type"].as_str().expect("a type")), "{kind} holds {child}");
        assert!(kind != "codeBlock" || child["marks"].is_null());
        look_at_node(child, notification, text);
    }
}

fn paths(requests: &[Request]) -> Vec<String> {
    let http = |request: &Request| match request {
        Request::Http(request) => path(request),
        other => panic!("{other:?}"),
    };
    requests.iter().map(http).collect()
}

fn field(request: &Request, wanted: &str) -> Option<String> {
    match request {
        Request::Http(HttpRequest { body: Body::Form(fields), .. }) => {
            fields.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone())
        }
        other => panic!("{other:?}"),
    }
}

fn done() -> Next {
    Next::Done(Receipt { issue: Some("SEC-12".into()), ..Receipt::default() })
}

#[test]
fn a_new_finding_is_looked_for_and_becomes_an_issue() {
    let [notification, _] = sample::both();
    let (requests, end) = converse(&backlog("backlog"), &notification, None, &[]);
    assert_eq!(paths(&requests), ["GET issues", "POST issues"]);
    assert_eq!(end, done());
    assert_eq!(field(&requests[1], "priorityId").as_deref(), Some("2"), "high");
    let (requests, end) = converse(&jira(), &notification, None, &[]);
    assert_eq!(paths(&requests), ["POST search/jql", "POST issue"]);
    assert_eq!(end, done());
}

#[test]
fn an_issue_says_its_headline_once_and_a_comment_says_it_too() {
    let [notification, _] = sample::both();
    let headline = notification.headline.text();
    let (requests, _) = converse(&backlog("backlog"), &notification, None, &[]);
    assert_eq!(field(&requests[1], "summary").as_deref(), Some(headline));
    assert!(!field(&requests[1], "description").expect("a description").contains(headline));
    let (requests, _) = converse(&backlog("backlog"), &notification, Some(&heard()), &[]);
    assert!(field(&requests[0], "comment").expect("a comment").starts_with(headline));
    for previous in [None, Some(heard())] {
        let (requests, _) = converse(&jira(), &notification, previous.as_ref(), &[]);
        let last = serde_json::to_string(requests.last().expect("a request")).expect("serialises");
        assert_eq!(last.matches(headline).count(), 1);
    }
    let mut long = notification.clone();
    long.headline = Plain::new("検出 ".repeat(200));
    let (requests, _) = converse(&backlog("backlog"), &long, None, &[]);
    assert!(field(&requests[1], "description").expect("a description").starts_with(long.headline.text().trim_end()));
}

#[test]
fn an_issue_that_an_earlier_try_made_is_found_and_commented_on() {
    let [notification, _] = sample::both();
    let token = format!("finding-{}", &notification.key[..16]);
    let ours = json!([{ "issueKey": "SEC-12", "description": format!("x\n{token}") }]).to_string();
    let (requests, end) = converse(&backlog("backlog"), &notification, None, &[http(200, &ours)]);
    assert_eq!(paths(&requests), ["GET issues", "PATCH issues/SEC-12"]);
    assert_eq!(end, done());
    // Anybody in the project can write the token in a comment of another issue.
    let other = json!([{ "issueKey": "SEC-1", "description": "another" }]).to_string();
    let (requests, _) = converse(&backlog("backlog"), &notification, None, &[http(200, &other)]);
    assert_eq!(paths(&requests), ["GET issues", "POST issues"]);
    let found = r#"{ "issues": [{ "key": "SEC-12" }] }"#;
    let (requests, end) = converse(&jira(), &notification, None, &[http(200, found)]);
    assert_eq!(paths(&requests), ["POST search/jql", "POST issue/SEC-12/comment"]);
    assert_eq!(end, done());
}

#[test]
fn a_key_that_is_none_changes_no_address() {
    let [notification, _] = sample::both();
    let token = format!("finding-{}", &notification.key[..16]);
    let bad = json!([{ "issueKey": "SEC-1/../../users", "description": token }]).to_string();
    let (requests, _) = converse(&backlog("backlog"), &notification, None, &[http(200, &bad)]);
    assert_eq!(paths(&requests), ["GET issues", "POST issues"]);
    let bad = Receipt { issue: Some("SEC-1?x=".into()), ..Receipt::default() };
    for channel in [backlog("backlog"), jira()] {
        let (requests, _) = converse(&channel, &notification, Some(&bad), &[]);
        assert!(requests.len() == 2 && !format!("{requests:?}").contains("x="), "looked for");
    }
}

#[test]
fn each_change_moves_the_issue_and_is_a_comment() {
    let [mut notification, _] = sample::both();
    let jira_closed = ["GET issue/SEC-12/transitions", "POST issue/SEC-12/transitions", "POST issue/SEC-12/comment"];
    let jira_comment = ["POST issue/SEC-12/comment"];
    for (change, status, priority, moved) in [
        (Change::Closed, Some("3"), None, &jira_closed[..]),
        (Change::Reopened, Some("1"), None, &jira_closed[..]),
        (Change::Worse, None, Some("2"), &jira_comment[..]),
        (Change::Still, None, None, &jira_comment[..]),
    ] {
        notification.change = change;
        let (requests, end) = converse(&backlog("markdown"), &notification, Some(&heard()), &[]);
        assert_eq!(paths(&requests), ["PATCH issues/SEC-12"], "one request");
        assert_eq!(field(&requests[0], "statusId").as_deref(), status, "{change:?}");
        assert_eq!(field(&requests[0], "priorityId").as_deref(), priority, "{change:?}");
        assert!(field(&requests[0], "comment").is_some_and(|text| text.contains("GuardDuty")));
        assert_eq!(end, done());
        let (requests, end) = converse(&jira(), &notification, Some(&heard()), &[]);
        assert_eq!(paths(&requests), moved, "{change:?}");
        assert_eq!(end, done());
    }
}

#[test]
fn a_workflow_that_does_not_allow_it_keeps_nobody_from_the_comment() {
    let [mut notification, _] = sample::both();
    notification.change = Change::Closed;
    for replies in [vec![http(200, r#"{ "transitions": [] }"#)], vec![http(200, TRANSITIONS), http(400, "{}")]] {
        let (requests, end) = converse(&jira(), &notification, Some(&heard()), &replies);
        assert_eq!(paths(&requests).last().map(String::as_str), Some("POST issue/SEC-12/comment"));
        assert_eq!(end, done());
    }
}

#[test]
fn an_issue_that_is_gone_is_made_anew() {
    let [mut notification, _] = sample::both();
    let gone = http(404, r#"{ "errors": [{ "code": 6 }] }"#);
    let (requests, end) = converse(&backlog("backlog"), &notification, Some(&heard()), std::slice::from_ref(&gone));
    assert_eq!(paths(&requests), ["PATCH issues/SEC-12", "POST issues"]);
    assert_eq!(end, done());
    notification.change = Change::Closed;
    let (requests, end) = converse(&jira(), &notification, Some(&heard()), &[gone]);
    assert_eq!(paths(&requests), ["GET issue/SEC-12/transitions", "POST issue"]);
    assert_eq!(end, done());
}

#[test]
fn what_may_have_been_made_is_looked_for_and_what_may_have_been_said_is_called_a_repeat() {
    let [notification, _] = sample::both();
    let words = Words::of(notification.language);
    for channel in [backlog("backlog"), jira()] {
        let (requests, _) = converse(&channel, &notification, None, &[]);
        let Request::Http(search) = &requests[0] else { panic!("{requests:?}") };
        let (_, end) = converse(&channel, &notification, None, &[taken(search), Reply::Silence]);
        assert_eq!(end, Next::Refused(Refusal::Again("silence".into(), None), None), "the next try looks for it");
        let (_, end) = converse(&channel, &notification, Some(&heard()), &[Reply::Silence]);
        let Next::Refused(_, Some(so_far)) = end else { panic!("{end:?}") };
        assert!(so_far.unsure && so_far.issue.is_some());
        let (requests, end) = converse(&channel, &notification, Some(&so_far), &[]);
        assert!(format!("{requests:?}").contains(words.maybe_repeat));
        assert_eq!(end, done(), "said once");
    }
}

#[test]
fn what_is_not_needed_is_left_out_of_a_plainer_try() {
    let [mut notification, _] = sample::both();
    notification.change = Change::Closed;
    let invalid = http(400, r#"{ "errors": [{ "code": 7, "message": "x" }] }"#);
    let (requests, end) = converse(&backlog("backlog"), &notification, Some(&heard()), std::slice::from_ref(&invalid));
    assert_eq!(paths(&requests), ["PATCH issues/SEC-12", "POST issues/SEC-12/comments"], "a status of another project");
    assert_eq!(end, done());
    let no_priority = http(400, r#"{ "errors": { "priority": "not on the screen" } }"#);
    let (requests, end) = converse(&jira(), &notification, None, &[http(200, r#"{ "issues": [] }"#), no_priority]);
    let [_, Request::Http(rich), Request::Http(plain)] = requests.as_slice() else { panic!("{requests:?}") };
    let has_priority = |request: &HttpRequest| match &request.body {
        Body::Json(body) => body["fields"].get("priority").is_some(),
        other => panic!("{other:?}"),
    };
    assert_eq!((has_priority(rich), has_priority(plain)), (true, false));
    assert_eq!(end, done());
}

#[test]
fn each_code_of_backlog_is_decided() {
    let [notification, _] = sample::both();
    let answered = |status: u16, code: u32| {
        let error = json!({ "errors": [{ "code": code, "message": CANARY }] }).to_string();
        converse(&backlog("backlog"), &notification, Some(&heard()), &[http(status, &error), http(status, &error)]).1
    };
    let end = |code| answered(400, code);
    for (status, code) in
        [2, 3, 4, 5, 8, 9, 10, 11, 12, 99].map(|code| (400, code)).into_iter().chain([(401, 11), (403, 5), (403, 6)])
    {
        let end = answered(status, code);
        assert!(matches!(end, Next::Refused(Refusal::Never(said), _) if said == format!("backlog:{code}")));
    }
    assert!(matches!(end(1), Next::Refused(Refusal::Again(..), Some(so_far)) if so_far.unsure));
    assert!(matches!(end(13), Next::Refused(Refusal::Again(..), Some(so_far)) if !so_far.unsure));
    assert!(matches!(end(7), Next::Refused(Refusal::Never(_), _)), "plainer once");
}
