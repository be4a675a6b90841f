//! Requests whose end servers find at different places, and heads that are too long. The server receives one whole
//! request, or none.

use crate::attack::{Attack, target};

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
        (&["content-length: 5, 6"], "hello!"),
        (&["content-length: 0x5"], "hello"),
        (&["content-length: 5\r\n 6"], "hello"),
        (&["content-length: 5", "x-folded: a\r\n transfer-encoding: chunked"], "hello"),
        (&["content-length: 5", "transfer-encoding:\u{b}chunked"], &chunked),
        (&["content-length: 5\0"], "hello"),
        (&["content-length: 5", "x-a: b\rtransfer-encoding: chunked"], "hello"),
    ] {
        let mut lines = attack.signed("PUT", "/examplebucket/2024/a", &[], "hello");
        lines.extend(extra.iter().map(|line| (*line).to_owned()));
        let sent = attack.send(&lines, data).await;
        assert!((400..502).contains(&sent.status) && sent.heads.is_empty(), "{extra:?}: {sent:?}");
    }
}

/// Sizes of chunks that servers read in different ways, extensions, and line ends without CR. What follows the
/// body must not become a request.
#[tokio::test]
async fn a_chunked_body_with_two_readings_is_refused() {
    let attack = Attack::start().await;
    let document = "<Delete><Object><Key>2024/a</Key></Object></Delete>";
    let size = format!("{:x}", document.len());
    let send = async |body: String| {
        let hidden = attack.signed("GET", "/examplebucket/2024/hidden", &[], "").join("\r\n");
        let mut lines = attack.signed("POST", "/examplebucket?delete=", &[], document);
        lines.push("transfer-encoding: chunked".to_owned());
        lines.push("connection: close".to_owned());
        attack.send(&lines, &format!("{body}{hidden}\r\n\r\n")).await
    };
    let good = send(format!("{size};a=b\r\n{document}\r\n0\r\n\r\n")).await;
    assert_eq!((good.status, good.heads.len()), (200, 1), "{good:?}");
    for body in [
        format!("0x{size}\r\n{document}\r\n0\r\n\r\n"),
        format!("+{size}\r\n{document}\r\n0\r\n\r\n"),
        format!("-{size}\r\n{document}\r\n0\r\n\r\n"),
        format!("{size}\n{document}\n0\n\n"),
        format!("{size};a=\"\n\"\r\n{document}\r\n0\r\n\r\n"),
        format!("{size}\r\n{document}0\r\n\r\n"),
        format!("100000000000000{size}\r\n{document}\r\n0\r\n\r\n"),
        format!("\r\n{size}\r\n{document}\r\n0\r\n\r\n"),
        format!("{size};{}\r\n{document}\r\n0\r\n\r\n", "a".repeat(100_000)),
    ] {
        let sent = send(body.clone()).await;
        assert!(sent.status != 200 && sent.heads.is_empty(), "{:?}: {sent:?}", &body[..20]);
    }
}

/// A client that waits for `100 Continue` gets the refusal first.
#[tokio::test]
async fn a_refused_upload_is_not_asked_for() {
    let attack = Attack::start().await;
    for (path, status) in [("/examplebucket/2023/a", 403), ("/examplebucket/2024/a", 100)] {
        let mut lines = attack.signed("PUT", path, &[], "hello");
        lines.extend(["expect: 100-continue", "content-length: 5"].map(str::to_owned));
        let sent = attack.send(&lines, if status == 100 { "hello" } else { "" }).await;
        assert_eq!((sent.status, sent.heads.len()), (status, usize::from(status == 100)), "{sent:?}");
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
