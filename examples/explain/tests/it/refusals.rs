//! Refusals that the text shows: the answer in the same file, a body that is not known, the log of a proxy, exit codes.

use countersign::{Credentials, Payload, Request, SecretAccessKey, Service, Signer, Timestamp};

use crate::program::{EMPTY, SECRET, authorization, err, file, json, message, out, program, with_input};

#[test]
fn the_answer_after_the_request_in_one_file_is_the_answer() {
    let canonical = format!(
        "GET\n/test.txt\n\nhost:origin.s3.eu-west-1.amazonaws.com\nrange:bytes=0-9\nx-amz-content-sha256:{EMPTY}\n\
         x-amz-date:20130524T000000Z\n\nhost;range;x-amz-content-sha256;x-amz-date\n{EMPTY}"
    );
    let request = message().replace("examplebucket.s3.amazonaws.com", "dl.example.com").replace("\r\n", "\n");
    let text = format!(
        "{} \nHTTP/1.1 403 Forbidden\nContent-Type: application/xml\n \n<Error><Code>SignatureDoesNotMatch</Code>\
         <CanonicalRequest>{canonical}</CanonicalRequest></Error>\n",
        request.trim_end().to_owned() + "\n"
    );
    let output = with_input(program_with(&["--json", "-"]), text.as_bytes());
    assert_eq!(output.status.code(), Some(5), "{}{}", out(&output), err(&output));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let cause = &report["findings"][0]["causes"][0];
    assert_eq!(cause["name"], "host-rewritten", "{report}");
    assert_eq!(report["findings"][0]["from"], "answer");
    assert!(
        cause["fix"].as_str().unwrap().starts_with("Sign for origin.s3.eu-west-1.amazonaws.com"),
        "{cause}"
    );
    assert!(!report["notes"].to_string().contains("is not the SHA-256"), "{}", report["notes"]);
}

fn program_with(arguments: &[&str]) -> std::process::Command {
    let mut command = program();
    command.args(arguments);
    command
}

#[test]
fn a_body_that_is_not_known_has_no_hash_and_is_no_cause() {
    let folder = tempfile::tempdir().unwrap();
    let signed = "content-length;content-type;host;x-amz-date";
    let request = format!(
        "POST / HTTP/1.1\nHost: firehose.eu-west-1.amazonaws.com\nContent-Length: 20\nContent-Type: application/x-amz-json-1.1\n\
         X-Amz-Date: 20261120T090000Z\nAuthorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261120/eu-west-1/firehose/\
         aws4_request, SignedHeaders={signed}, Signature={}\n\n",
        "cd".repeat(32)
    );
    let payload = "ab".repeat(32);
    let answer = format!(
        "{{\"message\":\"The request signature we calculated does not match the signature you provided.\\n\\nThe Canonical String \
         for this request should have been\\n'POST\\n/\\n\\ncontent-length:\\ncontent-type:application/x-amz-json-1.1\\n\
         host:firehose.eu-west-1.amazonaws.com\\nx-amz-date:20261120T090000Z\\n\\n{signed}\\n{payload}'\\n\"}}"
    );
    let (request, answer) = (
        file(folder.path(), "request", request.as_bytes()),
        file(folder.path(), "answer", answer.as_bytes()),
    );
    let output = program().args(["--json", "--answer", &answer, &request]).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let causes = report["findings"][0]["causes"].as_array().unwrap();
    let names: Vec<_> = causes.iter().map(|cause| cause["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["content-length"], "{report}");
    assert!(causes[0]["fix"].as_str().unwrap().contains("gateway or proxy"), "{report}");
    let lines = report["steps"][0]["lines"].as_array().unwrap();
    assert_eq!(lines.last().unwrap()["text"], "(not known: the body is missing)");
    assert_eq!(report["steps"][0]["sha256"], serde_json::Value::Null);
    assert!(!report["steps"].to_string().contains(&EMPTY[..16]), "{}", report["steps"]);
    assert_eq!(output.status.code(), Some(5));
}

#[test]
fn an_option_of_the_user_is_no_evidence() {
    let message = message();
    let report = json(&["--region", "eu-west-1", &message], b"", 5);
    let cause = &report["findings"][0]["causes"][0];
    assert_eq!(cause["name"], "region");
    assert_eq!(cause["certainty"], "suspected: compared with --region");
    let mut command = program_with(&["--json", &message]);
    command.env("AWS_SECRET_ACCESS_KEY", SECRET).env("AWS_SESSION_TOKEN", "token");
    let output = command.output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let cause = &report["findings"][0]["causes"][0];
    assert_eq!(cause["name"], "session-token-missing", "{report}");
    assert_eq!(cause["certainty"], "suspected: compared with AWS_SESSION_TOKEN");
}

#[test]
fn a_log_of_a_proxy_shows_the_path_that_was_received() {
    let folder = tempfile::tempdir().unwrap();
    let secret = SecretAccessKey::new(SECRET);
    let signer =
        Signer::new(Credentials::new("AKIDEXAMPLE", secret).unwrap(), "us-east-1", Service::S3).unwrap();
    let time = Timestamp::parse("20261120T051209Z").unwrap();
    let mut headers = vec![("Host", "s3.lake.example.com")];
    let request = Request::new("GET", "/raw/a//b%3D1/c", &headers);
    let signed = signer.sign(&request, Payload::Bytes(b""), time).unwrap();
    headers.extend(&signed);
    let lines: String = headers.iter().map(|(name, value)| format!("> {name}: {value}\n")).collect();
    let text = format!(
        "$ curl -v $URL\n> GET /raw/a//b%3D1/c HTTP/1.1\n{lines}>\n< HTTP/1.1 403 Forbidden\n< Server: nginx\n<\n\
                        <Error><Code>SignatureDoesNotMatch</Code></Error>\n"
    );
    let log = "10.0.0.1 - - [20/Nov/2026:05:12:09 +0000] \"GET /raw/a//b%3D1/c HTTP/1.1\" 403 198 \"-\" \"curl/8\"\n\
               rgw: 10.0.0.2 - - [20/Nov/2026:05:12:09 +0000] \"GET /raw/a/b=1/c HTTP/1.0\" 403 198 - \"curl/8\"\n";
    let (text, log) =
        (file(folder.path(), "text", text.as_bytes()), file(folder.path(), "log", log.as_bytes()));
    let report = json(&["--answer", &log, &text], b"", 5);
    let cause = &report["findings"][0]["causes"][0];
    assert_eq!(cause["name"], "path-normalized", "{report}");
    assert_eq!(cause["certainty"], "certain: these bytes differ");
    assert_eq!(cause["signed"]["text"], "/raw/a//b%3D1/c");
    assert_eq!(cause["received"]["text"], "/raw/a/b=1/c");
    assert!(cause["fix"].as_str().unwrap().contains("merge_slashes off"), "{cause}");
    // Without the log, the two slashes are suspected before the host.
    let report = json(&[&text], b"", 5);
    let causes = report["findings"][0]["causes"].as_array().unwrap();
    let names: Vec<_> = causes.iter().map(|cause| cause["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["path-normalized", "host-rewritten"]);
}

#[test]
fn a_request_that_states_a_hash_and_has_no_body_is_not_accused() {
    let text = format!(
        "PUT /a HTTP/1.1\nHost: b.s3.eu-west-1.amazonaws.com\nx-amz-content-sha256: {}\nx-amz-date: 20130524T000000Z\n\
         Authorization: {}\n\n",
        "ab".repeat(32),
        authorization().replace("range;", "")
    );
    let output = with_input(program_with(&["--json", "-"]), text.as_bytes());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["notes"].to_string().contains("does not contain its body"), "{report}");
    assert!(!report["notes"].to_string().contains("is not the SHA-256"), "{report}");
}

#[test]
fn a_log_that_begins_with_a_time_in_brackets_is_no_har() {
    let output = with_input(program_with(&["-"]), b"[2026-11-20 10:00:00] ERROR upload failed\n");
    assert!(!format!("{}{}", out(&output), err(&output)).contains("HAR cannot"), "{}", err(&output));
}
