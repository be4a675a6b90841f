//! Why a URL is refused: what the URL itself shows, what the library's diagnosis finds, and what the
//! service's code means.

use countersign::diagnose::{self, Certainty, Evidence};
use countersign::{Credentials, ReceivedBody, Request, Service, Timestamp, Verifier};
use serde::Serialize;

use bucket::Refusal;

use crate::moment;
use crate::presigned::Presigned;

/// One cause, likeliest first.
#[derive(Debug, Serialize)]
pub struct Cause {
    /// The name of the library's diagnosis, which scripts can compare.
    pub name: Option<&'static str>,
    /// Nothing shows that this is the cause, and nothing that it is not.
    pub suspected: bool,
    pub why: String,
    pub fix: Option<String>,
}

impl Cause {
    fn new(why: impl Into<String>, fix: &str) -> Self {
        Self {
            name: None,
            suspected: false,
            why: why.into(),
            fix: Some(fix.to_owned()).filter(|fix| !fix.is_empty()),
        }
    }
}

/// The request as it was sent.
pub struct Sent<'s> {
    pub method: &'s str,
    pub headers: &'s [(String, String)],
    pub body: &'s [u8],
}

pub fn of(
    url: &Presigned,
    sent: &Sent<'_>,
    refusal: &Refusal,
    credentials: Option<&Credentials>,
) -> Vec<Cause> {
    let mut causes = shown(url, sent);
    if causes.is_empty() {
        causes = diagnosed(url, sent, refusal, credentials);
    }
    if causes.is_empty() {
        causes.extend(meaning(url, sent.method, refusal));
    }
    causes
}

/// Returns the causes that the URL and the request show without an answer of the service.
fn shown(url: &Presigned, sent: &Sent<'_>) -> Vec<Cause> {
    let now = Timestamp::now();
    let mut causes = Vec::new();
    if let Some(end) = url.ends_at().filter(|end| *end < now) {
        let why = format!("The URL has expired: {}.", moment::describe(end, now));
        causes.push(Cause::new(why, "Make a new one, with a longer --expires."));
    }
    if url.signed_at.unix_seconds() > now.unix_seconds() + 60 {
        causes.push(Cause::new(
            "The URL is from the future.",
            "Set the clock of the signer, or of this machine.",
        ));
    }
    if url.is_damaged() {
        causes.push(Cause::new(
            "The signature in the URL is damaged: it is not 64 digits.",
            "Copy the whole URL.",
        ));
    }
    let is_sent = |name: &String| sent.headers.iter().any(|(sent, _)| sent == name);
    for name in url.signed_headers.iter().filter(|name| !is_sent(name)) {
        causes.push(Cause::new(
            format!("The header {name} is signed and was not sent."),
            "Send it with the value that was signed: --header \"NAME: VALUE\".",
        ));
    }
    let names = sent.headers.iter().map(|(name, _)| name);
    for name in names.filter(|name| name.starts_with("x-amz-") && !url.signed_headers.contains(name)) {
        causes.push(Cause::new(
            format!("The header {name} was sent and is not signed."),
            "Leave it out, or sign it.",
        ));
    }
    causes
}

/// Asks the library. With the secret that should have signed, it tries what could have been changed;
/// without it, it reads the answer.
fn diagnosed(
    url: &Presigned,
    sent: &Sent<'_>,
    refusal: &Refusal,
    credentials: Option<&Credentials>,
) -> Vec<Cause> {
    if refusal.code != "SignatureDoesNotMatch" {
        return Vec::new();
    }
    let verifier = Service::new(url.service.clone())
        .ok()
        .and_then(|service| Verifier::new(url.region.clone(), service).ok());
    let diagnosis = match (verifier, credentials) {
        (Some(verifier), Some(credentials)) if credentials.access_key_id() == url.access_key_id => {
            let mut headers: Vec<_> = sent.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
            headers.push(("host", &url.host));
            let target = url.uri.path_and_query().map_or("/", |target| target.as_str());
            let request = Request::new(sent.method, target, &headers);
            let body = ReceivedBody::Bytes(sent.body);
            let found = diagnose::received(&verifier, &request, body, credentials, Timestamp::now());
            if found.causes().is_empty() {
                return vec![Cause::new(
                    "The configured secret signed this request, so the service has another secret for the key, \
                     or a proxy changes the request.",
                    "Compare the secret with that of the service, and the address of the URL with the endpoint.",
                )];
            }
            found
        }
        _ => diagnose::text(&Evidence::from_bytes(&refusal.answer)),
    };
    let causes = diagnosis.causes().iter().take(3);
    causes
        .map(|cause| {
            let facts: Vec<_> = cause.header().into_iter().chain(cause.detail()).collect();
            let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(": ")) };
            Cause {
                name: Some(cause.name().as_str()),
                suspected: cause.certainty() == Certainty::Suspected,
                why: format!("{}{facts}", cause.why()),
                fix: Some(cause.fix().to_owned()),
            }
        })
        .collect()
}

/// Says in words what the service's code means for this URL.
fn meaning(url: &Presigned, method: &str, refusal: &Refusal) -> Option<Cause> {
    let region = refusal.region.as_deref().unwrap_or("another region");
    let (why, fix) = match &*refusal.code {
        "SignatureDoesNotMatch" => (
            format!("The URL may be for another method than {method}, or was changed on the way."),
            "`share inspect --verify` finds the method; --method chooses it.",
        ),
        "InvalidAccessKeyId" => {
            ("The key that signed the URL does not exist there, or was deleted.".to_owned(), "")
        }
        "ExpiredToken" => {
            ("The temporary credentials that signed the URL have ended.".to_owned(), "Make a new URL.")
        }
        "InvalidToken" => ("The session token in the URL is damaged.".to_owned(), "Copy the whole URL."),
        "AccessDenied" => (
            "Whoever signed the URL may not do this: a URL has the rights of its signer.".to_owned(),
            "Give the signer the right, or sign with other credentials.",
        ),
        "NoSuchKey" | "NotFound" => ("The URL is right, but there is no such object.".to_owned(), ""),
        "NoSuchBucket" => ("The URL is right, but there is no such bucket.".to_owned(), ""),
        "PreconditionFailed" => ("The object exists, and the URL creates only a new one.".to_owned(), ""),
        "BadDigest" | "XAmzContentSHA256Mismatch" => {
            ("The file is not the one that was signed.".to_owned(), "")
        }
        // A query's scope is refused with this code too.
        "AuthorizationHeaderMalformed" | "AuthorizationQueryParametersError"
            if refusal.message.contains("region") =>
        {
            (
                format!("The URL was signed for {}, and the service expects {region}.", url.region),
                "Make a new URL with --region.",
            )
        }
        "PermanentRedirect" | "TemporaryRedirect" => (
            format!("The bucket is in {region}, and the URL was signed for {}.", url.region),
            "Make a new URL with --region.",
        ),
        "RequestTimeTooSkewed" => {
            ("The clock of the signer or of this machine is wrong.".to_owned(), "Set the clock.")
        }
        _ => return None,
    };
    Some(Cause::new(why, fix))
}
