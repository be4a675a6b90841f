//! `--stdin`: a JSON line for each key.

use std::io::Write;
use std::process::Stdio;
use std::time::Instant;

use serde_json::Value;

use crate::shell::{Shell, text};

fn lines(shell: &Shell, arguments: &[&str], input: &[u8]) -> (Option<i32>, Vec<Value>) {
    let mut command = shell.command(env!("CARGO_BIN_EXE_share"));
    let mut child =
        command.args(arguments).arg("--stdin").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let lines = text(&output.stdout);
    (output.status.code(), lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[test]
fn each_key_has_a_line_in_order() {
    let shell = Shell::new();
    shell.put("reports/a b", b"1");
    let (code, lines) =
        lines(&shell, &["get", "s3://examplebucket/reports/"], b"a b\nit's \"q\"\n\xe6\x97\xa5");
    assert_eq!(code, Some(0));
    let keys: Vec<_> = lines.iter().map(|line| line["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["a b", "it's \"q\"", "日"]);
    assert!(shell.share(&["check", lines[0]["url"].as_str().unwrap()]).status.success());
    assert!(lines[2]["url"].as_str().unwrap().contains("/examplebucket/reports/%E6%97%A5?"));
    assert!(lines[0]["expires_at"].as_str().unwrap().ends_with('Z'));
}

#[test]
fn a_key_that_cannot_be_signed_has_an_error_and_the_rest_goes_on() {
    let shell = Shell::new();
    let (code, lines) = lines(&shell, &["get", "s3://examplebucket"], b"good\n\xff\n\nlast\n");
    assert_eq!(code, Some(1));
    let errors: Vec<_> = lines.iter().map(|line| line["error"].as_str().unwrap_or_default()).collect();
    assert_eq!(errors, ["", "the key is not UTF-8", "the key is empty", ""]);
    // The prefix of its own is an object that the user has not named.
    let (code, lines) = self::lines(&shell, &["put", "s3://examplebucket/uploads/"], b"a\n\n");
    assert_eq!(
        (code, &lines[1]["error"], &lines[1]["url"]),
        (Some(1), &"the key is empty".into(), &Value::Null)
    );
}

#[test]
fn keys_can_end_with_nul() {
    let shell = Shell::new();
    let (code, lines) = lines(&shell, &["get", "s3://examplebucket", "-0"], b"a\nb\0c");
    assert_eq!((code, lines.len(), &lines[0]["key"]), (Some(0), 2, &"a\nb".into()));
}

/// Prints how many; `cargo test --release -p share -- --nocapture thousands` measures.
#[test]
fn thousands_of_keys_are_signed_in_a_second() {
    let shell = Shell::new();
    const KEYS: usize = 5_000;
    let input: String = (0..KEYS).map(|number| format!("photos/2026/{number}.jpg\n")).collect();
    let start = Instant::now();
    let (code, lines) = lines(&shell, &["get", "s3://examplebucket"], input.as_bytes());
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!((code, lines.len()), (Some(0), KEYS));
    println!("{KEYS} URLs in {seconds:.2} s: {:.0} a second", KEYS as f64 / seconds);
}
