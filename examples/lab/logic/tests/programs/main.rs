//! The Rust programs of the page: each file in this folder is the text that the function gives, is compiled as a part of
//! this test, and prints what the page shows.
//!
//! `UPDATE_PROGRAMS=1 cargo test -p lab_logic --all-features --test programs` writes the files.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a panic fails the test")]

use std::process::Command;
use std::{env, error, fs};

use serde_json::{Value, json};

type Program = fn() -> Result<(), Box<dyn error::Error>>;

macro_rules! programs {
    ($($module:ident $file:literal),* $(,)?) => {
        $(mod $module {
            include!($file);
            pub const RUN: super::Program = main;
        })*
        /// The names of the files, their texts and their functions.
        const PROGRAMS: &[(&str, &str, Program)] = &[$(($file, include_str!($file), $module::RUN)),*];
    };
}

programs! {
    get_object "get-object.rs",
    put_object "put-object.rs",
    get_lifecycle "get-lifecycle.rs",
    list_objects "list-objects.rs",
    presigned_get "presigned-get.rs",
    chunked_upload "chunked-upload.rs",
    chunked_trailer "chunked-trailer.rs",
    post_policy "post-policy.rs",
    list_users "list-users.rs",
    session_token "session-token.rs",
    sigv4a "sigv4a.rs",
    unusual_text "unusual-text.rs",
}

/// The test has no harness, because it is also each of the programs: their secret is in the environment.
fn main() {
    if let Ok(name) = env::var("LAB_PROGRAM") {
        let (_, _, run) = PROGRAMS.iter().find(|(file, ..)| *file == name).unwrap();
        return run().unwrap();
    }
    let questions = questions();
    assert_eq!(questions.len(), PROGRAMS.len(), "add the file of the new preset to `programs!`");
    for ((name, question), (file, text, _)) in questions.iter().zip(PROGRAMS) {
        assert_eq!(&format!("{name}.rs"), file);
        let answer = ask(question);
        let code = answer["code"]["rust"].as_str().unwrap();
        if env::var_os("UPDATE_PROGRAMS").is_some() {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs/");
            fs::write(format!("{folder}{file}"), code).unwrap();
        } else {
            assert_eq!(code, *text, "{file} is old; see the first lines of tests/programs/main.rs");
            check(file, &answer);
        }
    }
    println!("{} programs print what the page shows", PROGRAMS.len());
}

/// Runs a program, and compares its output with the panes.
fn check(file: &str, answer: &Value) {
    let question = &answer["question"];
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("body"), question["body"].as_str().unwrap()).unwrap();
    let output = Command::new(env::current_exe().unwrap())
        .current_dir(&folder)
        .env("LAB_PROGRAM", file)
        .env("AWS_SECRET_ACCESS_KEY", question["secret"].as_str().unwrap())
        .env("AWS_SESSION_TOKEN", question["session_token"].as_str().unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    let signature = answer["signature"].as_str().unwrap();
    assert!(
        printed.contains(&format!("ignature={signature}")) || question["mode"] == "form",
        "{file}: {printed}"
    );
    if question["mode"] == "presigned" {
        let target = printed.trim().strip_prefix("https://examplebucket.s3.amazonaws.com").unwrap();
        assert_eq!(lines(answer, "final")[0], format!("GET {target} HTTP/1.1"), "{file}");
        return;
    }
    let final_request = lines(answer, if question["mode"] == "sigv4a" { "sigv4a_final" } else { "final" });
    let added = final_request.iter().map(|line| lower_name(line)).filter(|line| {
        let name = line.split(':').next().unwrap();
        let typed = question["headers"].as_str().unwrap().to_ascii_lowercase();
        match question["mode"].as_str() {
            Some("form") => ["policy", "x-amz-signature"].contains(&name),
            _ => {
                line.contains(": ") && name != "host" && !format!("\n{typed}").contains(&format!("\n{name}:"))
            }
        }
    });
    let mut added: Vec<String> = added.collect();
    let mut printed: Vec<String> = printed.lines().map(lower_name).collect();
    added.sort();
    printed.sort();
    assert_eq!(printed, added, "{file}");
    if question["mode"] == "chunked" {
        let body = fs::read_to_string(folder.path().join("body-in-chunks")).unwrap();
        let frames = lines(answer, "chunks").into_iter().filter(|line| line.contains("-signature"));
        let frames: Vec<String> = frames.collect();
        assert!(frames.len() > 2, "{frames:?}");
        for frame in frames {
            assert!(body.contains(&frame), "{file}: {frame}");
        }
    }
}

/// Returns the names of the files and their questions: the presets, and one for each other kind of program.
fn questions() -> Vec<(String, Value)> {
    let presets = ask(&json!({}))["presets"].as_array().unwrap().clone();
    let mut questions: Vec<(String, Value)> = presets
        .into_iter()
        .map(|preset| (preset["name"].as_str().unwrap().to_owned(), preset["question"].clone()))
        .collect();
    questions.push(("session-token".into(), json!({ "session_token": "token/+=" })));
    questions.push(("sigv4a".into(), json!({ "mode": "sigv4a", "region": "us-east-1,eu-*" })));
    let unusual = json!({
        "method": "PUT", "url": "https://b.s3.amazonaws.com/%27'?a='&b", "payload": "unsigned",
        "headers": "x-amz-meta-a: \"€\\n'😀\nx-amz-meta-b:", "body": "{\"é\":'\\'}\n",
    });
    questions.push(("unusual-text".into(), unusual));
    questions
}

fn ask(question: &Value) -> Value {
    let answer: Value = serde_json::from_str(&lab_logic::answer(&question.to_string())).unwrap();
    assert_eq!(answer["errors"], json!([]));
    answer
}

/// Returns the lines of a pane.
fn lines(answer: &Value, id: &str) -> Vec<String> {
    let pane = answer["panes"].as_array().unwrap().iter().find(|pane| pane["id"] == id).unwrap();
    let text = |line: &Value| -> String {
        line["pieces"].as_array().unwrap().iter().map(|piece| piece["text"].as_str().unwrap()).collect()
    };
    pane["lines"].as_array().unwrap().iter().map(text).collect()
}

/// Returns a header with its name in lower case.
fn lower_name(line: &str) -> String {
    match line.split_once(": ") {
        Some((name, value)) => format!("{}: {value}", name.to_ascii_lowercase()),
        None => line.to_owned(),
    }
}
