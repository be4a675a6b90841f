//! The examples of `--help` start as printed.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use bucket::Server;
use tempfile::TempDir;

use crate::rights::until;
use crate::running::{Gateway, Real, program};

#[tokio::test]
async fn the_examples_of_the_help_start() {
    let server = Server::start().await.unwrap();
    let (endpoint, key, secret) = (server.endpoint(), &*server.access_key, &*server.secret_key);
    let real = Real { endpoint: &endpoint, key, secret };
    let folder = TempDir::new().unwrap();
    let help = program(folder.path(), &real).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    // The files of keys are those that the help prints.
    let files = help.split("  [[key]]").skip(1).map(|rest| rest.split("\n\n").next().unwrap());
    for (file, entry) in ["keys.toml", "agents.toml"].into_iter().zip(files) {
        std::fs::write(folder.path().join(file), format!("[[key]]{entry}")).unwrap();
    }
    let examples = help.lines().filter_map(|line| line.strip_prefix("  gateway"));
    let mut count = 0;
    for example in examples {
        // Other ports than those of a gateway that runs on this machine.
        let mut arguments: Vec<_> =
            example.split_whitespace().map(|word| word.replace("0.0.0.0:8080", "127.0.0.1:0")).collect();
        if !example.contains("--listen") {
            arguments.extend(["--listen".to_owned(), "127.0.0.1:0".to_owned()]);
        }
        arguments.extend(["--admin".to_owned(), "127.0.0.1:0".to_owned()]);
        let mut process =
            program(folder.path(), &real).args(&arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let _ = process.kill();
        let _ = process.wait();
        assert!(line.starts_with("listening on http://"), "gateway{example}: {line}");
        count += 1;
    }
    assert_eq!(count, 5, "{help}");
}

#[test]
fn a_wrong_argument_is_named_with_what_is_allowed() {
    let folder = TempDir::new().unwrap();
    let real = Real { endpoint: "http://127.0.0.1:1", key: "A", secret: "b" };
    for (arguments, says) in [
        (["--listen", "localhost:8080"], "write an IP address and a port, such as 127.0.0.1:8080"),
        (["--admin", "8081"], "write an IP address and a port, such as 127.0.0.1:8080"),
        (["--domain", "http://s3.example.com"], "--domain http://s3.example.com is not a host name"),
        (["--endpoint", "localhost:9000"], "write http://HOST:PORT or https://HOST"),
    ] {
        let output = program(folder.path(), &real).args(arguments).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains(says), "{arguments:?}: {error}");
    }
}

/// The key that a gateway makes by itself has rights on buckets only, and its own server is no AWS.
#[test]
fn egress_needs_keys_and_credentials() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("keys.toml"), crate::running::KEYS).unwrap();
    let run = |arguments: &[&str]| {
        let real = Real { endpoint: "", key: "", secret: "" };
        let mut command = Command::new("timeout");
        let program = program(folder.path(), &real);
        command.arg("60").arg(program.get_program()).args(arguments).current_dir(folder.path());
        command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, error) = run(&["--egress"]);
    assert!(code == Some(2) && error.contains("--keys <FILE>"), "{code:?} {error}");
    let (code, error) = run(&["--egress", "--keys", "keys.toml"]);
    assert!(code == Some(4) && error.contains("no credentials of AWS are configured"), "{code:?} {error}");
}

#[tokio::test]
async fn what_makes_each_request_fail_is_logged_at_the_start() {
    let server = Server::start().await.unwrap();
    let endpoint = server.endpoint();
    let real = Real { endpoint: &endpoint, key: "", secret: "" };
    let keys = "[[key]]\nid = \"A\"\nsecret = \"a secret of 20 characters\"\n";
    let gateway = Gateway::launch(&real, keys, &[]);
    until(&gateway, "every request is answered with 500 until there are credentials").await;
    until(&gateway, "the key may do nothing key=\"A\" needed=\"allow\"").await;
}

#[tokio::test]
async fn a_gateway_without_keys_makes_one() {
    let server = Server::start().await.unwrap();
    let (endpoint, key, secret) = (server.endpoint(), &*server.access_key, &*server.secret_key);
    let folder = TempDir::new().unwrap();
    let mut process = program(folder.path(), &Real { endpoint: &endpoint, key, secret })
        .args(["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: Vec<_> =
        BufReader::new(process.stdout.take().unwrap()).lines().take(7).map(Result::unwrap).collect();
    let value =
        |name: &str| lines.iter().find_map(|line| line.strip_prefix(&format!("export {name}="))).unwrap();
    assert_eq!(value("S3_ENDPOINT"), value("AWS_ENDPOINT_URL"));
    let endpoint = countersign::s3::Endpoint::parse(value("S3_ENDPOINT")).unwrap();
    let keys = crate::running::credentials((value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY")));
    let storage =
        bucket::Storage::new(endpoint, value("AWS_REGION"), "gateway", bucket::Keys::fixed(keys)).unwrap();
    let client = storage.bucket(&server.bucket);
    client.put("a", b"hello", &[]).await.unwrap();
    assert_eq!(client.get("a").await.unwrap(), "hello");
    let _ = process.kill();
    let _ = process.wait();
}
