//! Signed requests to S3 servers that other people wrote.
//!
//! `.ci/servers` starts the servers and runs this; by hand, against any server and an account
//! that may create a bucket:
//!
//! ```text
//! S3_ENDPOINT=http://127.0.0.1:9000 S3_BUCKET=scratch AWS_REGION=us-east-1 \
//! AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... cargo test --test live -- --ignored --nocapture
//! ```
//!
//! `LIVE_SERVER` names the server for the table of known gaps, `S3_DOMAIN` is its domain for
//! virtual-hosted buckets, `STS_ROLE_ARN` a role the account may assume.
//!
//! The client below writes each request target as it was signed: an HTTP library would tidy
//! `x/../y` and `a//b` before they reach the server, and then test itself.
#![cfg(feature = "std")]
#![expect(clippy::indexing_slicing, reason = "a panic fails the case, and says where")]

use std::fmt::Write as _;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;
use std::{env, panic, thread};

use countersign::s3::{Endpoint, Style};
use countersign::{
    Credentials, Expires, Payload, PresignedUrl, Request, SecretAccessKey, Service, Signer, Timestamp,
};

// --- what is known about the servers ---------------------------------------------------------

/// Why a case cannot pass on a server. It is run all the same, has to fail in just this way, and
/// is told when it passes after all.
enum Gap {
    /// The server accepts what it should refuse, so that a pass would prove nothing.
    Unchecked,
    /// The server cannot do what the case asks for, whoever signs it. Its failure says this.
    Unsupported(&'static str),
}
use Gap::{Unchecked, Unsupported};

/// Server, case (with a final `*`, all that begin so), gap, reason.
#[rustfmt::skip]
const GAPS: &[(&str, &str, Gap, &str)] = &[
    ("ministack", "refused, signed: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ministack", "refused, presigned: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ministack", "refused, signed: other bytes than were hashed", Unchecked, "the header is believed, the body not hashed"),
    ("ministack", "refused, signed: bytes where none were hashed", Unchecked, "the header is believed, the body not hashed"),
    ("ministack", "presigned PUT for one body, *", Unsupported("SignatureDoesNotMatch"), "takes the payload of any URL to be unsigned"),
    ("ministack", "the server's canonical request, presigned", Unsupported("none in the reply"), "told for signed headers only"),
    ("ministack", "session token, signed, refused: sent and not signed", Unchecked, "the token need not be signed"),

    ("seaweedfs", "refused, signed: another region", Unchecked, "any region will do"),
    ("seaweedfs", "refused, presigned: another region", Unchecked, "any region will do"),
    ("seaweedfs", "refused, signed: other bytes than were hashed", Unchecked, "the header is believed, the body not hashed"),
    ("seaweedfs", "refused, signed: bytes where none were hashed", Unchecked, "the header is believed, the body not hashed"),
    ("seaweedfs", "refused, presigned: not valid yet", Unchecked, "only the end of the time is looked at"),
    ("seaweedfs", "key, leading /: listed", Unsupported("got \"k/lead\""), "keys are paths, a leading slash is none"),
    ("seaweedfs", "key, two leading /: listed", Unsupported("got \"k/lead\""), "keys are paths, leading slashes are none"),
    ("seaweedfs", "key, dot-dot segment: *", Unsupported("<Code>InvalidRequest</Code>"), "keys are paths, dot segments refused"),
    ("seaweedfs", "key, leading dot segment: *", Unsupported("<Code>InvalidRequest</Code>"), "keys are paths, dot segments refused"),
    ("seaweedfs", "key, inner dot segment: *", Unsupported("<Code>InvalidRequest</Code>"), "keys are paths, dot segments refused"),
    ("seaweedfs", "key, trailing /: signed", Unsupported("got \"\""), "a key with a trailing slash is a folder, and empty"),
    ("seaweedfs", "key, trailing /: presigned", Unsupported("got \"\""), "a key with a trailing slash is a folder, and empty"),
    ("seaweedfs", "key, backslash: listed", Unsupported("got \"\""), "its list leaves the key out"),
    ("seaweedfs", "presigned PUT for one body, *", Unsupported("SignatureDoesNotMatch"), "takes the payload of any URL to be unsigned"),
    ("seaweedfs", "the server's canonical request, *", Unsupported("none in the reply"), "not told"),
    ("seaweedfs", "session token, *", Unsupported("STS_ROLE_ARN is not set"), "started without its STS"),

    ("ceph", "refused, signed: another region", Unchecked, "any region will do"),
    ("ceph", "refused, presigned: another region", Unchecked, "any region will do"),
    ("ceph", "refused, signed: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ceph", "refused, presigned: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ceph", "refused, presigned: not valid yet", Unchecked, "only the end of the time is looked at"),
    ("ceph", "the server's canonical request, *", Unsupported("none in the reply"), "not told"),
    ("ceph", "session token, *", Unsupported("STS_ROLE_ARN is not set"), "its STS is off: see ceph-sts"),

    ("ceph-sts", "refused, signed: another region", Unchecked, "any region will do"),
    ("ceph-sts", "refused, presigned: another region", Unchecked, "any region will do"),
    ("ceph-sts", "refused, signed: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ceph-sts", "refused, presigned: unsigned x-amz-meta added", Unchecked, "only what is signed is looked at"),
    ("ceph-sts", "refused, presigned: not valid yet", Unchecked, "only the end of the time is looked at"),
    ("ceph-sts", "the server's canonical request, *", Unsupported("none in the reply"), "not told"),
    ("ceph-sts", "session token, signed, refused: sent and not signed", Unchecked, "the token need not be signed"),
];

// --- HTTP, no more than is needed --------------------------------------------------------------

#[derive(Clone)]
struct Wire {
    method: &'static str,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

struct Reply {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Wire {
    fn header(&mut self, name: &str) -> &mut String {
        let found = self.headers.iter_mut().find(|(n, _)| n == name);
        &mut found.unwrap_or_else(|| panic!("no header {name} in this request")).1
    }

    fn without(mut self, name: &str) -> Self {
        let before = self.headers.len();
        self.headers.retain(|(n, _)| n != name);
        assert_eq!(self.headers.len() + 1, before, "no header {name} in this request");
        self
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Another target, by replacing one part of it, which has to be there.
    fn retarget(mut self, from: &str, to: &str) -> Self {
        assert!(self.target.contains(from), "{from} is not in {}", self.target);
        self.target = self.target.replacen(from, to, 1);
        self
    }

    fn parameter(mut self, parameter: &str) -> Self {
        self.target.push(if self.target.contains('?') { '&' } else { '?' });
        self.target.push_str(parameter);
        self
    }

    fn method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    fn send(&self, address: &str) -> io::Result<Reply> {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            write!(text, "{name}: {value}\r\n").expect("writing to a String");
        }
        if !self.body.is_empty() || matches!(self.method, "PUT" | "POST") {
            write!(text, "content-length: {}\r\n", self.body.len()).expect("writing to a String");
        }
        text.push_str("connection: close\r\n\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.body);

        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        stream.set_write_timeout(Some(Duration::from_secs(20)))?;
        stream.write_all(&bytes)?;
        Reply::read(&mut stream, self.method)
    }
}

impl Reply {
    fn read(stream: &mut TcpStream, method: &str) -> io::Result<Self> {
        let broken = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let mut all = Vec::new();
        let mut part = [0; 16 * 1024];
        loop {
            if let Some(reply) = Self::parse(&all, method).map_err(broken)? {
                return Ok(reply);
            }
            match stream.read(&mut part)? {
                0 => return Err(broken("the connection ended before the reply did")),
                n => all.extend_from_slice(&part[..n]),
            }
        }
    }

    /// `None` while there is more to come.
    fn parse(all: &[u8], method: &str) -> Result<Option<Self>, &'static str> {
        let Some(end) = all.windows(4).position(|w| w == b"\r\n\r\n") else { return Ok(None) };
        let head = String::from_utf8_lossy(&all[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or("no status line")?;
        if (100..200).contains(&status) {
            return Self::parse(&all[end + 4..], method);
        }
        let mut reply = Self { status, head, body: Vec::new() };
        let rest = &all[end + 4..];
        if method == "HEAD" || status == 204 || status == 304 {
            return Ok(Some(reply));
        }
        if reply.header("transfer-encoding").is_some_and(|v| v.eq_ignore_ascii_case("chunked")) {
            let mut rest = rest;
            loop {
                let Some(line) = rest.windows(2).position(|w| w == b"\r\n") else { return Ok(None) };
                let size = std::str::from_utf8(&rest[..line]).map_err(|_| "chunk size")?;
                let size = size.split(';').next().unwrap_or_default().trim();
                let size = usize::from_str_radix(size, 16).map_err(|_| "chunk size")?;
                rest = &rest[line + 2..];
                if size == 0 {
                    return Ok(Some(reply));
                }
                if rest.len() < size + 2 {
                    return Ok(None);
                }
                reply.body.extend_from_slice(&rest[..size]);
                rest = &rest[size + 2..];
            }
        }
        let length = reply.header("content-length").ok_or("a body of unknown length")?;
        let length: usize = length.parse().map_err(|_| "content-length")?;
        if rest.len() < length {
            return Ok(None);
        }
        reply.body = rest[..length].to_vec();
        Ok(Some(reply))
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim())
    }

    fn ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The text of an XML element, the first of that name.
    fn element(&self, name: &str) -> Option<String> {
        elements(&self.text(), name).into_iter().next()
    }
}

fn elements(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let parts = xml.split(&open).skip(1).filter_map(|part| part.split_once(&close));
    parts.map(|(text, _)| unescape(text)).collect()
}

fn unescape(xml: &str) -> String {
    let mut text = String::new();
    let mut rest = xml;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let (entity, after) = after.split_once(';').expect("an entity ends with a semicolon");
        text.push(match entity {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            number => {
                let number = number.strip_prefix('#').expect("an entity of XML's own");
                let hex = number.strip_prefix(['x', 'X']);
                let code = hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16));
                code.ok().and_then(char::from_u32).expect("a character's number")
            }
        });
        rest = after;
    }
    text + rest
}

// --- the server under test -------------------------------------------------------------------

enum Failure {
    /// What was to be refused was accepted.
    Accepted(String),
    Other(String),
}

type Outcome = Result<(), Failure>;

fn differs(what: impl Into<String>) -> Failure {
    Failure::Other(what.into())
}

struct Live {
    server: String,
    endpoint: Endpoint,
    hosted: Option<Endpoint>,
    address: String,
    bucket: String,
    region: String,
    role: Option<String>,
    credentials: Credentials,
    signer: Signer,
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn needed(name: &str) -> String {
    variable(name).unwrap_or_else(|| panic!("{name} is not set: see the top of tests/live.rs"))
}

fn encode(text: &str) -> String {
    let mut out = String::new();
    for &byte in text.as_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => write!(out, "%{byte:02X}").expect("writing to a String"),
        }
    }
    out
}

impl Live {
    fn from_environment() -> Self {
        let url = needed("S3_ENDPOINT");
        let address = url.strip_prefix("http://").expect("an http:// endpoint").trim_end_matches('/');
        let (host, port) = address.rsplit_once(':').unwrap_or((address, "80"));
        let hosted = variable("S3_DOMAIN").map(|domain| {
            let endpoint = Endpoint::parse(&format!("http://{domain}:{port}")).expect("a domain");
            endpoint.style(Style::VirtualHosted)
        });
        let secret = SecretAccessKey::new(needed("AWS_SECRET_ACCESS_KEY"));
        let credentials = Credentials::new(needed("AWS_ACCESS_KEY_ID"), secret).expect("credentials");
        let region = needed("AWS_REGION");
        Self {
            server: variable("LIVE_SERVER").unwrap_or_else(|| "unknown".into()),
            signer: Signer::new(credentials.clone(), region.clone(), Service::S3).expect("a signer"),
            endpoint: Endpoint::parse(&url).expect("an endpoint"),
            address: format!("{host}:{port}"),
            hosted,
            bucket: needed("S3_BUCKET"),
            role: variable("STS_ROLE_ARN"),
            region,
            credentials,
        }
    }

    fn signer(&self, credentials: Credentials) -> Signer {
        Signer::new(credentials, self.region.clone(), Service::S3).expect("a signer")
    }

    fn url(&self, key: &str) -> String {
        self.endpoint.object(&self.bucket, key).expect("an object's URL")
    }

    /// The bucket's URL with a query that is encoded already.
    fn list_url(&self, query: &str) -> String {
        format!("{}?{query}", self.endpoint.bucket(&self.bucket).expect("a bucket's URL"))
    }

    fn send(&self, wire: &Wire) -> Result<Reply, Failure> {
        wire.send(&self.address).map_err(|e| differs(format!("{} {}: {e}", wire.method, wire.target)))
    }

    fn accepted(&self, wire: &Wire) -> Result<Reply, Failure> {
        let reply = self.send(wire)?;
        if reply.ok() {
            return Ok(reply);
        }
        let what = format!("{} {}: {} {}", wire.method, wire.target, reply.status, reply.text().trim());
        Err(differs(what))
    }

    /// The genuine request has to be accepted first: a server that refuses both proves nothing.
    fn refused(&self, genuine: &Wire, changed: &Wire, codes: &[&str]) -> Outcome {
        self.accepted(genuine)?;
        self.refuses(changed, codes)
    }

    fn refuses(&self, wire: &Wire, codes: &[&str]) -> Outcome {
        let reply = self.send(wire)?;
        let told = format!("{} {}: {}", wire.method, wire.target, reply.status);
        if reply.ok() {
            return Err(Failure::Accepted(told));
        }
        let code = reply.element("Code");
        match code.as_deref() {
            None if wire.method == "HEAD" && reply.status == 403 => Ok(()),
            Some(code) if codes.contains(&code) => Ok(()),
            // With its STS switched on, this gateway has one word for all of them.
            Some("AccessDenied") if self.server == "ceph-sts" => Ok(()),
            _ => Err(differs(format!("{told} {}, expected {codes:?}", reply.text().trim()))),
        }
    }
}

/// A request on its way to being signed.
struct Draft<'a> {
    method: &'static str,
    url: String,
    headers: Vec<(&'a str, &'a str)>,
    body: &'a [u8],
    time: Timestamp,
}

impl<'a> Draft<'a> {
    fn new(method: &'static str, url: String) -> Self {
        Self { method, url, headers: Vec::new(), body: b"", time: Timestamp::now() }
    }

    fn body(mut self, body: &'a [u8]) -> Self {
        self.body = body;
        self
    }

    fn header(mut self, name: &'a str, value: &'a str) -> Self {
        self.headers.push((name, value));
        self
    }

    fn seconds_off(mut self, seconds: i64) -> Self {
        self.time = self.time.plus_seconds(seconds).expect("a time of this century");
        self
    }

    fn request(&self) -> Request<'_> {
        Request::new(self.method, &self.url, &self.headers)
    }

    fn wire(&self, url: &str) -> Wire {
        let rest = url.strip_prefix("http://").expect("an http:// URL");
        let (host, target) = rest.split_at(rest.find('/').expect("a path"));
        let mut headers = vec![("host".to_owned(), host.to_owned())];
        headers.extend(self.headers.iter().map(|&(n, v)| (n.to_owned(), v.to_owned())));
        Wire { method: self.method, target: target.into(), headers, body: self.body.into() }
    }

    fn sign_payload(&self, signer: &Signer, payload: Payload<'_>) -> Wire {
        let added = signer.sign(&self.request(), payload, self.time).expect("signed headers");
        let mut wire = self.wire(&self.url);
        wire.headers.extend(added.iter().map(|(n, v)| (n.to_owned(), v.to_owned())));
        wire
    }

    fn sign(&self, signer: &Signer) -> Wire {
        self.sign_payload(signer, Payload::Bytes(self.body))
    }

    fn presigned(&self, signer: &Signer, expires: Expires) -> PresignedUrl {
        signer.presign(&self.request(), expires, self.time).expect("a presigned URL")
    }

    fn presign(&self, signer: &Signer) -> Wire {
        self.wire(self.presigned(signer, Expires::seconds(300).expect("five minutes")).as_str())
    }
}

// --- the cases ---------------------------------------------------------------------------------

/// Where the signature goes.
#[derive(Clone, Copy)]
enum Place {
    Header,
    Query,
}

impl Place {
    fn sign(self, draft: &Draft<'_>, signer: &Signer) -> Wire {
        match self {
            Self::Header => draft.sign(signer),
            Self::Query => draft.presign(signer),
        }
    }
}

const WRONG: &[&str] = &["SignatureDoesNotMatch"];
const SUBJECT: &str = "subject";
const SUBJECT_BODY: &[u8] = b"the object that the refusals are about";

type Check = Box<dyn Fn(&Live) -> Outcome>;

#[derive(Default)]
struct Cases(Vec<(String, Check)>);

impl Cases {
    fn add(&mut self, name: impl Into<String>, check: impl Fn(&Live) -> Outcome + 'static) {
        self.0.push((name.into(), Box::new(check)));
    }
}

fn same(what: &str, got: &[u8], expected: &[u8]) -> Outcome {
    if got == expected {
        return Ok(());
    }
    let [got, expected] = [got, expected].map(String::from_utf8_lossy);
    Err(differs(format!("{what}: got {got:?}, expected {expected:?}")))
}

fn put_and_get(live: &Live, signer: &Signer, place: Place, url: &str, body: &[u8]) -> Outcome {
    live.accepted(&place.sign(&Draft::new("PUT", url.into()).body(body), signer))?;
    let reply = live.accepted(&place.sign(&Draft::new("GET", url.into()), signer))?;
    same("the object's bytes", &reply.body, body)
}

fn delete(live: &Live, place: Place, url: &str) -> Outcome {
    live.accepted(&place.sign(&Draft::new("DELETE", url.into()), &live.signer))?;
    let gone = live.send(&place.sign(&Draft::new("GET", url.into()), &live.signer))?;
    if gone.status == 404 { Ok(()) } else { Err(differs(format!("after DELETE, GET says {}", gone.status))) }
}

/// PUT, GET, HEAD, list and DELETE, the signature at either place.
fn everyday(cases: &mut Cases) {
    for (place, word) in [(Place::Header, "signed"), (Place::Query, "presigned")] {
        cases.add(format!("{word} PUT and GET"), move |live| {
            put_and_get(live, &live.signer, place, &live.url("day/one"), b"twelve bytes")
        });
        cases.add(format!("{word} PUT of nothing"), move |live| {
            put_and_get(live, &live.signer, place, &live.url("day/empty"), b"")
        });
        cases.add(format!("{word} HEAD"), move |live| {
            let reply = live.accepted(&place.sign(&Draft::new("HEAD", live.url(SUBJECT)), &live.signer))?;
            let length = reply.header("content-length").unwrap_or("none");
            same("content-length", length.as_bytes(), SUBJECT_BODY.len().to_string().as_bytes())
        });
        cases.add(format!("{word} list"), move |live| {
            let url = live.list_url("prefix=sub&list-type=2&max-keys=5");
            let reply = live.accepted(&place.sign(&Draft::new("GET", url), &live.signer))?;
            same("the only key", elements(&reply.text(), "Key").join(" ").as_bytes(), SUBJECT.as_bytes())
        });
        cases.add(format!("{word} DELETE"), move |live| {
            let url = live.url("day/short-lived");
            put_and_get(live, &live.signer, place, &url, b"soon gone")?;
            delete(live, place, &url)
        });
        cases.add(format!("{word} query of hard characters"), move |live| {
            let url = live.list_url(&format!("list-type=2&prefix={}", encode("a b+c%d é~*'()&=/?")));
            let reply = live.accepted(&place.sign(&Draft::new("GET", url), &live.signer))?;
            same("its prefix", reply.element("Prefix").unwrap_or_default().as_bytes(), {
                "a b+c%d é~*'()&=/?".as_bytes()
            })
        });
        cases.add(format!("{word} parameter without a value"), move |live| {
            live.accepted(&place.sign(&Draft::new("GET", live.list_url("location")), &live.signer)).map(drop)
        });
        cases.add(format!("{word} header with runs of spaces"), move |live| {
            let url = live.url("day/meta");
            let put = Draft::new("PUT", url.clone()).body(b"meta").header("x-amz-meta-note", "  a   b  c ");
            live.accepted(&place.sign(&put, &live.signer))?;
            let reply = live.accepted(&place.sign(&Draft::new("HEAD", url), &live.signer))?;
            let note = reply.header("x-amz-meta-note").unwrap_or_default();
            same("its words", note.split_whitespace().collect::<Vec<_>>().join(" ").as_bytes(), b"a b c")
        });
    }
    cases.add("signed PUT, UNSIGNED-PAYLOAD", |live| {
        let url = live.url("day/unsigned");
        let put = Draft::new("PUT", url.clone()).body(b"any bytes");
        live.accepted(&put.sign_payload(&live.signer, Payload::Unsigned))?;
        let reply = live.accepted(&Draft::new("GET", url).sign(&live.signer))?;
        same("the object's bytes", &reply.body, b"any bytes")
    });
    cases.add("signed PUT, hash known beforehand", |live| {
        let url = live.url("day/hashed");
        // SHA-256 of "abc", the standard's own example.
        let hash = [
            0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
            0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
        ];
        live.accepted(
            &Draft::new("PUT", url.clone()).body(b"abc").sign_payload(&live.signer, Payload::Sha256(hash)),
        )?;
        same("the object's bytes", &live.accepted(&Draft::new("GET", url).sign(&live.signer))?.body, b"abc")
    });
    cases.add("presigned PUT, content-type signed", |live| {
        let url = live.url("day/typed");
        let put = Draft::new("PUT", url.clone()).body(b"{}").header("content-type", "application/json");
        live.accepted(&put.presign(&live.signer))?;
        let reply = live.accepted(&Draft::new("HEAD", url).presign(&live.signer))?;
        let kind = reply.header("content-type").unwrap_or_default();
        same("content-type", kind.as_bytes(), b"application/json")
    });
    cases.add("presigned GET, header overrides in the query", |live| {
        let disposition = "attachment; filename=\"a b.txt\"";
        let query = format!("response-content-disposition={}", encode(disposition));
        let get = Draft::new("GET", format!("{}?{query}", live.url(SUBJECT)));
        let reply = live.accepted(&get.presign(&live.signer))?;
        let got = reply.header("content-disposition").unwrap_or_default();
        same("content-disposition", got.as_bytes(), disposition.as_bytes())
    });
    cases.add("presigned GET for a week", |live| {
        let get = Draft::new("GET", live.url(SUBJECT));
        live.accepted(&get.wire(get.presigned(&live.signer, Expires::WEEK).as_str())).map(drop)
    });
    cases.add("signed ten minutes ago", |live| {
        live.accepted(&Draft::new("GET", live.url(SUBJECT)).seconds_off(-600).sign(&live.signer)).map(drop)
    });
    for (place, word) in [(Place::Header, "signed"), (Place::Query, "presigned")] {
        cases.add(format!("{word}, virtual-hosted bucket"), move |live| {
            let Some(hosted) = &live.hosted else { return Err(differs("S3_DOMAIN is not set")) };
            let url = hosted.object(&live.bucket, "day/virtual host").expect("an object's URL");
            put_and_get(live, &live.signer, place, &url, b"by name")?;
            let get = Draft::new("GET", live.url("day/virtual host"));
            same("by path", &live.accepted(&get.sign(&live.signer))?.body, b"by name")
        });
    }
}

/// Keys that a client or a signer gets wrong, each under both placements and then by its name
/// in a list, which shows that it is not another key under an alias.
fn hostile_keys(cases: &mut Cases) {
    let long = |length: usize| {
        let mut key = String::from("k/long-");
        let part = "0123456789abcdef/";
        while key.len() < length {
            key.push_str(&part[..part.len().min(length - key.len())]);
        }
        key.replace("//", "/-")
    };
    let keys: [(&str, String); 21] = [
        ("a//b", "k/a//b".into()),
        ("leading /", "/k/lead".into()),
        ("two leading /", "//k/lead".into()),
        ("dot-dot segment", "k/x/../y".into()),
        ("leading dot segment", "./k/d".into()),
        ("inner dot segment", "k/./d".into()),
        ("only dots", "k/...".into()),
        ("trailing /", "k/folder/".into()),
        ("space, plus, percent", "k/sp ace+plus%25".into()),
        ("percent that encodes nothing", "k/100%zz%2F%".into()),
        ("unicode", "k/ünïcödé-日本語-😀".into()),
        ("decomposed unicode", "k/e\u{301}".into()),
        ("tilde", "k/~tilde~".into()),
        ("sub-delimiters", "k/!*'();:@&=$,[]".into()),
        ("question mark and hash", "k/q?a=1&b=2#frag".into()),
        ("odd ASCII", "k/<>\"{}|^`".into()),
        ("backslash", "k/back\\slash".into()),
        ("tab", "k/tab\there".into()),
        ("255-byte name", format!("k/{}", "n".repeat(255))),
        ("900 bytes", long(900)),
        ("1024 bytes", long(1024)),
    ];
    for (name, key) in keys {
        for (place, word) in [(Place::Header, "signed"), (Place::Query, "presigned")] {
            let key = key.clone();
            cases.add(format!("key, {name}: {word}"), move |live| {
                let url = live.url(&key);
                let body = format!("{word} {}", key.len());
                put_and_get(live, &live.signer, place, &url, body.as_bytes())?;
                delete(live, place, &url)
            });
        }
        cases.add(format!("key, {name}: listed"), move |live| {
            let url = live.url(&key);
            live.accepted(&Draft::new("PUT", url.clone()).body(b"listed").sign(&live.signer))?;
            let list = live.list_url(&format!("list-type=2&prefix={}", encode(&key)));
            let found = elements(&live.accepted(&Draft::new("GET", list).sign(&live.signer))?.text(), "Key");
            live.accepted(&Draft::new("DELETE", url).sign(&live.signer))?;
            same("the listed keys", found.join(" | ").as_bytes(), key.as_bytes())
        });
    }
}

fn other_secret(live: &Live) -> Signer {
    let secret = SecretAccessKey::new("not-the-secret-of-this-access-key-0000");
    live.signer(Credentials::new(live.credentials.access_key_id(), secret).expect("credentials"))
}

/// What has to be refused wherever the signature is.
fn refusals_of_both(cases: &mut Cases) {
    for (place, word) in [(Place::Header, "signed"), (Place::Query, "presigned")] {
        let get = move |live: &Live| place.sign(&Draft::new("GET", live.url(SUBJECT)), &live.signer);
        cases.add(format!("refused, {word}: wrong secret"), move |live| {
            let wrong = place.sign(&Draft::new("GET", live.url(SUBJECT)), &other_secret(live));
            live.refused(&get(live), &wrong, WRONG)
        });
        cases.add(format!("refused, {word}: unknown access key"), move |live| {
            let secret = SecretAccessKey::new("any-secret");
            let nobody = live.signer(Credentials::new("AKIANOBODYATALL00000", secret).expect("credentials"));
            let unknown = place.sign(&Draft::new("GET", live.url(SUBJECT)), &nobody);
            live.refused(&get(live), &unknown, &["InvalidAccessKeyId"])
        });
        cases.add(format!("refused, {word}: another key"), move |live| {
            let other = get(live).retarget("/subject", "/subject2");
            live.refused(&get(live), &other, WRONG)
        });
        cases.add(format!("refused, {word}: changed query"), move |live| {
            let list = Draft::new("GET", live.list_url("list-type=2&prefix=sub"));
            let list = place.sign(&list, &live.signer);
            live.refused(&list, &list.clone().retarget("prefix=sub", "prefix=su"), WRONG)
        });
        cases.add(format!("refused, {word}: added parameter"), move |live| {
            live.refused(&get(live), &get(live).parameter("response-content-type=text%2Fhtml"), WRONG)
        });
        cases.add(format!("refused, {word}: added unknown parameter"), move |live| {
            live.refused(&get(live), &get(live).parameter("foo=bar"), WRONG)
        });
        cases.add(format!("refused, {word}: GET used to HEAD"), move |live| {
            live.refused(&get(live), &get(live).method("HEAD"), WRONG)
        });
        cases.add(format!("refused, {word}: GET used to DELETE"), move |live| {
            live.refused(&get(live), &get(live).method("DELETE"), WRONG)?;
            live.accepted(&get(live)).map(drop)
        });
        cases.add(format!("refused, {word}: GET used to PUT"), move |live| {
            let mut put = get(live).method("PUT");
            put.body = b"planted".to_vec();
            live.refused(&get(live), &put, WRONG)?;
            same("the object's bytes", &live.accepted(&get(live))?.body, SUBJECT_BODY)
        });
        cases.add(format!("refused, {word}: another region"), move |live| {
            let away = Signer::new(live.credentials.clone(), "eu-north-1", Service::S3).expect("a signer");
            let away = place.sign(&Draft::new("GET", live.url(SUBJECT)), &away);
            live.refused(
                &get(live),
                &away,
                &["AuthorizationHeaderMalformed", "PermanentRedirect", "AuthorizationQueryParametersError"],
            )
        });
        cases.add(format!("refused, {word}: unsigned x-amz-meta added"), move |live| {
            let put = Draft::new("PUT", live.url("day/extra")).body(b"extra");
            let put = place.sign(&put, &live.signer);
            live.refused(
                &put,
                &put.clone().with("x-amz-meta-extra", "1"),
                &["AccessDenied", "SignatureDoesNotMatch"],
            )
        });
    }
}

fn refusals_of_headers(cases: &mut Cases) {
    let put = |live: &Live| {
        let put = Draft::new("PUT", live.url("day/guarded")).body(b"guarded");
        put.header("x-amz-meta-note", "as signed").sign(&live.signer)
    };
    cases.add("refused, signed: changed header", move |live| {
        let mut changed = put(live);
        *changed.header("x-amz-meta-note") = "changed".into();
        live.refused(&put(live), &changed, WRONG)
    });
    cases.add("refused, signed: header left out", move |live| {
        live.refused(&put(live), &put(live).without("x-amz-meta-note"), WRONG)
    });
    cases.add("refused, signed: one digit of the signature", |live| {
        let get = Draft::new("GET", live.url(SUBJECT)).sign(&live.signer);
        let mut changed = get.clone();
        let value = changed.header("authorization");
        let last = value.pop().expect("a signature");
        value.push(if last == '0' { '1' } else { '0' });
        live.refused(&get, &changed, WRONG)
    });
    for (seconds, word) in [(-1200, "slow"), (1200, "fast")] {
        cases.add(format!("refused, signed: clock 20 minutes {word}"), move |live| {
            let get = Draft::new("GET", live.url(SUBJECT));
            let genuine = get.sign(&live.signer);
            live.refused(&genuine, &get.seconds_off(seconds).sign(&live.signer), &["RequestTimeTooSkewed"])
        });
    }
    for (name, signed) in [
        ("refused, signed: other bytes than were hashed", &b"the bytes hashed"[..]),
        ("refused, signed: bytes where none were hashed", b""),
    ] {
        cases.add(name, move |live| {
            let url = live.url("day/hash-mismatch");
            let before = Draft::new("PUT", url.clone()).body(b"before").sign(&live.signer);
            let mut changed = Draft::new("PUT", url.clone()).body(signed).sign(&live.signer);
            changed.body = b"the bytes planted".to_vec();
            let codes = ["XAmzContentSHA256Mismatch", "BadDigest", "InvalidDigest"];
            live.refused(&before, &changed, &codes)?;
            let now = live.accepted(&Draft::new("GET", url).sign(&live.signer))?;
            same("the object's bytes", &now.body, b"before")
        });
    }
}

/// `printf %s abc | sha256sum`
const HASH_OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn refusals_of_urls(cases: &mut Cases) {
    let get = |live: &Live| Draft::new("GET", live.url(SUBJECT));
    let minute = || Expires::seconds(60).expect("a minute");
    cases.add("refused, presigned: expired", move |live| {
        let old = get(live).seconds_off(-3600);
        let old = old.wire(old.presigned(&live.signer, minute()).as_str());
        live.refused(&get(live).presign(&live.signer), &old, &["AccessDenied", "ExpiredToken"])
    });
    cases.add("refused, presigned: not valid yet", move |live| {
        let early = get(live).seconds_off(3600).presign(&live.signer);
        live.refused(&get(live).presign(&live.signer), &early, &["AccessDenied", "RequestTimeTooSkewed"])
    });
    cases.add("refused, presigned: raised X-Amz-Expires", move |live| {
        let genuine = get(live).presign(&live.signer);
        let raised = genuine.clone().retarget("X-Amz-Expires=300", "X-Amz-Expires=3000");
        live.refused(&genuine, &raised, WRONG)
    });
    cases.add("refused, presigned: expired and raised", move |live| {
        let old = get(live).seconds_off(-3600);
        let old = old.wire(old.presigned(&live.signer, minute()).as_str());
        let raised = old.retarget("X-Amz-Expires=60", "X-Amz-Expires=86400");
        live.refused(&get(live).presign(&live.signer), &raised, WRONG)
    });
    cases.add("refused, presigned: later X-Amz-Date", move |live| {
        let old = get(live).seconds_off(-3600);
        let now = Timestamp::now();
        let wire = old.wire(old.presigned(&live.signer, minute()).as_str());
        let wire = wire
            .retarget(&format!("X-Amz-Date={}", old.time.as_str()), &format!("X-Amz-Date={}", now.as_str()));
        live.refused(&get(live).presign(&live.signer), &wire, &["SignatureDoesNotMatch", "AccessDenied"])
    });
    cases.add("refused, presigned: another content-type than signed", |live| {
        let put = Draft::new("PUT", live.url("day/typed")).body(b"<p>").header("content-type", "text/plain");
        let genuine = put.presign(&live.signer);
        let mut changed = genuine.clone();
        *changed.header("content-type") = "text/html".into();
        live.refused(&genuine, &changed, WRONG)
    });
    cases.add("refused, presigned: signed content-type left out", |live| {
        let put = Draft::new("PUT", live.url("day/typed")).body(b"<p>").header("content-type", "text/plain");
        let genuine = put.presign(&live.signer);
        live.refused(&genuine, &genuine.clone().without("content-type"), WRONG)
    });
    cases.add("presigned PUT for one body, refused: another", |live| {
        let put = Draft::new("PUT", live.url("day/bound")).body(b"abc");
        let genuine = put.header("x-amz-content-sha256", HASH_OF_ABC).presign(&live.signer);
        let mut changed = genuine.clone();
        changed.body = b"abd".to_vec();
        live.refused(&genuine, &changed, &["XAmzContentSHA256Mismatch"])
    });
    cases.add("refused, presigned: no signature", move |live| {
        let genuine = get(live).presign(&live.signer);
        let start = genuine.target.find("&X-Amz-Signature=").expect("a signature");
        let rest = &genuine.target[start + 1..];
        let length = rest.find('&').unwrap_or(rest.len());
        let signature = genuine.target[start..start + 1 + length].to_owned();
        let codes = ["AccessDenied", "AuthorizationQueryParametersError", "InvalidRequest", "MissingFields"];
        live.refused(&genuine, &genuine.clone().retarget(&signature, ""), &codes)
    });
}

/// Some servers answer a wrong signature with the canonical request they made of it. Theirs and
/// this crate's account of its own have to be the same text.
fn canonical_requests(cases: &mut Cases) {
    cases.add("the server's canonical request, signed", |live| {
        let put = Draft::new("PUT", live.url("k/sp ace+plus%25//x")).body(b"body");
        let put = put.header("x-amz-meta-note", " a   b ").header("content-type", "text/plain");
        let signer = other_secret(live);
        let added = signer.sign(&put.request(), Payload::Bytes(put.body), put.time).expect("signed headers");
        let mut wire = put.wire(&put.url);
        wire.headers.extend(added.iter().map(|(n, v)| (n.to_owned(), v.to_owned())));
        let reply = live.send(&wire)?;
        let Some(theirs) = reply.element("CanonicalRequest") else {
            return Err(differs("none in the reply"));
        };
        same("their canonical request", theirs.as_bytes(), added.explain().canonical_request().as_bytes())?;
        let theirs = reply.element("StringToSign").unwrap_or_default();
        same("their string to sign", theirs.as_bytes(), added.explain().string_to_sign().as_str().as_bytes())
    });
    cases.add("the server's canonical request, presigned", |live| {
        let query = format!("response-content-disposition={}", encode("attachment; filename=\"ä b\""));
        let get = Draft::new("GET", format!("{}?{query}", live.url("k/sp ace+plus%25//x")));
        let signed = get.presigned(&other_secret(live), Expires::HOUR);
        let reply = live.send(&get.wire(signed.as_str()))?;
        let Some(theirs) = reply.element("CanonicalRequest") else {
            return Err(differs("none in the reply"));
        };
        same("their canonical request", theirs.as_bytes(), signed.explain().canonical_request().as_bytes())
    });
}

/// Temporary credentials by `AssumeRole`, a request signed for another service than S3.
fn assume_role(live: &Live) -> Result<Credentials, Failure> {
    let Some(role) = &live.role else { return Err(differs("STS_ROLE_ARN is not set")) };
    let form = format!(
        "Action=AssumeRole&Version=2011-06-15&RoleSessionName=live&DurationSeconds=900&RoleArn={}",
        encode(role)
    );
    let signer =
        Signer::new(live.credentials.clone(), live.region.clone(), Service::new("sts")).expect("a signer");
    let post = Draft::new("POST", format!("http://{}/", live.address)).body(form.as_bytes());
    let post = post.header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    let reply = live.accepted(&post.sign(&signer))?;
    let part = |name| reply.element(name).ok_or_else(|| differs(format!("no {name} in {}", reply.text())));
    let secret = SecretAccessKey::new(part("SecretAccessKey")?);
    let credentials = Credentials::new(part("AccessKeyId")?, secret).expect("credentials");
    Ok(credentials.with_session_token(part("SessionToken")?).expect("a session token"))
}

fn session_tokens(cases: &mut Cases) {
    for (place, word) in [(Place::Header, "signed"), (Place::Query, "presigned")] {
        cases.add(format!("session token, {word} PUT and GET"), move |live| {
            let signer = live.signer(assume_role(live)?);
            if matches!(place, Place::Header) {
                // No server here would mind if it were not.
                let mut get = Draft::new("GET", live.url(SUBJECT)).sign(&signer);
                let names = get.header("authorization");
                assert!(names.contains(";x-amz-security-token"), "the token is not signed: {names}");
            }
            put_and_get(live, &signer, place, &live.url("day/ses sion"), b"by a role")
        });
        let get = move |live: &Live| Draft::new("GET", live.url(SUBJECT));
        // Ceph's InvalidArgument is for a token that it cannot decrypt.
        let codes = ["InvalidAccessKeyId", "InvalidToken", "InvalidArgument", "SignatureDoesNotMatch"];
        cases.add(format!("session token, {word}, refused: left out"), move |live| {
            let full = assume_role(live)?;
            let bare = Credentials::new(full.access_key_id(), full.secret().clone()).expect("credentials");
            let genuine = place.sign(&get(live), &live.signer(full));
            live.refused(&genuine, &place.sign(&get(live), &live.signer(bare)), &codes)
        });
        cases.add(format!("session token, {word}, refused: damaged"), move |live| {
            let full = assume_role(live)?;
            let token = full.session_token().expect("a session token");
            let middle = token.len() / 2;
            let flipped = if token.as_bytes()[middle] == b'A' { "B" } else { "A" };
            let damaged = format!("{}{flipped}{}", &token[..middle], &token[middle + 1..]);
            let bad = Credentials::new(full.access_key_id(), full.secret().clone()).expect("credentials");
            let bad = bad.with_session_token(damaged).expect("a session token");
            let genuine = place.sign(&get(live), &live.signer(full));
            live.refused(&genuine, &place.sign(&get(live), &live.signer(bad)), &codes)
        });
        cases.add(format!("session token, {word}, refused: sent and not signed"), move |live| {
            let full = assume_role(live)?;
            let bare = Credentials::new(full.access_key_id(), full.secret().clone()).expect("credentials");
            let token = full.session_token().expect("a session token").to_owned();
            let genuine = place.sign(&get(live), &live.signer(full));
            let unsigned = place.sign(&get(live), &live.signer(bare));
            let unsigned = match place {
                Place::Header => unsigned.with("x-amz-security-token", &token),
                Place::Query => unsigned.parameter(&format!("X-Amz-Security-Token={}", encode(&token))),
            };
            live.refused(&genuine, &unsigned, &codes)
        });
    }
}

// --- the run -----------------------------------------------------------------------------------

/// The bucket and the object that most cases read. A server that listens may not be ready yet.
fn prepare(live: &Live) {
    let told = |failure| match failure {
        Failure::Accepted(what) | Failure::Other(what) => what,
    };
    let bucket = live.endpoint.bucket(&live.bucket).expect("a bucket's URL");
    let mut last = String::new();
    for _ in 0..100 {
        let attempt = live
            .accepted(&Draft::new("PUT", bucket.clone()).sign(&live.signer))
            .and_then(|_| {
                live.accepted(&Draft::new("PUT", live.url(SUBJECT)).body(SUBJECT_BODY).sign(&live.signer))
            })
            .map_err(told);
        match attempt {
            Ok(_) => return,
            Err(what) if what.contains("SignatureDoesNotMatch") => panic!("{what}"),
            Err(what) => last = what,
        }
        thread::sleep(Duration::from_millis(200));
    }
    panic!("the server is not ready: {last}");
}

fn gap(server: &str, case: &str) -> Option<&'static (&'static str, &'static str, Gap, &'static str)> {
    let hit =
        |pattern: &str| pattern.strip_suffix('*').map_or(pattern == case, |start| case.starts_with(start));
    GAPS.iter().find(|(s, pattern, ..)| *s == server && hit(pattern))
}

#[test]
#[ignore = "needs a server: see .ci/servers"]
fn live() {
    let live = Live::from_environment();
    prepare(&live);
    let mut cases = Cases::default();
    everyday(&mut cases);
    hostile_keys(&mut cases);
    refusals_of_both(&mut cases);
    refusals_of_headers(&mut cases);
    refusals_of_urls(&mut cases);
    canonical_requests(&mut cases);
    session_tokens(&mut cases);

    let server = &live.server;
    let (mut passed, mut unchecked, mut unsupported, mut failed) = (0, 0, 0, 0);
    for (name, check) in &cases.0 {
        let outcome = panic::catch_unwind(panic::AssertUnwindSafe(|| check(&live)));
        let outcome = outcome.unwrap_or_else(|_| Err(differs("it panicked")));
        let gap = gap(server, name);
        match (outcome, gap) {
            (Ok(()), _) => {
                passed += 1;
                println!("ok       {name}");
                if gap.is_some() {
                    println!("note:    {server} passes \"{name}\" now: take it out of GAPS");
                }
            }
            (Err(Failure::Accepted(_)), Some((_, _, Unchecked, why))) => {
                unchecked += 1;
                println!("skipped: {name}: {server} does not check it ({why})");
            }
            (Err(Failure::Other(what)), Some((_, _, Unsupported(shows), why))) if what.contains(shows) => {
                unsupported += 1;
                println!("skipped: {name}: {server} cannot do it ({why})");
            }
            (Err(Failure::Accepted(what)), _) => {
                failed += 1;
                println!("FAILED   {name}: accepted: {what}");
            }
            (Err(Failure::Other(what)), _) => {
                failed += 1;
                println!("FAILED   {name}: {what}");
            }
        }
    }
    println!(
        "live: {server}: {passed} passed, {unchecked} unchecked, {unsupported} unsupported, {failed} failed"
    );
    assert_eq!(failed, 0, "{server} disagrees");
}
