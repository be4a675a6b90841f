//! Requests in the texts that people have: transcripts, logs, exceptions and pages. The requests are those of
//! `confusion`, each broken by one mistake and signed by hand.

use confusion::{BREAKS, Broken};
use countersign::diagnose::{Cause, CauseName, Certainty};
use countersign::{SecretAccessKey, Timestamp};
use explain::{Options, read};
use testkit::Wire;

use crate::program::{err, file, out, program};

/// A text that contains a request.
type Write = fn(&Wire) -> String;

fn headers(wire: &Wire) -> Vec<(String, String)> {
    wire.headers
        .iter()
        .map(|(name, value)| (name.clone(), String::from_utf8_lossy(value).into_owned()))
        .collect()
}

fn host(wire: &Wire) -> String {
    let host = headers(wire).into_iter().find(|(name, _)| name.eq_ignore_ascii_case("host"));
    host.map(|(_, value)| value).unwrap_or_default()
}

fn message(wire: &Wire) -> Vec<String> {
    let first = format!("{} {} HTTP/1.1", wire.method, wire.target);
    let lines = headers(wire).into_iter().map(|(name, value)| format!("{name}: {value}"));
    [first].into_iter().chain(lines).chain([String::new()]).collect()
}

/// A terminal: prompt, command with an apostrophe in its output, sent and received lines.
fn transcript(wire: &Wire) -> String {
    let sent: String = message(wire).iter().map(|line| format!("> {line}\n")).collect();
    format!(
        "me@box:~$ curl -v \"$URL\"\n*   Trying 192.0.2.1:443...\n*  issuer: O=Let's Encrypt\n{sent}< HTTP/1.1 403 Forbidden\n\
         < Server: nginx\n<\n* Connection #0 left intact\n"
    )
}

/// Adds a byte order mark, CR LF and colours.
fn windows(wire: &Wire) -> String {
    let text = transcript(wire).replace("me@box:~$", "\u{1b}[32mPS C:\\>\u{1b}[0m");
    format!("\u{feff}{}", text.replace('\n', "\r\n"))
}

/// The wire log of Apache HttpClient.
fn wire_log(wire: &Wire) -> String {
    let line = |line: &String| {
        format!(
            "2026-11-25 08:45:16.402 DEBUG org.apache.http.wire : http-outgoing-3 >> \"{line}[\\r][\\n]\"\n"
        )
    };
    let sent: String = message(wire).iter().map(line).collect();
    sent + "2026-11-25 08:45:16.561 DEBUG org.apache.http.wire : http-outgoing-3 << \"HTTP/1.1 403 [\\r][\\n]\"\n"
}

/// A structured log of Go, with the request in one string.
fn go_log(wire: &Wire) -> String {
    let dump = message(wire).join("\\r\\n").replace('"', "\\\"");
    format!(
        "time=2026-11-07T06:11:44Z level=DEBUG msg=request dump=\"{dump}\\r\\n\"\ntime=… level=ERROR err=\"403 Forbidden\"\n"
    )
}

/// The debug output of Python's http.client.
fn http_client(wire: &Wire) -> String {
    let sent = message(wire).join("\\r\\n").replace('\'', "\\'");
    format!(
        "send: b'{sent}\\r\\n'\nreply: 'HTTP/1.1 403 Forbidden\\r\\n'\nTraceback (most recent call last):\n  File \"a.py\"\n"
    )
}

/// The configuration of an HTTP client in Node.js, in an exception.
fn node(wire: &Wire) -> String {
    let quote = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    let line = |(name, value): &(String, String)| format!("      {}: {},\n", quote(name), quote(value));
    let lines: String = headers(wire).iter().map(line).collect();
    let url = quote(&format!("https://{}{}", host(wire), wire.target));
    format!(
        "AxiosError: Request failed with status code 403\n    at settle (axios.cjs:1:2) {{\n  config: {{\n    headers: Object \
         [AxiosHeaders] {{\n{lines}    }},\n    method: '{}',\n    url: {url}\n  }},\n  response: {{ status: 403 }}\n}}\n",
        wire.method.to_lowercase()
    )
}

/// A HAR, with the answer in the same file.
fn har(wire: &Wire) -> String {
    let headers: Vec<serde_json::Value> = headers(wire)
        .into_iter()
        .map(|(name, value)| serde_json::json!({ "name": name, "value": value }))
        .collect();
    let url = format!("https://{}{}", host(wire), wire.target);
    let har = serde_json::json!({ "log": { "entries": [
        { "request": { "method": "GET", "url": "https://app.example/", "headers": [] }, "response": { "status": 200 } },
        { "request": { "method": wire.method, "url": url, "headers": headers, "bodySize": wire.body.len() },
          "response": { "status": 403 } },
    ] } });
    format!("{har}\n--- answer ---\n<Error>…\n")
}

/// A command in several lines, with the prompts of the shell.
fn command(wire: &Wire) -> String {
    let quote = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let lines =
        headers(wire).into_iter().map(|(name, value)| format!("-H {}", quote(&format!("{name}: {value}"))));
    let lines: Vec<String> = lines.collect();
    let url = quote(&format!("https://{}{}", host(wire), wire.target));
    format!(
        "root@edge:/opt# ls\nkey.txt\nroot@edge:/opt# curl -sS -D - -o out -X {} {url} \\\n>   {}\nHTTP/2 403\ndate: x\n",
        wire.method,
        lines.join(" \\\n>   ")
    )
}

/// "Copy as cURL (cmd)" of a browser on Windows.
fn cmd(wire: &Wire) -> String {
    let quote = |text: &str| format!("^\"{}^\"", text.replace('%', "^%").replace('&', "^&"));
    let lines: String = headers(wire)
        .into_iter()
        .map(|(name, value)| format!(" ^\n  -H {}", quote(&format!("{name}: {value}"))))
        .collect();
    format!("curl -X {} {}{lines}\n", wire.method, quote(&format!("https://{}{}", host(wire), wire.target)))
}

/// "Copy as fetch" of a browser.
fn fetch(wire: &Wire) -> String {
    let map: serde_json::Map<String, serde_json::Value> =
        headers(wire).into_iter().map(|(name, value)| (name, value.into())).collect();
    let url = format!("https://{}{}", host(wire), wire.target);
    let options = serde_json::json!({ "headers": map, "body": null, "method": wire.method });
    format!("fetch({}, {});\n", serde_json::Value::from(url), serde_json::to_string_pretty(&options).unwrap())
}

/// The debug log of botocore without its steps.
fn botocore(wire: &Wire) -> String {
    let pair = |(name, value): &(String, String)| format!("'{name}': b'{}'", value.replace('\'', "\\'"));
    let pairs: Vec<String> = headers(wire).iter().map(pair).collect();
    format!(
        "2026-11-10 07:22:38,253 - MainThread - botocore.endpoint - DEBUG - Sending http request: <AWSPreparedRequest \
         stream_output=False, method={}, url=https://{}{}, headers={{{}}}>\n",
        wire.method,
        host(wire),
        wire.target,
        pairs.join(", ")
    )
}

/// The log of a program that uses libcurl: the first line only is marked.
fn libcurl(wire: &Wire) -> String {
    format!(
        "* Connected to x port 443\n> {}\n* upload completely sent off: 0 bytes\n< HTTP/1.1 403 Forbidden\n<\n",
        message(wire).join("\r\n")
    )
}

/// The log of OkHttp.
fn okhttp(wire: &Wire) -> String {
    let lines: String = headers(wire)
        .into_iter()
        .map(|(name, value)| format!("I/okhttp.OkHttpClient: {name}: {value}\n"))
        .collect();
    let lines = lines.replace("I/okhttp.OkHttpClient: ", "");
    format!(
        "--> {} https://{}{} http/1.1\n{lines}--> END\n<-- 403 https://x/ (37ms)\n",
        wire.method,
        host(wire),
        wire.target
    )
}

/// The debug log of Wget.
fn wget(wire: &Wire) -> String {
    format!(
        "DEBUG output created by Wget\n---request begin---\n{}\n---request end---\nHTTP request sent, awaiting response...\n",
        message(wire).join("\n")
    )
}

/// The debug output of Ruby's Net::HTTP.
fn ruby(wire: &Wire) -> String {
    format!(
        "opening connection to x:443...\n<- \"{}\\r\\n\"\n-> \"HTTP/1.1 403 Forbidden\\r\\n\"\n",
        message(wire).join("\\r\\n").replace('"', "\\\"")
    )
}

/// A request that a program in Rust printed for debugging.
fn rust(wire: &Wire) -> String {
    let pairs: Vec<String> =
        headers(wire).iter().map(|(name, value)| format!("{name:?}: {value:?}")).collect();
    format!(
        "DEBUG client: Request {{ method: {}, uri: https://{}{}, version: HTTP/1.1, headers: {{{}}}, body: Empty }}\n",
        wire.method,
        host(wire),
        wire.target,
        pairs.join(", ")
    )
}

const FORMS: &[(&str, Write)] = &[
    ("libcurl", libcurl),
    ("okhttp", okhttp),
    ("wget", wget),
    ("ruby", ruby),
    ("rust", rust),
    ("cmd", cmd),
    ("fetch", fetch),
    ("botocore", botocore),
    ("transcript", transcript),
    ("windows", windows),
    ("wire log", wire_log),
    ("go log", go_log),
    ("http.client", http_client),
    ("node", node),
    ("har", har),
    ("command", command),
];

const CAUSES: &[CauseName] = &[
    CauseName::Method,
    CauseName::HostPort,
    CauseName::PathDoubleEncoding,
    CauseName::QueryOrder,
    CauseName::TokenNotSigned,
    CauseName::ContentLength,
    CauseName::Tracing,
    CauseName::KeyHex,
    CauseName::KeyDate,
    CauseName::SecretWhitespace,
];

/// Returns the first two requests with this mistake whose headers are text.
fn requests(cause: CauseName) -> Vec<Broken> {
    let mistakes: Vec<_> = BREAKS.iter().filter(|mistake| mistake.cause == cause).collect();
    let all =
        (0..60).flat_map(|seed| mistakes.iter().filter_map(move |mistake| confusion::broken(mistake, seed)));
    all.filter(|broken| broken.wire.headers.iter().all(|(_, value)| value.is_ascii())).take(2).collect()
}

/// Returns the cause that the report names first.
fn first(broken: &Broken, text: &str) -> String {
    let mut options = Options::new(Timestamp::parse(&broken.draft.time).unwrap());
    options.secret = Some(SecretAccessKey::new(broken.draft.secret.clone()));
    let (answer, secret) = (broken.answer(), options.secret.clone());
    let explained = read::request(text.as_bytes(), 0).and_then(|asked| explain::explain(&asked, &options));
    match explained {
        Ok(mut explained) => {
            explained.answer(answer.as_bytes(), Some(text.as_bytes()), secret.as_ref());
            let mut causes = explained.report.findings.iter().flat_map(|finding| &finding.causes);
            causes.next().map(|cause| cause.name.to_owned()).unwrap_or_default()
        }
        Err(_) => {
            let diagnosis = explain::diagnosed(answer.as_bytes(), text.as_bytes(), secret.as_ref());
            diagnosis.first().map(|cause| cause.name().to_string()).unwrap_or_default()
        }
    }
}

#[test]
fn names_the_mistake_first_in_every_form_of_text() {
    let mut wrong = Vec::new();
    for cause in CAUSES {
        let requests = requests(*cause);
        assert!(!requests.is_empty(), "{cause}");
        for (broken, (form, write)) in requests.iter().cycle().zip(FORMS) {
            let text = write(&broken.wire);
            let named = first(broken, &text);
            if named != cause.as_str() {
                wrong.push(format!("{cause} in {form}: {named}\n{text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_text_without_a_request_is_diagnosed_and_the_note_says_what_to_give() {
    let folder = tempfile::tempdir().unwrap();
    let text = "VERBOSE: canonical request:\r\nGET\r\n/a\r\n\r\nhost:x.execute-api.us-east-2.amazonaws.com\r\n\
                x-amz-date:20261108T174230Z\r\n\r\nhost;x-amz-date\r\n\
                e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\r\nVERBOSE: string to sign:\r\n\
                AWS4-HMAC-SHA256\r\n20261108T174230Z\r\n20261108/us-east-2/execute-api/aws4_request\r\nHASH\r\n";
    let canonical = "GET\n/a\n\nhost:x.execute-api.us-east-2.amazonaws.com\nx-amz-date:20261108T174230Z\n\n\
                     host;x-amz-date\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let hash = testkit::reference::sha256(canonical.replace('\n', "\r\n").as_bytes());
    let log = file(folder.path(), "log", format!("\u{feff}{}", text.replace("HASH", &hash)).as_bytes());
    let output = program().arg(&log).output().unwrap();
    let shown = out(&output);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(shown.starts_with("1. canonical-lines, certain"), "{shown}");
    assert!(shown.contains("with CR LF as line ending") && shown.contains("There are no steps: "), "{shown}");
    let json = out(&program().args(["--json", &log]).output().unwrap());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["findings"][0]["causes"][0]["name"], "canonical-lines");
}

#[test]
fn a_readable_file_never_ends_with_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let noise = file(folder.path(), "noise", "It does not work.\nStack trace:\n  at main\n".as_bytes());
    let output = program().arg(&noise).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(
        out(&output).contains("give more: the answer of the service (--answer FILE); the secret"),
        "{}",
        out(&output)
    );
}

#[test]
fn a_request_that_verifies_and_was_refused_was_changed_by_a_proxy() {
    let secret = SecretAccessKey::new(crate::program::SECRET);
    let credentials = countersign::Credentials::new("AKIDEXAMPLE", secret.clone()).unwrap();
    let signer = countersign::Signer::new(credentials, "us-east-1", countersign::Service::S3).unwrap();
    let time = Timestamp::parse("20261109T061502Z").unwrap();
    let mut headers = vec![("Host", "objects.example.com:9443")];
    let request = countersign::Request::new("GET", "/backups/a.zst", &headers);
    let signed = signer.sign(&request, countersign::Payload::Bytes(b""), time).unwrap();
    headers.extend(&signed);
    let mut wire = Wire::new("GET", "/backups/a.zst");
    wire.headers =
        headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
    let text = transcript(&wire);
    let answer = b"<Error><Code>SignatureDoesNotMatch</Code><Resource>/backups/a.zst</Resource></Error>";
    let diagnosis = explain::diagnosed(answer, text.as_bytes(), Some(&secret));
    let cause = diagnosis.first().unwrap();
    assert_eq!((cause.name(), cause.certainty()), (CauseName::HostPort, Certainty::Suspected));
    assert!(cause.fix().contains("the port 9443"), "{}", cause.fix());
    // Without a refusal, a request that verifies has no cause.
    assert!(
        explain::diagnosed(b"", text.replace("403 Forbidden", "200 OK").as_bytes(), Some(&secret)).is_empty()
    );
}

#[test]
fn a_proxy_that_removes_path_parameters_is_named() {
    let mut wire = Wire::new("GET", "/case%3Bv%3D7/a.tif");
    wire.headers.extend([
        ("x-amz-date".to_owned(), b"20261125T084516Z".to_vec()),
        ("x-amz-content-sha256".to_owned(), crate::program::EMPTY.into()),
        (
            "Authorization".to_owned(),
            b"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261125/eu-central-1/s3/aws4_request, \
              SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=00"
                .to_vec(),
        ),
    ]);
    let answer = format!(
        "&lt;Error&gt;&lt;Code&gt;SignatureDoesNotMatch&lt;/Code&gt;&lt;CanonicalRequest&gt;GET\n/case/a.tif\n\nhost:{}\n\
         x-amz-content-sha256:{EMPTY}\nx-amz-date:20261125T084516Z\n\nhost;x-amz-content-sha256;x-amz-date\n{EMPTY}\
         &lt;/CanonicalRequest&gt;&lt;/Error&gt;",
        host(&wire),
        EMPTY = crate::program::EMPTY,
    );
    let diagnosis = explain::diagnosed(answer.as_bytes(), wire_log(&wire).as_bytes(), None);
    assert_eq!(diagnosis.first().unwrap().name(), CauseName::PathParameters, "{diagnosis}");
    assert_eq!(diagnosis.causes().len(), 1, "{diagnosis}");
}

#[test]
fn the_lines_that_curl_removes_from_a_file_are_named() {
    let body = "{\n  \"order\": 1,\n  \"lines\": []\n}\n";
    let received = testkit::reference::sha256(body.replace('\n', "").as_bytes());
    let text = format!(
        "root@edge:/opt# cat event.json\n{body}root@edge:/opt# curl -d @event.json https://lambda.eu-north-1.amazonaws.com/f\n"
    );
    let answer = format!(
        "{{\"message\":\"The request signature we calculated does not match the signature you provided.\\n\\nThe Canonical \
         String for this request should have been\\n'POST\\n/f\\n\\nhost:lambda.eu-north-1.amazonaws.com\\nx-amz-date:\
         20261103T101733Z\\n\\nhost;x-amz-date\\n{received}'\\n\\nThe String-to-Sign should have been\\n'AWS4-HMAC-SHA256\\n\
         20261103T101733Z\\n20261103/eu-north-1/lambda/aws4_request\\n{received}'\\n\"}}"
    );
    let diagnosis = explain::diagnosed(answer.as_bytes(), text.as_bytes(), None);
    let cause = diagnosis.first().unwrap();
    assert_eq!(cause.name(), CauseName::PayloadNewline);
    assert_eq!(cause.certainty(), Certainty::Suspected);
    assert!(cause.detail().unwrap().contains("without its 4 line feeds"), "{diagnosis}");
}

#[test]
fn base64_of_a_request_names_the_region_of_a_global_endpoint() {
    let headers = "{\"Authorization\": [\"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261105/eu-west-1/sts/aws4_request, Signature=0\"]}";
    let text = format!(
        "{{\"iam_request_url\": \"{}\", \"iam_request_headers\": \"{}\"}}",
        base64_of("https://sts.amazonaws.com/"),
        base64_of(headers)
    );
    let answer = "received error code 403: <Code>SignatureDoesNotMatch</Code>\n<Message>Credential should be scoped to a valid region. </Message>";
    let diagnosis = explain::diagnosed(answer.as_bytes(), text.as_bytes(), None);
    let cause = diagnosis.first().unwrap();
    assert_eq!(cause.name(), CauseName::Region);
    assert!(
        cause.fix().contains("sts.eu-west-1.amazonaws.com") && cause.fix().contains("us-east-1"),
        "{}",
        cause.fix()
    );
}

fn base64_of(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let byte = |index: usize| u32::from(*chunk.get(index).unwrap_or(&0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let sextet = usize::try_from(bits >> (18 - 6 * digit) & 63).unwrap();
            out.push(if digit > chunk.len() { '=' } else { char::from(DIGITS[sextet]) });
        }
    }
    out
}

#[test]
fn names_nothing_certain_for_requests_that_verify() {
    for seed in 0..24 {
        let draft = confusion::good(seed);
        let (wire, secret) = (draft.wire(), SecretAccessKey::new(draft.secret.clone()));
        for (form, write) in FORMS.iter().filter(|(form, _)| *form != "har") {
            let text = write(&wire).replace("403", "200");
            let diagnosis = explain::diagnosed(b"", text.as_bytes(), Some(&secret));
            let is_certain = |cause: &Cause| cause.certainty() < Certainty::Reported;
            assert!(!diagnosis.causes().iter().any(is_certain), "seed {seed} in {form}: {diagnosis}\n{text}");
        }
    }
}

#[test]
fn one_cause_at_most_is_reproduced_and_nothing_secret_is_printed() {
    for cause in CAUSES {
        for (broken, (form, write)) in requests(*cause).iter().cycle().zip(FORMS) {
            let secret = SecretAccessKey::new(broken.draft.secret.clone());
            let text = write(&broken.wire);
            let diagnosis = explain::diagnosed(broken.answer().as_bytes(), text.as_bytes(), Some(&secret));
            let certainties = diagnosis.causes().iter().map(Cause::certainty);
            let reproduced = certainties.filter(|certainty| *certainty == Certainty::Reproduced);
            assert!(reproduced.count() <= 1, "{cause} in {form}: {diagnosis}");
            let shown = diagnosis.to_string();
            let draft = &broken.draft;
            for hidden in [draft.secret.as_str(), draft.signature.as_str(), testkit::TOKEN] {
                assert!(!shown.contains(hidden), "{cause} in {form}: {shown}");
            }
        }
    }
}
