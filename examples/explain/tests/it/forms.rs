//! Every form of input gives the signature that AWS published.

use serde_json::json;

use crate::program::{EMPTY, PUBLISHED, authorization, file, json, message};

/// The SHA-256 of the canonical request, in the S3 API Reference.
const CANONICAL_HASH: &str = "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972";

#[track_caller]
fn is_published(report: &serde_json::Value, form: &str) {
    assert_eq!(report["input"], form);
    assert_eq!(report["steps"][0]["sha256"], CANONICAL_HASH);
    assert_eq!(report["steps"][3]["lines"][0]["text"], PUBLISHED);
}

fn har() -> String {
    json!({"log": {"entries": [{"request": {
        "method": "GET",
        "url": "https://examplebucket.s3.amazonaws.com/test.txt",
        "headers": [
            {"name": ":authority", "value": "examplebucket.s3.amazonaws.com"},
            {"name": "Range", "value": "bytes=0-9"},
            {"name": "x-amz-content-sha256", "value": EMPTY},
            {"name": "x-amz-date", "value": "20130524T000000Z"},
            {"name": "authorization", "value": authorization()},
        ],
        "bodySize": 0,
    }, "response": {}}]}})
    .to_string()
}

#[test]
fn an_http_message_gives_the_published_signature() {
    let report = json(&[], message().as_bytes(), 0);
    is_published(&report, "http-message");
    assert_eq!(report["verdict"]["name"], "matches");
    // An editor writes line feeds.
    is_published(&json(&["-"], message().replace('\r', "").as_bytes(), 0), "http-message");
}

#[test]
fn the_sent_lines_of_curl_v_give_the_published_signature() {
    let sent: String = message().lines().map(|line| format!("> {line}\n")).collect();
    let transcript = format!("* Trying 1.2.3.4:443...\n{sent}< HTTP/1.1 200 OK\n< Server: AmazonS3\n");
    is_published(&json(&[], transcript.as_bytes(), 0), "http-message");
}

#[test]
fn a_har_gives_the_published_signature() {
    is_published(&json(&[], har().as_bytes(), 0), "har");
    let whole: serde_json::Value = serde_json::from_str(&har()).unwrap();
    is_published(&json(&[], whole["log"]["entries"][0].to_string().as_bytes(), 0), "har");
    is_published(&json(&[], whole["log"]["entries"][0]["request"].to_string().as_bytes(), 0), "har");
}

#[test]
fn a_curl_command_gives_the_published_signature() {
    let authorization = authorization();
    for command in [
        format!(
            "curl 'https://examplebucket.s3.amazonaws.com/test.txt' \\\n  -H 'Range: bytes=0-9' \\\n  \
             -H 'x-amz-content-sha256: {EMPTY}' \\\n  -H 'x-amz-date: 20130524T000000Z' \\\n  \
             -H 'Authorization: {authorization}' --compressed"
        ),
        format!(
            "$ curl -sSL --request GET --url \"https://examplebucket.s3.amazonaws.com/test.txt\" -r 0-9 \
             -H$'x-amz-content-sha256:\\x20{EMPTY}' --header='X-Amz-Date: 20130524T000000Z' -o out.txt \
             -H \"Authorization: {authorization}\" | head -c 10"
        ),
    ] {
        let report = json(&[&command], b"", 0);
        is_published(&report, "curl");
        assert_eq!(report["verdict"]["name"], "matches", "{command}");
    }
}

#[test]
fn the_words_of_a_curl_command_give_the_published_signature() {
    let report = json(
        &[
            "curl",
            "https://examplebucket.s3.amazonaws.com/test.txt",
            "-H",
            "Range: bytes=0-9",
            "-H",
            &format!("x-amz-content-sha256: {EMPTY}"),
            "-H",
            "x-amz-date: 20130524T000000Z",
            "-H",
            &format!("Authorization: {}", authorization()),
        ],
        b"",
        0,
    );
    is_published(&report, "curl");
}

#[test]
fn an_unsigned_curl_command_gives_the_published_signature() {
    let command = "curl --aws-sigv4 aws:amz:us-east-1:s3 -u AKIAIOSFODNN7EXAMPLE:x -H 'x-amz-date: 20130524T000000Z' \
                   -H 'Range: bytes=0-9' https://examplebucket.s3.amazonaws.com/test.txt";
    let report = json(&[command], b"", 0);
    is_published(&report, "curl");
    assert_eq!(report["verdict"]["name"], "not-signed");
    assert_eq!(report["signature"]["access_key_id"], "AKIAIOSFODNN7EXAMPLE");
}

#[test]
fn arguments_give_the_published_signature() {
    let url = "https://examplebucket.s3.amazonaws.com/test.txt";
    let arguments = ["--url", url, "-H", "Range: bytes=0-9", "--region", "us-east-1", "--service", "s3"];
    let arguments: Vec<&str> = arguments.into_iter().chain(["--time", "2013-05-24T00:00:00Z"]).collect();
    is_published(&json(&arguments, b"", 0), "flags");
}

#[test]
fn a_presigned_url_gives_the_published_signature() {
    // S3 API Reference, "Authenticating Requests: Using Query Parameters".
    let published = "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    let url = format!(
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
         &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature={published}"
    );
    for input in [url.clone(), format!("\"{url}\"\n"), format!("curl '{url}'")] {
        let report = json(&[], input.as_bytes(), 0);
        assert_eq!(report["verdict"]["name"], "matches", "{input}");
        assert_eq!(report["steps"][3]["lines"][0]["text"], published);
        assert_eq!(
            report["steps"][0]["sha256"],
            "3bfa292879f6447bbcda7001decf97f4a54dc650c8942174ae0a9121cf58ad04"
        );
    }
    assert!(json(&[&url], b"", 0)["notes"].to_string().contains("The URL has expired"));
    assert_eq!(json(&[&url, "--time", "now"], b"", 5)["findings"][0]["causes"][0]["name"], "expired-url");
}

#[test]
fn a_file_is_read_and_the_files_of_a_command_only_if_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let request = file(folder.path(), "request.txt", message().as_bytes());
    is_published(&json(&[&request], b"", 0), "http-message");

    let body = file(folder.path(), "body", b"Welcome to Amazon S3.");
    let command = format!("curl -X PUT --data-binary @{body} https://examplebucket.s3.amazonaws.com/k");
    // The SHA-256 that the S3 manual states for this body.
    let hash = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
    let report = json(&[&command], b"", 0);
    assert!(report["notes"].to_string().contains("--allow-files reads it"));
    assert_eq!(report["request"]["body_bytes"], serde_json::Value::Null);
    let report = json(&[&command, "--allow-files"], b"", 0);
    assert_eq!(report["steps"][0]["lines"].as_array().unwrap().last().unwrap()["text"], hash);
    assert_eq!(report["request"]["body_bytes"], 21);
}

/// The bodies were computed with curl 7.88 and `sha256sum`.
#[test]
fn curl_builds_its_body_from_its_options() {
    for (options, method, target, body) in [
        ("-d a=1 -d b=2", "POST", "/", "a=1&b=2"),
        ("--data-urlencode 'q=a b&c' --data-urlencode '=ü'", "POST", "/", "q=a%20b%26c&%C3%BC"),
        ("-G -d a=1 --data-urlencode 'q=a b'", "GET", "/?a=1&q=a%20b", ""),
        ("--json '{\"a\":1}'", "POST", "/", "{\"a\":1}"),
        ("--data-raw $'it\\'s\\u0021\\n'", "POST", "/", "it's!\n"),
        ("--data-raw '@name'", "POST", "/", "@name"),
        ("-I", "HEAD", "/", ""),
        ("-XDELETE", "DELETE", "/", ""),
    ] {
        let asked =
            explain::read::request(format!("curl https://example.com {options}").as_bytes(), 0).unwrap();
        let explain::Body::Bytes(bytes) = &asked.body else { panic!("{options}") };
        let found = (asked.method.as_str(), asked.target.as_str(), String::from_utf8_lossy(bytes));
        assert_eq!(found, (method, target, body.into()), "{options}");
    }
}

#[test]
fn a_request_of_sigv4a_is_verified_with_the_public_key() {
    use countersign::{Credentials, Payload, RegionSet, Request, SecretAccessKey, Service, Signer};
    let credentials =
        Credentials::new("AKIAIOSFODNN7EXAMPLE", SecretAccessKey::new(crate::program::SECRET)).unwrap();
    let signer = Signer::sigv4a(credentials, RegionSet::parse("us-east-1").unwrap(), Service::S3).unwrap();
    let request = Request::new("GET", "https://s3.amazonaws.com/examplebucket/test.txt", &[]);
    let signed = signer.sign(&request, Payload::Bytes(b""), "20130524T000000Z".parse().unwrap()).unwrap();
    let mut message = "GET /examplebucket/test.txt HTTP/1.1\nHost: s3.amazonaws.com\n".to_owned();
    for (name, value) in &signed {
        message += &format!("{name}: {value}\n");
    }
    let report = json(&[], (message.clone() + "\n").as_bytes(), 0);
    assert_eq!(report["verdict"]["name"], "matches");
    assert_eq!(report["signature"]["region"], serde_json::Value::Null);
    let lines = &report["steps"][1]["lines"];
    assert_eq!(
        (&lines[0]["text"], &lines[0]["part"]),
        (&json!("AWS4-ECDSA-P256-SHA256"), &json!("sigv4a-algorithm"))
    );
    assert_eq!(
        (&lines[2]["text"], &lines[2]["part"]),
        (&json!("20130524/s3/aws4_request"), &json!("sigv4a-scope"))
    );
    assert_eq!(report["steps"][2]["lines"][0]["part"], "sigv4a-key");
    assert_eq!(report["steps"][2]["command"], serde_json::Value::Null);
    let changed = message.replace("test.txt", "Test.txt") + "\n";
    assert_eq!(json(&[], changed.as_bytes(), 5)["verdict"]["name"], "does-not-match");
}

/// The hosts are those of AWS's lists of endpoints.
#[test]
fn service_and_region_are_read_from_a_host_of_aws() {
    for (host, service, region) in [
        ("examplebucket.s3.amazonaws.com", "s3", "us-east-1"),
        ("s3.eu-west-1.amazonaws.com", "s3", "eu-west-1"),
        ("my.bucket.s3.dualstack.us-west-2.amazonaws.com", "s3", "us-west-2"),
        ("examplebucket.s3-eu-west-1.amazonaws.com", "s3", "eu-west-1"),
        ("examplebucket.s3-accelerate.amazonaws.com", "s3", "us-east-1"),
        ("s3.cn-north-1.amazonaws.com.cn", "s3", "cn-north-1"),
        ("sts.amazonaws.com", "sts", "us-east-1"),
        ("dynamodb.us-gov-west-1.amazonaws.com", "dynamodb", "us-gov-west-1"),
        ("abc.execute-api.ap-southeast-2.amazonaws.com:443", "execute-api", "ap-southeast-2"),
        ("search-x.eu-central-1.es.amazonaws.com", "es", "eu-central-1"),
        ("email.us-east-2.amazonaws.com", "ses", "us-east-2"),
        ("abc.lambda-url.eu-west-1.on.aws", "lambda", "eu-west-1"),
    ] {
        let report = json(&[&format!("https://{host}/")], b"", 0);
        let found = (&report["signature"]["service"], &report["signature"]["region"]);
        assert_eq!(found, (&json!(service), &json!(region)), "{host}");
    }
}
