//! Names the cause of a signature that does not match: `diagnose`, `diagnose-received`, `diagnose-text`.

use countersign::diagnose::{self, Cause, Diagnosis, Evidence, Excerpt, Signed};
use countersign::{Expires, ReceivedBody, Request, SecretAccessKey, Service, Verifier};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Case, Failure, Received, credentials, from_base64, headers_to_complete, timestamp};

/// What a signing case does not have.
#[derive(Deserialize)]
struct Answered {
    placement: String,
    response: String,
}

/// Signs the case, and compares what was signed with the service's response.
pub(super) fn answer(input: Value) -> Result<Value, Failure> {
    let Answered { placement, response } = Answered::deserialize(&input).map_err(Failure::bad)?;
    let case = Case::read(input)?;
    let signed = match placement.as_str() {
        "header" => in_header(&case)?,
        "query" => in_query(&case)?,
        other => return Err(Failure::bad(format!("no placement {other:?}"))),
    };
    let signed = signed.with_secret(&SecretAccessKey::new(case.credentials.secret_key.clone()));
    Ok(json!({"causes": causes(&diagnose::answer(&signed, &Evidence::read(&response)))}))
}

fn in_header(case: &Case) -> Result<Signed, Failure> {
    let (signer, sent, time) = (case.signer(true)?, case.request()?, case.time()?);
    let body = sent.content.bytes()?;
    let payload = case.payload(&body)?;
    let headers = headers_to_complete(case, &payload, time)?;
    let request = Request::new(&sent.method, &sent.target, &headers);
    let signed = signer.sign(&request, payload, time).map_err(Failure::refused)?;
    Ok(Signed::new(&signed.explain()))
}

fn in_query(case: &Case) -> Result<Signed, Failure> {
    let (sent, time, signer) = (case.request()?, case.time()?, case.signer(false)?);
    let expires = case.option(|options| options.expires).ok_or_else(|| Failure::bad("no expires"))?;
    let expires = Expires::from_secs(expires.into()).map_err(Failure::refused)?;
    let (headers, body) = (sent.headers(), sent.content.bytes()?);
    let request = Request::new(&sent.method, &sent.target, &headers);
    let url = match case.option(|options| options.payload.as_ref()) {
        None => signer.presign(&request, expires, time),
        Some(_) => signer.presign_with_payload(&request, case.payload(&body)?, expires, time),
    };
    Ok(Signed::new(&url.map_err(Failure::refused)?.explain()))
}

/// Diagnoses a received request on the server's side.
pub(super) fn received(input: Value) -> Result<Value, Failure> {
    let Received { config, given, .. } = Received::read(input)?;
    let now = timestamp(&config.now)?;
    let body = from_base64(given.body_b64.as_deref().unwrap_or_default())?;
    let known = credentials(&config.access_key, &config.secret, config.token.as_deref())?;
    let service = Service::new(config.service.clone()).map_err(Failure::refused)?;
    let verifier = Verifier::new(config.region.clone(), service).map_err(Failure::refused)?;
    let verifier = if config.allow_sigv4a { verifier.allow_sigv4a() } else { verifier };
    let headers: Vec<(&str, &str)> =
        given.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let request = Request::new(&given.method, &given.target, &headers);
    let diagnosis = diagnose::received(&verifier, &request, ReceivedBody::Bytes(&body), &known, now);
    Ok(json!({"causes": causes(&diagnosis)}))
}

/// A text, and the client's secret where it is known.
#[derive(Deserialize)]
struct Pasted {
    text: String,
    secret: Option<String>,
}

/// Diagnoses a text.
pub(super) fn text(input: Value) -> Result<Value, Failure> {
    let Pasted { text, secret } = serde_json::from_value(input).map_err(Failure::bad)?;
    let evidence = Evidence::read(&text);
    let diagnosis = match secret {
        Some(secret) => diagnose::text_with_secret(&evidence, &SecretAccessKey::new(secret)),
        None => diagnose::text(&evidence),
    };
    Ok(json!({"about": diagnosis.about().name(), "causes": causes(&diagnosis)}))
}

fn causes(diagnosis: &Diagnosis) -> Vec<Value> {
    diagnosis.causes().iter().map(cause).collect()
}

fn cause(cause: &Cause) -> Value {
    let message = match cause.detail() {
        Some(detail) => format!("{} ({detail})", cause.why()),
        None => cause.why().into(),
    };
    json!({
        "cause": cause.name().as_str(),
        "ours": cause.ours().map(Excerpt::text),
        "theirs": cause.theirs().map(Excerpt::text),
        "message": message,
        "fix": cause.fix(),
    })
}
