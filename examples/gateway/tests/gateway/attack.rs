//! Requests of a client that has a valid key, sent byte by byte as an attacker would, and the requests that a
//! recording server receives then.

use countersign::{Payload, Timestamp};
use http::Request;
use testkit::{Hand, Wire};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::recorder::Recorder;
use crate::running::{Gateway, KEYS, REGION, Real, YEAR, body, signer};

/// The answer to a client, and the heads of the requests that the server received.
#[derive(Debug)]
pub struct Sent {
    pub status: u16,
    pub code: String,
    pub heads: Vec<String>,
}

pub struct Attack {
    pub server: Recorder,
    pub gateway: Gateway,
}

impl Attack {
    pub async fn start() -> Self {
        let server = Recorder::start().await;
        let real = Real { endpoint: &server.url, key: "AKIDREAL", secret: "real-secret" };
        let gateway = Gateway::start_with(&real, KEYS, &[]);
        Self { server, gateway }
    }

    pub fn address(&self) -> &str {
        self.gateway.url.strip_prefix("http://").unwrap()
    }

    /// Returns the lines of a request that is signed with a key for `2024/` only.
    pub fn signed(&self, method: &str, target: &str, headers: &[(&str, &str)], data: &str) -> Vec<String> {
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
    pub async fn send(&self, lines: &[String], data: &str) -> Sent {
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
    pub async fn get(&self, target: &str) -> Vec<Sent> {
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
pub fn target(sent: &Sent) -> &str {
    let [head] = &sent.heads[..] else { panic!("{sent:?}") };
    head.split(' ').nth(1).unwrap()
}

/// Requires that nothing reached the server, and that one of the refusals has this code.
pub fn nothing(sent: &[Sent], code: &str, what: &str) {
    assert!(sent.iter().all(|sent| sent.heads.is_empty()), "{what}: {sent:?}");
    assert!(sent.iter().any(|sent| sent.code == code), "{what}: {sent:?}");
}
