//! Signs requests in place.

use alloc::string::ToString;
use alloc::vec::Vec;

use ::http::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use ::http::{HeaderMap, Method, Request as HttpRequest, Uri};

use super::with_view;
use crate::chunked::{ChunkedBody, Encoder};
use crate::error::{InvalidUri, RequestError, SignError};
use crate::expires::Expires;
use crate::payload::Payload;
use crate::sign::{AuthHeaders, Signer};
use crate::time::Timestamp;

/// Signs a request in place: adds the headers of its signature.
///
/// Sign last: a later change to the method, the URI or a signed header makes the signature invalid.
/// The headers with the signature and the session token are marked as
/// [sensitive](HeaderValue::is_sensitive).
///
/// ```
/// use countersign::{Credentials, Payload, SecretAccessKey, Service, Signer, Timestamp};
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// let mut request = http::Request::get("https://bucket.s3.amazonaws.com/key").body(())?;
/// countersign::http::sign(&signer, &mut request, Payload::Bytes(b""), Timestamp::now())?;
/// assert!(request.headers().contains_key("authorization"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Returns the errors of [`Signer::sign`], and leaves the request unchanged.
pub fn sign<B>(
    signer: &Signer,
    request: &mut HttpRequest<B>,
    payload: Payload<'_>,
    time: Timestamp,
) -> Result<(), SignError> {
    let (method, uri) = (request.method().clone(), request.uri().to_string());
    sign_headers(signer, &method, &uri, request.headers_mut(), payload, time)
}

/// Signs a request in place that is not an [`http::Request`](HttpRequest), such as `reqwest::Request`:
/// adds the headers of its signature to `headers`.
///
/// `uri` is the absolute URL to which the request is sent. For reqwest it is
/// `request.url().as_str()`, which is already in the form that reqwest sends.
///
/// ```
/// use countersign::{Credentials, Payload, SecretAccessKey, Service, Signer, Timestamp};
/// use http::{HeaderMap, Method};
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// let (uri, mut headers) = ("https://bucket.s3.amazonaws.com/key", HeaderMap::new());
/// let payload = Payload::Bytes(b"hello");
/// countersign::http::sign_headers(&signer, &Method::PUT, uri, &mut headers, payload, Timestamp::now())?;
/// assert!(headers["authorization"].is_sensitive());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Returns the errors of [`Signer::sign`], and leaves the headers unchanged.
pub fn sign_headers(
    signer: &Signer,
    method: &Method,
    uri: &str,
    headers: &mut HeaderMap,
    payload: Payload<'_>,
    time: Timestamp,
) -> Result<(), SignError> {
    let signed = with_view(method, uri, headers, |request| signer.sign(request, payload, time))?;
    add_headers(&signed, headers)
}

/// Signs a request in place whose body is sent in chunks: adds the headers of its signature, those that
/// announce the body, and `content-length`. Returns the encoder of the body.
///
/// The encoder and the data make the body of the request: `EncodedBody` of the feature `http-body`.
/// If the request has `content-length`, its value must be the length of the encoded body.
///
/// ```
/// use countersign::chunked::ChunkedBody;
/// use countersign::{Credentials, SecretAccessKey, Service, Signer, Timestamp};
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// let mut request = http::Request::put("https://bucket.s3.amazonaws.com/key").body(())?;
/// let encoder =
///     countersign::http::sign_chunked(&signer, &mut request, &ChunkedBody::signed(11), Timestamp::now())?;
/// assert_eq!(request.headers()["content-length"], encoder.encoded_length().to_string());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Returns the errors of [`Signer::sign_chunked`], and leaves the request unchanged.
pub fn sign_chunked<B>(
    signer: &Signer,
    request: &mut HttpRequest<B>,
    body: &ChunkedBody,
    time: Timestamp,
) -> Result<Encoder, SignError> {
    let uri = request.uri().to_string();
    let (signed, encoder) = with_view(request.method(), &uri, request.headers(), |request| {
        signer.sign_chunked(request, body, time)
    })?;
    add_headers(&signed, request.headers_mut())?;
    request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(encoder.encoded_length()));
    Ok(encoder)
}

/// Presigns a request in place: adds the parameters of its signature to its URI, which must be absolute.
///
/// The headers of the request are signed, and must be sent with the URL.
///
/// ```
/// use countersign::{Credentials, Expires, SecretAccessKey, Service, Signer, Timestamp};
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// let mut request = http::Request::get("https://bucket.s3.amazonaws.com/key").body(())?;
/// countersign::http::presign(&signer, &mut request, Expires::HOUR, Timestamp::now())?;
/// assert!(request.uri().query().is_some_and(|query| query.contains("X-Amz-Signature=")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Returns the errors of [`Signer::presign`], and leaves the request unchanged. A URL that is longer
/// than [`Uri`] allows is an invalid URI.
pub fn presign<B>(
    signer: &Signer,
    request: &mut HttpRequest<B>,
    expires: Expires,
    time: Timestamp,
) -> Result<(), SignError> {
    let uri = request.uri().to_string();
    let url = with_view(request.method(), &uri, request.headers(), |request| {
        signer.presign(request, expires, time)
    })?;
    let uri = Uri::try_from(url.as_str());
    *request.uri_mut() = uri.map_err(|_| RequestError::InvalidUri(InvalidUri::Form))?;
    Ok(())
}

/// Adds the headers of a signature to `headers`. Marks those with the signature and the session token
/// as [sensitive](HeaderValue::is_sensitive).
///
/// ```
/// use countersign::{Credentials, Payload, Request, SecretAccessKey, Service, Signer, Timestamp};
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials, "us-east-1", Service::S3)?;
/// let request = Request::new("GET", "https://bucket.s3.amazonaws.com/key", &[]);
/// let signed = signer.sign(&request, Payload::Bytes(b""), Timestamp::now())?;
///
/// let mut headers = http::HeaderMap::new();
/// countersign::http::add_headers(&signed, &mut headers)?;
/// assert_eq!(headers.len(), 3);
/// assert!(!format!("{headers:?}").contains(signed.authorization()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Returns [`RequestError::InvalidHeaderValue`] if a value cannot be sent, and leaves the headers
/// unchanged. The signer writes only values that can be sent.
pub fn add_headers(signed: &AuthHeaders, headers: &mut HeaderMap) -> Result<(), SignError> {
    let mut fields = Vec::new();
    for (name, value) in signed {
        let (Ok(field_name), Ok(mut value)) = (HeaderName::try_from(name), HeaderValue::try_from(value))
        else {
            return Err(RequestError::InvalidHeaderValue { name: name.into() }.into());
        };
        value.set_sensitive(SECRET.contains(&name));
        fields.push((field_name, value));
    }
    headers.extend(fields.into_iter().map(|(name, value)| (Some(name), value)));
    Ok(())
}

/// The headers whose values let others act as the signer.
const SECRET: [&str; 3] = ["authorization", "x-amz-security-token", "x-amz-s3session-token"];
