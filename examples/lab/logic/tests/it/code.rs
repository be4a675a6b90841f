//! The code in an answer computes the same signature. `tests/programs` runs the Rust programs.

mod curl;

use std::process::Command;

use serde_json::json;

use crate::{ask, presets};

/// Runs a program of an answer with the secret in the environment. Returns `None` if Python is not installed.
fn run_python(code: &str, secret: &str) -> Option<String> {
    let output = Command::new("python3")
        .args(["-I", "-c", code])
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .output()
        .ok()?;
    assert!(output.status.success(), "{}\n{code}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
}

#[test]
fn the_python_of_every_preset_prints_its_signature() {
    for preset in presets() {
        let question = &preset["question"];
        let answer = ask(question);
        let Some(printed) =
            run_python(answer["code"]["python"].as_str().unwrap(), question["secret"].as_str().unwrap())
        else {
            eprintln!("not run: python3 is not installed");
            return;
        };
        assert_eq!(printed, answer["signature"].as_str().unwrap(), "{}", preset["name"]);
    }
}

#[test]
fn the_python_of_text_outside_of_ascii_prints_its_signature() {
    let answer =
        ask(&json!({ "url": "https://b.s3.amazonaws.com/%27'", "headers": "x-amz-meta-a: \"€\\n'😀" }));
    assert_eq!(answer["errors"], json!([]));
    let secret = answer["question"]["secret"].as_str().unwrap();
    if let Some(printed) = run_python(answer["code"]["python"].as_str().unwrap(), secret) {
        assert_eq!(printed, answer["signature"].as_str().unwrap());
    }
}

#[test]
fn the_code_reads_the_secret_from_the_environment() {
    for preset in presets() {
        let answer = ask(&preset["question"]);
        for language in ["rust", "python"] {
            let code = answer["code"][language].as_str().unwrap();
            assert!(code.contains("AWS_SECRET_ACCESS_KEY"), "{language}: {code}");
            assert!(!code.contains(preset["question"]["secret"].as_str().unwrap()), "{language}");
        }
    }
}
