//! Secrets, tokens and signatures are not printed.

use crate::program::{PUBLISHED, SECRET, authorization, err, file, message, out, program, run, with_input};

const TOKEN: &str = "AQoDYXdzEPTtokenThatMustNotBeShown";

#[test]
fn secrets_tokens_and_signatures_are_in_no_output() {
    let folder = tempfile::tempdir().unwrap();
    let request = message().replace(
        "Range: bytes=0-9",
        &format!(
            "Range: bytes=0-9\r\nX-Amz-Security-Token: {TOKEN}\r\nX-Api-Key: private\r\nCookie: private"
        ),
    );
    let answer = "<Error><Code>SignatureDoesNotMatch</Code></Error>";
    let answer = file(folder.path(), "answer", answer.as_bytes());
    for form in ["--json", "--html", "--commands", "-v"] {
        let output = run(&[form, "--answer", &answer, "--compare", &message()], request.as_bytes());
        let shown = out(&output) + &err(&output);
        for secret in [SECRET, TOKEN, "private", PUBLISHED] {
            assert!(!shown.contains(secret), "{form}: {secret}");
        }
        assert!(form == "--commands" || shown.contains("f0e8bdb8"), "{form}");
    }
    let whole = out(&run(&["--show-signature"], message().as_bytes()));
    assert!(whole.contains(PUBLISHED));
}

#[test]
fn the_secret_of_a_curl_command_is_not_used_and_not_printed() {
    let command =
        format!("curl -u AKIAIOSFODNN7EXAMPLE:{SECRET} --aws-sigv4 aws:amz:us-east-1:s3 https://b.example/k");
    let output = program().args(["--json", &command]).output().unwrap();
    let shown = out(&output);
    assert!(!shown.contains(SECRET) && shown.contains("The secret of -u is not used"), "{shown}");
}

#[test]
fn an_error_does_not_quote_the_input() {
    let secret = format!("{{\"Authorization\": \"{}\", \"token\": \"{TOKEN}\"", authorization());
    for input in [
        secret.clone(),
        format!("curl '{secret}"),
        format!("GET / HTTP/1.1\n{TOKEN}\n\n"),
        format!("x{TOKEN} {secret}"),
    ] {
        let mut command = program();
        command.arg("-");
        let output = with_input(command, input.as_bytes());
        let shown = err(&output) + &out(&output);
        assert_eq!(output.status.code(), Some(2), "{shown}");
        assert!(!shown.contains(TOKEN) && !shown.contains(PUBLISHED), "{shown}");
    }
}

#[test]
fn a_secret_in_the_userinfo_of_a_url_is_not_printed() {
    let url = format!("https://user:{TOKEN}@b.s3.amazonaws.com/k");
    let output = program().arg(&url).output().unwrap();
    assert!(output.status.success() && !out(&output).contains(TOKEN), "{}", out(&output));
}

#[test]
fn a_presigned_url_that_was_escaped_or_encoded_again_is_masked_too() {
    let url = format!(
        "https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Credential=ASIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z\
         &X-Amz-Expires=60&X-Amz-Security-Token={TOKEN}&X-Amz-SignedHeaders=host&X-Amz-Signature={PUBLISHED}"
    );
    let encoded = url.replace('%', "%25").replace('&', "%26").replace('=', "%3D").replace('?', "%3F");
    for input in [url.clone(), url.replace('&', "&amp;"), encoded] {
        for form in ["--json", "--html", "--commands", "-v"] {
            let output = run(&[form, &input], b"");
            let shown = out(&output) + &err(&output);
            assert!(!shown.contains(TOKEN) && !shown.contains(PUBLISHED), "{form} {input}\n{shown}");
        }
    }
}
