//! Requests signed by hand and written to a socket byte for byte.
//!
//! Nothing of countersign is used, so that these tests say something of the server alone.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bucket::Server;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request before it is signed. Every field may be changed by a test.
#[derive(Clone)]
pub struct Draft {
    pub method: &'static str,
    /// As it goes over the wire, percent-encoded.
    pub path: String,
    /// Percent-encoded too.
    pub query: Vec<(String, String)>,
    /// All of these are signed.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub access_key: String,
    pub secret_key: String,
    pub region: String,
    pub service: String,
    pub time: u64,
    pub host: String,
}

impl Draft {
    pub fn new(server: &Server, method: &'static str, key: &str, body: &[u8]) -> Self {
        let host = server.endpoint().trim_start_matches("http://").to_owned();
        Self {
            method,
            path: format!("/{}/{}", server.bucket, encode(key, true)),
            query: Vec::new(),
            headers: vec![("host".into(), host.clone())],
            body: body.to_vec(),
            access_key: server.access_key.clone(),
            secret_key: server.secret_key.clone(),
            region: server.region.clone(),
            service: "s3".into(),
            time: now(),
            host,
        }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((encode(name, false), encode(value, false)));
        self
    }

    /// Signs the true hash of the body.
    pub fn sign(self) -> Wire {
        let hash = hex::encode(Sha256::digest(&self.body));
        self.sign_hash(&hash)
    }

    /// Signs any value as the hash.
    pub fn sign_hash(&self, hash: &str) -> Wire {
        let mut signed = self.clone();
        signed.add_signature(hash);
        signed.into_wire()
    }

    fn add_signature(&mut self, hash: &str) {
        self.headers.push(("x-amz-content-sha256".into(), hash.into()));
        self.headers.push(("x-amz-date".into(), stamp(self.time)));
        let (signature, names) = self.signature(hash);
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={names}, Signature={signature}",
            self.access_key,
            self.scope()
        );
        self.headers.push(("authorization".into(), authorization));
    }

    pub fn presign(mut self, expires: u64) -> Wire {
        let credential = format!("{}/{}", self.access_key, self.scope());
        let names = self.signed_names();
        let date = stamp(self.time);
        self = self
            .query("X-Amz-Algorithm", "AWS4-HMAC-SHA256")
            .query("X-Amz-Credential", &credential)
            .query("X-Amz-Date", &date)
            .query("X-Amz-Expires", &expires.to_string())
            .query("X-Amz-SignedHeaders", &names);
        let (signature, _) = self.signature("UNSIGNED-PAYLOAD");
        self.query("X-Amz-Signature", &signature).into_wire()
    }

    fn signed_names(&self) -> String {
        let mut names: Vec<_> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.join(";")
    }

    fn scope(&self) -> String {
        format!("{}/{}/{}/aws4_request", &stamp(self.time)[..8], self.region, self.service)
    }

    /// A form that a browser could send, with its policy signed.
    pub fn form(&self, key: &str, file: &str) -> Wire {
        let (time, credential) = (stamp(self.time), format!("{}/{}", self.access_key, self.scope()));
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

        let mut form = self.clone();
        form.headers.push(("content-type".into(), "multipart/form-data; boundary=boundary".into()));
        form.body = body.into_bytes();
        form.into_wire()
    }

    /// One frame of a signed chunked body; its signature is where the next one starts from.
    pub fn chunk(&self, previous: &str, data: &str) -> (String, String) {
        let [empty, digest] = ["", data].map(|text| hex::encode(Sha256::digest(text)));
        let (time, scope) = (stamp(self.time), self.scope());
        let signature =
            self.mac(&format!("AWS4-HMAC-SHA256-PAYLOAD\n{time}\n{scope}\n{previous}\n{empty}\n{digest}"));
        (format!("{:x};chunk-signature={signature}\r\n{data}\r\n", data.len()), signature)
    }

    fn signature(&self, hash: &str) -> (String, String) {
        let mut query = self.query.clone();
        query.sort();
        let query: Vec<_> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut headers = self.headers.clone();
        headers.sort();
        let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let names = self.signed_names();

        let canonical =
            format!("{}\n{}\n{}\n{lines}\n{names}\n{hash}", self.method, self.path, query.join("&"));
        let digest = hex::encode(Sha256::digest(canonical));
        let to_sign = format!("AWS4-HMAC-SHA256\n{}\n{}\n{digest}", stamp(self.time), self.scope());
        (self.mac(&to_sign), names)
    }

    fn mac(&self, text: &str) -> String {
        let mut key = format!("AWS4{}", self.secret_key).into_bytes();
        for part in [&stamp(self.time)[..8], &self.region, &self.service, "aws4_request"] {
            key = hmac(&key, part);
        }
        hex::encode(hmac(&key, text))
    }

    fn into_wire(self) -> Wire {
        let query: Vec<_> = self.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Wire {
            method: self.method,
            path: self.path,
            query: query.join("&"),
            headers: self.headers,
            body: self.body,
            host: self.host,
        }
    }
}

/// A signed request. Whatever is changed from here on, the signature does not know of.
#[derive(Clone)]
pub struct Wire {
    pub method: &'static str,
    pub path: String,
    pub query: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub host: String,
}

impl Wire {
    pub fn add(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub async fn send(self) -> Answer {
        let mut head = format!("{} {}?{} HTTP/1.1\r\n", self.method, self.path, self.query);
        if self.query.is_empty() {
            head = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        }
        if !self.headers.iter().any(|(name, _)| name == "host") {
            head += &format!("host: {}\r\n", self.host);
        }
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("content-length: {}\r\nconnection: close\r\n\r\n", self.body.len());

        let mut socket = TcpStream::connect(&self.host).await.unwrap();
        socket.write_all(head.as_bytes()).await.unwrap();
        socket.write_all(&self.body).await.unwrap();
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

/// RFC 3986: everything but the unreserved characters; a slash stays in paths.
pub fn encode(text: &str, is_path: bool) -> String {
    let keep =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) || (is_path && byte == b'/');
    text.bytes().map(|b| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
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

fn hmac(key: &[u8], message: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
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
