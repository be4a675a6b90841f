//! `s3s-sigv4`: functions that a caller puts together. Here: the fewest that
//! make the work, so a few things are not checked that a server must check.
//!
//! Off by default. Version 0.17 asks for rustc 1.96; with an older one that
//! can build it nevertheless:
//!
//! ```text
//! cargo run --release --features s3s-sigv4 --ignore-rust-version --manifest-path benches/peers/Cargo.toml
//! ```

use s3s_sigv4::{
    AmzDate, AuthorizationV4, Payload, PresignedUrlV4, calculate_signature_with_key,
    create_canonical_request_with_raw_uri_path, create_presigned_canonical_request_with_raw_uri_path,
    create_string_to_sign, derive_signing_key,
};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use crate::check::Answer;
use crate::measure::{Row, Sink};
use crate::work::{ACCESS_KEY, EXPIRES, HOST, Item, Kind, PROBE, REGION, SCOPE, SECRET, SERVICE, TIME, Work};
use testkit::reference;

const NAME: &str = "s3s-sigv4";

pub fn rows(work: &'static Work) -> Vec<Row> {
    if work.kind == Kind::Derive {
        return vec![Row::new(NAME, "derivation alone", || {
            |_: &'static Item, sink: Sink<'_>| {
                let key = derive();
                sink(&|| Answer::Mac(reference::hmac(&key, PROBE)));
            }
        })];
    }
    vec![row(work, "key kept", Some(derive())), row(work, "key derived", None)]
}

fn row(work: &'static Work, form: &'static str, kept: Option<[u8; 32]>) -> Row {
    Row::new(NAME, form, move || {
        move |item: &'static Item, sink: Sink<'_>| {
            let key = || kept.unwrap_or_else(derive);
            match work.kind {
                Kind::Presign => {
                    let url = presign(item, work.token, &key());
                    sink(&|| Answer::Url(url.clone()));
                }
                Kind::Sign => {
                    let (payload, authorization) = sign(item, &key());
                    sink(&|| {
                        Answer::Headers(vec![
                            ("x-amz-date".into(), TIME.into()),
                            ("x-amz-content-sha256".into(), payload.clone()),
                            ("authorization".into(), authorization.clone()),
                        ])
                    });
                }
                Kind::Verify => {
                    let headers = find(item.headers, "authorization").is_some();
                    let accepted =
                        if headers { verify_headers(item, &key()) } else { verify_url(item, &key()) };
                    sink(&|| Answer::Accepted(accepted == Some(true)));
                }
                Kind::Derive => {}
            }
        }
    })
}

fn date() -> AmzDate {
    AmzDate::parse(TIME).expect("a date")
}

fn derive() -> [u8; 32] {
    derive_signing_key(SECRET, &date(), REGION, SERVICE)
}

fn signature(canonical: &str, date: &AmzDate, key: &[u8; 32]) -> [u8; 64] {
    super::hex(&calculate_signature_with_key(&create_string_to_sign(canonical, date, REGION, SERVICE), key))
}

fn presign(item: &Item, token: Option<&str>, key: &[u8; 32]) -> String {
    let credential = format!("{ACCESS_KEY}/{}/{REGION}/{SERVICE}/aws4_request", SCOPE.date);
    let expires = EXPIRES.to_string();
    let mut pairs = vec![
        ("X-Amz-Algorithm", reference::ALGORITHM),
        ("X-Amz-Credential", &credential),
        ("X-Amz-Date", TIME),
        ("X-Amz-Expires", &expires),
        ("X-Amz-SignedHeaders", "host"),
    ];
    pairs.extend(token.map(|token| ("X-Amz-Security-Token", token)));
    let canonical = create_presigned_canonical_request_with_raw_uri_path(
        item.method,
        item.path,
        &pairs,
        [("host", HOST)],
    );
    let signature = signature(&canonical, &date(), key);
    // The third line is the query, encoded and in order.
    let query = canonical.split('\n').nth(2).unwrap_or_default();
    let mut url = String::with_capacity(item.uri.len() + query.len() + 100);
    for part in [item.uri, "?", query, "&X-Amz-Signature=", text(&signature)] {
        url.push_str(part);
    }
    url
}

fn sign(item: &Item, key: &[u8; 32]) -> (String, String) {
    let digest = super::hex(&Sha256::digest(item.body).into());
    let payload = if item.hash_body { text(&digest) } else { reference::UNSIGNED };
    let lower: Vec<String> = item.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    let mut headers: Vec<(&str, &str)> =
        lower.iter().zip(item.headers).map(|(name, (_, value))| (name.as_str(), *value)).collect();
    headers.extend([("host", HOST), ("x-amz-date", TIME), ("x-amz-content-sha256", payload)]);
    headers.sort_unstable();
    let pairs: Vec<_> = form_urlencoded::parse(item.query.as_bytes()).collect();
    let body = if item.hash_body { Payload::SingleChunk(payload) } else { Payload::Unsigned };
    let canonical =
        create_canonical_request_with_raw_uri_path(item.method, item.path, &pairs, &headers, body);
    let signature = signature(&canonical, &date(), key);
    // The last line but one is the names.
    let names = canonical.rsplit('\n').nth(1).unwrap_or_default();
    let mut authorization = String::with_capacity(names.len() + 200);
    for part in [
        "AWS4-HMAC-SHA256 Credential=",
        ACCESS_KEY,
        "/",
        SCOPE.date,
        "/us-east-1/s3/aws4_request, SignedHeaders=",
        names,
        ", Signature=",
        text(&signature),
    ] {
        authorization.push_str(part);
    }
    (payload.to_owned(), authorization)
}

fn verify_headers(item: &Item, key: &[u8; 32]) -> Option<bool> {
    let authorization = AuthorizationV4::parse(find(item.headers, "authorization")?).ok()?;
    let date = AmzDate::parse(find(item.headers, "x-amz-date")?).ok()?;
    let credential = &authorization.credential;
    if credential.access_key_id != ACCESS_KEY || credential.aws_region != REGION {
        return None;
    }
    let mut headers = Vec::with_capacity(authorization.signed_headers.len());
    for name in &authorization.signed_headers {
        headers.push((*name, find(item.headers, name)?));
    }
    let digest = item.hash_body.then(|| super::hex(&Sha256::digest(item.body).into()));
    let payload = match &digest {
        Some(digest) => Payload::SingleChunk(text(digest)),
        None => Payload::Unsigned,
    };
    let pairs: Vec<_> = form_urlencoded::parse(item.query.as_bytes()).collect();
    let canonical =
        create_canonical_request_with_raw_uri_path(item.method, item.path, &pairs, &headers, payload);
    Some(signature(&canonical, &date, key) == *authorization.signature.as_bytes())
}

fn verify_url(item: &Item, key: &[u8; 32]) -> Option<bool> {
    let pairs: Vec<_> = form_urlencoded::parse(item.query.as_bytes()).into_owned().collect();
    let url = PresignedUrlV4::parse(&pairs, 604_800).ok()?;
    if url.credential.access_key_id != ACCESS_KEY || url.credential.aws_region != REGION {
        return None;
    }
    let mut headers = Vec::with_capacity(url.signed_headers.len());
    for name in &url.signed_headers {
        headers.push((*name, find(item.headers, name)?));
    }
    let canonical =
        create_presigned_canonical_request_with_raw_uri_path(item.method, item.path, &pairs, &headers);
    Some(signature(&canonical, &url.amz_date, key) == *url.signature.as_bytes())
}

fn find(headers: &'static [(&'static str, &'static str)], name: &str) -> Option<&'static str> {
    headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
}

fn text(hex: &[u8; 64]) -> &str {
    str::from_utf8(hex).expect("hex")
}
