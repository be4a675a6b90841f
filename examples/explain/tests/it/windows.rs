//! Texts as Windows writes them, and URLs of WebSockets.

use crate::program::{EMPTY, PUBLISHED, authorization, file, json, message, out, run};

/// Returns the text in UTF-16 with its byte order mark.
fn utf16(text: &str, of_unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(of_unit).collect()
}

#[test]
fn a_command_after_a_prompt_of_windows_gives_the_published_signature() {
    let options = format!(
        "'https://examplebucket.s3.amazonaws.com/test.txt' -H 'Range: bytes=0-9' CONTINUED\r\n  \
         -H 'x-amz-content-sha256: {EMPTY}' CONTINUED\r\n  -H 'x-amz-date: 20130524T000000Z' CONTINUED\r\n  \
         -H 'Authorization: {}'\r\n",
        authorization()
    );
    for (command, escape) in [
        ("curl.exe", "`"),
        ("PS C:\\> curl.exe", "`"),
        ("PS C:\\Program Files\\app> curl", "`"),
        ("C:\\Users\\me>curl", "^"),
        ("C:\\Users\\me> curl.exe", "^"),
        ("user@host:~$ curl", "\\"),
        ("[root@edge opt]# curl", "\\"),
        // A mail program wraps a long line without an escape.
        ("curl", ""),
    ] {
        let options = options.replace("CONTINUED", escape).replace('\'', "\"");
        let command = format!("{command} {options}");
        let report = json(&["-"], command.as_bytes(), 0);
        assert_eq!(
            (&report["input"], &report["verdict"]["name"]),
            (&"curl".into(), &"matches".into()),
            "{command}"
        );
        assert_eq!(report["steps"][3]["lines"][0]["text"], PUBLISHED, "{command}");
    }
}

#[test]
fn the_words_after_curl_exe_are_a_command() {
    let report = json(&["curl.exe", "https://b.s3.amazonaws.com/k"], b"", 0);
    assert_eq!((&report["input"], &report["request"]["method"]), (&"curl".into(), &"GET".into()));
}

#[test]
fn a_backslash_of_windows_separates_folders() {
    let asked = |command: &str| explain::read::request(command.as_bytes(), 0).unwrap().body;
    let file = |path: &str| {
        let piece = explain::Piece::File {
            path: path.to_owned(),
            prefix: String::new(),
            without_line_endings: false,
            is_encoded: false,
        };
        explain::Body::Pieces(vec![piece])
    };
    let (path, url) = (r"C:\temp\new file.bin", "https://b.example/k");
    assert!(asked(&format!("PS C:\\> curl.exe --data-binary \"@{path}\" {url}")) == file(path));
    assert!(asked(&format!("C:\\>curl -T C:\\a\\b.bin {url}")) == file(r"C:\a\b.bin"));
    assert!(asked(&format!("curl -T C:\\a\\b.bin {url}")) == file("C:ab.bin"));
}

#[test]
fn the_lines_after_a_command_are_its_output() {
    let command = format!(
        "PS C:\\> curl.exe https://examplebucket.s3.amazonaws.com/test.txt -H \"Authorization: {}\"\r\n",
        authorization().replace("range;", "")
    );
    let answer =
        "<Error><Code>SignatureDoesNotMatch</Code><StringToSign>it's</StringToSign></Error>\r\n\r\nPS C:\\>";
    let options =
        ["-H", "x-amz-date: 20130524T000000Z", "-H", &format!("x-amz-content-sha256: {EMPTY}"), "-"];
    let report = json(&options, (command.clone() + answer).as_bytes(), 5);
    assert_eq!(report["input"], "curl", "{report}");
    assert!(!report["notes"].to_string().contains("more than one URL"), "{report}");
    // An output that is no answer is ignored.
    let report = json(&options, (command + "Done, see https://other.example\r\n").as_bytes(), 5);
    assert!(!report["notes"].to_string().contains("more than one URL"), "{report}");
    assert!(report["notes"].to_string().contains("The lines after the command are not read."), "{report}");
}

#[test]
fn a_file_whose_name_has_a_space_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let request = file(folder.path(), "my request.txt", message().as_bytes());
    assert_eq!(json(&[&request], b"", 0)["verdict"]["name"], "matches");
}

#[test]
fn a_file_in_utf_16_is_read() {
    let folder = tempfile::tempdir().unwrap();
    for (name, of_unit) in [("little", u16::to_le_bytes as fn(u16) -> [u8; 2]), ("big", u16::to_be_bytes)] {
        let request = file(folder.path(), name, &utf16(&message(), of_unit));
        let report = json(&[&request], b"", 0);
        assert_eq!(
            (&report["input"], &report["verdict"]["name"]),
            (&"http-message".into(), &"matches".into())
        );
        // The answer, the request of --compare and standard input too.
        let answer =
            "<Error><Code>PermanentRedirect</Code><Endpoint>b.s3.eu-west-1.amazonaws.com</Endpoint></Error>";
        let answer = file(folder.path(), "answer", &utf16(answer, of_unit));
        assert!(out(&run(&["--answer", &answer], b"")).contains("(redirect)"));
        assert_eq!(
            json(&["--compare", &request], message().as_bytes(), 0)["difference"]["text"],
            "No step differs."
        );
        assert_eq!(json(&["-"], &utf16(&message(), of_unit), 0)["verdict"]["name"], "matches");
    }
    assert!(explain::read::request(&utf16(&message(), u16::to_le_bytes), 0).is_ok());
}

/// The signature is that of `SigV4QueryAuth` in botocore 1.43.11, which does not sign the scheme.
#[test]
fn the_url_of_a_web_socket_is_read() {
    let published = "bf7b061a89c5aeb4269f126d5335c8806ab3a47d0f7dc30eaa05f89696363b03";
    let host = "a1b2c3-ats.iot.us-east-1.amazonaws.com";
    let target = format!(
        "/mqtt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fiotdevicegateway%2Faws4_request\
         &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature={published}"
    );
    for (input, form) in [
        (format!("wss://{host}{target}"), "url"),
        (format!("WSS://{host}:443{target}"), "url"),
        (format!("ws://{host}:80{target}"), "url"),
        (format!("curl 'wss://{host}{target}'"), "curl"),
        (format!("GET wss://{host}{target} HTTP/1.1\r\nHost: {host}\r\n\r\n"), "http-message"),
        (format!("Connection refused: wss://{host}{target}, retry"), "text"),
    ] {
        let report = json(&["-"], input.as_bytes(), 0);
        assert_eq!(
            (&report["input"], &report["verdict"]["name"]),
            (&form.into(), &"matches".into()),
            "{input}"
        );
    }
    let report = json(&[&format!("wss://{host}{target}")], b"", 0);
    assert!(report["request"]["url"].as_str().unwrap().starts_with("wss://"), "{}", report["request"]);
}
