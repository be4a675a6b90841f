//! Forms that a browser posts: the policy in the form is signed, and the request is not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bucket::{BoxBody, xml};
use bytes::Bytes;
use countersign::post_policy::{ReceivedForm, VerifiedForm};
use countersign::{ChecksumChecker, Timestamp, Verifier};
use http::header::{CONTENT_TYPE, ETAG, HeaderValue, LOCATION};
use http::request::Parts;
use http::{HeaderMap, Method, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use multer::{Field, Multipart};

use crate::Log;
use crate::form_body::{self, FormBody};
use crate::form_fields;
use crate::form_upload;
use crate::gateway::Gateway;
use crate::location::{check_key, locate_path};
use crate::operation::check;
use crate::received::{self, Received};
use crate::refusal::Refusal;
use crate::rights::{Need, Right};

/// The fields before the file together, in bytes and in number. S3 allows 20 KB.
const MAX_FIELD_BYTES: usize = 64 << 10;
const MAX_FIELDS: usize = 100;

/// Returns true for a form, unless its request is signed as others are.
pub fn is_form(head: &Parts) -> bool {
    let kind = head.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let is_multipart = kind.to_ascii_lowercase().starts_with(b"multipart/form-data");
    let is_signed = head.headers.contains_key("authorization")
        || head.uri.query().is_some_and(|query| query.contains("X-Amz-"));
    head.method == Method::POST && is_multipart && !is_signed
}

/// Verifies a form, and stores its file once all of it has arrived and is what the policy allows.
pub async fn upload(
    gateway: &Gateway,
    head: &Parts,
    body: Incoming,
    log: &mut Log,
) -> Result<Response<BoxBody>, Refusal> {
    let file_begins = Arc::new(AtomicBool::new(false));
    let body = FormBody::new(Received::new(&gateway.limits, body), Arc::clone(&file_begins));
    let mut form = multipart(head, body)?;
    let (fields, file) = read_fields(&mut form).await?;
    file_begins.store(true, Ordering::Relaxed);
    let verified = verify(gateway, head, &fields, &file, log)?;
    let headers = form_fields::headers(&verified)?;
    let checksums = form_fields::checksums(&verified)?;
    let stored = form_upload::store(gateway, &verified, headers, checksums, file).await?;
    Ok(answer(&verified, &stored))
}

fn multipart(head: &Parts, body: FormBody) -> Result<Multipart<'static>, Refusal> {
    let kind = head.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(kind).map_err(malformed)?;
    Ok(Multipart::new(body.into_data_stream(), boundary))
}

/// Reads the fields up to the file. What follows the file is not read.
async fn read_fields(
    form: &mut Multipart<'static>,
) -> Result<(Vec<(String, String)>, Field<'static>), Refusal> {
    let (mut fields, mut length) = (Vec::new(), 0_usize);
    while let Some(field) = form.next_field().await.map_err(malformed)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name.eq_ignore_ascii_case("file") {
            return Ok((fields, field));
        }
        let value = field.bytes().await.map_err(malformed)?;
        let value = String::from_utf8(value.into());
        let value = value.map_err(|_| countersign::post_policy::FormError::invalid_field(&name))?;
        length = length.saturating_add(name.len()).saturating_add(value.len());
        fields.push((name, value));
        if fields.len() > MAX_FIELDS || length > MAX_FIELD_BYTES {
            return Err(form_body::refusal());
        }
    }
    Err(Refusal::invalid_argument("POST requires exactly one file upload per request."))
}

fn verify(
    gateway: &Gateway,
    head: &Parts,
    fields: &[(String, String)],
    file: &Field<'_>,
    log: &mut Log,
) -> Result<VerifiedForm, Refusal> {
    let host = host(head);
    let path: Vec<u8> = percent_encoding::percent_decode_str(head.uri.path()).collect();
    let (Some(bucket), None) = locate_path(&gateway.names, &host, &path)? else {
        return Err(Refusal::new(405, "MethodNotAllowed", "A form is posted to a bucket."));
    };
    let fields: Vec<_> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    let form = ReceivedForm::new(&bucket, &fields).with_file_name(file.file_name().unwrap_or_default());
    let claim = claim(&gateway.verifier, head, &form)?;
    let key = gateway.keys.load().find(claim.claimed_access_key_id());
    let credentials = key.as_ref().map(|key| &key.credentials);
    let verified = claim.verify_cached(&gateway.key_cache, credentials).map_err(|rejected| {
        let (error, claim) = rejected.into_parts();
        let cause = format!("{error} (form of the key {:?})", claim.claimed_access_key_id());
        Refusal::from(error).because(cause)
    })?;
    let key = key.ok_or_else(|| Refusal::internal("a form was verified without a key"))?;
    log.key = Some(key.name.clone());
    check_key(verified.key())?;
    let need = Need { right: Right::Write, bucket: verified.bucket().into(), key: verified.key().into() };
    check(&key, &need)?;
    Ok(verified)
}

fn claim(
    verifier: &Verifier,
    head: &Parts,
    form: &ReceivedForm<'_>,
) -> Result<countersign::post_policy::FormClaim, Refusal> {
    let now = Timestamp::now();
    Ok(countersign::http::with_request(head, |request| verifier.claim_form(request, form, now))?)
}

/// The bucket in the host is the one that a condition of the policy must name.
fn host(head: &Parts) -> String {
    let header = head.headers.get("host").and_then(|host| host.to_str().ok()).map(str::to_owned);
    head.uri.authority().map(ToString::to_string).or(header).unwrap_or_default()
}

/// The stored object.
pub struct Stored {
    pub etag: String,
}

/// Answers as the form asks: with a redirect, a status, or a document.
fn answer(form: &VerifiedForm, stored: &Stored) -> Response<BoxBody> {
    let mut headers = HeaderMap::new();
    if let Ok(etag) = HeaderValue::try_from(&stored.etag) {
        headers.insert(ETAG, etag);
    }
    let encode = countersign::uri::encode;
    let (bucket, key, etag) = (form.bucket(), form.key(), &stored.etag);
    let (mut status, mut document) = (form.success_action_status(), String::new());
    if let Some(url) = form.success_action_redirect() {
        let separator = if url.contains('?') { '&' } else { '?' };
        let query = format!("bucket={}&key={}&etag={}", encode(bucket), encode(key), encode(etag));
        status = 303;
        if let Ok(location) = HeaderValue::try_from(format!("{url}{separator}{query}")) {
            headers.insert(LOCATION, location);
        }
    } else if status == 201 {
        document = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PostResponse><Location>/{}/{}</Location>\
             <Bucket>{}</Bucket><Key>{}</Key><ETag>{}</ETag></PostResponse>",
            encode(bucket),
            countersign::uri::encode_path(key),
            xml::escape(bucket),
            xml::escape(key),
            xml::escape(etag),
        );
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    }
    let mut response = Response::new(crate::bodies::bytes(document));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::NO_CONTENT);
    *response.headers_mut() = headers;
    response
}

pub fn malformed(error: multer::Error) -> Refusal {
    if let Some(refusal) = form_body::too_much(&error).or_else(|| received::timeout(&error)) {
        return refusal;
    }
    let message = "The body of your POST request is not well-formed multipart/form-data.";
    Refusal::new(400, "MalformedPOSTRequest", message).because(error.to_string())
}

/// Checks a file piece by piece: its length, and its checksums.
pub struct FileCheck {
    length: countersign::post_policy::FileLength,
    checksums: ChecksumChecker,
}

impl FileCheck {
    pub fn new(form: &VerifiedForm, checksums: ChecksumChecker) -> Self {
        Self { length: form.file_length(), checksums }
    }

    pub fn update(&mut self, piece: &Bytes) -> Result<(), Refusal> {
        self.checksums.update(piece);
        Ok(self.length.update(piece)?)
    }

    pub fn finish(self) -> Result<(), Refusal> {
        self.length.finish()?;
        self.checksums.finish()?;
        Ok(())
    }
}
