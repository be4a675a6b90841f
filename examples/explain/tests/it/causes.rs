//! The causes of the corpus, found by the program in an HTTP message.

use confusion::{BREAKS, Broken, Sides, broken};

use crate::program::{out, program, with_input};

/// Returns the broken request as an HTTP message.
fn message(case: &Broken) -> Vec<u8> {
    let wire = &case.wire;
    let mut message = format!("{} {} HTTP/1.1\r\n", wire.method, wire.target).into_bytes();
    for (name, value) in &wire.headers {
        message.extend(name.bytes().chain(*b": "));
        message.extend(value);
        message.extend(b"\r\n");
    }
    message.extend(b"\r\n");
    message.extend(&wire.body);
    message
}

/// Runs the program as the operator of the server.
fn diagnosed(case: &Broken, arguments: &[&str]) -> serde_json::Value {
    let mut command = program();
    command.args(["--json", "--region", case.draft.region, "--service", case.draft.service]);
    command.args(["--time", &case.draft.time]).args(arguments);
    command.env("AWS_ACCESS_KEY_ID", &case.draft.id).env("AWS_SECRET_ACCESS_KEY", &case.draft.secret);
    if case.draft.id.starts_with("ASIA") {
        command.env("AWS_SESSION_TOKEN", testkit::TOKEN);
    }
    let output = with_input(command, &message(case));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?} {}", out(&output)))
}

#[test]
fn names_the_causes_that_the_library_finds_with_the_secret() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for mistake in BREAKS.iter().filter(|mistake| mistake.sides != Sides::Answer) {
        // A request without a signature gets the steps of a new one.
        if mistake.cause.as_str() == "no-signature" {
            continue;
        }
        let is_http = |case: &Broken| !case.wire.target.contains("://");
        let Some(case) = (0..200).filter_map(|seed| broken(mistake, seed)).find(is_http) else { continue };
        count += 1;
        let report = diagnosed(&case, &[]);
        let name = &report["findings"][0]["causes"][0]["name"];
        if name != mistake.cause.as_str() {
            wrong.push(format!("{}: {name} {}", mistake.cause.as_str(), report["verdict"]));
        }
    }
    assert!(count > 60, "{count} causes");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_the_cause_with_the_answer_of_the_service() {
    let folder = tempfile::tempdir().unwrap();
    // The message is the request as it was received, so the answer names causes without the secret where the two differ.
    let request = "curl -X PUT https://minio.example.com/bucket/key -H 'content-type: image/png' -H 'x-amz-date: 20130524T000000Z' -d x";
    let region = ["--region", "us-east-1", "--service", "s3"];
    let ours: Vec<&str> = [request, "--json"].into_iter().chain(region).collect();
    let ours: serde_json::Value =
        serde_json::from_slice(&program().args(ours).output().unwrap().stdout).unwrap();
    let lines = ours["steps"][0]["lines"].as_array().unwrap();
    let text: Vec<_> = lines.iter().map(|line| line["text"].as_str().unwrap()).collect();
    let canonical = text.join("\n");
    for (from, to, cause) in [
        ("host:minio.example.com", "host:minio:9000", "host-rewritten"),
        ("image/png", "image/png; charset=utf-8", "content-type"),
        ("PUT", "POST", "method"),
        ("/bucket/key", "/key", "path-prefix"),
    ] {
        let theirs = canonical.replacen(from, to, 1);
        let answer = format!(
            "<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>{theirs}</CanonicalRequest></Error>"
        );
        let answer = crate::program::file(folder.path(), "answer.xml", answer.as_bytes());
        let arguments: Vec<&str> =
            [request, "--json", "--answer", &answer].into_iter().chain(region).collect();
        let report = program().args(arguments).output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&report.stdout).unwrap();
        assert_eq!(report["findings"][0]["from"], "answer");
        assert_eq!(report["findings"][0]["causes"][0]["name"], cause);
    }
}

#[test]
fn an_answer_that_states_only_its_code_hides_no_reason() {
    let mut command = program();
    let message =
        crate::program::message().replace("bytes=0-9", "bytes=0-8").replace("/test.txt", "/Test.txt");
    command.args(["--json", "--answer", "-", &message]).env("AWS_SECRET_ACCESS_KEY", crate::program::SECRET);
    let output = with_input(command, b"<Error><Code>SignatureDoesNotMatch</Code></Error>");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
    assert_eq!(report["findings"][0]["from"], "received");
}

#[test]
fn diagnoses_an_answer_without_a_request() {
    let mut command = program();
    command.args(["--answer", "-"]);
    let answer =
        "<Error><Code>PermanentRedirect</Code><Endpoint>b.s3.eu-west-1.amazonaws.com</Endpoint></Error>";
    let output = with_input(command, answer.as_bytes());
    assert_eq!(output.status.code(), Some(5));
    assert!(
        out(&output).starts_with("This is not a problem of the signature (redirect)."),
        "{}",
        out(&output)
    );
}

/// Requests without the secret.
#[test]
fn says_what_can_be_seen_without_the_secret() {
    let url = "https://b.s3.eu-west-1.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256\
               &X-Amz-Credential=AKIDEXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z\
               &X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=f0e8bdb8";
    let report = |input: &str| -> serde_json::Value {
        serde_json::from_slice(&program().args(["--json", input]).output().unwrap().stdout).unwrap()
    };
    let cut = report(url);
    assert_eq!(cut["findings"][0]["causes"][0]["name"], "url-cut-off");
    assert!(cut["notes"].to_string().contains("The host is in the region eu-west-1"));
    let curl = format!(
        "curl https://b.s3.amazonaws.com/k -d x -H 'x-amz-content-sha256: {}' -H 'x-amz-date: 20130524T000000Z' \
         -H 'Authorization: {}'",
        crate::program::EMPTY,
        crate::program::authorization().replace("range;", "")
    );
    assert!(report(&curl)["notes"].to_string().contains("is not the SHA-256 of this body"));
}
