//! `share check`: sends a URL as a receiver would, without credentials.

use std::io::{self, Write};
use std::time::Duration;

use bucket::cli::{Connect, Doing, Failure};
use bucket::{BoxBody, Error, Exit, Refusal, Transport};
use countersign::{Credentials, Timestamp};
use http::Request;
use serde_json::json;

use crate::arguments::Check;
use crate::ask::parse_header;
use crate::causes::{self, Cause, Sent};
use crate::moment;
use crate::presigned::{Presigned, read_url};

const PATIENCE: Duration = Duration::from_secs(60);

pub async fn run(wanted: Check, connect: &Connect) -> Result<Exit, Failure> {
    let text = read_url(&wanted.url)?;
    let url = Presigned::parse(&text)?;
    let body = match &wanted.file {
        Some(path) => std::fs::read(path).doing(format!("{} cannot be read", path.display()))?,
        None => Vec::new(),
    };
    let headers = headers(&wanted, body.len())?;
    let sent = Sent { method: &wanted.method, headers: &headers, body: &body };

    let answer = tokio::time::timeout(PATIENCE, Transport::new()?.open(request(&sent, &text)?)).await;
    let answer =
        answer.map_err(|_| Error::Timeout { host: url.host.clone(), seconds: PATIENCE.as_secs() })?;
    let answer = answer.map_err(|error| unanswered(error, connect))?;
    let status = answer.status();
    let (line, exit) = if status.is_success() {
        let size = answer.headers().get("content-length").and_then(|size| size.to_str().ok()?.parse().ok());
        (accepted(&wanted, &url, status.as_u16(), size), Exit::Ok)
    } else {
        let refusal = Refusal::read(answer).await?;
        let credentials = credentials(connect).await;
        let causes = causes::of(&url, &sent, &refusal, credentials.as_ref());
        (refused(&wanted, &refusal, &causes), Exit::Refused)
    };
    writeln!(io::stdout(), "{line}").doing("the report cannot be written")?;
    Ok(exit)
}

/// Returns the headers that are sent, in lower case.
fn headers(wanted: &Check, length: usize) -> Result<Vec<(String, String)>, Failure> {
    let given = wanted.header.iter().map(|header| parse_header(header)).collect::<Result<Vec<_>, _>>()?;
    let mut headers: Vec<_> = given.into_iter().filter(|(name, _)| name != "content-length").collect();
    if length > 0 || matches!(&*wanted.method, "PUT" | "POST") {
        headers.push(("content-length".to_owned(), length.to_string()));
    }
    Ok(headers)
}

/// Says why nothing answers. With nothing configured, `share get` and its server have ended.
fn unanswered(error: Error, connect: &Connect) -> Failure {
    let is_local = connect.is_local() && matches!(error, Error::Transport { .. });
    let failure = Failure::from(error);
    match is_local {
        true => failure.advice(
            "if `share` made the URL with no S3 service configured, its server has ended: keep it with --serve, \
             or run `cargo run -p bucket` and set the variables that it prints",
        ),
        false => failure,
    }
}

fn request(sent: &Sent<'_>, url: &str) -> Result<Request<BoxBody>, Failure> {
    let mut request = Request::builder().method(sent.method).uri(url);
    for (name, value) in sent.headers {
        request = request.header(name, value);
    }
    let body = bucket::Body::bytes(sent.body.to_vec()).into_data();
    request.body(body).map_err(|error| Failure::usage("the request cannot be sent").because(error))
}

/// The configured credentials, if there are any: they may have signed the URL, and then more can be found
/// out. They are not sent.
async fn credentials(connect: &Connect) -> Option<Credentials> {
    if connect.is_local() {
        return None;
    }
    Some(connect.storage().await.ok()?.signer().await.ok()?.credentials().clone())
}

fn accepted(wanted: &Check, url: &Presigned, status: u16, size: Option<u64>) -> String {
    if wanted.json {
        return json!({"accepted": true, "status": status, "content_length": size}).to_string();
    }
    let size = size.map(|size| format!(", {size} bytes")).unwrap_or_default();
    let end = url.ends_at().map(|end| moment::describe(end, Timestamp::now())).unwrap_or_default();
    format!("  accepted     HTTP {status}{size}\n  works until  {end}")
}

fn refused(wanted: &Check, refusal: &Refusal, causes: &[Cause]) -> String {
    if wanted.json {
        let Refusal { status, code, message, request_id, .. } = refusal;
        let line = json!({
            "accepted": false, "status": status, "code": code, "message": message,
            "request_id": request_id, "causes": causes,
        });
        return line.to_string();
    }
    let mut text = format!("  refused      {refusal}");
    for Cause { why, fix, suspected, .. } in causes {
        let certainty = if *suspected { "perhaps" } else { "because" };
        text += &format!("\n  {certainty}      {why}");
        if let Some(fix) = fix {
            text += &format!("\n  to do        {fix}");
        }
    }
    text
}
