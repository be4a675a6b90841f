//! The server refuses an upload that differs from what its URL was signed for.

use crate::shell::{Shell, text};

/// Sends a PUT with the URL and these headers, and returns the status.
fn put(shell: &Shell, url: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, String) {
    let sent = shell.runtime.block_on(shell.client.storage().transport().send("PUT", url, headers, body));
    match sent {
        Ok(answer) => (answer.status().as_u16(), String::new()),
        Err(bucket::Error::Refused(refusal)) => (refusal.status, refusal.code),
        Err(error) => panic!("{error}"),
    }
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn an_upload_has_the_signed_type_length_and_metadata() {
    let shell = Shell::new();
    let object = shell.object("cat.png");
    let report = shell.json(&[
        "put",
        &object,
        "--content-type",
        "image/png",
        "--content-length",
        "4",
        "--metadata",
        "Owner=Ada L",
    ]);
    let url = report["url"].as_str().unwrap();
    let headers: Vec<_> = report["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|header| (header["name"].as_str().unwrap(), header["value"].as_str().unwrap()))
        .collect();
    assert_eq!(
        headers,
        [("content-length", "4"), ("content-type", "image/png"), ("x-amz-meta-owner", "Ada L")]
    );
    assert_eq!(report["warnings"].as_array().unwrap().len(), 0);

    let sent = &headers[1..];
    assert_eq!(put(&shell, url, sent, b"fives"), refused(403, "SignatureDoesNotMatch"));
    let html = [("content-type", "text/html"), headers[2]];
    assert_eq!(put(&shell, url, &html, b"four"), refused(403, "SignatureDoesNotMatch"));
    assert_eq!(put(&shell, url, &headers[1..2], b"four"), refused(403, "SignatureDoesNotMatch"));
    assert_eq!(shell.get("cat.png"), None);
    assert_eq!(put(&shell, url, sent, b"four").0, 200);
    let head = shell.runtime.block_on(shell.client.head("cat.png")).unwrap();
    assert_eq!(
        (head.content_type.as_str(), &head.headers["x-amz-meta-owner"]),
        ("image/png", &"Ada L".parse().unwrap())
    );
}

#[test]
fn an_upload_is_the_signed_file() {
    let shell = Shell::new();
    shell.write("it's mine", b"the file");
    let report = shell.json(&["put", &shell.object("key"), "--sha256", "it's mine"]);
    let url = report["url"].as_str().unwrap();
    let header = report["headers"][1].as_object().unwrap();
    // hashlib.sha256(b"the file"), in base64
    assert_eq!(header["value"], "mUZZ3of3J93N5130QxTzHX82ezv/NH6FLzkFMPKXIMc=");
    let headers = [("x-amz-checksum-sha256", header["value"].as_str().unwrap())];
    assert_eq!(put(&shell, url, &headers, b"any file"), refused(400, "BadDigest"));
    assert_eq!(shell.get("key"), None);
    assert!(shell.run(report["curl"].as_str().unwrap()).status.success());
    assert_eq!(shell.get("key").as_deref(), Some(&b"the file"[..]));
}

#[test]
fn a_new_object_is_created_once() {
    let shell = Shell::new();
    shell.write("FILE", b"body");
    let curl =
        shell.json(&["put", &shell.object("new"), "--if-none-match"])["curl"].as_str().unwrap().to_owned();
    assert!(shell.run(&curl).status.success());
    let again = shell.run(&curl);
    assert!(!again.status.success() && text(&again.stderr).contains("412"), "{}", text(&again.stderr));
}

#[test]
fn an_answer_has_the_signed_headers() {
    let shell = Shell::new();
    let object = shell.object("hello.txt");
    let asked =
        ["--response-content-type", "image/png", "--download-as", "my \"né\".txt", "--version-id", "null"];
    let report = shell.json(&[&["get", &object], &asked[..]].concat());
    let sent = shell.client.storage().transport().send("GET", report["url"].as_str().unwrap(), &[], b"");
    let answer = shell.runtime.block_on(sent).unwrap();
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(
        answer.headers()["content-disposition"],
        "attachment; filename=\"my _n__.txt\"; filename*=UTF-8''my%20%22n%C3%A9%22.txt"
    );
}

#[test]
fn a_customers_key_goes_with_the_url() {
    let shell = Shell::new();
    shell.write("FILE", b"body");
    shell.write("key", &[7; 32]);
    let object = shell.object("secret");
    let put = shell.json(&["put", &object, "--sse-c-key", "key", "--request-payer"]);
    assert!(shell.run(put["curl"].as_str().unwrap()).status.success());
    assert!(put["warnings"].to_string().contains("your encryption key"), "{put}");

    let without = shell.json(&["get", &object])["curl"].as_str().unwrap().to_owned();
    assert!(!shell.run(&without).status.success());
    let with = shell.json(&["get", &object, "--sse-c-key", "key"])["curl"].as_str().unwrap().to_owned();
    assert!(shell.run(&with).status.success());
    assert_eq!(std::fs::read(shell.file("secret")).unwrap(), b"body");
}

#[test]
fn a_public_address_is_signed_and_not_contacted() {
    let shell = Shell::new();
    let report = shell.json(&["get", &shell.object("a b"), "--public-url", "https://files.example:8443"]);
    let url = report["url"].as_str().unwrap();
    assert!(url.starts_with("https://files.example:8443/examplebucket/a%20b?"), "{url}");
    let output = shell.share(&["inspect", "--verify", url]);
    assert!(output.status.success(), "{}", text(&output.stdout));

    let own = ["get", &shell.object("a"), "--public-url", "https://photos.example", "--own-domain"];
    let url = shell.json(&own)["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with("https://photos.example/a?"), "{url}");

    let hosted = ["get", &shell.object("a"), "--public-url", "https://files.example", "--style", "virtual"];
    let url = shell.json(&hosted)["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with("https://examplebucket.files.example/a?"), "{url}");
}

#[test]
fn broad_urls_are_noted() {
    let shell = Shell::new();
    let notes = |arguments: &[&str]| {
        let report = shell.json(arguments);
        let notes = report["warnings"].as_array().unwrap().iter();
        notes.map(|note| note.as_str().unwrap().split(':').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let object = shell.object("a/../b");
    assert_eq!(
        notes(&["put", &object]),
        [
            "The upload may have any length, up to 5 GiB",
            "The upload may have any type, such as text/html",
            "The key has a segment `.` or `..`",
        ]
    );
    assert_eq!(notes(&["list", "s3://examplebucket"]), ["The listing is of the whole bucket"]);
    assert_eq!(
        notes(&["get", &shell.object("k"), "--public-url", "http://files.example"]),
        ["The URL is not HTTPS"]
    );
    assert_eq!(notes(&["get", &shell.object("k")]), [""; 0]);
}

#[test]
fn an_access_point_is_signed_for_its_own_region() {
    let shell = Shell::new();
    let mut get = shell.command(env!("CARGO_BIN_EXE_share"));
    get.env_remove("S3_ENDPOINT").args(["get", "-q", "--region", "eu-west-1"]);
    let output =
        get.arg("s3://arn:aws:s3:us-west-2:123456789012:accesspoint/reports/q1.pdf").output().unwrap();
    let url = text(&output.stdout);
    // S3 User Guide, "Accessing a bucket through an access point".
    assert!(
        url.starts_with("https://reports-123456789012.s3-accesspoint.us-west-2.amazonaws.com/q1.pdf?"),
        "{url}"
    );
    assert!(url.contains("%2Fus-west-2%2Fs3%2Faws4_request"), "{url}");
}

#[test]
fn an_endpoint_can_have_a_base_path() {
    let shell = Shell::new();
    let endpoint = ["--endpoint", "https://ref.example/storage/v1/s3"];
    for object in ["s3://photos/a b", "https://ref.example/storage/v1/s3/photos/a%20b"] {
        let url = shell.json(&[&["get", object], &endpoint[..]].concat())["url"].as_str().unwrap().to_owned();
        assert!(url.starts_with("https://ref.example/storage/v1/s3/photos/a%20b?"), "{url}");
    }
}
