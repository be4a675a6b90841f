//! The presets reach the values that AWS publishes.

use serde_json::json;

use crate::{ask, presets, text};

#[test]
fn every_preset_reaches_the_signature_that_aws_publishes() {
    let presets = presets();
    assert_eq!(presets.len(), 9);
    for preset in presets {
        let answer = ask(&preset["question"]);
        assert_eq!(answer["errors"], json!([]), "{}", preset["name"]);
        assert_eq!(answer["expected"]["reached"], true, "{}", preset["name"]);
        assert_eq!(answer["expected"]["preset"], preset["name"]);
        assert_eq!(answer["expected"]["signature"], answer["signature"]);
        assert_eq!(
            answer["verifier"]["verdict"], "accepted",
            "{}: {}",
            preset["name"], answer["verifier"]["message"]
        );
    }
}

#[test]
fn an_empty_question_is_the_first_preset() {
    let answer = ask(&json!({}));
    assert_eq!(answer["question"], presets()[0]["question"]);
    assert_eq!(answer["signature"], "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    // "Example: GET Object" of the S3 API Reference.
    assert_eq!(
        text(&answer, "canonical"),
        "GET\n/test.txt\n\nhost:examplebucket.s3.amazonaws.com\nrange:bytes=0-9\n\
         x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\
         x-amz-date:20130524T000000Z\n\nhost;range;x-amz-content-sha256;x-amz-date\n\
         e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    assert_eq!(
        text(&answer, "string_to_sign"),
        "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n\
         7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972"
    );
    // "Examples of how to derive a signing key" prints the keys of another day, so this key is only consistent.
    assert!(
        text(&answer, "keys").ends_with("dbb893acc010964918f1fd433add87c70e8b0db6be30c1fbeafefa5ec6ba8378")
    );
}

#[test]
fn the_lists_are_left_out_on_demand() {
    let mut whole = ask(&json!({}));
    let without = ask(&json!({ "lists": false }));
    assert_eq!(without["expected"]["reached"], true);
    for list in ["presets", "breaks"] {
        assert!(!whole.as_object_mut().unwrap().remove(list).unwrap().as_array().unwrap().is_empty());
    }
    assert_eq!(whole, without);
}

#[test]
fn a_question_that_is_no_preset_has_no_expected_value() {
    let answer = ask(&json!({ "method": "HEAD" }));
    assert_eq!(answer["expected"], json!(null));
    assert_eq!(answer["verifier"]["verdict"], "accepted");
}

/// S3 API Reference, "Transferring Payload in Multiple Chunks": the signatures of the three chunks.
#[test]
fn the_chunks_have_the_signatures_of_the_manual() {
    let preset = presets().into_iter().find(|preset| preset["name"] == "chunked-upload").unwrap();
    let chunks = text(&ask(&preset["question"]), "chunks");
    for signature in [
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ] {
        assert!(chunks.contains(signature), "{signature}");
    }
}

#[test]
fn sigv4a_is_next_to_sigv4() {
    let answer = ask(&json!({ "mode": "sigv4a", "region": "us-east-1,eu-*" }));
    assert_eq!(answer["errors"], json!([]));
    assert_eq!(answer["verifier"]["verdict"], "accepted", "{}", answer["verifier"]["message"]);
    assert!(text(&answer, "canonical").contains("host:examplebucket"));
    assert!(text(&answer, "sigv4a_canonical").contains("\nx-amz-region-set:us-east-1,eu-*\n"));
    assert!(
        text(&answer, "sigv4a_string_to_sign")
            .starts_with("AWS4-ECDSA-P256-SHA256\n20130524T000000Z\n20130524/s3/aws4_request\n")
    );
    assert_eq!(text(&answer, "sigv4a_signature"), answer["signature"].as_str().unwrap());
}
