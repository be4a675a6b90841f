//! Runs the programs of `docs/migrating.md`, and checks that the page shows them as they are.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use countersign::Timestamp;
use http::HeaderMap;
use migrating::*;

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// The time of the examples of the Amazon S3 API Reference, and the signature of "Example: GET Object".
const TIME: &str = "20130524T000000Z";
const GET_OBJECT: &str = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
/// The credentials of the General Reference.
const IAM: [&str; 2] = ["AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"];

#[test]
fn aws_sigv4_and_countersign_give_the_same_headers() {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_369_353_600);
    for token in [None, Some("a/token+of==credentials")] {
        let before = aws_sigv4_before::get(ID, SECRET, token, time).unwrap();
        let after = aws_sigv4_after::get(ID, SECRET, token, time).unwrap();
        assert_eq!(before.headers(), after.headers());
        assert_eq!(before.uri(), after.uri());
        let authorization = after.headers()["authorization"].to_str().unwrap();
        assert_eq!(authorization.ends_with(GET_OBJECT), token.is_none());
    }
}

#[test]
fn rusty_s3_and_countersign_give_the_same_url() {
    let time: Timestamp = TIME.parse().unwrap();
    let same = jiff::Timestamp::from_second(1_369_353_600).unwrap();
    for key in ["test.txt", "a b/ü+(1).jpg", "x//y"] {
        let before = rusty_s3_before::url(ID, SECRET, key, same).unwrap();
        assert_eq!(before, rusty_s3_after::url(ID, SECRET, key, time).unwrap());
    }
    // The page says that the URLs of these objects differ.
    let before = rusty_s3_before::url(ID, SECRET, "x/../z", same).unwrap();
    assert!(before.starts_with("https://photos.s3.us-east-1.amazonaws.com/z?"), "{before}");
    let after = rusty_s3_after::url(ID, SECRET, "x/../z", time).unwrap();
    assert!(after.starts_with("https://photos.s3.us-east-1.amazonaws.com/x/../z?"), "{after}");
}

/// "Example" of the General Reference, "Calculate the signature for AWS Signature Version 4".
#[test]
fn aws_sign_v4_and_countersign_give_the_same_signature() {
    let [id, secret] = IAM;
    let time = "2015-08-30T12:36:00Z".parse().unwrap();
    let before = aws_sign_v4_before::list_users(id, secret, time).unwrap();
    let after = aws_sign_v4_after::list_users(id, secret, "20150830T123600Z".parse().unwrap()).unwrap();
    let signature = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";
    for headers in [&before, &after] {
        assert_eq!(signature_of(headers), signature);
    }
    assert_eq!(before["x-amz-date"], after["x-amz-date"]);
}

#[test]
fn a_hand_written_signer_and_countersign_give_the_same_headers() {
    let before = by_hand_before::upload(ID, SECRET, TIME, b"hello").unwrap();
    assert_eq!(before, by_hand_after::upload(ID, SECRET, TIME, b"hello").unwrap());
}

/// Where Python has no botocore, or one that is older than the function `get_current_datetime`, the Rust program is
/// compared with AWS's signature only.
#[test]
fn botocore_and_countersign_give_the_same_signatures() {
    let time: Timestamp = TIME.parse().unwrap();
    let headers = botocore_after::get(ID, SECRET, time).unwrap();
    let (_, authorization) = headers.iter().find(|(name, _)| name == "authorization").unwrap();
    assert!(authorization.ends_with(GET_OBJECT), "{authorization}");
    let url = botocore_after::presigned_get(ID, SECRET, time).unwrap();

    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
    let output = Command::new("python3")
        .arg("run.py")
        .current_dir(python)
        .args([ID, SECRET])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output();
    let Ok(output) = output else {
        return println!("not run: the botocore program (python3 is not installed)");
    };
    if output.status.code() == Some(77) {
        return println!("not run: the botocore program (Python has no botocore, or an old one)");
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed.lines().collect::<Vec<_>>(), [authorization, url.as_str()]);
}

#[test]
fn the_page_shows_the_programs_as_they_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let page = read(&root.join("../../docs/migrating.md"));
    let mut blocks: Vec<&str> = page.split("```").skip(1).step_by(2).collect();
    let mut files = vec![root.join("python/before.py")];
    files.extend(std::fs::read_dir(root.join("src")).unwrap().map(|entry| entry.unwrap().path()));
    files.retain(|file| !file.ends_with("lib.rs"));
    for file in &files {
        let language = if file.ends_with("before.py") { "python" } else { "rust" };
        let block = format!("{language}\n{}", read(file));
        let index = blocks.iter().position(|shown| *shown == block);
        blocks.remove(index.unwrap_or_else(|| panic!("docs/migrating.md does not show {}", file.display())));
    }
    blocks.retain(|block| block.starts_with("rust") || block.starts_with("python"));
    assert!(blocks.is_empty(), "not run: {blocks:?}");
}

fn signature_of(headers: &HeaderMap) -> &str {
    let authorization = headers["authorization"].to_str().unwrap();
    authorization.split("Signature=").nth(1).unwrap()
}
