//! The call of curl, run by a shell: a local server receives the bytes that the page shows.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::thread;
use std::{env, fs};

use serde_json::{Value, json};

use crate::{ask, lines, presets};

/// A request as the server received it.
struct Received {
    line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

#[test]
fn curl_sends_the_final_request_of_every_preset() {
    for preset in presets().into_iter().filter(|preset| preset["question"]["mode"] != "form") {
        check(preset["question"].clone());
    }
}

#[test]
fn curl_sends_text_that_a_shell_or_curl_could_change() {
    for members in [
        json!({ "headers": "x-amz-meta-a: $HOME `id` \"€\\n'😀\nx-amz-meta-empty:\nx-amz-meta-space:  a  b" }),
        json!({ "url": "https://b.s3.amazonaws.com/a/../{b,c}/[1-3]/%27'%C3%A9?x=$A&y=*&&z" }),
        json!({ "url": "https://b.s3.amazonaws.com:8443?x" }),
        json!({ "method": "PUT", "body": "@/etc/hostname" }),
        json!({ "method": "PUT", "body": "a=b&c='\"\r\n\t€\\" }),
        json!({ "method": "PUT", "body": "typed", "headers": "Content-Type: text/plain" }),
        json!({ "method": "POST", "body": "", "payload": "unsigned" }),
        json!({ "method": "DELETE", "session_token": "token/+=" }),
        json!({ "method": "HEAD" }),
        json!({ "mode": "presigned", "method": "PUT", "headers": "Host: examplebucket.s3.amazonaws.com\nx-amz-acl: private" }),
        json!({ "mode": "sigv4a" }),
    ] {
        check(members);
    }
}

#[test]
fn curl_sends_the_fields_of_a_form() {
    let preset = presets().into_iter().find(|preset| preset["name"] == "post-policy").unwrap();
    let Some((answer, received)) = send(preset["question"].clone()) else { return };
    assert_eq!(received.line, "POST / HTTP/1.1");
    assert_eq!(received.headers[0], ("host".to_owned(), "sigv4examplebucket.s3.amazonaws.com".to_owned()));
    let body = String::from_utf8(received.body).unwrap();
    let mut rest = body.as_str();
    for field in lines(&answer, "final") {
        let (name, value) = field.split_once(": ").unwrap();
        let part = format!("\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n--");
        rest = rest.split_once(&part).unwrap_or_else(|| panic!("{name} is not next in {rest}")).1;
    }
    assert!(rest.contains("name=\"file\"; filename=\"file.txt\""), "{rest}");
}

#[test]
fn a_byte_that_no_shell_can_pass_is_named() {
    let answer = ask(&json!({ "method": "PUT", "body": "a\u{0}" }));
    assert_eq!(answer["code"]["curl"], "# A shell cannot pass the byte 00 of this request to curl.\n");
}

/// Compares the bytes that curl sends with the final request.
fn check(question: Value) {
    let Some((answer, received)) = send(question.clone()) else { return };
    assert_eq!(received.line, lines(&answer, "final")[0], "{question}");
    let panes = answer["panes"].as_array().unwrap();
    let shown = panes.iter().find(|pane| pane["id"] == "final").unwrap()["lines"].as_array().unwrap();
    let texts = shown.iter().zip(lines(&answer, "final"));
    let of_headers = texts.filter(|(line, _)| line["id"].as_str().unwrap().starts_with("final.header."));
    let mut headers: Vec<_> = of_headers.map(|(_, text)| split(&text)).collect();
    // curl adds these headers, which are not signed.
    let added = |name: &str| {
        ["user-agent", "accept", "content-length"].contains(&name)
            && headers.iter().all(|(known, _)| known != name)
    };
    let mut sent: Vec<_> = received.headers.iter().filter(|(name, _)| !added(name)).cloned().collect();
    // curl writes the length of the body after the other headers.
    sent.sort();
    headers.sort();
    assert_eq!(sent, headers, "{question}");
    let body = match answer["question"]["mode"].as_str().unwrap() {
        "chunked" => CHUNKS.to_vec(),
        _ => answer["question"]["body"].as_str().unwrap().as_bytes().to_vec(),
    };
    assert_eq!(received.body, body, "{question}");
}

/// The length of the published upload in chunks. `tests/programs` compares the body that the Rust program writes.
static CHUNKS: [u8; 66_824] = [b'a'; 66_824];

/// Runs the call of curl with http instead of https, because the server has no certificate. Returns `None` if curl is not
/// installed.
fn send(mut question: Value) -> Option<(Value, Received)> {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("not run: curl is not installed");
        return None;
    }
    let url = ask(&question)["question"]["url"].as_str().unwrap().replacen("https://", "http://", 1);
    question["url"] = url.into();
    let answer = ask(&question);
    assert_eq!(answer["errors"], json!([]), "{question}");
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("body-in-chunks"), CHUNKS).unwrap();
    fs::write(folder.path().join("file.txt"), "a file").unwrap();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    fs::write(folder.path().join(".curlrc"), format!("connect-to = \"::127.0.0.1:{port}\"\nmax-time = 30\n"))
        .unwrap();
    let receiving = thread::spawn(move || receive(server.accept().unwrap().0));
    let output = Command::new("sh")
        .args(["-c", answer["code"]["curl"].as_str().unwrap()])
        .current_dir(&folder)
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap())
        .env("HOME", folder.path())
        .env("CURL_HOME", folder.path())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {errors}", answer["code"]["curl"].as_str().unwrap());
    Some((answer, receiving.join().unwrap()))
}

/// Reads a request, and answers with a body, which a client of HEAD must not wait for.
fn receive(mut stream: TcpStream) -> Received {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut next = || {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line).unwrap();
        String::from_utf8(line).unwrap().trim_end_matches("\r\n").to_owned()
    };
    let line = next();
    let mut headers = Vec::new();
    loop {
        match next().as_str() {
            "" => break,
            header => headers.push(split(header)),
        }
    }
    let value = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    if value("expect").is_some() {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").unwrap();
    }
    let mut body = vec![0; value("content-length").map_or(0, |length| length.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    let is_head = line.starts_with("HEAD ");
    let answer = if is_head { "" } else { "done!" };
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n{answer}").unwrap();
    headers.retain(|(name, _)| name != "expect");
    Received { line, headers, body }
}

/// Returns the name in lower case and the value of a header.
fn split(header: &str) -> (String, String) {
    let (name, value) = header.split_once(':').unwrap();
    (name.to_ascii_lowercase(), value.trim().to_owned())
}
