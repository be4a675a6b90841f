//! The start of the program: its exit codes, and the addresses that it is given.

use std::process::{Command, Output};

use crate::harness::Gallery;

/// Runs the program with nothing configured until it ends.
fn ends(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gallery"));
    for name in ["S3_BUCKET", "S3_ENDPOINT", "AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_PROFILE"] {
        command.env_remove(name);
    }
    let nowhere = "/nowhere";
    command.envs([("HOME", nowhere), ("AWS_CONFIG_FILE", nowhere), ("AWS_SHARED_CREDENTIALS_FILE", nowhere)]);
    let Output { status, stderr, .. } =
        command.env("AWS_EC2_METADATA_DISABLED", "true").args(arguments).output().unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_wrong_option_is_named_with_what_is_allowed() {
    for (arguments, sentence) in [
        (&["--origin", "gallery.example"][..], "write a scheme and a host, such as https://gallery.example"),
        (&["--origin", "ftp://gallery.example"], "write a scheme and a host"),
        (&["--origin", "https://gallery.example/page"], "write a scheme and a host"),
        (&["--listen", "3000"], "write an IP address and a port, such as 127.0.0.1:8080"),
        (&["--expires", "8d"], "allowed are 1 to 604800 seconds (7 days)"),
        (&["--listen", "127.0.0.1:0", "--bucket", "my-images"], "configure credentials for AWS"),
    ] {
        let (code, error) = ends(arguments);
        assert_eq!(code, Some(2), "{error}");
        assert!(error.contains(sentence), "{error}");
    }
}

#[test]
fn an_address_that_is_in_use_is_a_failure() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, error) = ends(&["--listen", &address]);
    assert_eq!(code, Some(1), "{error}");
    assert!(
        error.contains(&format!("cannot listen on {address}\n")) && error.contains("use --listen"),
        "{error}"
    );
}

#[tokio::test]
async fn the_printed_address_is_the_one_that_it_listens_on() {
    let listen = ["--listen", "[::1]:0"];
    // A machine without IPv6 has no such address.
    if std::net::TcpListener::bind("[::1]:0").is_ok() {
        let gallery = Gallery::start(&listen).await;
        assert!(gallery.url.starts_with("http://[::1]:"), "{}", gallery.url);
        gallery.get("/api/settings").await.ok();
    }
}

#[tokio::test]
async fn requests_that_are_not_described_are_answered_in_words() {
    let gallery = Gallery::start(&[]).await;
    let answer = gallery.get("/api/image").await;
    assert_eq!(
        answer.json()["message"],
        "the service has no path /api/image; GET /openapi.json lists its paths"
    );
    answer.refused(404, "unknown_path");
    let answer = gallery.post("/api/confirm", &serde_json::json!({ "key": "x" })).await;
    let message = answer.json()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("missing field `size`"), "{message}");
    assert!(message.ends_with("; GET /openapi.json describes the request"), "{message}");
    answer.refused(400, "bad_request");
    let answer = gallery.get("/api/confirm").await;
    assert_eq!(answer.headers["allow"], "POST");
    assert_eq!(
        answer.json()["message"],
        "/api/confirm does not allow GET; GET /openapi.json lists its methods"
    );
    answer.refused(405, "wrong_method");
}
