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

#[test]
fn everything_that_differs_between_two_forms_is_shown() {
    use crate::policy::{POLICY, PUBLISHED, form};
    use base64::prelude::{BASE64_STANDARD, Engine};

    let document = String::from_utf8(BASE64_STANDARD.decode(POLICY.trim()).unwrap()).unwrap();
    let ours = form(POLICY.trim(), "user/user1/a.jpg", PUBLISHED);
    let compared = |other: &str| json(&["--compare", other], ours.as_bytes(), 0)["difference"].clone();
    let names = |difference: &serde_json::Value| -> Vec<String> {
        let lines = difference["lines"].as_array().unwrap();
        lines.iter().map(|line| line["name"].as_str().unwrap().to_owned()).collect()
    };

    let other = document
        .replace("2015-12-30T12", "2015-12-31T12")
        .replace("user/user1/", "user/user2/")
        .replace("AES256", "aws:kms")
        .replace("    {\"acl\": \"public-read\"},\r\n", "    [\"content-length-range\", 1, 5],\r\n");
    let other =
        form(&BASE64_STANDARD.encode(other), "user/user2/b.jpg", PUBLISHED).replace("AES256", "aws:kms");
    let difference = compared(&other);
    assert_eq!(difference["step"], 1);
    assert_eq!(difference["text"], "The first step that differs is step 1, the policy.");
    assert_eq!(
        names(&difference),
        [
            "expiration",
            "conditions: key",
            "conditions: acl",
            "conditions: x-amz-server-side-encryption",
            "conditions: content-length-range",
            "field: key",
            "field: x-amz-server-side-encryption"
        ]
    );
    assert_eq!(
        difference["lines"][1],
        json!({"part": "policy-conditions", "name": "conditions: key",
            "first": {"text": "[\"starts-with\",\"$key\",\"user/user1/\"]", "from": 32, "to": 33},
            "second": {"text": "[\"starts-with\",\"$key\",\"user/user2/\"]", "from": 32, "to": 33}})
    );
    assert_eq!(difference["lines"][2]["second"], serde_json::Value::Null);
    assert_eq!(difference["lines"][4]["first"], serde_json::Value::Null);

    // Only a field differs; its condition is a prefix.
    let difference = compared(&form(POLICY.trim(), "user/user1/b.jpg", PUBLISHED));
    assert_eq!((&difference["step"], names(&difference)), (&json!(null), vec!["field: key".to_owned()]));
    assert_eq!(difference["text"], "The policies are equal, and the fields differ.");
    // Two conditions on one field.
    let two = document.replace(
        "[\"starts-with\", \"$key\"",
        "[\"eq\", \"$key\", \"k\"],\r\n    [\"starts-with\", \"$key\"",
    );
    let difference = compared(&form(&BASE64_STANDARD.encode(two), "user/user1/a.jpg", PUBLISHED));
    assert_eq!(names(&difference), ["conditions: key", "conditions: key"]);
    // Spaces of the JSON, the signature, nothing, and a request that is no form.
    let spaces = BASE64_STANDARD.encode(document.replace(": ", ":"));
    assert_eq!(compared(&form(&spaces, "user/user1/a.jpg", PUBLISHED))["step"], 2);
    assert_eq!(compared(&form(POLICY.trim(), "user/user1/a.jpg", &"0".repeat(64)))["step"], 3);
    assert_eq!(compared(&ours)["text"], "No step differs.");
    assert_eq!(compared(&message())["text"], "One of the two is a form, whose string to sign is its policy.");
}

#[test]
fn a_field_that_is_not_shown_can_differ() {
    use crate::policy::{POLICY, PUBLISHED, form};
    let with = |token: &str| {
        let field = format!(
            "name=\"x-amz-security-token\"\r\n\r\n{token}\r\n--x\r\nContent-Disposition: form-data; name=\"acl\""
        );
        form(POLICY.trim(), "user/user1/a.jpg", PUBLISHED).replace("name=\"acl\"", &field)
    };
    let output =
        crate::program::run(&["--json", "--compare", &with("token-TWO")], with("token-ONE").as_bytes());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        report["difference"]["text"],
        "The policies are equal, and a field differs whose value is not shown."
    );
    assert!(!report.to_string().contains("token-"), "{report}");
}
