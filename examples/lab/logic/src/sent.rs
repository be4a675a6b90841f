//! The request after it was signed, as it is sent.

use countersign::diagnose::Signed;
use countersign::steps::{Layout, StringToSign};
use countersign::{AuthHeaders, Expires, Payload, RegionSet, Request, SignError, SignedHeaders, Signer};

use crate::answer::Problem;
use crate::input::Input;
use crate::origin::Origins;
use crate::question::Mode;
use crate::url::{encoded, host, with_parameters};
use crate::verdict::first_region;

/// The origin of a header that is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The header with this index was typed.
    Typed(usize),
    /// The client takes the header from the URL.
    Host,
    /// The signer added the header.
    Signer,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub name: String,
    pub value: String,
    pub source: Source,
}

/// A signed request.
pub struct Sent {
    /// The URL, with the parameters of a presigned URL except for its signature.
    pub url: String,
    /// The URL as it is sent.
    pub final_url: String,
    pub headers: Vec<Header>,
    /// The body as it is sent.
    pub body: Vec<u8>,
    pub layout: Layout,
    pub to_sign: StringToSign,
    pub signed_headers: String,
    pub signature: String,
    /// The signed strings, for the diagnosis.
    pub signed: Signed,
}

/// Signs the request of a question in its headers or in its query.
pub fn sign(input: &Input<'_>) -> Result<Sent, Vec<Problem>> {
    let signer = signer(input, false)?;
    match input.question.mode {
        Mode::Presigned => presign(input, &signer),
        _ => sign_headers(input, &signer),
    }
}

/// Returns the signer of a question.
pub fn signer(input: &Input<'_>, is_sigv4a: bool) -> Result<Signer, Vec<Problem>> {
    let (credentials, service) = (input.credentials.clone(), input.service.clone());
    let region = &input.question.region;
    let result = if is_sigv4a {
        RegionSet::parse(region).and_then(|set| Signer::sigv4a(credentials, set, service))
    } else if input.question.mode == Mode::SigV4a {
        // SigV4 knows no set of regions.
        Signer::new(credentials, first_region(region), service)
    } else {
        Signer::new(credentials, region.clone(), service)
    };
    result.map_err(|error| vec![Problem::new("region", error)])
}

/// Signs in the header `Authorization`.
pub fn sign_headers(input: &Input<'_>, signer: &Signer) -> Result<Sent, Vec<Problem>> {
    let typed: Vec<(&str, &str)> = input.headers.iter().map(|typed| (typed.name, typed.value)).collect();
    let request = Request::new(&input.question.method, &input.question.url, &typed);
    let auth = signer.sign(&request, input.payload(), input.time).map_err(problem)?;
    sent_with_headers(input, &auth, input.question.body.clone().into_bytes(), &[])
}

/// Returns the request to which a signer added headers.
/// `announced` are the headers that the client added before it signed.
pub fn sent_with_headers(
    input: &Input<'_>,
    auth: &AuthHeaders,
    body: Vec<u8>,
    announced: &[(&str, &str)],
) -> Result<Sent, Vec<Problem>> {
    let mut headers = typed_headers(input);
    let added = announced.iter().copied().chain(auth.iter()).map(|(name, value)| Header {
        name: name.to_owned(),
        value: value.to_owned(),
        source: Source::Signer,
    });
    headers.extend(added);
    let url = input.question.url.clone();
    let explain = auth.explain();
    let layout =
        layout(input, &url, &headers, auth.signed_headers(), explain.canonical_request().payload_hash())?;
    Ok(Sent {
        final_url: encoded(&url),
        url,
        headers,
        body,
        layout,
        to_sign: explain.string_to_sign(),
        signed_headers: auth.signed_headers().to_owned(),
        signature: auth.signature().to_string(),
        signed: Signed::new(&explain),
    })
}

/// Signs in the query.
fn presign(input: &Input<'_>, signer: &Signer) -> Result<Sent, Vec<Problem>> {
    let question = input.question;
    let expires =
        Expires::from_secs(question.expires).map_err(|error| vec![Problem::new("expires", error)])?;
    let typed: Vec<(&str, &str)> = input.headers.iter().map(|typed| (typed.name, typed.value)).collect();
    let request = Request::new(&question.method, &question.url, &typed);
    let presigned = signer.presign(&request, expires, input.time).map_err(problem)?;
    let headers = typed_headers(input);
    let (url, explain) = (with_parameters(&question.url, &presigned), presigned.explain());
    let layout = layout(
        input,
        &url,
        &headers,
        presigned.signed_headers(),
        explain.canonical_request().payload_hash(),
    )?;
    Ok(Sent {
        url,
        final_url: presigned.as_str().to_owned(),
        headers,
        body: question.body.clone().into_bytes(),
        layout,
        to_sign: explain.string_to_sign(),
        signed_headers: presigned.signed_headers().to_owned(),
        signature: presigned.signature().to_string(),
        signed: Signed::new(&explain),
    })
}

/// Returns the headers that were typed, after the `Host` that the client takes from the URL.
fn typed_headers(input: &Input<'_>) -> Vec<Header> {
    let is_host = |name: &str| name.eq_ignore_ascii_case("host");
    let mut headers = Vec::new();
    if !input.headers.iter().any(|typed| is_host(typed.name)) {
        let value = host(&input.question.url).map(|(_, host)| host.to_owned()).unwrap_or_default();
        headers.push(Header { name: "Host".into(), value, source: Source::Host });
    }
    headers.extend(input.headers.iter().enumerate().map(|(index, typed)| Header {
        name: typed.name.to_owned(),
        value: typed.value.to_owned(),
        source: Source::Typed(index),
    }));
    headers
}

/// Returns the layout of the canonical request that was signed.
fn layout(
    input: &Input<'_>,
    url: &str,
    headers: &[Header],
    signed_headers: &str,
    payload_hash: &str,
) -> Result<Layout, Vec<Problem>> {
    let pairs: Vec<(&str, &str)> = headers.iter().map(|header| (&*header.name, &*header.value)).collect();
    let request = Request::new(&input.question.method, url, &pairs);
    let signed =
        SignedHeaders::parse(signed_headers).map_err(|error| vec![Problem::new("headers", error)])?;
    let payload = Payload::parse(payload_hash).map_err(|error| vec![Problem::new("payload", error)])?;
    Layout::new(&request, &signed, &payload.hash(), input.service.rules())
        .map_err(|error| vec![Problem::new("url", error)])
}

/// Returns the problem of a request that cannot be signed.
pub fn problem(error: SignError) -> Vec<Problem> {
    let text = error.to_string();
    let field = if text.contains("header") {
        "headers"
    } else if text.contains("method") {
        "method"
    } else {
        "url"
    };
    vec![Problem::new(field, text)]
}

impl Sent {
    /// Returns the origins of this request's bytes in the question.
    pub fn origins<'q>(&'q self, input: &'q Input<'q>) -> Origins<'q> {
        Origins {
            question: input.question,
            typed: &input.headers,
            url: &self.url,
            headers: &self.headers,
            is_typed: true,
        }
    }
}
