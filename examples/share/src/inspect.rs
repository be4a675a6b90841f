//! `share inspect`: what a URL allows, without sending it.

use std::io::{self, Write};

use bucket::Exit;
use bucket::cli::{Connect, Doing, Failure};
use countersign::{Credentials, ReceivedBody, Request, Service, Timestamp, Verifier};
use serde_json::json;

use crate::arguments::Inspect;
use crate::ask::parse_header;
use crate::moment;
use crate::presigned::{Presigned, read_url};

pub async fn run(wanted: Inspect, connect: &Connect) -> Result<Exit, Failure> {
    let url = Presigned::parse(&read_url(&wanted.url)?)?;
    let verdict = match wanted.verify {
        true => {
            let credentials = connect.storage().await?.signer().await?.credentials().clone();
            Some(verify(&url, &wanted.header, &credentials)?)
        }
        false => None,
    };
    let text = if wanted.json { json(&url, verdict.as_ref()) } else { words(&url, verdict.as_ref()) };
    io::stdout().write_all(text.as_bytes()).doing("the report cannot be written")?;
    Ok(match verdict {
        Some(Err(_)) => Exit::Unmet,
        _ => Exit::Ok,
    })
}

/// The method that the secret signed, or why no method fits.
type Verdict = Result<&'static str, String>;

/// Verifies the URL as a server would. Its method is not in it, so each is tried.
fn verify(url: &Presigned, headers: &[String], credentials: &Credentials) -> Result<Verdict, Failure> {
    if url.access_key_id != credentials.access_key_id() {
        let ours = credentials.access_key_id();
        return Ok(Err(format!(
            "it was signed by the key {}, and the configured one is {ours}",
            url.access_key_id
        )));
    }
    let mut sent = headers.iter().map(|header| parse_header(header)).collect::<Result<Vec<_>, _>>()?;
    let is_missing = |name: &&String| !sent.iter().any(|(sent, _)| sent == *name);
    let missing: Vec<_> = url.signed_headers.iter().filter(is_missing).map(String::as_str).collect();
    if !missing.is_empty() {
        return Err(Failure::usage(format!(
            "--verify needs the values of the signed headers: {}",
            missing.join(", ")
        ))
        .advice("add --header \"NAME: VALUE\" for each"));
    }
    sent.push(("host".to_owned(), url.host.clone()));
    let headers: Vec<_> = sent.iter().map(|(name, value)| (&**name, &**value)).collect();

    let service = Service::new(url.service.clone()).doing("the service cannot be verified")?;
    let verifier = Verifier::new(url.region.clone(), service).doing("the region cannot be verified")?;
    let target = url.uri.path_and_query().map_or("/", |target| target.as_str());
    let mut reason = String::new();
    for method in ["GET", "PUT", "HEAD", "DELETE", "POST"] {
        let request = Request::new(method, target, &headers);
        // The lifetime is reported separately.
        let claim = match verifier.claim(&request, ReceivedBody::Unread, url.signed_at) {
            Ok(claim) => claim,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let key = claim.derive_key(credentials);
        match claim.verify(&key) {
            Ok(_) => return Ok(Ok(method)),
            Err(rejected) => reason = rejected.to_string(),
        }
    }
    Ok(Err(format!("no method fits: {reason}")))
}

fn words(url: &Presigned, verdict: Option<&Verdict>) -> String {
    let now = Timestamp::now();
    let mut text = String::new();
    let mut line = |name: &str, value: &str| text += &format!("  {name:<12} {}\n", printable(value));
    line("address", &format!("{}://{}{}", url.uri.scheme_str().unwrap_or_default(), url.host, url.path));
    line("method", verdict.and_then(|verdict| verdict.as_ref().ok()).unwrap_or(&url.likely()));
    for (name, value) in &url.query {
        line("with", &format!("{name}={value}"));
    }
    line(
        "signed by",
        &format!("{} for {} in {}, {}", url.access_key_id, url.service, url.region, url.algorithm),
    );
    line("signed at", &moment::describe(url.signed_at, now));
    if let Some(end) = url.ends_at() {
        let name = if end < now { "expired" } else { "works until" };
        line(name, &moment::describe(end, now));
    }
    for name in &url.signed_headers {
        line("send with it", &format!("{name}, with the value that was signed"));
    }
    if url.has_token {
        line("note", "The credentials are temporary: the URL ends with them, maybe earlier.");
    }
    if url.is_damaged() {
        line("damaged", "The signature is not 64 digits, so no service accepts the URL: copy the whole URL.");
    }
    match verdict {
        Some(Ok(_)) => line("verified", "This secret signed it."),
        Some(Err(reason)) => line("NOT verified", reason),
        None => {}
    }
    text
}

fn json(url: &Presigned, verdict: Option<&Verdict>) -> String {
    let line = json!({
        "address": format!("{}://{}{}", url.uri.scheme_str().unwrap_or_default(), url.host, url.path),
        "method": verdict.and_then(|verdict| verdict.as_ref().ok()),
        "query": url.query.iter().map(|(name, value)| json!({"name": name, "value": value})).collect::<Vec<_>>(),
        "access_key_id": url.access_key_id,
        "region": url.region,
        "service": url.service,
        "algorithm": url.algorithm,
        "signed_at": moment::rfc3339(url.signed_at),
        "expires_at": url.ends_at().and_then(moment::rfc3339),
        "expired": url.ends_at().is_none_or(|end| end < Timestamp::now()),
        "signed_headers": url.signed_headers,
        "session_token": url.has_token,
        "damaged": url.is_damaged(),
        "verified": verdict.map(Result::is_ok),
        "reason": verdict.and_then(|verdict| verdict.as_ref().err()),
    });
    format!("{line}\n")
}

/// A URL of somebody else may contain what changes a terminal.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() })
        .collect()
}
