//! Forms: the policy of S3's documentation, "Example: Browser-Based Upload using HTTP POST (Using AWS Signature Version 4)".

use std::process::Command;

use base64::prelude::{BASE64_STANDARD, Engine};

use crate::program::{SECRET, json, out, run, with_input};

/// The signature of the documentation.
const PUBLISHED: &str = "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e";

/// The policy of the documentation in Base64, as it prints it.
const POLICY: &str = include_str!("policy.txt");

fn form(policy: &str, key: &str, signature: &str) -> String {
    let fields = [
        ("key", key),
        ("acl", "public-read"),
        ("success_action_redirect", "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"),
        ("Content-Type", "image/jpeg"),
        ("x-amz-meta-uuid", "14365123651274"),
        ("x-amz-server-side-encryption", "AES256"),
        ("X-Amz-Credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"),
        ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
        ("X-Amz-Date", "20151229T000000Z"),
        ("x-amz-meta-tag", ""),
        ("Policy", policy),
        ("X-Amz-Signature", signature),
    ];
    let part = |(name, value): (&str, &str)| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    format!(
        "POST / HTTP/1.1\r\nHost: sigv4examplebucket.s3.amazonaws.com\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n{}\
         --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\nbytes\r\n--x--\r\n",
        fields.map(part).concat()
    )
}

#[test]
fn the_form_of_the_documentation_matches() {
    let policy = POLICY.trim();
    let report = json(&[], form(policy, "user/user1/a.jpg", PUBLISHED).as_bytes(), 0);
    assert_eq!(report["verdict"]["name"], "matches");
    assert_eq!(report["signature"]["place"], "form");
    assert_eq!(report["steps"][0]["name"], "policy");
    assert_eq!(report["steps"][0]["lines"][0]["text"], "2015-12-30T12:00:00.000Z");
    assert_eq!(report["steps"][0]["lines"][1]["text"], "{\"bucket\":\"sigv4examplebucket\"}");
    assert_eq!(report["steps"][1]["lines"][0]["text"], policy);

    // An editor writes line feeds, and curl has each field in an argument.
    let message = form(policy, "user/user1/a.jpg", PUBLISHED).replace('\r', "");
    assert_eq!(json(&[], message.as_bytes(), 0)["verdict"]["name"], "matches");
    let fields = message.split("; name=\"").skip(1).filter_map(|part| part.split_once("\"\n\n"));
    let fields = fields.filter(|(name, _)| !name.starts_with("file"));
    let fields = fields.map(|(name, rest)| format!(" -F '{name}={}'", rest.split('\n').next().unwrap()));
    let command = format!(
        "curl{} -F file=@a.jpg https://sigv4examplebucket.s3.amazonaws.com/",
        fields.collect::<String>()
    );
    assert_eq!(json(&[], command.as_bytes(), 0)["verdict"]["name"], "matches");
}

#[test]
fn the_form_of_a_har_is_found_after_another_request() {
    let message = form(POLICY.trim(), "user/user1/a.jpg", PUBLISHED);
    let (_, body) = message.split_once("\r\n\r\n").unwrap();
    let entry = |method: &str, content_type: &str, text: &str| {
        serde_json::json!({"request": {"method": method, "url": "https://sigv4examplebucket.s3.amazonaws.com/",
            "headers": [{"name": "Content-Type", "value": content_type}], "postData": {"text": text}}})
    };
    let har = serde_json::json!({"log": {"entries": [
        entry("GET", "text/plain", ""), entry("POST", "multipart/form-data; boundary=x", body)]}});
    let report = json(&[], har.to_string().as_bytes(), 0);
    assert_eq!(report["verdict"]["name"], "matches");
    assert!(report["notes"].to_string().contains("The policy has expired. The verdict is that of the time"));
    // The clock of the user decides.
    let report = json(&["--time", "now"], har.to_string().as_bytes(), 5);
    let cause = &report["findings"][0]["causes"][0];
    assert_eq!(
        (&cause["name"], &cause["why"]),
        (&"expired-form".into(), &"The policy of the form has expired.".into())
    );
    assert!(!report["notes"].to_string().contains("has expired"), "{}", report["notes"]);
}

/// A program can write the fields of a form as `params`.
#[test]
fn the_form_of_a_har_is_built_from_its_parameters() {
    let message = form(POLICY.trim(), "user/user1/a.jpg", PUBLISHED);
    let fields = message.split("; name=\"").skip(1).filter_map(|part| part.split_once("\"\r\n\r\n"));
    let fields: Vec<_> = fields
        .filter(|(name, _)| !name.starts_with("file"))
        .map(|(name, rest)| serde_json::json!({"name": name, "value": rest.split("\r\n").next().unwrap()}))
        .chain([serde_json::json!({"name": "file", "fileName": "a.jpg", "contentType": "image/jpeg"})])
        .collect();
    let har = |content_type: &str, data: serde_json::Value| {
        let request = serde_json::json!({"method": "POST", "url": "https://sigv4examplebucket.s3.amazonaws.com/",
            "headers": [{"name": "Content-Type", "value": content_type}], "postData": data, "bodySize": 2000});
        serde_json::json!({"log": {"entries": [{"request": request}]}}).to_string()
    };
    for (content_type, data) in [
        (
            "multipart/form-data; boundary=x",
            serde_json::json!({"mimeType": "multipart/form-data", "params": fields}),
        ),
        (
            "multipart/form-data",
            serde_json::json!({"mimeType": "multipart/form-data", "params": fields, "text": ""}),
        ),
    ] {
        let report = json(&[], har(content_type, data).as_bytes(), 0);
        assert_eq!(
            (&report["signature"]["place"], &report["verdict"]["name"]),
            (&"form".into(), &"matches".into())
        );
        assert!(
            report["notes"].to_string().contains("built from the parameters of the HAR"),
            "{}",
            report["notes"]
        );
    }
    // Without a policy, the signature covers the bytes of the body, and the boundary is one of them.
    let data =
        serde_json::json!({"mimeType": "multipart/form-data", "params": [{"name": "a", "value": "1"}]});
    let report = json(&[], har("multipart/form-data; boundary=x", data).as_bytes(), 0);
    assert_eq!(report["request"]["body_bytes"], serde_json::Value::Null);

    // The body is that of Python's `urllib.parse.urlencode`.
    let data = serde_json::json!({"mimeType": "application/x-www-form-urlencoded",
        "params": [{"name": "Action", "value": "SendMessage"}, {"name": "MessageBody", "value": "a b&c=\u{fc}"}]});
    let asked = explain::read::request(har("application/x-www-form-urlencoded", data).as_bytes(), 0).unwrap();
    assert!(asked.body == explain::Body::Bytes(b"Action=SendMessage&MessageBody=a+b%26c%3D%C3%BC".to_vec()));
}

#[test]
fn the_commands_decode_the_policy_and_give_its_signature() {
    let script = out(&run(&["--commands"], form(POLICY.trim(), "user/user1/a.jpg", PUBLISHED).as_bytes()));
    let mut shell = Command::new("sh");
    shell.env("AWS_SECRET_ACCESS_KEY", SECRET);
    let printed = out(&with_input(shell, script.as_bytes()));
    let lines: Vec<_> = printed.trim_end().lines().collect();
    assert!(printed.contains("\"expiration\": \"2015-12-30T12:00:00.000Z\""), "{printed}");
    assert_eq!(lines[lines.len() - 2..], [POLICY.trim(), PUBLISHED]);
}

#[test]
fn what_is_wrong_with_a_form_is_named() {
    let policy = POLICY.trim();
    let cause = |message: &str, code| {
        let report = json(&[], message.as_bytes(), code);
        let cause = &report["findings"][0]["causes"][0];
        (cause["name"].as_str().unwrap().to_owned(), cause["header"].as_str().unwrap_or_default().to_owned())
    };
    let named = |name: &str, field: &str| (name.to_owned(), field.to_owned());
    let right = form(policy, "user/user1/a.jpg", PUBLISHED);
    assert_eq!(cause(&form(policy, "user/user2/a.jpg", PUBLISHED), 5), named("form-condition", "key"));
    let extra = right.replace(
        "name=\"acl\"",
        "name=\"x-amz-meta-other\"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name=\"acl\"",
    );
    assert_eq!(cause(&extra, 5), named("form-field", "x-amz-meta-other"));
    let broken: String =
        policy.as_bytes().chunks(60).map(|line| format!("{}\r\n", str::from_utf8(line).unwrap())).collect();
    assert_eq!(cause(&form(&broken, "user/user1/a.jpg", PUBLISHED), 5), named("form-policy", ""));
    assert_eq!(cause(&form(policy, "user/user1/a.jpg", &"0".repeat(64)), 5), named("secret-wrong", ""));
}

/// The conditions, and so the Base64 text too, contain a session token and a customer key.
#[test]
fn secrets_in_a_policy_are_not_printed() {
    let policy = r#"{"expiration":"2015-12-30T12:00:00Z","conditions":[{"x-amz-security-token":"token-TOKEN"},
        ["eq","$x-amz-server-side-encryption-customer-key","key-KEY"]]}"#;
    let base64 = BASE64_STANDARD.encode(policy);
    let fields = "name=\"x-amz-security-token\"\r\n\r\ntoken-TOKEN\r\n--x\r\nContent-Disposition: form-data; \
                  name=\"x-amz-server-side-encryption-customer-key\"\r\n\r\nkey-KEY\r\n--x\r\nContent-Disposition: form-data; name=\"acl\"";
    for message in [
        form(&base64, "k", PUBLISHED).replace("name=\"acl\"", fields),
        // The fields are missing, and the policy has the values.
        form(&base64, "k", PUBLISHED),
        // The end of the policy is missing, so it is not JSON.
        form(&BASE64_STANDARD.encode(policy.trim_end_matches('}')), "k", PUBLISHED),
    ] {
        for arguments in [&["--json"][..], &["--html"], &["--commands"], &[]] {
            let printed = out(&run(arguments, message.as_bytes()));
            for secret in ["token-TOKEN", "key-KEY", base64.as_str()] {
                assert!(!printed.contains(secret), "{arguments:?}: {printed}");
            }
        }
    }
}
