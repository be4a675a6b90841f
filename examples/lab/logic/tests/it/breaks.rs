//! The breaks: the verifier refuses each request, and the diagnosis names the break first.

use serde_json::json;

use crate::{ask, presets, text};

#[test]
fn the_verifier_refuses_every_broken_request_and_the_diagnosis_names_the_break_first() {
    let breaks = ask(&json!({}))["breaks"].as_array().unwrap().clone();
    assert_eq!(breaks.len(), 29);
    let is_of_request = |button: &&serde_json::Value| {
        ["header", "presigned"].iter().any(|mode| button["modes"].to_string().contains(mode))
    };
    let breaks: Vec<_> = breaks.iter().filter(is_of_request).collect();
    assert_eq!(breaks.len(), 20);
    let mut wrong = Vec::new();
    for button in &breaks {
        for mode in button["modes"].as_array().unwrap() {
            let answer = ask(&json!({ "mode": mode, "break": button["name"] }));
            let broken = &answer["broken"];
            if answer["verifier"]["verdict"] != "refused"
                || broken["diagnosis"][0]["name"] != button["name"]
                || !broken["service_says"].as_str().unwrap().contains("<Error>")
            {
                wrong.push(format!(
                    "{} {mode}: {} {:?}",
                    button["name"],
                    answer["verifier"]["code"],
                    broken["diagnosis"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|cause| &cause["name"])
                        .collect::<Vec<_>>()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The presets and the breaks of chunked bodies and forms, with the answer of the verifier, what it adds, and the first
/// cause of the diagnosis.
const OTHERS: &[(&str, &str, u64, &str, &str, &str)] = &[
    (
        "chunked-upload",
        "chunk-changed",
        403,
        "SignatureDoesNotMatch",
        "The signature of chunk 1 does not match.",
        "",
    ),
    (
        "chunked-upload",
        "chunks-swapped",
        403,
        "SignatureDoesNotMatch",
        "The signature of chunk 1 does not match.",
        "",
    ),
    (
        "chunked-upload",
        "chunk-missing",
        400,
        "IncompleteBody",
        "The body ended without its final chunk, after 66560 of 66560 bytes of data.",
        "other-error",
    ),
    (
        "chunked-trailer",
        "chunk-missing",
        400,
        "IncompleteBody",
        "The body ended without its final chunk, after 66560 of 66560 bytes of data.",
        "other-error",
    ),
    (
        "chunked-trailer",
        "trailer-checksum",
        400,
        "BadDigest",
        // The page about trailers prints the checksum of the data.
        "The trailer has the checksum 37YtDQ==. The checksum of the data is sOO8/Q==.",
        "payload-changed",
    ),
    ("post-policy", "policy-line-breaks", 400, "InvalidPolicyDocument", "", "other-error"),
    (
        "post-policy",
        "policy-expired",
        403,
        "AccessDenied",
        "The policy expired at 20151230T120000Z. The clock of the service shows 20160106T000000Z.",
        "expired-form",
    ),
    ("post-policy", "form-field", 403, "AccessDenied", "", "form-field"),
    ("post-policy", "form-condition", 403, "AccessDenied", "", "form-condition"),
    ("post-policy", "policy-decoded", 403, "SignatureDoesNotMatch", "", ""),
];

#[test]
fn the_verifier_refuses_broken_chunks_and_forms() {
    for (preset, name, status, code, verifier_says, cause) in OTHERS {
        let preset = presets().into_iter().find(|known| known["name"] == *preset).unwrap();
        let mut question = preset["question"].clone();
        question["break"] = (*name).into();
        let answer = ask(&question);
        let (verifier, broken) = (&answer["verifier"], &answer["broken"]);
        assert_eq!((&verifier["status"], &verifier["code"]), (&json!(status), &json!(code)), "{name}");
        assert_eq!(broken["verifier_says"], *verifier_says, "{name}");
        let service_says = broken["service_says"].as_str().unwrap();
        assert!(service_says.contains(&format!("<Error><Code>{code}</Code>")), "{name}: {service_says}");
        let first = broken["diagnosis"].get(0).map_or("", |cause| cause["name"].as_str().unwrap());
        assert_eq!(first, *cause, "{name}: {}", broken["diagnosis"]);
        // The panes of the signer stay, and show AWS's value.
        assert_eq!(answer["expected"]["reached"], true, "{name}");
    }
}

#[test]
fn the_verifier_shows_the_form_that_it_received() {
    let preset = presets().into_iter().find(|preset| preset["name"] == "post-policy").unwrap();
    let mut question = preset["question"].clone();
    let whole = ask(&question);
    for pane in ["policy", "string_to_sign", "final"] {
        assert_eq!(text(&whole["verifier"], &format!("verifier_{pane}")), text(&whole, pane), "{pane}");
    }
    question["break"] = "form-field".into();
    let shown = text(&ask(&question)["verifier"], "verifier_final");
    assert_eq!(shown, format!("{}\nx-amz-meta-note: added later", text(&whole, "final")));
    question["break"] = "policy-line-breaks".into();
    let shown = text(&ask(&question)["verifier"], "verifier_string_to_sign");
    assert_eq!(shown.replace('\n', ""), text(&whole, "string_to_sign"));
    assert!(shown.lines().all(|line| line.len() <= 76), "{shown}");
}

#[test]
fn the_verifier_shows_the_chunks_that_it_received() {
    let preset = presets().into_iter().find(|preset| preset["name"] == "chunked-trailer").unwrap();
    let mut question = preset["question"].clone();
    let shown = |question: &serde_json::Value| text(&ask(question)["verifier"], "verifier_chunks");
    let whole = text(&ask(&question), "chunks");
    assert_eq!(shown(&question), whole);
    let lines: Vec<_> = whole.lines().collect();
    // A chunk has its frame, the six lines of its string to sign, and its signature.
    assert!(lines[8].starts_with("400;chunk-signature="), "{}", lines[8]);
    question["break"] = "chunk-changed".into();
    let changed = shown(&question);
    let changed: Vec<_> = changed.lines().collect();
    assert_eq!(changed.len(), 8);
    assert_eq!(changed[..6], lines[..6]);
    // (printf '`'; head -c 65535 /dev/zero | tr '\\0' a) | sha256sum
    assert_eq!(changed[6], CHANGED);
    assert_ne!(changed[7], lines[7]);
    question["break"] = "chunk-missing".into();
    assert_eq!(shown(&question), lines[..16].join("\n"));
    question["break"] = "trailer-checksum".into();
    assert!(shown(&question).contains("\nx-amz-checksum-crc32c:37YtDQ==\r\nx-amz-trailer-signature:"));
}

const CHANGED: &str = "78e9f6eca42188911a8c8dcfd58a8578abd122dc55c7f3a1192969c600f33355";

#[test]
fn a_request_without_chunks_or_trailer_cannot_be_broken_so() {
    for question in [
        json!({ "mode": "chunked", "break": "chunk-changed" }),
        json!({ "mode": "chunked", "body": "a", "break": "chunks-swapped" }),
        json!({ "mode": "chunked", "body": "a", "break": "trailer-checksum" }),
    ] {
        let answer = ask(&question);
        assert_eq!(answer["broken"]["sentence"], "This request has nothing that the button could change.");
        assert_eq!(answer["verifier"]["verdict"], "accepted");
    }
}

#[test]
fn a_broken_request_does_not_change_the_signed_one() {
    let (whole, broken) = (ask(&json!({})), ask(&json!({ "break": "host-rewritten" })));
    assert_eq!(whole["panes"], broken["panes"]);
    assert_eq!(broken["expected"]["reached"], true);
    assert_eq!(broken["verifier"]["status"], 403);
    assert_eq!(broken["verifier"]["code"], "SignatureDoesNotMatch");
    let theirs = &broken["broken"]["diagnosis"][0]["theirs"];
    assert!(theirs.to_string().contains("app-7.svc.cluster.local"), "{theirs}");
}

#[test]
fn a_break_of_another_mode_is_not_applied() {
    let answer = ask(&json!({ "break": "expired-url" }));
    assert_eq!(answer["broken"]["service_says"], "");
    assert_eq!(answer["verifier"]["verdict"], "accepted");
}

#[test]
fn a_pasted_error_is_diagnosed() {
    let says = ask(&json!({ "break": "host-rewritten" }))["broken"]["service_says"].clone();
    let answer = ask(&json!({ "service_answer": says }));
    assert_eq!(answer["diagnosis"][0]["name"], "host-rewritten");
    assert_eq!(answer["diagnosis"][0]["part"], "header.host");
    assert_eq!(ask(&json!({}))["diagnosis"], json!([]));
    let expired = "<Error><Code>RequestTimeTooSkewed</Code><Message>too old</Message></Error>";
    let form = presets().into_iter().find(|preset| preset["name"] == "post-policy").unwrap();
    let mut question = form["question"].clone();
    question["service_answer"] = expired.into();
    assert_eq!(ask(&question)["diagnosis"][0]["name"], "clock-skew");
}
