//! The first step at which two requests differ.

use serde_json::json;

use crate::program::{json, message};

#[test]
fn marks_the_bytes_of_the_canonical_request_that_differ() {
    let other = message().replace("bytes=0-9", "bytes=0-99").replace("/test.txt", "/Test.txt");
    let report = json(&["--compare", &other], message().as_bytes(), 0);
    let difference = &report["difference"];
    assert_eq!(difference["step"], 1);
    assert_eq!(
        difference["lines"],
        json!([
            {"part": "canonical-uri", "name": "CanonicalURI",
             "first": {"text": "/test.txt", "from": 1, "to": 2}, "second": {"text": "/Test.txt", "from": 1, "to": 2}},
            {"part": "other-header", "name": "CanonicalHeaders: range",
             "first": {"text": "range:bytes=0-9", "from": 15, "to": 15},
             "second": {"text": "range:bytes=0-99", "from": 15, "to": 16}},
        ])
    );
}

#[test]
fn names_the_later_steps_if_the_earlier_ones_are_equal() {
    let other = message().replace("f0e8bdb8", "00000000");
    assert_eq!(json(&["--compare", &other], message().as_bytes(), 0)["difference"]["step"], 3);
    let other = message().replace("us-east-1", "eu-west-1");
    let difference = &json(&["--compare", &other], message().as_bytes(), 0)["difference"];
    assert_eq!(difference["step"], 2);
    assert_eq!(difference["lines"][0]["part"], "credential-scope");
    let difference = &json(&["--compare", &message()], message().as_bytes(), 0)["difference"];
    assert_eq!(difference["step"], serde_json::Value::Null);
}

#[test]
fn a_header_of_one_side_only_is_missing_on_the_other() {
    let other = "curl https://examplebucket.s3.amazonaws.com/test.txt -H 'x-amz-date: 20130524T000000Z'";
    let one = format!("{other} -H 'x-amz-meta-a: 1'");
    let lines = json(&[&one, "--compare", other], b"", 0)["difference"]["lines"].clone();
    assert_eq!(lines[0]["name"], "CanonicalHeaders: x-amz-meta-a");
    assert_eq!(lines[0]["second"], serde_json::Value::Null);
    assert_eq!(lines[1]["name"], "SignedHeaders");
}
