//! `share check`: sends a URL as a receiver would, without credentials.

use std::io::{self, Write};
use std::time::Duration;

use bucket::cli::{Doing, Failure};
use bucket::{BoxBody, Error, Exit, Refusal, Transport};
use countersign::Timestamp;
use http::Request;
use serde_json::json;

use crate::arguments::Check;
use crate::ask::parse_header;
use crate::moment;
use crate::presigned::{Presigned, read_url};

const PATIENCE: Duration = Duration::from_secs(60);

pub async fn run(wanted: Check) -> Result<Exit, Failure> {
    let text = read_url(&wanted.url)?;
    let url = Presigned::parse(&text)?;
    let request = request(&wanted, &text)?;
    let headers: Vec<_> = request.headers().keys().map(|name| name.as_str().to_owned()).collect();

    let transport = Transport::new()?;
    let answer = tokio::time::timeout(PATIENCE, transport.open(request)).await;
    let answer =
        answer.map_err(|_| Error::Timeout { host: url.host.clone(), seconds: PATIENCE.as_secs() })??;
    if answer.status().is_success() {
        let size =
            answer.headers().get("content-length").and_then(|size| size.to_str().ok()?.parse::<u64>().ok());
        let end = url.ends_at().map(|end| moment::describe(end, Timestamp::now())).unwrap_or_default();
        let line = match wanted.json {
            true => json!({"accepted": true, "status": answer.status().as_u16(), "content_length": size})
                .to_string(),
            false => {
                let size = size.map(|size| format!(", {size} bytes")).unwrap_or_default();
                format!("  accepted     HTTP {}{size}\n  works until  {end}", answer.status().as_u16())
            }
        };
        writeln!(io::stdout(), "{line}").doing("the report cannot be written")?;
        return Ok(Exit::Ok);
    }
    let refusal = Refusal::read(answer).await?;
    let causes = causes(&url, &wanted.method, &headers, &refusal);
    let line = match wanted.json {
        true => json!({
            "accepted": false, "status": refusal.status, "code": refusal.code, "message": refusal.message,
            "request_id": refusal.request_id, "causes": causes,
        })
        .to_string(),
        false => {
            let mut text = format!("  refused      {refusal}");
            for cause in &causes {
                text += &format!("\n  because      {cause}");
            }
            text
        }
    };
    writeln!(io::stdout(), "{line}").doing("the report cannot be written")?;
    Ok(Exit::Refused)
}

fn request(wanted: &Check, url: &str) -> Result<Request<BoxBody>, Failure> {
    let body = match &wanted.file {
        Some(path) => std::fs::read(path).doing(format!("{} cannot be read", path.display()))?,
        None => Vec::new(),
    };
    let mut request = Request::builder().method(&*wanted.method).uri(url);
    for header in &wanted.header {
        let (name, value) = parse_header(header)?;
        if name != "content-length" {
            request = request.header(name, value);
        }
    }
    if !body.is_empty() || matches!(&*wanted.method, "PUT" | "POST") {
        request = request.header("content-length", body.len());
    }
    let body = bucket::Body::bytes(body).into_data();
    request.body(body).map_err(|error| Failure::usage("the request cannot be sent").because(error))
}

/// Says in words what S3's code means for this URL, likeliest first.
fn causes(url: &Presigned, method: &str, headers: &[String], refusal: &Refusal) -> Vec<String> {
    let now = Timestamp::now();
    let mut causes = Vec::new();
    if let Some(end) = url.ends_at().filter(|end| *end < now) {
        causes.push(format!("The URL has expired: {}.", moment::describe(end, now)));
    }
    if url.signed_at.unix_seconds() > now.unix_seconds() + 60 {
        causes.push(
            "The URL is from the future: the clock of this machine, or of the signer, is wrong.".to_owned(),
        );
    }
    for name in url.signed_headers.iter().filter(|name| !headers.contains(name)) {
        causes.push(format!("The header {name} is signed and was not sent: add it with --header."));
    }
    for name in headers.iter().filter(|name| name.starts_with("x-amz-") && !url.signed_headers.contains(name))
    {
        causes.push(format!("The header {name} was sent and is not signed: S3 takes no such x-amz header."));
    }
    match &*refusal.code {
        "SignatureDoesNotMatch" if causes.is_empty() => {
            causes.push(format!(
                "The URL may be for another method than {method}, which --method chooses: `share inspect --verify` finds it."
            ));
            causes.push(
                "A signed header may have another value, or the URL was changed on the way.".to_owned(),
            );
        }
        "InvalidAccessKeyId" => {
            causes.push("The key that signed the URL does not exist there, or was deleted.".to_owned())
        }
        "ExpiredToken" => causes.push("The temporary credentials that signed the URL have ended.".to_owned()),
        "InvalidToken" => causes.push("The session token in the URL is damaged.".to_owned()),
        "AccessDenied" if causes.is_empty() => {
            causes.push(
                "Whoever signed the URL may not do this: the URL has the rights of its signer.".to_owned(),
            );
        }
        "NoSuchKey" | "NotFound" => causes.push("The URL is right, but there is no such object.".to_owned()),
        "NoSuchBucket" => causes.push("The URL is right, but there is no such bucket.".to_owned()),
        "PreconditionFailed" => {
            causes.push("The object exists, and the URL creates only a new one.".to_owned())
        }
        "BadDigest" | "XAmzContentSHA256Mismatch" => {
            causes.push("The file is not the one that was signed.".to_owned())
        }
        "PermanentRedirect" | "TemporaryRedirect" => {
            let region = refusal.region.as_deref().unwrap_or("another region");
            causes.push(format!("The bucket is in {region}, and the URL was signed for {}.", url.region));
        }
        "RequestTimeTooSkewed" => {
            causes.push("The clock of this machine or of the signer is wrong.".to_owned())
        }
        _ => {}
    }
    causes
}
