//! A client with a valid key that tries to reach more than the key has rights for. The server receives a
//! request for an object under `2024/`, or no request.

use countersign::{Expires, Payload, Timestamp};
use http::Request;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use crate::attack::{Attack, nothing, target};
use crate::running::{YEAR, body, signer};

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

/// A request that may not be sent on is not read as one with less.
#[tokio::test]
async fn pol_a_deletion_keeps_its_conditions() {
    let attack = Attack::start().await;
    let document = "<Delete><Object><Key>2024/a</Key></Object></Delete>";
    let length = format!("content-length: {}", document.len());
    let send = async |headers: &[(&str, &str)]| {
        let mut lines = attack.signed("POST", "/examplebucket?delete=", headers, document);
        lines.push(length.clone());
        attack.send(&lines, document).await
    };
    let sent = send(&[("x-amz-expected-bucket-owner", "111122223333")]).await;
    assert!(sent.heads[0].contains("\r\nx-amz-expected-bucket-owner: 111122223333\r\n"), "{sent:?}");
    for (header, value) in [("x-amz-bypass-governance-retention", "true"), ("x-amz-mfa", "serial 123456")] {
        nothing(&[send(&[(header, value)]).await], "NotImplemented", header);
    }
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

/// Spellings of a source. What is sent on is written anew, in one spelling.
#[tokio::test]
async fn cov_01_a_spelling_of_a_source_reaches_no_other_object() {
    let attack = Attack::start().await;
    for source in [
        "/examplebucket/2024%2F..%2F2023/a",
        "//examplebucket/2024/a",
        "%2F%2Fexamplebucket/2024/a",
        "http://other.example/examplebucket/2024/a",
        "/examplebucket%00/2024/a",
        "/otherbucket%2F..%2Fexamplebucket/2024/a",
        "/examplebucket/%32023/a",
        "/examplebucket/2023/a?versionId=/2024/",
        "/examplebucket\\2024/a",
        "/EXAMPLEBUCKET/2024/a",
        "arn:aws:s3:us-east-1:111122223333:accesspoint/point/object/2024/a",
        "/examplebucket",
        "",
    ] {
        let lines = attack.signed("PUT", "/examplebucket/2024/b", &[("x-amz-copy-source", source)], "");
        let sent = attack.send(&lines, "").await;
        assert!((400..502).contains(&sent.status) && sent.heads.is_empty(), "{source}: {sent:?}");
        let rename = [("x-amz-rename-source", source)];
        let lines = attack.signed("PUT", "/examplebucket/2024/b?renameObject=", &rename, "");
        let sent = attack.send(&lines, "").await;
        assert!((400..502).contains(&sent.status) && sent.heads.is_empty(), "{source}: {sent:?}");
    }
    for (source, expected) in [
        ("examplebucket%2F%32024%2Fa%20b", "examplebucket/2024/a%20b"),
        ("/examplebucket/2024/%252e%252e/a", "examplebucket/2024/%252e%252e/a"),
        ("/examplebucket/2024/a%3FversionId=1", "examplebucket/2024/a%3FversionId%3D1"),
    ] {
        let lines = attack.signed("PUT", "/examplebucket/2024/b", &[("x-amz-copy-source", source)], "");
        let sent = attack.send(&lines, "").await;
        let expected = format!("\r\nx-amz-copy-source: {expected}\r\n");
        assert!(sent.heads.len() == 1 && sent.heads[0].contains(&expected), "{source}: {sent:?}");
    }
}

/// A URL for one GET is no HEAD, no other answer, no other operation, and no longer valid than it was signed.
#[tokio::test]
async fn pol_a_presigned_url_gives_nothing_else() {
    let attack = Attack::start().await;
    let mut request =
        Request::get(format!("{}/examplebucket/2024/a", attack.gateway.url)).body(body("")).unwrap();
    countersign::http::presign(&signer(YEAR), &mut request, Expires::HOUR, Timestamp::now()).unwrap();
    let url = request.uri().path_and_query().unwrap().to_string();
    let ask = async |method: &str, target: &str, extra: &[&str]| {
        let mut lines = vec![format!("{method} {target} HTTP/1.1"), format!("host: {}", attack.address())];
        lines.extend(extra.iter().map(|line| (*line).to_owned()));
        attack.send(&lines, "").await
    };
    assert_eq!(target(&ask("GET", &url, &[]).await), "/examplebucket/2024/a");
    for (method, target) in [
        ("HEAD", url.clone()),
        ("PUT", url.clone()),
        ("DELETE", url.clone()),
        ("GET", format!("{url}&response-content-type=text/html")),
        ("GET", format!("{url}&response-content-disposition=inline")),
        ("GET", format!("{url}&acl")),
        ("GET", format!("{url}&versionId=1")),
        ("GET", format!("{url}&X-Amz-Expires=604800")),
        ("GET", format!("{url}&x-amz-expires=604800")),
        ("GET", url.replace("X-Amz-Expires=3600", "X-Amz-Expires=3601")),
        ("GET", url.replace("2024/a", "2024/b")),
        ("GET", url.replace("X-Amz-SignedHeaders=host", "X-Amz-SignedHeaders=")),
    ] {
        let sent = ask(method, &target, &[]).await;
        assert!((400..404).contains(&sent.status) && sent.heads.is_empty(), "{method} {target}: {sent:?}");
    }
    for extra in [
        "x-amz-acl: private",
        "x-amz-tagging: a=b",
        "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "x-amz-website-redirect-location: /x",
        "authorization: AWS4-HMAC-SHA256 a",
        "if-match: \"a\"",
    ] {
        let sent = ask("GET", &url, &[extra]).await;
        assert!((400..502).contains(&sent.status) && sent.heads.is_empty(), "{extra}: {sent:?}");
    }
}
