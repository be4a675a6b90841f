//! The program as a user runs it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// The signature of GET Object in the S3 API Reference.
pub const PUBLISHED: &str = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
pub const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Returns the `Authorization` header of the S3 manual's GET Object.
pub fn authorization() -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
         SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature={PUBLISHED}"
    )
}

/// Returns the S3 manual's GET Object as an HTTP message.
pub fn message() -> String {
    format!(
        "GET /test.txt HTTP/1.1\r\nHost: examplebucket.s3.amazonaws.com\r\nRange: bytes=0-9\r\n\
         x-amz-content-sha256: {EMPTY}\r\nx-amz-date: 20130524T000000Z\r\nAuthorization: {}\r\n\r\n",
        authorization()
    )
}

/// Returns the program without the environment of the user.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_explain"));
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// Runs the program with the secret of AWS's documents.
pub fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = program();
    command.args(arguments).env("AWS_SECRET_ACCESS_KEY", SECRET);
    with_input(command, input)
}

/// Runs a command with this standard input.
pub fn with_input(mut command: Command, input: &[u8]) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that does not read its input closes it.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// Returns the report of a run that ends with this code.
#[track_caller]
pub fn json(arguments: &[&str], input: &[u8], code: i32) -> serde_json::Value {
    let arguments: Vec<&str> = ["--json", "--show-signature"].iter().chain(arguments).copied().collect();
    let output = run(&arguments, input);
    assert_eq!(output.status.code(), Some(code), "{}{}", out(&output), err(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Writes a file and returns its path.
pub fn file(folder: &Path, name: &str, content: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}
