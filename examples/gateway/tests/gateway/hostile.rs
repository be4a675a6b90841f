//! A client with a valid key that tries to reach more than the key has rights for. The recorder shows what the
//! server would have received: a request for an object under `2024/`, or none.

use countersign::{Payload, Timestamp};
use http::Request;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use testkit::{Hand, Wire};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::recorder::Recorder;
use crate::running::{Gateway, KEYS, REGION, Real, YEAR, body, signer};

/// The answer to a client, and the heads of the requests that the server received.
#[derive(Debug)]
struct Sent {
    status: u16,
    code: String,
    heads: Vec<String>,
}

struct Attack {
    server: Recorder,
    gateway: Gateway,
}

impl Attack {
    async fn start() -> Self {
        let server = Recorder::start().await;
        let real = Real { endpoint: &server.url, key: "AKIDREAL", secret: "real-secret" };
        let gateway = Gateway::start_with(&real, KEYS, &[]);
        Self { server, gateway }
    }

    fn address(&self) -> &str {
        self.gateway.url.strip_prefix("http://").unwrap()
    }

    /// Returns the lines of a request that is signed with a key for `2024/` only.
    fn signed(&self, method: &str, target: &str, headers: &[(&str, &str)], data: &str) -> Vec<String> {
        let request = Request::builder().method(method).uri(format!("{}{target}", self.gateway.url));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let mut request = request.body(body("")).unwrap();
        let payload = Payload::Bytes(data.as_bytes());
        countersign::http::sign(&signer(YEAR), &mut request, payload, Timestamp::now()).unwrap();
        request.headers_mut().remove("host");
        let mut lines = vec![format!("{method} {target} HTTP/1.1"), format!("host: {}", self.address())];
        let fields = request.headers().iter();
        lines.extend(fields.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())));
        lines
    }

    /// Sends lines and data as they are, and returns the status and the requests of the server.
    async fn send(&self, lines: &[String], data: &str) -> Sent {
        let mut stream = TcpStream::connect(self.address()).await.unwrap();
        let head = format!("{}\r\nconnection: close\r\n\r\n{data}", lines.join("\r\n"));
        let _ = stream.write_all(head.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let code = answer.split("<Code>").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
        let heads = self.server.take().await.into_iter().map(|recorded| recorded.head).collect();
        Sent { status, code: code.to_owned(), heads }
    }

    /// Sends a target that the library does not sign, with the signature of another signer. The server's reading
    /// is tried in two spellings, so that a refusal is not only that of the signature.
    async fn get(&self, target: &str) -> Vec<Sent> {
        let mut answers = Vec::new();
        for canonical in [target.to_owned(), canonical(target)] {
            let now = Timestamp::now().to_string();
            let scope = format!("{}/{REGION}/s3/aws4_request", &now[..8]);
            let hand = Hand::new().id(YEAR.0).secret(YEAR.1).time(&now).scope(&scope);
            let wire = Wire::new("GET", &canonical).without("host").with("host", self.address());
            let wire = hand.sign(wire);
            let mut lines = vec![format!("GET {target} HTTP/1.1")];
            let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
            lines.extend(wire.headers.iter().map(|(name, value)| format!("{name}: {}", text(value))));
            answers.push(self.send(&lines, "").await);
        }
        answers
    }
}

/// Returns a target as S3 canonicalizes it.
fn canonical(target: &str) -> String {
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut path = countersign::uri::encode_path(&decode(path));
    let mut pairs: Vec<_> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    pairs.sort_unstable();
    for (number, pair) in pairs.into_iter().enumerate() {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let encode = |text| countersign::uri::encode(&decode(text));
        path += &format!("{}{}={}", if number == 0 { "?" } else { "&" }, encode(name), encode(value));
    }
    path
}

/// Returns the target of the only request that reached the server.
fn target(sent: &Sent) -> &str {
    let [head] = &sent.heads[..] else { panic!("{sent:?}") };
    head.split(' ').nth(1).unwrap()
}

/// Requires that nothing reached the server, and that one of the refusals has this code.
fn nothing(sent: &[Sent], code: &str, what: &str) {
    assert!(sent.iter().all(|sent| sent.heads.is_empty()), "{what}: {sent:?}");
    assert!(sent.iter().any(|sent| sent.code == code), "{what}: {sent:?}");
}

#[tokio::test]
async fn pol_a_spelling_of_the_path_reaches_no_other_object() {
    let attack = Attack::start().await;
    for (path, code) in [
        ("/examplebucket/%32%30%32%33/old", "AccessDenied"),
        ("/examplebucket//2024/a", "AccessDenied"),
        ("/examplebucket/%2F2024/a", "AccessDenied"),
        ("/examplebucket/2024", "AccessDenied"),
        ("/examplebucket/2024%00/a", "AccessDenied"),
        ("/examplebucket/2024/../2023/old", "InvalidRequest"),
        ("/examplebucket/2024/%2e%2e/2023/old", "InvalidRequest"),
        ("/examplebucket/2024%2F..%2F2023/old", "InvalidRequest"),
        ("/examplebucket/2024/..%5C2023/old", "InvalidRequest"),
        ("/examplebucket/2024/.", "InvalidRequest"),
        ("/./examplebucket/2024/a", "InvalidBucketName"),
        ("//examplebucket/2024/a", "InvalidBucketName"),
        ("/EXAMPLEBUCKET/2024/a", "AccessDenied"),
        ("/examplebucket/2024/%FF", "InvalidArgument"),
    ] {
        nothing(&attack.get(path).await, code, path);
    }
    for (path, expected) in [
        ("/examplebucket/2024//a", "/examplebucket/2024//a"),
        ("/examplebucket/%32024/a", "/examplebucket/2024/a"),
        // Decoded once: a server that decodes once too reads the key that was checked.
        ("/examplebucket/2024/%252e%252e/b", "/examplebucket/2024/%252e%252e/b"),
        ("/examplebucket/2024/a%3Facl", "/examplebucket/2024/a%3Facl"),
        ("/examplebucket/2024/a%23b", "/examplebucket/2024/a%23b"),
    ] {
        let sent = attack.get(path).await;
        let arrived: Vec<_> = sent.iter().filter(|sent| sent.status == 200).map(target).collect();
        assert!(!arrived.is_empty() && arrived.iter().all(|target| *target == expected), "{sent:?}");
    }
}

#[tokio::test]
async fn pol_a_parameter_or_header_with_two_readings_is_refused() {
    let attack = Attack::start().await;
    for (target, code) in [
        ("/examplebucket?list-type=2&prefix=2024/&prefix=2023/", "InvalidArgument"),
        ("/examplebucket?list-type=2&prefix=2023/&prefix=2024/", "InvalidArgument"),
        ("/examplebucket?list-type=2&Prefix=2024/", "NotImplemented"),
        ("/examplebucket?Prefix=2023/&list-type=2&prefix=2024/", "NotImplemented"),
        ("/examplebucket/2024/a?versionId=1&versionId=2", "InvalidArgument"),
        ("/examplebucket/2024/a?acl", "NotImplemented"),
        ("/examplebucket/2024/a?%61cl", "NotImplemented"),
        ("/examplebucket/2024/a?attributes&tagging", "InvalidArgument"),
    ] {
        nothing(&attack.get(target).await, code, target);
    }
    // A header in the query and in the head: the one that is sent is the one that was checked.
    let copy = "x-amz-copy-source";
    let (old, new) = ("/examplebucket/2023/a", "/examplebucket/2024/a");
    for (header, query, status) in [(new, old, 403), (old, new, 200)] {
        let target = format!("/examplebucket/2024/b?{copy}={}", countersign::uri::encode(query));
        let sent = attack.send(&attack.signed("PUT", &target, &[(copy, header)], ""), "").await;
        assert_eq!(sent.status, status, "{sent:?}");
        assert!(sent.heads.iter().all(|head| !head.contains("2023")), "{sent:?}");
    }
    // A second field that the client did not sign.
    for extra in [format!("{copy}: {old}"), "host: other".into(), "x-amz-meta-a: b".into()] {
        let mut lines = attack.signed("PUT", "/examplebucket/2024/b", &[(copy, new)], "");
        lines.push(extra.clone());
        let sent = attack.send(&lines, "").await;
        assert!((400..404).contains(&sent.status) && sent.heads.is_empty(), "{extra}: {sent:?}");
    }
    // Neither another method nor another spelling of a header goes on.
    let mut lines =
        attack.signed("GET", "/examplebucket/2024/a", &[("x-http-method-override", "DELETE")], "");
    lines.push("x_amz_copy_source: /examplebucket/2023/a".to_owned());
    let sent = attack.send(&lines, "").await;
    assert_eq!(target(&sent), "/examplebucket/2024/a");
    assert!(!sent.heads[0].contains("override") && !sent.heads[0].contains("x_amz"), "{sent:?}");
}

#[tokio::test]
async fn pol_a_request_target_of_another_form_names_the_same_object_or_is_refused() {
    let attack = Attack::start().await;
    let signed = attack.signed("GET", "/examplebucket/2024/a", &[], "");
    let with = |line: String| [&[line], &signed[1..]].concat();
    let own = format!("GET {}/examplebucket/2024/a HTTP/1.1", attack.gateway.url);
    assert_eq!(target(&attack.send(&with(own), "").await), "/examplebucket/2024/a");
    for line in [
        "GET http://other.example/examplebucket/2024/a HTTP/1.1".to_owned(),
        format!("GET {}/examplebucket/2023/old HTTP/1.1", attack.gateway.url),
        format!("CONNECT {} HTTP/1.1", attack.address()),
        "OPTIONS * HTTP/1.1".to_owned(),
        "GET /examplebucket/2024/a".to_owned(),
        "GET  /examplebucket/2024/a HTTP/1.1".to_owned(),
    ] {
        let sent = attack.send(&with(line.clone()), "").await;
        assert!((400..500).contains(&sent.status) && sent.heads.is_empty(), "{line}: {sent:?}");
    }
}

/// Two lengths would let a proxy in front of the gateway and the gateway disagree about where a request ends.
#[tokio::test]
async fn a_body_with_two_lengths_is_refused() {
    let attack = Attack::start().await;
    let hidden = "GET /examplebucket/2023/old HTTP/1.1\r\nhost: a\r\n\r\n";
    let chunked = format!("5\r\nhello\r\n0\r\n\r\n{hidden}");
    for (extra, data) in [
        (&["content-length: 5", "transfer-encoding: chunked"][..], &*chunked),
        (&["transfer-encoding: chunked", "content-length: 5"], &chunked),
        (&["transfer-encoding: chunked"], "5\r\nhello\r\n0\r\n\r\n"),
        (&["content-length: 5", "content-length: 6"], "hello!"),
        (&["content-length: +5"], "hello"),
        (&["transfer-encoding: gzip, chunked"], "5\r\nhello\r\n0\r\n\r\n"),
        (&["transfer-encoding: chunked, gzip", "content-length: 5"], "hello"),
        (&["content-length: 5", "transfer-encoding : chunked"], "hello"),
    ] {
        let mut lines = attack.signed("PUT", "/examplebucket/2024/a", &[], "hello");
        lines.extend(extra.iter().map(|line| (*line).to_owned()));
        let sent = attack.send(&lines, data).await;
        assert!((400..502).contains(&sent.status) && sent.heads.is_empty(), "{extra:?}: {sent:?}");
    }
}

#[tokio::test]
async fn a_huge_head_is_refused_and_the_gateway_goes_on() {
    let attack = Attack::start().await;
    let long = "x".repeat(2 << 20);
    let many: Vec<_> = (0..1000).map(|number| format!("x-{number}: a")).collect();
    for extra in [vec![format!("x-long: {long}")], many] {
        let lines = [attack.signed("GET", "/examplebucket/2024/a", &[], ""), extra].concat();
        let sent = attack.send(&lines, "").await;
        assert!([0, 431].contains(&sent.status) && sent.heads.is_empty(), "{}", sent.status);
    }
    let mut lines = attack.signed("GET", "/examplebucket/2024/a", &[], "");
    lines[0] = format!("GET /examplebucket/2024/{} HTTP/1.1", "a".repeat(70_000));
    let sent = attack.send(&lines, "").await;
    assert!((400..500).contains(&sent.status) && sent.heads.is_empty(), "{}", sent.status);
    let lines = attack.signed("GET", "/examplebucket/2024/a", &[], "");
    assert_eq!(target(&attack.send(&lines, "").await), "/examplebucket/2024/a");
}

/// Over HTTP/2, the host is in `:authority`.
#[tokio::test]
async fn pol_http_2_is_verified_like_http_1() {
    let attack = Attack::start().await;
    for (extra, path, status, arrived) in [
        (None, "/examplebucket/2024/a", 200, 1),
        (None, "/examplebucket/2023/old", 403, 0),
        (Some(("host", "other.example")), "/examplebucket/2024/a", 400, 0),
        (Some(("x-amz-copy-source", "/examplebucket/2023/a")), "/examplebucket/2024/a", 403, 0),
    ] {
        let mut request = Request::get(format!("{}{path}", attack.gateway.url)).body(body("")).unwrap();
        countersign::http::sign(&signer(YEAR), &mut request, Payload::Bytes(b""), Timestamp::now()).unwrap();
        request.headers_mut().remove("host");
        if let Some((name, value)) = extra {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let stream = TokioIo::new(TcpStream::connect(attack.address()).await.unwrap());
        let (mut sender, connection) = http2::handshake(TokioExecutor::new(), stream).await.unwrap();
        tokio::spawn(connection);
        let (found, answer) = crate::running::read(sender.send_request(request).await.unwrap()).await;
        assert_eq!(found, status, "{path} {extra:?}: {answer}");
        assert_eq!(attack.server.take().await.len(), arrived, "{path} {extra:?}");
    }
}
