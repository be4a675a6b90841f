//! Bodies in signed chunks.

use std::process::Command;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::program::{EMPTY, SECRET, err, json, out, run, with_input};

/// The signatures of the S3 API Reference, "Transferring Payload in Multiple Chunks".
const SEED: &str = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
const CHUNKS: [&str; 3] = [
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
];
/// The signatures of the S3 API Reference, "Signature Calculations for Trailing Headers".
const TRAILER_SEED: &str = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";
const TRAILER_CHUNKS: [&str; 3] = [
    "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
    "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
    "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
];
const TRAILER: &str = "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435";

fn data(index: usize) -> String {
    "a".repeat([65536, 1024, 0][index])
}

fn body(signatures: [&str; 3], trailer: &str) -> String {
    let mut body = String::new();
    for (index, signature) in signatures.iter().enumerate() {
        let (data, end) = (data(index), if index == 2 { "" } else { "\r\n" });
        body += &format!("{:x};chunk-signature={signature}\r\n{data}{end}", data.len());
    }
    body + trailer + "\r\n"
}

fn message(signatures: [&str; 3]) -> String {
    let body = body(signatures, "");
    format!(
        "PUT /examplebucket/chunkObject.txt HTTP/1.1\r\nHost: s3.amazonaws.com\r\nx-amz-date: 20130524T000000Z\r\n\
         x-amz-storage-class: REDUCED_REDUNDANCY\r\nx-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD\r\n\
         Content-Encoding: aws-chunked\r\nx-amz-decoded-content-length: 66560\r\nContent-Length: {}\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
         SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class,\
         Signature={SEED}\r\n\r\n{body}",
        body.len()
    )
}

fn message_with_trailer(signature: &str) -> String {
    let trailer = format!("x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:{signature}\r\n");
    format!(
        "PUT /examplebucket/chunkObject.txt HTTP/1.1\r\nHost: s3.amazonaws.com\r\nx-amz-date: 20130524T000000Z\r\n\
         x-amz-storage-class: REDUCED_REDUNDANCY\r\nx-amz-trailer: x-amz-checksum-crc32c\r\n\
         x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER\r\nContent-Encoding: aws-chunked\r\n\
         x-amz-decoded-content-length: 66560\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
         SignedHeaders=content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer,\
         Signature={TRAILER_SEED}\r\n\r\n{}",
        body(TRAILER_CHUNKS, &trailer)
    )
}

fn hmac(key: &[u8], data: &[u8]) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(data).finalize().into_bytes().to_vec()
}

/// Signs data as a chunk with this previous signature.
fn sign(previous: &str, data: &[u8]) -> String {
    let parts = ["20130524", "us-east-1", "s3", "aws4_request"];
    let key =
        parts.iter().fold(format!("AWS4{SECRET}").into_bytes(), |key, part| hmac(&key, part.as_bytes()));
    let hash = hex::encode(Sha256::digest(data));
    let text = format!(
        "AWS4-HMAC-SHA256-PAYLOAD\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n{previous}\n{EMPTY}\n{hash}"
    );
    hex::encode(hmac(&key, text.as_bytes()))
}

/// Returns the computed and the received signature of each step after the fourth.
fn signatures(report: &Value) -> Vec<(String, String)> {
    let steps = report["steps"].as_array().unwrap().iter().skip(4);
    let last = |step: &Value, from_end: usize| {
        let lines = step["lines"].as_array().unwrap();
        lines[lines.len() - from_end]["text"].as_str().unwrap().to_owned()
    };
    steps.map(|step| (last(step, 2), last(step, 1))).collect()
}

#[test]
fn each_chunk_has_the_signature_of_the_s3_manual() {
    let report = json(&[], message(CHUNKS).as_bytes(), 0);
    assert_eq!(report["verdict"]["name"], "matches");
    let expected = CHUNKS.map(|signature| (format!("{signature} computed"), format!("{signature} received")));
    assert_eq!(signatures(&report), expected);
    assert_eq!(report["steps"][4]["lines"][3]["text"], SEED);
    assert_eq!(report["steps"][5]["lines"][3]["text"], CHUNKS[0]);
}

#[test]
fn the_trailer_has_the_signature_of_the_s3_manual() {
    let report = json(&[], message_with_trailer(TRAILER).as_bytes(), 0);
    assert_eq!(report["verdict"]["name"], "matches");
    assert_eq!(report["steps"][7]["name"], "trailer");
    assert_eq!(signatures(&report)[3], (format!("{TRAILER} computed"), format!("{TRAILER} received")));

    let report = json(&[], message_with_trailer(SEED).as_bytes(), 5);
    let text = "The signature of the headers matches, and the signature of the trailer does not.";
    assert_eq!(report["verdict"]["text"], text);
}

#[test]
fn the_first_chunk_that_differs_and_its_mistake_are_named() {
    let seeds = [CHUNKS[0].to_owned(), sign(SEED, data(1).as_bytes()), sign(SEED, b"")];
    let with_line_break =
        [sign(SEED, format!("{}\r\n", data(0)).as_bytes()), SEED.to_owned(), SEED.to_owned()];
    for (signatures, number, detail) in [
        (seeds, 2, "the previous signature that was signed is that of the request"),
        (with_line_break, 1, "the CR LF after the data was hashed too"),
    ] {
        let message = message(signatures.each_ref().map(String::as_str));
        let in_text = format!("Follow TCP Stream (tcp.stream eq 4)\r\n\r\n{message}\n");
        for (input, form) in [(message, "http-message"), (in_text, "text")] {
            let report = json(&[], input.as_bytes(), 5);
            assert_eq!(report["input"], form);
            let text = format!(
                "The signature of the headers matches, and the signature of chunk {number} does not."
            );
            assert_eq!(report["verdict"]["text"], text, "{form}");
            assert_eq!(report["steps"].as_array().unwrap().len(), 4 + number);
            let cause = &report["findings"][0]["causes"][0];
            assert_eq!(cause["name"], "chunk-signature", "{form}");
            assert_eq!(cause["certainty"], "certain: the signature was reproduced with this mistake");
            assert!(cause["detail"].as_str().unwrap().starts_with(detail), "{cause}");
        }
    }
}

#[test]
fn the_commands_give_the_signatures_of_the_chunks() {
    for (message, expected) in [
        (message(CHUNKS), [SEED, CHUNKS[0], CHUNKS[1], CHUNKS[2]].as_slice()),
        (
            message_with_trailer(TRAILER),
            &[TRAILER_SEED, TRAILER_CHUNKS[0], TRAILER_CHUNKS[1], TRAILER_CHUNKS[2], TRAILER],
        ),
    ] {
        let script = out(&run(&["--commands"], message.as_bytes()));
        let mut shell = Command::new("sh");
        shell.env("AWS_SECRET_ACCESS_KEY", SECRET);
        let output = with_input(shell, script.as_bytes());
        assert!(output.status.success() && output.stderr.is_empty(), "{}", err(&output));
        let printed = out(&output);
        let lines: Vec<&str> = printed.lines().collect();
        assert_eq!(lines[lines.len() - expected.len()..], *expected);
    }
}

#[test]
fn a_signature_of_a_chunk_is_not_shown() {
    for option in ["-v", "--html", "--commands"] {
        let shown = out(&run(&[option], message(CHUNKS).as_bytes()));
        for signature in CHUNKS.iter().chain([&SEED]) {
            assert!(!shown.contains(signature), "{option}: {shown}");
        }
    }
}
