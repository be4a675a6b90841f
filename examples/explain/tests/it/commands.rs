//! The commands run in `sh`, and give the values that AWS published.

use std::process::Command;

use crate::program::{PUBLISHED, SECRET, err, message, out, run, with_input};

fn sh(script: &str, token: &str) -> String {
    let mut shell = Command::new("sh");
    shell.env("AWS_SECRET_ACCESS_KEY", SECRET).env("AWS_SESSION_TOKEN", token);
    let output = with_input(shell, script.as_bytes());
    assert!(output.status.success() && output.stderr.is_empty(), "{}", err(&output));
    out(&output)
}

#[test]
fn the_commands_give_each_value_of_the_s3_manual() {
    let script = out(&run(&["--commands"], message().as_bytes()));
    let keys = "echo \"$k_date\"\necho \"$k_region\"\necho \"$k_service\"\necho \"$k_signing\"\n";
    let lines = sh(&(script + keys), "");
    assert_eq!(
        lines.lines().collect::<Vec<_>>(),
        [
            "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972",
            "AWS4-HMAC-SHA256",
            "20130524T000000Z",
            "20130524/us-east-1/s3/aws4_request",
            "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972",
            PUBLISHED,
            // Computed with Python's `hmac`.
            "68896419206d6240ad4cd7dc8ba658efbf3b43b53041950083a10833824fcfbb",
            "0506335cc36b4a971f6beddf0adbd976ee71222cb42c131487e0c12c5c47a025",
            "05602c14e8b6aad30e7f6dec4b544071f6e4a742934bc5e36415733c47a67d44",
            "dbb893acc010964918f1fd433add87c70e8b0db6be30c1fbeafefa5ec6ba8378",
        ]
    );
}

#[test]
fn the_commands_give_the_signature_of_the_iam_guide() {
    let command = "curl 'https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08' \
                   -H 'Content-Type: application/x-www-form-urlencoded; charset=utf-8' -H 'X-Amz-Date: 20150830T123600Z'";
    let mut program = crate::program::program();
    let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    program.args(["--commands", command]);
    let script = out(&program.output().unwrap());
    let mut shell = Command::new("sh");
    shell.env("AWS_SECRET_ACCESS_KEY", secret);
    let lines = out(&with_input(shell, script.as_bytes()));
    assert_eq!(
        lines.lines().last(),
        Some("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"),
        "{script}"
    );
}

#[test]
fn the_commands_read_the_session_token_from_the_environment() {
    let token = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
    let header = format!(
        "curl https://examplebucket.s3.amazonaws.com/it%27s -H 'x-amz-security-token: {token}' -H 'x-amz-date: 20130524T000000Z'"
    );
    let report = crate::program::json(&[&header], b"", 0);
    let script = out(&run(&["--commands", &header], b""));
    assert!(!script.contains("AQoDYXdz") && !script.contains(SECRET), "{script}");
    let expected = report["steps"][3]["lines"][0]["text"].as_str().unwrap().to_owned();
    assert_eq!(sh(&script, token).lines().last(), Some(expected.as_str()));

    let encoded = token.replace('/', "%2F").replace('+', "%2B").replace('=', "%3D");
    let url = format!(
        "https://examplebucket.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Credential=ASIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z\
         &X-Amz-Expires=60&X-Amz-Security-Token={encoded}&X-Amz-SignedHeaders=host&X-Amz-Signature={PUBLISHED}"
    );
    let report = crate::program::json(&[&url], b"", 5);
    let script = out(&run(&["--commands", &url], b""));
    assert!(!script.contains("AQoDYXdz"), "{script}");
    assert_eq!(sh(&script, token).lines().next(), report["steps"][0]["sha256"].as_str());
}

#[test]
fn a_header_that_is_a_secret_is_in_no_command() {
    let command = "curl https://abc.execute-api.us-east-1.amazonaws.com/x -H 'x-api-key: very-private'";
    let script = out(&run(&["--commands", command], b""));
    assert!(script.contains("There is no command") && !script.contains("very-private"), "{script}");
}

#[test]
fn the_commands_stop_without_the_secret() {
    let script = out(&run(&["--commands"], message().as_bytes()));
    let mut shell = Command::new("sh");
    shell.env_remove("AWS_SECRET_ACCESS_KEY");
    let output = with_input(shell, script.as_bytes());
    assert!(!output.status.success());
    assert!(
        err(&output).contains("AWS_SECRET_ACCESS_KEY: set it to the secret access key"),
        "{}",
        err(&output)
    );
}

/// The signature is that of `SigV4QueryAuth` in botocore 1.43.11, without a token. AWS IoT expects the token after it.
#[test]
fn a_token_that_the_service_does_not_sign_is_in_no_step() {
    let published = "bf7b061a89c5aeb4269f126d5335c8806ab3a47d0f7dc30eaa05f89696363b03";
    let url = format!(
        "https://a1b2c3-ats.iot.us-east-1.amazonaws.com/mqtt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fiotdevicegateway%2Faws4_request\
         &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature={published}\
         &X-Amz-Security-Token=FwoGZXIvYXdzEXAMPLE%3D%3D"
    );
    let report = crate::program::json(&[&url], b"", 0);
    assert_eq!(report["verdict"]["name"], "matches");
    assert!(report["notes"].to_string().contains("The session token is not in the steps"), "{report}");
    let query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2F\
                 iotdevicegateway%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host";
    assert_eq!(report["steps"][0]["lines"][2]["text"], query);
    let script = out(&run(&["--commands", &url], b""));
    assert_eq!(sh(&script, "").lines().last(), Some(published), "{script}");

    // The library reads the same steps from the text of a terminal.
    let text = format!("$ websocat '{url}'\n");
    let report = crate::program::json(&["-"], text.as_bytes(), 0);
    assert_eq!(report["steps"][0]["lines"][2]["text"], query);
}

/// The signature of the changed request was computed with Python's `hmac`.
#[test]
fn step_4_has_the_signature_of_the_commands_if_another_one_was_received() {
    let computed = "ee466fe6cfb4c75116a7a603f716b55669c184171ec4777d9b61621c88fd0549";
    let changed = message().replace("bytes=0-9", "bytes=0-8");
    let missing = changed.replace(&format!(",Signature={PUBLISHED}"), "");
    for (message, received) in [(changed, PUBLISHED), (missing, "(missing)")] {
        let report = crate::program::json(&[], message.as_bytes(), 5);
        let lines = report["steps"][3]["lines"].as_array().unwrap();
        let lines: Vec<_> = lines.iter().map(|line| line["text"].as_str().unwrap()).collect();
        assert_eq!(lines, [format!("{computed} computed"), format!("{received} received")]);
        let script = out(&run(&["--commands"], message.as_bytes()));
        assert_eq!(sh(&script, "").lines().last(), Some(computed));
    }
}
