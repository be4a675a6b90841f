//! Requests that are generated, broken, signed by hand and sent.

use testkit::reference::{encode, hmac, sha256};
use testkit::{ID, SECRET, TEMPORARY_ID, TOKEN, Wire};

use crate::canon::Canon;
use crate::random::Random;

/// The part of the request that contains the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// The Authorization header.
    Header,
    /// The query.
    Url,
}

/// A request while it is made. A mistake changes it before, while or after it is signed.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The service that the server expects.
    pub service: &'static str,
    /// The region that the server expects.
    pub region: &'static str,
    /// The time at which the request is signed.
    pub time: String,
    /// Where the signature is.
    pub placement: Placement,
    /// The access key id.
    pub id: String,
    /// The right secret.
    pub secret: String,
    /// The session token.
    pub token: Option<String>,
    /// The method.
    pub method: String,
    /// The path as sent.
    pub path: String,
    /// The query as sent.
    pub query: String,
    /// The headers as sent.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
    /// The list of signed headers that the request states.
    pub list: String,
    /// What is signed.
    pub canon: Canon,
    /// The time in the string to sign.
    pub signed_time: String,
    /// The scope in the string to sign.
    pub signed_scope: String,
    /// The scope in the request.
    pub stated_scope: String,
    /// Changes the string to sign.
    pub change_text: fn(&str, &Canon) -> String,
    /// The secret that the signer uses.
    pub used_secret: String,
    /// The start of the first key.
    pub prefix: &'static str,
    /// The messages of the four HMACs.
    pub messages: Vec<String>,
    /// Uses keys as hexadecimal text.
    pub hex_keys: bool,
    /// Swaps keys and messages.
    pub swapped: bool,
    /// The signature.
    pub signature: String,
}

const HOSTS: &[&str] = &[
    "s3.example.com",
    "storage.example.org",
    "files.internal.example.net",
    "minio.test.example:9000",
    "gateway.example.com",
];
const METHODS: &[&str] = &["GET", "PUT", "POST", "DELETE", "HEAD"];
const SEGMENTS: &[&str] = &[
    "photos",
    "2024",
    "report.txt",
    "a%20b",
    "caf%C3%A9",
    "x%2By",
    "data_1",
    "cat-5.jpg",
    "v~1",
    "%28copy%29",
    "mail%40example.com",
];
const PAIRS: &[&str] = &[
    "list-type=2",
    "prefix=a%20b",
    "delimiter=%2F",
    "max-keys=10",
    "marker=z~1",
    "encoding-type=url",
    "partNumber=3",
    "uploadId=AbC-9",
    "acl=",
    "versionId=null",
];
const REGIONS: &[&str] = &["us-east-1", "eu-central-1", "ap-southeast-2"];
const STANDARD: &[&str] = &["execute-api", "sqs", "lambda", "es"];
const META: &[(&str, &str)] = &[
    ("x-amz-meta-name", "annual report"),
    ("x-amz-meta-id", "42"),
    ("x-amz-storage-class", "STANDARD_IA"),
    ("x-amz-acl", "private"),
    ("cache-control", "max-age=60"),
];

impl Draft {
    /// Generates a request that is correct.
    pub fn good(random: &mut Random) -> Self {
        let is_s3 = !random.once_in(3);
        let service = if is_s3 { "s3" } else { *random.pick(STANDARD) };
        let placement = if random.once_in(3) { Placement::Url } else { Placement::Header };
        let is_temporary = random.once_in(4);
        let method =
            if placement == Placement::Url { *random.pick(&["GET", "PUT"]) } else { *random.pick(METHODS) };
        let has_body = method == "PUT" || method == "POST";
        let time = format!(
            "2026{:02}{:02}T{:02}{:02}{:02}Z",
            1 + random.below(12),
            2 + random.below(26),
            random.below(24),
            random.below(60),
            random.below(60)
        );
        let depth = 2 + random.below(3);
        let path: String = (0..depth).map(|_| format!("/{}", random.pick(SEGMENTS))).collect();
        let mut pairs: Vec<&str> = (0..random.below(4)).map(|_| *random.pick(PAIRS)).collect();
        pairs.dedup();
        let mut names = Vec::new();
        pairs.retain(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            let is_new = !names.contains(&name);
            names.push(name);
            is_new
        });
        let mut headers: Vec<(String, Vec<u8>)> =
            vec![("Host".into(), random.pick(HOSTS).as_bytes().to_vec())];
        if has_body && random.once_in(2) {
            headers.push(("Content-Type".into(), b"text/plain".to_vec()));
        }
        for _ in 0..random.below(3) {
            let (name, value) = random.pick(META);
            if !headers.iter().any(|(found, _)| found == name) {
                headers.push(((*name).into(), value.as_bytes().to_vec()));
            }
        }
        // A standard service hashes the body of a URL that was signed without one.
        let can_have_body = has_body && (placement == Placement::Header || is_s3);
        let body = if can_have_body {
            format!("{{\"id\": {},\n \"name\": \"x\"}}\n", random.below(1000)).into_bytes()
        } else {
            Vec::new()
        };
        // The seed of a body in chunks: its chunks are not a part of the request's signature.
        if is_s3 && placement == Placement::Header && method == "PUT" && random.once_in(3) {
            headers.push(("x-amz-content-sha256".into(), b"STREAMING-AWS4-HMAC-SHA256-PAYLOAD".to_vec()));
            headers.push(("x-amz-decoded-content-length".into(), body.len().to_string().into_bytes()));
            headers.push(("Content-Encoding".into(), b"aws-chunked".to_vec()));
        }
        let region = *random.pick(REGIONS);
        let id = if is_temporary { TEMPORARY_ID } else { ID };
        let canon = Canon {
            method: String::new(),
            path: String::new(),
            query: String::new(),
            headers: Vec::new(),
            list: String::new(),
            payload: String::new(),
            separator: "\n",
            end: "",
            line_ending: "\n",
        };
        Self {
            service,
            region,
            time,
            placement,
            id: id.into(),
            secret: SECRET.into(),
            token: is_temporary.then(|| TOKEN.into()),
            method: method.into(),
            path,
            query: pairs.join("&"),
            headers,
            body,
            list: String::new(),
            canon,
            signed_time: String::new(),
            signed_scope: String::new(),
            stated_scope: String::new(),
            change_text: |text, _| text.into(),
            used_secret: SECRET.into(),
            prefix: "AWS4",
            messages: Vec::new(),
            hex_keys: false,
            swapped: false,
            signature: String::new(),
        }
    }

    /// Returns true for S3's rules.
    pub fn is_s3(&self) -> bool {
        self.service == "s3"
    }

    /// Returns the value of a header.
    pub fn value(&self, name: &str) -> Option<String> {
        let found = self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map(|(_, value)| String::from_utf8_lossy(value).into_owned())
    }

    /// Replaces or adds a header.
    pub fn set(&mut self, name: &str, value: impl AsRef<[u8]>) {
        match self.headers.iter_mut().find(|(found, _)| found.eq_ignore_ascii_case(name)) {
            Some((_, old)) => *old = value.as_ref().to_vec(),
            None => self.headers.push((name.into(), value.as_ref().to_vec())),
        }
    }

    /// Removes a header.
    pub fn remove(&mut self, name: &str) {
        self.headers.retain(|(found, _)| !found.eq_ignore_ascii_case(name));
    }

    /// Adds the date, the hash and the token, and computes what is signed.
    pub fn complete(&mut self) {
        self.stated_scope = format!("{}/{}/{}/aws4_request", &self.time[..8], self.region, self.service);
        self.signed_scope = self.stated_scope.clone();
        self.signed_time = self.time.clone();
        self.messages = self.stated_scope.split('/').map(Into::into).collect();
        if self.placement == Placement::Header {
            self.set("x-amz-date", self.time.clone());
            if self.is_s3() && self.value("x-amz-content-sha256").is_none() {
                self.set("x-amz-content-sha256", sha256(&self.body));
            }
            if let Some(token) = self.token.clone() {
                self.set("x-amz-security-token", token);
            }
        }
        let mut names: Vec<String> = self.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.retain(|name| name != "authorization");
        names.sort();
        names.dedup();
        let list = names.join(";");
        self.list = list.clone();
        if self.placement == Placement::Url {
            let credential = encode(format!("{}/{}", self.id, self.stated_scope));
            let mut query = format!(
                "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={}&X-Amz-Expires=3600&X-Amz-SignedHeaders={}",
                self.time,
                encode(&list)
            );
            if let Some(token) = &self.token {
                query += &format!("&X-Amz-Security-Token={}", encode(token));
            }
            self.query = if self.query.is_empty() { query } else { format!("{}&{query}", self.query) };
        }
        self.canon = Canon::of(self, &list);
    }

    /// Returns the string that is signed.
    pub fn string_to_sign(&self) -> String {
        let digest = sha256(self.canon.bytes());
        let text = format!("AWS4-HMAC-SHA256\n{}\n{}\n{digest}", self.signed_time, self.signed_scope);
        (self.change_text)(&text, &self.canon)
    }

    /// Signs, and adds the signature to the request.
    pub fn sign(&mut self) {
        let mut key = format!("{}{}", self.prefix, self.used_secret).into_bytes();
        for message in &self.messages {
            let next = if self.swapped { hmac(message.as_bytes(), &key) } else { hmac(&key, message) };
            key = if self.hex_keys { hex::encode(next).into_bytes() } else { next.to_vec() };
        }
        self.signature = hex::encode(hmac(&key, self.string_to_sign()));
        self.attach();
    }

    /// Adds the signature to the request.
    pub fn attach(&mut self) {
        let (list, signature) = (self.list.clone(), self.signature.clone());
        match self.placement {
            Placement::Url => self.query += &format!("&X-Amz-Signature={signature}"),
            Placement::Header => {
                let value = format!(
                    "AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={list}, Signature={signature}",
                    self.id, self.stated_scope
                );
                self.set("Authorization", value);
            }
        }
    }

    /// Returns the request as it is sent now.
    pub fn wire(&self) -> Wire {
        let target =
            if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) };
        Wire { method: self.method.clone(), target, headers: self.headers.clone(), body: self.body.clone() }
    }
}
