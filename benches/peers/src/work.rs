//! The works: what is signed, verified or derived, as text.

use testkit::reference::{self, Scope, UNSIGNED};

pub const ACCESS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";
pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
pub const REGION: &str = "us-east-1";
pub const SERVICE: &str = "s3";
pub const BUCKET: &str = "examplebucket";
pub const ENDPOINT: &str = "https://s3.us-east-1.amazonaws.com";
pub const HOST: &str = "examplebucket.s3.us-east-1.amazonaws.com";
pub const TIME: &str = "20250102T030405Z";
pub const TIME_UNIX: i64 = 1_735_787_045;
pub const EXPIRES: u32 = 3600;
pub const SCOPE: Scope<'static> = Scope { date: "20250102", region: REGION, service: SERVICE };
/// The text that a derived key signs, so that two keys can be compared.
pub const PROBE: &str = "a text to sign";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Presign,
    Sign,
    Verify,
    Derive,
}

/// A request in every form in which a peer wants it, made once and kept for
/// the life of the process.
#[derive(Clone)]
pub struct Item {
    pub method: &'static str,
    pub key: &'static str,
    /// Absolute.
    pub uri: &'static str,
    pub path: &'static str,
    /// Path and query, as a server receives them.
    pub target: &'static str,
    /// The path, as the URI has it.
    pub query: &'static str,
    /// As given to a signer, without `host`; as received by a verifier, with it.
    pub headers: &'static [(&'static str, &'static str)],
    pub body: &'static [u8],
    pub hash_body: bool,
    pub http: http::Request<()>,
}

pub struct Work {
    pub id: &'static str,
    pub title: &'static str,
    pub kind: Kind,
    pub token: Option<&'static str>,
    pub items: &'static [Item],
    /// The first item with a spoiled signature, where there is one.
    pub spoiled: Option<&'static Item>,
    /// Blocks of SHA-256 that one item needs, the key kept.
    pub blocks: usize,
}

impl Item {
    fn new(
        method: &'static str,
        key: &str,
        query: &str,
        headers: Vec<(String, String)>,
        body: &[u8],
    ) -> Self {
        let path = format!("/{}", reference::encode_path(key));
        let mark = if query.is_empty() { "" } else { "?" };
        let uri = format!("https://{HOST}{path}{mark}{query}");
        let mut http = http::Request::builder().method(method).uri(&uri);
        for (name, value) in &headers {
            http = http.header(name, value);
        }
        let headers: Vec<_> = headers.into_iter().map(|(name, value)| (leak(name), leak(value))).collect();
        Self {
            method,
            key: leak(key.to_owned()),
            target: leak(format!("{path}{mark}{query}")),
            uri: leak(uri),
            path: leak(path),
            query: leak(query.to_owned()),
            headers: headers.leak(),
            body: body.to_vec().leak(),
            hash_body: !body.is_empty(),
            http: http.body(()).expect("a valid request"),
        }
    }

    /// Returns *HashedPayload* of a signature in headers.
    pub fn payload(&self) -> String {
        if self.hash_body { reference::sha256(self.body) } else { UNSIGNED.into() }
    }
}

fn leak(text: String) -> &'static str {
    text.leak()
}

fn owned(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Returns the parameters of a presigned URL except the signature, in their order.
pub fn presign_query(time: &str, token: Option<&str>) -> String {
    let scope = Scope { date: &time[..8], ..SCOPE }.text();
    let credential = reference::encode(format!("{ACCESS_KEY}/{scope}"));
    let token = token.map(|token| reference::encode(token));
    let token = token.map_or(String::new(), |token| format!("&X-Amz-Security-Token={token}"));
    let algorithm = reference::ALGORITHM;
    format!(
        "X-Amz-Algorithm={algorithm}&X-Amz-Credential={credential}&X-Amz-Date={time}&X-Amz-Expires={EXPIRES}\
         {token}&X-Amz-SignedHeaders=host"
    )
}

/// Returns the headers as a client sends them, except `Authorization`.
fn sent_headers(item: &Item) -> Vec<(String, String)> {
    let mut headers = owned(&[("Host", HOST)]);
    headers.extend(owned(item.headers));
    headers.push(("x-amz-date".into(), TIME.into()));
    headers.push(("x-amz-content-sha256".into(), item.payload()));
    headers
}

/// Every header that a signature in headers covers.
pub fn signed_headers(item: &Item, token: Option<&str>) -> Vec<(String, String)> {
    let mut headers = sent_headers(item);
    headers.extend(token.map(|token| ("x-amz-security-token".into(), token.into())));
    for (name, _) in &mut headers {
        name.make_ascii_lowercase();
    }
    headers.sort();
    headers
}

/// Blocks with the key kept: the canonical request, the string to sign, the
/// outer hash, and the body where it is hashed.
fn count(canonical_request: &str, item: &Item) -> usize {
    let text = reference::string_to_sign(TIME, &SCOPE, canonical_request);
    let body = if item.hash_body { blocks(item.body.len()) } else { 0 };
    blocks(canonical_request.len()) + blocks(text.len()) + 1 + body
}

fn signature(canonical_request: &str) -> String {
    let text = reference::string_to_sign(TIME, &SCOPE, canonical_request);
    hex::encode(reference::hmac(&reference::signing_key(SECRET, &SCOPE), &text))
}

fn presign_canonical(item: &Item, token: Option<&str>) -> String {
    let host = owned(&[("host", HOST)]);
    reference::canonical_request(item.method, item.path, &presign_query(TIME, token), &host, UNSIGNED)
}

fn sign_canonical(item: &Item) -> String {
    let headers = signed_headers(item, None);
    reference::canonical_request(item.method, item.path, item.query, &headers, &item.payload())
}

fn presign(id: &'static str, title: &'static str, items: Vec<Item>, token: Option<&'static str>) -> Work {
    let blocks = count(&presign_canonical(&items[0], token), &items[0]);
    Work { id, title, kind: Kind::Presign, token, items: items.leak(), spoiled: None, blocks }
}

fn sign(id: &'static str, title: &'static str, item: Item) -> Work {
    let blocks = count(&sign_canonical(&item), &item);
    Work { id, title, kind: Kind::Sign, token: None, items: vec![item].leak(), spoiled: None, blocks }
}

fn verify(id: &'static str, title: &'static str, good: Item, spoiled: Item, blocks: usize) -> Work {
    let spoiled = Some(&*Box::leak(Box::new(spoiled)));
    Work { id, title, kind: Kind::Verify, token: None, items: vec![good].leak(), spoiled, blocks }
}

fn verify_headers(id: &'static str, title: &'static str, item: &Item) -> Work {
    let canonical = sign_canonical(item);
    let good = signature(&canonical);
    let received = |signature: &str| {
        let signed = signed_headers(item, None);
        let names: Vec<&str> = signed.iter().map(|(name, _)| name.as_str()).collect();
        let authorization = format!(
            "{} Credential={ACCESS_KEY}/{}, SignedHeaders={}, Signature={signature}",
            reference::ALGORITHM,
            SCOPE.text(),
            names.join(";")
        );
        let mut headers = sent_headers(item);
        headers.push(("Authorization".into(), authorization));
        Item { hash_body: item.hash_body, ..Item::new(item.method, item.key, item.query, headers, item.body) }
    };
    verify(id, title, received(&good), received(&spoil(&good)), count(&canonical, item))
}

fn verify_url(id: &'static str, title: &'static str, item: &Item) -> Work {
    let canonical = presign_canonical(item, None);
    let good = signature(&canonical);
    let received = |signature: &str| {
        let query = format!("{}&X-Amz-Signature={signature}", presign_query(TIME, None));
        Item::new(item.method, item.key, &query, owned(&[("host", HOST)]), b"")
    };
    verify(id, title, received(&good), received(&spoil(&good)), count(&canonical, item))
}

fn spoil(signature: &str) -> String {
    let other = if signature.starts_with('0') { "1" } else { "0" };
    format!("{other}{}", &signature[1..])
}

/// Counts from 0 to 49 in no order that a sort has an easy time with.
fn scrambled() -> impl Iterator<Item = usize> {
    (0..50).map(|index| (index * 37 + 11) % 50)
}

pub fn all() -> Vec<Work> {
    let get = |key: &str| Item::new("GET", key, "", Vec::new(), b"");
    let a1 = get("photos/2025/0001.jpg");
    let long: String = "Архив семьи/année 2025, été/Фото, 写真-0123_~.".chars().cycle().take(196).collect();
    let a2 = get(&format!("{long}.jpg"));
    let token: String =
        "IQoJb3JpZ2luX2VjEPT+abcdefgh/ijklmnopqrstuv0123456789".chars().cycle().take(698).collect();
    let token = leak(format!("{token}=="));
    let headers = [
        ("Content-Type", "image/jpeg"),
        ("Content-Language", "en"),
        ("x-amz-acl", "private"),
        ("x-amz-tagging", "a=b"),
        ("x-amz-meta-by", "ada"),
    ];
    let b = Item { hash_body: false, ..Item::new("PUT", a1.key, "", owned(&headers), &[0; 1024]) };
    let body: Vec<u8> = (0..1024u32).map(|index| (index * 7 + 3) as u8).collect();
    let c = Item::new("POST", a1.key, "", owned(&[("Content-Type", "application/octet-stream")]), &body);
    let fields: Vec<_> =
        scrambled().map(|n| (format!("X-Amz-Meta-Field-{n:02}"), format!("value {n}"))).collect();
    let parameters: Vec<_> = scrambled().map(|n| format!("setting-{n:02}=value%20{n}")).collect();
    let d = Item::new("GET", a1.key, &parameters.join("&"), fields, b"");
    let listing = (0..1000).map(|n| get(&format!("photos/2025/{n:04}.jpg"))).collect();

    vec![
        presign("a1", "Presign GET, key of 20 characters", vec![a1.clone()], None),
        presign("a2", "Presign GET, key of 200 characters, many beyond ASCII", vec![a2], None),
        presign(
            "a3",
            "Presign GET, key of 20 characters, session token of 700",
            vec![a1.clone()],
            Some(token),
        ),
        sign("b", "Sign PUT in headers: 6 headers, payload unsigned", b.clone()),
        sign("c", "Sign POST in headers: body of 1 KiB, hashed", c.clone()),
        sign("d", "Sign GET in headers: 50 headers and 50 query parameters, scrambled", d),
        verify_headers("e1", "Verify the request of b", &b),
        verify_url("e2", "Verify the URL of a1", &a1),
        verify_headers("e3", "Verify the request of c, its body hashed", &c),
        Work {
            id: "h",
            title: "Derive a signing key",
            kind: Kind::Derive,
            token: None,
            items: vec![a1].leak(),
            spoiled: None,
            blocks: 16,
        },
        presign("list", "Presign GET for each of 1,000 objects of a listing (time per URL)", listing, None),
    ]
}

/// Blocks of 64 bytes that SHA-256 compresses for `length` bytes.
pub const fn blocks(length: usize) -> usize {
    (length + 9).div_ceil(64)
}
