//! Answers about the scope: the region of a bucket, the region or the service that is expected.

use alloc::string::String;
use alloc::vec::Vec;

use crate::diagnose::evidence::SentRequest;
use crate::diagnose::{Cause, CauseName, Certainty, Evidence};

/// Returns the cause if a header names another region of the bucket. S3 sends this header also where the answer has no body.
pub(super) fn of_bucket(evidence: &Evidence) -> Option<Cause> {
    let answer = &evidence.answer;
    let region = answer.bucket_region.as_deref().filter(|_| answer.code.is_none())?;
    let request = evidence.request.as_ref();
    let signed = request
        .and_then(SentRequest::credential)
        .and_then(|credential| credential.split('/').nth(2).map(String::from));
    let cause = Cause::new(CauseName::Region, Certainty::Reported).about("x-amz-bucket-region");
    let cause = match &signed {
        Some(signed) if signed == region => return None,
        Some(signed) => cause.with_sides(signed.as_bytes(), region.as_bytes()),
        None if answer.status == Some(400) => cause,
        None => return None,
    };
    let host = request.and_then(|request| request.header("host")).unwrap_or_default();
    let to = match regional(host, region) {
        Some(host) => alloc::format!("send the request to {host}"),
        None => "send the request to the endpoint of this region".into(),
    };
    Some(cause.with_fix(&alloc::format!("Sign for the region {region}, and {to}.")))
}

/// Returns the host of S3 in the region, with the bucket of this host.
fn regional(host: &str, region: &str) -> Option<String> {
    let name = host.strip_suffix(".amazonaws.com")?;
    let is_s3 = |label: &str| label == "s3" || label.starts_with("s3-");
    let labels: Vec<&str> = name.split('.').collect();
    let at = labels.iter().rposition(|label| is_s3(label))?;
    let bucket = labels.get(..at)?.join(".");
    let dot = if bucket.is_empty() { "" } else { "." };
    Some(alloc::format!("{bucket}{dot}s3.{region}.amazonaws.com"))
}

/// Returns the cause if the service states the region or the service that it expects.
pub(super) fn of_message(evidence: &Evidence, message: &str) -> Option<Cause> {
    let answer = &evidence.answer;
    let is_scope = message.contains("is wrong; expecting")
        || message.contains("should be scoped to a valid")
        || message.contains("scoped to correct service");
    if !is_scope {
        return None;
    }
    let is_service = message.contains("correct service") || message.contains("service '");
    let cause =
        Cause::new(if is_service { CauseName::Service } else { CauseName::Region }, Certainty::Reported);
    Some(match (&answer.region, is_service) {
        (Some(region), false) => cause.with_fix(&alloc::format!("Sign for the region {region}.")),
        _ => match global(evidence).filter(|_| !is_service) {
            Some(fix) => cause.with_detail(message).with_fix(&fix),
            None => cause.with_detail(message),
        },
    })
}

/// Names the region of a global endpoint, if the request states its scope and its host.
fn global(evidence: &Evidence) -> Option<String> {
    const GLOBAL: &[&str] = &["sts", "iam", "cloudfront", "route53"];
    let sent = evidence.request.as_ref().map(SentRequest::to_message).unwrap_or_default();
    let texts = [sent.as_str(), &evidence.hidden];
    let region = texts.iter().find_map(|text| {
        let (_, credential) = text.split_once("Credential=")?;
        credential.replace("%2F", "/").split('/').nth(2).map(String::from)
    })?;
    let names = |service: &&&str| {
        let host = alloc::format!("{service}.amazonaws.com");
        texts.iter().any(|text| text.contains(&host))
    };
    let service = GLOBAL.iter().find(names)?;
    (region != "us-east-1").then(|| match *service {
        "sts" => alloc::format!(
            "Send the request to sts.{region}.amazonaws.com, and sign that host; or sign for us-east-1, the region of \
             the global endpoint sts.amazonaws.com."
        ),
        _ => alloc::format!("Sign for us-east-1, the region of the global endpoint {service}.amazonaws.com."),
    })
}
