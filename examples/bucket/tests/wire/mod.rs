//! Requests that are signed by an independent signer and written to a socket byte for byte.
//!
//! No signature is made by countersign, so these tests check the server alone.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bucket::Server;
pub use testkit::reference::{encode, encode_path};
use testkit::{EMPTY, Hand, UNSIGNED, Wire, sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request before it is signed.
#[derive(Clone)]
pub struct Draft {
    pub wire: Wire,
    hand: Hand,
    region: String,
    service: String,
    time: u64,
    host: String,
}

impl Draft {
    pub fn new(server: &Server, method: &str, key: &str, body: &[u8]) -> Self {
        let host = server.endpoint().trim_start_matches("http://").to_owned();
        let target = format!("/{}/{}", server.bucket, encode_path(key));
        Self {
            wire: Wire::new(method, &target).set("Host", &host).body(body),
            hand: Hand::new().id(&server.access_key).secret(&server.secret_key),
            region: server.region.clone(),
            service: "s3".into(),
            time: now(),
            host,
        }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.wire = self.wire.with(name, value);
        self
    }

    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.wire.target += if self.wire.target.contains('?') { "&" } else { "?" };
        self.wire.target += &format!("{}={}", encode(name), encode(value));
        self
    }

    pub fn secret(mut self, secret: &str) -> Self {
        self.hand = self.hand.secret(secret);
        self
    }

    pub fn region(mut self, region: &str) -> Self {
        self.region = region.into();
        self
    }

    pub fn service(mut self, service: &str) -> Self {
        self.service = service.into();
        self
    }

    pub fn time(mut self, time: u64) -> Self {
        self.time = time;
        self
    }

    /// Signs the SHA-256 of the body.
    pub fn sign(self) -> Signed {
        let hash = sha256(&self.wire.body);
        self.sign_hash(&hash)
    }

    /// Signs any value as the payload hash.
    pub fn sign_hash(&self, hash: &str) -> Signed {
        let wire = self.wire.clone().with("x-amz-content-sha256", hash);
        self.signed(self.hand().sign(wire))
    }

    pub fn presign(self, expires: u64) -> Signed {
        let hand = self.hand().payload(UNSIGNED).expires(&expires.to_string());
        self.signed(hand.presign(self.wire.clone()))
    }

    fn hand(&self) -> Hand {
        self.hand.clone().time(&stamp(self.time)).scope(&self.scope())
    }

    fn scope(&self) -> String {
        format!("{}/{}/{}/aws4_request", &stamp(self.time)[..8], self.region, self.service)
    }

    fn mac(&self, text: &str) -> String {
        let hand = self.hand();
        (hand.signs)(&hand, text)
    }

    fn signed(&self, wire: Wire) -> Signed {
        Signed { wire, host: self.host.clone() }
    }

    /// Returns a form with a signed policy, as a browser sends it.
    pub fn form(&self, key: &str, file: &str) -> Signed {
        let (time, credential) = (stamp(self.time), format!("{}/{}", self.hand.id, self.scope()));
        let fields = [
            ("key", key),
            ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
            ("x-amz-credential", &credential),
            ("x-amz-date", &time),
        ];
        let conditions = fields.map(|(name, value)| format!("{{\"{name}\":\"{value}\"}}")).join(",");
        let policy = format!("{{\"expiration\":\"2999-01-01T00:00:00.000Z\",\"conditions\":[{conditions}]}}");
        let policy = BASE64_STANDARD.encode(policy);
        let signature = self.mac(&policy);

        let field = |(name, value): (&str, &str)| {
            format!("--boundary\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let mut body: String = fields.map(field).concat();
        body += &field(("policy", &policy));
        body += &field(("x-amz-signature", &signature));
        body += &field(("file\"; filename=\"f", file));
        body += "--boundary--\r\n";

        let wire = self.wire.clone().with("content-type", "multipart/form-data; boundary=boundary");
        self.signed(wire.body(body))
    }

    /// Returns one frame of a chunked body, and its signature, which the next frame continues.
    pub fn chunk(&self, previous: &str, data: &str) -> (String, String) {
        let (time, scope, digest) = (stamp(self.time), self.scope(), sha256(data));
        let signature =
            self.mac(&format!("AWS4-HMAC-SHA256-PAYLOAD\n{time}\n{scope}\n{previous}\n{EMPTY}\n{digest}"));
        (format!("{:x};chunk-signature={signature}\r\n{data}\r\n", data.len()), signature)
    }
}

/// A signed request; the signature does not cover later changes.
#[derive(Clone)]
pub struct Signed {
    pub wire: Wire,
    host: String,
}

impl Signed {
    pub fn add(mut self, name: &str, value: &str) -> Self {
        self.wire = self.wire.with(name, value);
        self
    }

    pub fn retarget(mut self, from: &str, to: &str) -> Self {
        self.wire = self.wire.retarget(from, to);
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.wire.body = body.into();
        self
    }

    pub async fn send(self) -> Answer {
        let Self { wire, host } = self;
        let mut head = format!("{} {} HTTP/1.1\r\n", wire.method, wire.target).into_bytes();
        if wire.value("host").is_none() {
            head.extend_from_slice(format!("host: {host}\r\n").as_bytes());
        }
        for (name, value) in &wire.headers {
            head.extend_from_slice(&[name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        let length = wire.body.len();
        head.extend_from_slice(format!("content-length: {length}\r\nconnection: close\r\n\r\n").as_bytes());

        let mut socket = TcpStream::connect(&host).await.unwrap();
        socket.write_all(&head).await.unwrap();
        socket.write_all(&wire.body).await.unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await.unwrap();

        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a complete head");
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let mut body = answer[end + 4..].to_vec();
        if head.to_lowercase().contains("transfer-encoding: chunked") {
            body = unchunk(&body);
        }
        Answer { status: head[9..12].parse().unwrap(), head, body }
    }
}

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn element(&self, name: &str) -> String {
        let text = self.text();
        let start = text.find(&format!("<{name}>")).map_or(text.len(), |at| at + name.len() + 2);
        let end = text.find(&format!("</{name}>")).unwrap_or(text.len());
        text[start..end.max(start)].to_owned()
    }

    #[track_caller]
    pub fn accepted(self) -> Self {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text());
        self
    }

    #[track_caller]
    pub fn refused(self, status: u16, code: &str) {
        assert_eq!((self.status, self.element("Code").as_str()), (status, code), "{}", self.text());
    }
}

pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// `20130524T000000Z`, with Howard Hinnant's civil-from-days.
fn stamp(time: u64) -> String {
    let (days, second) = (time / 86_400, time % 86_400);
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}{month:02}{day:02}T{:02}{:02}{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

fn unchunk(mut framed: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let line = framed.windows(2).position(|bytes| bytes == b"\r\n").unwrap();
        let size = usize::from_str_radix(std::str::from_utf8(&framed[..line]).unwrap(), 16).unwrap();
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&framed[line + 2..line + 2 + size]);
        framed = &framed[line + 2 + size + 2..];
    }
}
