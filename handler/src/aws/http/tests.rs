//! What is sent over a real connection to this machine, and what comes of answers that are not as they should be.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use serde_json::json;

use super::*;
use crate::channel::{Body, Method, SecretUse};
use crate::config::SecretConfig;

const CANARY: &str = "xoxb-canary";

/// Answers one connection with these bytes and returns what it was sent.
fn answers(bytes: &'static [u8]) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let served = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut sent = Vec::new();
        let mut chunk = [0; 4096];
        // The whole request: its body is an object.
        while !sent.ends_with(b"}") {
            let read = stream.read(&mut chunk).expect("a request");
            sent.extend_from_slice(&chunk[..read]);
        }
        stream.write_all(bytes).expect("an open connection");
        String::from_utf8(sent).expect("text")
    });
    (base, served)
}

fn request(method: Method, url: String, slot: Slot, body: Body) -> HttpRequest {
    let of = SecretConfig { arn: "arn".into(), field: None };
    HttpRequest { method, url, secret: SecretUse { of, slot }, body }
}

fn post(url: String) -> HttpRequest {
    request(Method::Post, url, Slot::Bearer, Body::Json(json!({ "text": "検出" })))
}

#[tokio::test]
async fn a_request_carries_its_secret_in_its_slot_and_a_reply_what_channels_read() {
    let (base, served) = answers(
        b"HTTP/1.1 429 Too Many\r\ncontent-length: 2\r\nRetry-After: 7\r\nset-cookie: a=b\r\nconnection: close\r\n\r\nno",
    );
    let reply = Http::new().carry(&post(format!("{base}/api/chat.postMessage")), CANARY).await;
    let headers = [("retry-after", "7".to_owned())].into();
    assert_eq!(reply, Reply::Http(HttpReply { status: 429, headers, body: "no".into() }));
    let sent = served.join().expect("served").to_lowercase();
    assert!(sent.starts_with("post /api/chat.postmessage http/1.1\r\n"), "{sent}");
    for header in [
        "authorization: bearer xoxb-canary",
        "content-type: application/json; charset=utf-8",
        "user-agent: finding-advisor/",
    ] {
        assert!(sent.contains(header), "{sent}");
    }
    assert!(sent.ends_with("{\"text\":\"検出\"}"));
}

#[tokio::test]
async fn a_secret_that_is_the_address_is_used_as_it_is() {
    let (base, served) = answers(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
    let request = request(Method::Post, String::new(), Slot::Url(&["hooks.slack.com"]), Body::Json(json!({})));
    let reply = Http::new().carry(&request, &format!("{base}/services/T/B/canary")).await;
    assert_eq!(reply, Reply::Http(HttpReply { status: 200, body: "ok".into(), ..HttpReply::default() }));
    assert!(served.join().expect("served").starts_with("POST /services/T/B/canary HTTP/1.1"));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (base, served) = answers(
        b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    );
    let Reply::Http(reply) = Http::new().carry(&post(base + "/"), CANARY).await else { panic!("no answer") };
    assert_eq!(reply.status, 302);
    served.join().expect("served");
}

#[tokio::test]
async fn a_broken_answer_is_silence_and_a_closed_door_is_never_reached() {
    let (base, served) = answers(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\ncut");
    assert_eq!(Http::new().carry(&post(base.clone() + "/"), CANARY).await, Reply::Silence);
    served.join().expect("served");
    assert_eq!(Http::new().carry(&post(base + "/"), CANARY).await, Reply::Unreached);
}

#[test]
fn a_secret_stands_in_the_header_that_its_service_reads() {
    let header = |slot: Slot, name: &str| {
        let request = request(Method::Get, "https://example.com/".into(), slot, Body::Empty);
        let wire = wire(&request, "s3cret").expect("a request");
        assert_eq!(wire.headers().get("content-type"), None, "no body");
        wire.headers().get(name).map(str::to_owned)
    };
    assert_eq!(header(Slot::Header("backlog-api-key"), "backlog-api-key").as_deref(), Some("s3cret"));
    let user = "robot@example.com".to_owned();
    let basic = header(Slot::Basic { user }, "authorization");
    assert_eq!(basic.as_deref(), Some("Basic cm9ib3RAZXhhbXBsZS5jb206czNjcmV0"));
}

#[test]
fn no_secret_goes_to_an_address_that_is_not_safe() {
    let hook = |secret: &str| {
        let request = request(Method::Post, String::new(), Slot::Url(&["hooks.slack.com"]), Body::Empty);
        wire(&request, secret).map(|wire| wire.uri().to_owned())
    };
    assert_eq!(hook("https://hooks.slack.com/services/T/B/x").as_deref(), Ok("https://hooks.slack.com/services/T/B/x"));
    for bad in [
        "https://evil.example/services/T/B/x",
        "https://hooks.slack.com.evil.example/",
        "https://hooks.slack.com@evil.example/",
        "http://hooks.slack.com/services/T/B/x",
        "http://127.0.0.1.evil.example/",
        "hooks.slack.com",
        "",
    ] {
        assert_eq!(hook(bad), Err("secret_url_not_allowed"), "{bad}");
    }
    let bearer = |url: &str, secret: &str| wire(&post(url.to_owned()), secret).map(drop);
    assert_eq!(bearer("http://slack.com/api/x", CANARY), Err("secret_url_not_allowed"));
    assert_eq!(bearer("https://slack.com/api/x", "a\r\nb"), Err("secret_not_of_its_form"));
    assert_eq!(bearer("https://slack.com/api/x", CANARY), Ok(()));
}
