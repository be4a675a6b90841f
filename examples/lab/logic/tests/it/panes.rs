//! The origins: each copied byte is the byte of the question to which the answer points.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{ask, presets, text};

/// Returns the UTF-16 units `start..end` of a text.
fn units(text: &str, start: usize, end: usize) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    String::from_utf16_lossy(&units[start..end])
}

/// Checks that each copied piece equals its origin, except for the case of letters. Returns the number of such pieces.
fn check_copies(answer: &Value) -> usize {
    let mut count = 0;
    for pane in answer["panes"].as_array().unwrap() {
        for line in pane["lines"].as_array().unwrap() {
            for piece in line["pieces"].as_array().unwrap() {
                for from in piece["from"].as_array().unwrap() {
                    let Some(field) = from["field"].as_str() else { continue };
                    let whole = match &answer["question"][field] {
                        Value::String(text) => text.clone(),
                        other => other.to_string(),
                    };
                    let unit = |name: &str| usize::try_from(from[name].as_u64().unwrap()).unwrap();
                    let origin = units(&whole, unit("start"), unit("end"));
                    if piece["kind"] == "copied" {
                        let copy = piece["text"].as_str().unwrap();
                        assert_eq!(copy.to_lowercase(), origin.to_lowercase(), "{piece}");
                        count += 1;
                    }
                }
            }
        }
    }
    count
}

#[test]
fn each_copied_piece_of_a_preset_equals_its_origin() {
    for preset in presets() {
        assert!(check_copies(&ask(&preset["question"])) > 5, "{}", preset["name"]);
    }
}

#[test]
fn every_line_of_a_request_has_words_and_a_source() {
    for mode in ["header", "presigned", "sigv4a"] {
        let answer = ask(&json!({ "mode": mode }));
        for pane in ["canonical", "string_to_sign", "keys", "signature"] {
            let panes = answer["panes"].as_array().unwrap();
            let pane = panes.iter().find(|found| found["id"] == pane).unwrap();
            for line in pane["lines"].as_array().unwrap() {
                for member in ["name", "what", "why"] {
                    assert_ne!(line[member], "", "{line}");
                }
                assert!(
                    line["source"]["url"].as_str().unwrap().starts_with("https://docs.aws.amazon.com/"),
                    "{line}"
                );
            }
        }
    }
}

#[test]
fn a_character_outside_of_ascii_has_its_bytes() {
    let answer = ask(
        &json!({ "url": "https://b.s3.amazonaws.com/%c3%a9?b=+&a=%e2%82%AC", "headers": "x-amz-meta-name:  €   b" }),
    );
    assert_eq!(answer["errors"], json!([]));
    assert!(text(&answer, "canonical").starts_with("GET\n/%C3%A9\na=%E2%82%AC&b=%20\nhost:"));
    assert!(text(&answer, "canonical").contains("\nx-amz-meta-name:€ b\n"));
    let lines = answer["panes"][0]["lines"].as_array().unwrap();
    let line = lines.iter().find(|line| line["id"] == "canonical.header.x-amz-meta-name").unwrap();
    let pieces = line["pieces"].as_array().unwrap();
    let value: Vec<_> =
        pieces.iter().map(|piece| (&piece["text"], &piece["kind"], &piece["bytes"])).collect();
    let copied = json!("copied");
    assert_eq!(value[2], (&json!("€"), &copied, &json!("e2 82 ac")));
    assert_eq!(value[3], (&json!(" "), &json!("encoded"), &Value::Null));
    assert_eq!(value[4], (&json!("b"), &copied, &Value::Null));
    assert_eq!(answer["verifier"]["verdict"], "accepted", "{}", answer["verifier"]["message"]);
    check_copies(&answer);
}

/// AWS IoT expects the token after the signature, which does not cover it.
#[test]
fn the_verifier_s_canonical_request_has_no_token_that_is_not_signed() {
    let answer = ask(&json!({
        "mode": "presigned", "url": "https://a1b2c3-ats.iot.us-east-1.amazonaws.com/mqtt", "headers": "",
        "service": "iotdevicegateway", "session_token": "FwoGZXIvYXdzEXAMPLE==", "expires": 86400,
    }));
    assert_eq!(answer["errors"], json!([]));
    assert_eq!(answer["verifier"]["verdict"], "accepted", "{}", answer["verifier"]["message"]);
    let panes = answer["verifier"]["panes"].as_array().unwrap();
    let pane = panes.iter().find(|pane| pane["id"] == "verifier_canonical").unwrap();
    let text = pane["lines"].to_string();
    assert!(text.contains("X-Amz-SignedHeaders") && !text.contains("Security-Token"), "{text}");
}

#[test]
fn members_that_are_not_valid_are_named() {
    for (member, value) in [
        ("url", json!("not a url")),
        ("time", json!("yesterday")),
        ("headers", json!("no colon")),
        ("access_key_id", json!("")),
        ("service", json!("S 3")),
        ("region", json!("us east")),
    ] {
        let answer = ask(&json!({ member: value }));
        assert_eq!(answer["errors"][0]["field"], member, "{}", answer["errors"]);
        assert_eq!(answer["panes"], json!([]));
    }
    let answer = ask(&json!({ "mode": "presigned", "expires": 604_801 }));
    assert_eq!(answer["errors"][0]["field"], "expires");
    let answer = ask(&json!({ "mode": "chunked", "chunk_size": 10 }));
    assert_eq!(answer["errors"][0]["field"], "chunk_size");
    let answer = ask(&json!({ "mode": "chunked", "trailer": "crc9" }));
    assert_eq!(answer["errors"][0]["field"], "trailer");
    let answer = ask(&json!({ "mode": "form", "policy": "{}" }));
    assert_eq!(answer["errors"][0]["field"], "policy");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn each_copied_piece_of_a_random_request_equals_its_origin(
        path in "(/[ -~]{0,6}){0,4}",
        query in "[a-zA-Z%=&;/+]{0,20}",
        value in "[ -~\t€]{0,20}",
        presigned: bool,
    ) {
        let url = format!("https://b.s3.amazonaws.com{}?{query}", path.replace(['%', '+', '#', '?'], ""));
        let mode = if presigned { "presigned" } else { "header" };
        let answer = ask(&json!({ "mode": mode, "url": url, "headers": format!("X-Amz-Meta-A: {value}") }));
        check_copies(&answer);
        if answer["errors"] == json!([]) {
            assert_eq!(answer["verifier"]["verdict"], "accepted", "{url}: {}", answer["verifier"]["message"]);
        }
    }
}
