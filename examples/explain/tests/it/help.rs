//! Every example of `--help` runs as it is printed.

use std::process::Command;

use crate::program::{err, out, program, with_input};

#[test]
fn every_example_of_the_help_runs() {
    let folder = tempfile::tempdir().unwrap();
    let path = std::path::Path::new(env!("CARGO_BIN_EXE_explain")).parent().unwrap();
    let path = format!("{}:{}", path.display(), std::env::var("PATH").unwrap());
    for flag in ["-h", "--help"] {
        let help = out(&program().arg(flag).output().unwrap());
        let (_, examples) = help.split_once("Examples:\n").unwrap();
        let examples: Vec<_> = examples.lines().take_while(|line| line.starts_with("  ")).collect();
        assert_eq!(examples.len(), 9, "{help}");
        for example in examples {
            let mut shell = Command::new("sh");
            shell.env("PATH", &path).env_remove("AWS_SECRET_ACCESS_KEY").env_remove("AWS_ACCESS_KEY_ID");
            shell.current_dir(folder.path());
            let output = with_input(shell, format!("set -e\n{example}\n").as_bytes());
            assert!(output.status.success(), "{example}\n{}{}", out(&output), err(&output));
            assert!(example.contains("> page.html") || out(&output).lines().count() >= 6, "{example}");
        }
    }
}

#[test]
fn the_long_help_documents_exit_codes_and_environment() {
    let help = out(&program().arg("--help").output().unwrap());
    for line in
        ["0  done", "1  failed", "2  wrong usage", "5  the signature", "AWS_SECRET_ACCESS_KEY  the secret"]
    {
        assert!(help.contains(line), "{help}");
    }
}

#[test]
fn messages_say_what_to_do() {
    for (arguments, code, says) in [
        (&[][..], 2, "there is no request"),
        (&["hello world"], 2, "give a curl command, a URL"),
        (&["missing-file"], 1, "missing-file cannot be read"),
        (&["curl 'https://example.com"], 2, "a quotation mark is not closed"),
        (&["curl ^\"https://example.com^\""], 2, "Copy as cURL (bash)"),
        (&["curl -X"], 2, "the value of an option is missing"),
        (&["https://example.com/"], 2, "add --service NAME"),
        (&["https://example.com/", "--service", "s3"], 2, "add --region NAME"),
        (&["https://b.s3.amazonaws.com/k?AWSAccessKeyId=A&Signature=s&Expires=1"], 2, "Signature Version 2"),
        (&["https://b.s3.amazonaws.com/k", "--time", "soon"], 2, "write now, 20130524T000000Z"),
        (&["GET /k HTTP/1.1\n\n"], 2, "the header Host is missing"),
        (&["{\"a\": 1}", "--json"], 2, "a request needs `method`, `url` and `headers`"),
    ] {
        let output = program().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?} {}", err(&output));
        assert!(err(&output).contains(says), "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains("to do: "), "{}", err(&output));
    }
}

#[test]
fn an_empty_input_and_binary_data_are_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| crate::program::file(folder.path(), name, bytes);
    let empty = file("empty", b"\xff\xfe\n\0");
    let picture = file("picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let noise = file("noise", &(128..=255).collect::<Vec<u8>>());
    let url = "https://b.s3.amazonaws.com/k";
    for (arguments, says) in [
        (&[""][..], "there is no request"),
        (&[" "], "there is no request"),
        (&[&empty], "there is no request"),
        (&[url, "--compare", ""], "there is no request"),
        (&["--allow-files", "curl -d @ https://b.s3.amazonaws.com/k"], "the name of a file is empty"),
        (&["--url", ""], "the URL has no host"),
        (&[url, "--time", ""], "--time `` is not a time"),
        (&[&picture], "the input is not a text"),
        (&[&noise], "the input is not a text"),
        (&["--answer", &picture], "the answer is not a text"),
        (&[url, "--answer", &picture], "the answer is not a text"),
    ] {
        let output = program().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {}", out(&output));
        assert!(err(&output).starts_with(&format!("explain: {says}")), "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains("to do: ") && out(&output).is_empty(), "{}", err(&output));
    }
    let mut command = program();
    command.arg("-");
    let output = with_input(command, b"\x1f\x8b\x08\0\0\0\0\0");
    assert_eq!(
        (output.status.code(), err(&output).contains("not a text")),
        (Some(2), true),
        "{}",
        err(&output)
    );

    // A capture of packets is binary, and can contain the answer of a service.
    let capture =
        b"\xd4\xc3\xb2\xa1\0\0HTTP/1.1 403 Forbidden\r\n\r\n<Error><Code>InvalidAccessKeyId</Code></Error>\0";
    let output = program().args(["--answer", &file("capture", capture)]).output().unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", err(&output));
}
