//! The server under test and the requests that are sent to it.

use std::env;
use std::fmt::{self, Write as _};

use countersign::s3::{AddressingStyle, Endpoint};
use countersign::{
    AuthHeaders, Credentials, Expires, Payload, PresignedUrl, Request, SecretAccessKey, Service, Signer,
    Timestamp,
};

use crate::wire::{Reply, Wire};

pub(crate) enum Failure {
    /// The server accepted a request that it must reject.
    Accepted(String),
    /// The server rejected the request with this unexpected code.
    Refused(String, String),
    Other(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted(what) => write!(f, "accepted: {what}"),
            Self::Refused(_, what) | Self::Other(what) => f.write_str(what),
        }
    }
}

pub(crate) type Outcome = Result<(), Failure>;

pub(crate) fn differs(what: impl Into<String>) -> Failure {
    Failure::Other(what.into())
}

pub(crate) struct Live {
    pub(crate) server: String,
    pub(crate) endpoint: Endpoint,
    pub(crate) hosted: Option<Endpoint>,
    pub(crate) address: String,
    pub(crate) bucket: String,
    pub(crate) region: String,
    pub(crate) role: Option<String>,
    pub(crate) credentials: Credentials,
    pub(crate) signer: Signer,
}

pub(crate) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

pub(crate) fn needed(name: &str) -> String {
    variable(name).unwrap_or_else(|| panic!("{name} is not set: see the top of tests/live/main.rs"))
}

pub(crate) fn encode(text: &str) -> String {
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
    pub(crate) fn from_environment() -> Self {
        let url = needed("S3_ENDPOINT");
        let secret = SecretAccessKey::new(needed("AWS_SECRET_ACCESS_KEY"));
        let credentials = Credentials::new(needed("AWS_ACCESS_KEY_ID"), secret).expect("credentials");
        let server = variable("LIVE_SERVER").unwrap_or_else(|| "unknown".into());
        let live = Self::new(server, &url, needed("S3_BUCKET"), needed("AWS_REGION"), credentials);
        let hosted = variable("S3_DOMAIN").map(|domain| {
            let (_, port) = live.address.rsplit_once(':').expect("a port");
            let endpoint = Endpoint::parse(&format!("http://{domain}:{port}")).expect("a domain");
            endpoint.with_style(AddressingStyle::VirtualHosted)
        });
        Self { hosted, role: variable("STS_ROLE_ARN"), ..live }
    }

    pub(crate) fn new(
        server: String,
        url: &str,
        bucket: String,
        region: String,
        credentials: Credentials,
    ) -> Self {
        let address = url.strip_prefix("http://").expect("an http:// endpoint").trim_end_matches('/');
        let (host, port) = address.rsplit_once(':').unwrap_or((address, "80"));
        Self {
            server,
            signer: Signer::new(credentials.clone(), region.clone(), Service::S3).expect("a signer"),
            endpoint: Endpoint::parse(url).expect("an endpoint"),
            address: format!("{host}:{port}"),
            hosted: None,
            bucket,
            role: None,
            region,
            credentials,
        }
    }

    pub(crate) fn signer(&self, credentials: Credentials) -> Signer {
        Signer::new(credentials, self.region.clone(), Service::S3).expect("a signer")
    }

    pub(crate) fn url(&self, key: &str) -> String {
        self.endpoint.object_url(&self.bucket, key).expect("an object's URL")
    }

    /// Returns the bucket's URL with a query that is already encoded.
    pub(crate) fn list_url(&self, query: &str) -> String {
        format!("{}?{query}", self.endpoint.bucket_url(&self.bucket).expect("a bucket's URL"))
    }

    pub(crate) fn send(&self, wire: &Wire) -> Result<Reply, Failure> {
        wire.send(&self.address).map_err(|e| differs(format!("{} {}: {e}", wire.method, wire.target)))
    }

    pub(crate) fn accepted(&self, wire: &Wire) -> Result<Reply, Failure> {
        let reply = self.send(wire)?;
        if reply.ok() {
            return Ok(reply);
        }
        let what = format!("{} {}: {} {}", wire.method, wire.target, reply.status, reply.text().trim());
        Err(differs(what))
    }

    /// Checks that the server accepts the genuine request and rejects the changed one.
    pub(crate) fn refused(&self, genuine: &Wire, changed: &Wire, codes: &[&str]) -> Outcome {
        self.accepted(genuine)?;
        self.refuses(changed, codes)
    }

    /// Checks the same as [`refused`](Self::refused) for uploads, and that the stored object is unchanged.
    pub(crate) fn not_stored(&self, url: &str, genuine: &Wire, changed: &Wire, codes: &[&str]) -> Outcome {
        let get = || self.accepted(&Draft::new("GET", url.to_owned()).sign(&self.signer));
        self.accepted(genuine)?;
        let before = get()?.body;
        let refused = self.refuses(changed, codes);
        if get()?.body == before {
            return refused;
        }
        Err(Failure::Accepted(format!("{} {}, and stored it", changed.method, changed.target)))
    }

    pub(crate) fn refuses(&self, wire: &Wire, codes: &[&str]) -> Outcome {
        let reply = self.send(wire)?;
        let told = format!("{} {}: {}", wire.method, wire.target, reply.status);
        // A server responds with 303 if it accepts a form that has a redirect.
        if reply.ok() || reply.status == 303 {
            return Err(Failure::Accepted(told));
        }
        let code = reply.element("Code");
        println!("answer   {} {}", reply.status, code.as_deref().unwrap_or("without a code"));
        match code.as_deref() {
            None if wire.method == "HEAD" && reply.status == 403 => Ok(()),
            Some(code) if codes.contains(&code) => Ok(()),
            // With its STS enabled, Ceph has one code for all rejections.
            Some("AccessDenied") if self.server == "ceph-sts" => Ok(()),
            _ => {
                let text = format!("{told} {}, expected {codes:?}", reply.text().trim());
                Err(Failure::Refused(code.unwrap_or_default(), text))
            }
        }
    }
}

/// A request that is not signed yet.
pub(crate) struct Draft<'a> {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    pub(crate) body: &'a [u8],
    pub(crate) time: Timestamp,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(method: &'static str, url: String) -> Self {
        Self { method, url, headers: Vec::new(), body: b"", time: Timestamp::now() }
    }

    pub(crate) fn body(mut self, body: &'a [u8]) -> Self {
        self.body = body;
        self
    }

    pub(crate) fn header(mut self, name: &'a str, value: &'a str) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn seconds_off(mut self, seconds: i64) -> Self {
        let time = Timestamp::from_unix_seconds(self.time.unix_seconds() + seconds);
        self.time = time.expect("a time of this century");
        self
    }

    pub(crate) fn request(&self) -> Request<'_> {
        Request::new(self.method, &self.url, &self.headers)
    }

    pub(crate) fn wire(&self, url: &str) -> Wire {
        let rest = url.strip_prefix("http://").expect("an http:// URL");
        let (host, target) = rest.split_at(rest.find('/').expect("a path"));
        let mut headers = vec![("host".to_owned(), host.to_owned())];
        headers.extend(self.headers.iter().map(|&(n, v)| (n.to_owned(), v.to_owned())));
        Wire { method: self.method, target: target.into(), headers, body: self.body.into() }
    }

    pub(crate) fn signed(&self, signer: &Signer, payload: Payload<'_>) -> (AuthHeaders, Wire) {
        let added = signer.sign(&self.request(), payload, self.time).expect("signed headers");
        let wire = self.with_added(&added);
        (added, wire)
    }

    /// Returns the request with the headers of its signature.
    pub(crate) fn with_added(&self, added: &AuthHeaders) -> Wire {
        let mut wire = self.wire(&self.url);
        wire.headers.extend(added.iter().map(|(n, v)| (n.to_owned(), v.to_owned())));
        wire
    }

    pub(crate) fn sign_payload(&self, signer: &Signer, payload: Payload<'_>) -> Wire {
        self.signed(signer, payload).1
    }

    pub(crate) fn sign(&self, signer: &Signer) -> Wire {
        self.sign_payload(signer, Payload::Bytes(self.body))
    }

    pub(crate) fn presigned(&self, signer: &Signer, expires: Expires) -> PresignedUrl {
        signer.presign(&self.request(), expires, self.time).expect("a presigned URL")
    }

    pub(crate) fn presign(&self, signer: &Signer) -> Wire {
        self.wire(self.presigned(signer, Expires::from_secs(300).expect("five minutes")).as_str())
    }
}
