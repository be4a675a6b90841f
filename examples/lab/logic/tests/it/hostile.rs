//! Any text is answered, and no answer has the secret outside of its question.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{ask, presets};

const SECRET: &str = "TheSecretOfThisTest/+0123456789ABCDEFGH";
const TOKEN: &str = "TheSessionTokenOfThisTest";

#[test]
fn no_answer_has_the_secret_outside_of_its_question() {
    let names: Vec<Value> = ask(&json!({}))["breaks"].as_array().unwrap().clone();
    // One preset of each mode.
    let names_of_presets = ["get-object", "presigned-get", "chunked-trailer", "post-policy"];
    let presets =
        presets().into_iter().filter(|preset| names_of_presets.iter().any(|name| preset["name"] == *name));
    for preset in presets {
        let mut question = preset["question"].clone();
        question["secret"] = SECRET.into();
        question["session_token"] = TOKEN.into();
        // A body of 65 KiB is slow in a debug build, and its breaks are tested in breaks.rs.
        let is_large = question["mode"] == "chunked";
        let breaks =
            names.iter().filter(|_| !is_large).map(|button| button["name"].clone()).chain([json!("")]);
        for broken_by in breaks {
            question["break"] = broken_by.clone();
            question["service_answer"] =
                ask(&question)["broken"]["service_says"].as_str().unwrap_or_default().into();
            let mut answer = ask(&question);
            answer.as_object_mut().unwrap().remove("question");
            let text = answer.to_string();
            assert!(!text.contains("TheSecretOfThisTest"), "{} {broken_by}", preset["name"]);
        }
    }
}

#[test]
fn text_that_is_no_question_is_answered_with_the_reason() {
    for text in ["", "null", "{", "{\"mode\": \"other\"}", "{\"expires\": -1}", "\u{0}", "{\"url\": 1}"] {
        let answer: Value = serde_json::from_str(&lab_logic::answer(text)).unwrap();
        assert_eq!(answer["errors"][0]["field"], "question", "{text}");
        assert_eq!(answer["presets"].as_array().unwrap().len(), 9);
    }
}

#[test]
fn a_member_that_questions_do_not_have_is_named() {
    let answer = ask(&json!({ "method": "PUT", "headres": "Range: bytes=0-9" }));
    let message = answer["errors"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("unknown field `headres`, expected one of `mode`, `method`"), "{message}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_answered(text: String) {
        let answer: Value = serde_json::from_str(&lab_logic::answer(&text)).unwrap();
        prop_assert!(answer["question"].is_object());
    }

    #[test]
    fn any_members_are_answered(
        mode in prop::sample::select(vec!["header", "presigned", "chunked", "form", "sigv4a"]),
        texts in prop::collection::vec(any::<String>(), 12),
        name in 0..12_usize,
        expires: u64,
        chunk_size: u64,
        broken_by in prop::sample::select(vec!["", "method", "url-cut-off", "time-zone", "path-prefix", "key-region"]),
    ) {
        let members = [
            "method", "url", "headers", "body", "access_key_id", "secret", "session_token", "region", "service",
            "time", "policy", "service_answer",
        ];
        // One member is arbitrary, or all are.
        for chosen in [vec![name], (0..12).collect()] {
            let mut question = json!({ "mode": mode, "break": broken_by });
            for index in &chosen {
                question[members[*index]] = texts[*index].clone().into();
            }
            if chosen.len() > 1 {
                question["expires"] = expires.into();
                question["chunk_size"] = chunk_size.into();
            }
            prop_assert!(ask(&question)["question"].is_object());
        }
    }
}
