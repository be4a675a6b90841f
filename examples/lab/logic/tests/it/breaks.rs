//! The breaks: the verifier refuses each request, and the diagnosis names the break first.

use serde_json::json;

use crate::{ask, presets};

#[test]
fn the_verifier_refuses_every_broken_request_and_the_diagnosis_names_the_break_first() {
    let breaks = ask(&json!({}))["breaks"].as_array().unwrap().clone();
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
