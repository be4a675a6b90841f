//! The causes of a request that the verifier refused before it compared signatures, or after.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::header::{is_tracing, is_volatile};
use super::to_sign::is_time_zone;
use super::{Cause, CauseName, Certainty};
use crate::error::{MalformedAuthorization, VerifyError};
use crate::request::Request;

/// Returns the cause of an error of the verifier.
pub(super) fn causes(error: &VerifyError, request: &Request<'_>) -> Vec<Cause> {
    alloc::vec![cause(error, request)]
}

fn cause(error: &VerifyError, request: &Request<'_>) -> Cause {
    let observed = |name| Cause::new(name, Certainty::Observed);
    match error {
        VerifyError::Anonymous => observed(anonymous(request)),
        VerifyError::RepeatedAuthorization | VerifyError::TwoMechanisms => observed(CauseName::TwoSignatures),
        VerifyError::SignatureVersion2 => observed(CauseName::SignatureVersion2),
        VerifyError::UnsupportedAlgorithm { algorithm, .. } if algorithm == "AWS" => {
            observed(CauseName::SignatureVersion2)
        }
        VerifyError::UnsupportedAlgorithm { .. } => {
            observed(CauseName::Algorithm).with_detail(&error.to_string())
        }
        VerifyError::AuthorizationHeaderMalformed(malformed)
        | VerifyError::AuthorizationQueryParametersError(malformed) => {
            observed(of_malformed(malformed, request)).with_detail(&error.to_string())
        }
        VerifyError::InvalidDate => {
            observed(CauseName::AuthorizationMalformed).with_detail("x-amz-date is missing or malformed")
        }
        VerifyError::DateMismatch { scope_date, time, .. } => {
            observed(CauseName::ScopeDate).with_sides(scope_date.as_bytes(), time.date().as_bytes())
        }
        VerifyError::WrongRegion { region, expected, .. } => observed(CauseName::Region)
            .with_sides(region.as_bytes(), expected.as_bytes())
            .with_fix(&alloc::format!("Sign for the region {expected}.")),
        VerifyError::WrongService { service, expected, .. } => observed(CauseName::Service)
            .with_sides(service.as_bytes(), expected.as_bytes())
            .with_fix(&alloc::format!("Sign for the service {expected}.")),
        VerifyError::RequestTimeTooSkewed { time, now, .. } => {
            let is_zone = is_time_zone(time.unix_seconds().abs_diff(now.unix_seconds()));
            let name = if is_zone { CauseName::TimeZone } else { CauseName::ClockSkew };
            observed(name).with_sides(time.as_str().as_bytes(), now.as_str().as_bytes())
        }
        VerifyError::NotYetValid { time, now } => {
            observed(CauseName::NotYetValid).with_sides(time.as_str().as_bytes(), now.as_str().as_bytes())
        }
        VerifyError::Expired { at, now, .. } => {
            observed(CauseName::ExpiredUrl).with_sides(at.as_str().as_bytes(), now.as_str().as_bytes())
        }
        VerifyError::ContradictoryHeader { name } => observed(CauseName::HeaderContradicts).about(name),
        VerifyError::UnsignedHeaders { names } => unsigned(names),
        VerifyError::MissingSignedHeader { name } => observed(missing(name)).about(name),
        VerifyError::MissingPayloadHash
        | VerifyError::InvalidPayloadHash
        | VerifyError::UnsignedBody
        | VerifyError::PayloadModeNotAccepted { .. }
        | VerifyError::UnsupportedPayload { .. } => {
            observed(CauseName::PayloadHeader).with_detail(&error.to_string())
        }
        VerifyError::InvalidAccessKeyId { .. } | VerifyError::KeyMismatch => {
            observed(CauseName::UnknownAccessKey)
        }
        VerifyError::InvalidToken => observed(token(request)),
        VerifyError::CredentialsExpired { .. } => observed(CauseName::ExpiredToken),
        VerifyError::PayloadMismatch { signed, received } => {
            observed(super::payload::cause(signed, received))
                .with_sides(signed.as_bytes(), received.as_bytes())
        }
        VerifyError::Chunked(_) => observed(CauseName::PayloadStreaming).with_detail(&error.to_string()),
        _ => observed(CauseName::MalformedRequest).with_detail(&error.to_string()),
    }
}

/// A request without a signature that nevertheless has something like one.
fn anonymous(request: &Request<'_>) -> CauseName {
    if request.uri.contains("amp;X-Amz-") {
        CauseName::UrlHtmlEscaped
    } else if request.uri.contains("%3FX-Amz-") || request.uri.contains("X-Amz-Algorithm%3D") {
        CauseName::UrlEncodedAgain
    } else if request.uri.contains("X-Amz-") {
        CauseName::UrlCutOff
    } else {
        CauseName::NoSignature
    }
}

fn of_malformed(malformed: &MalformedAuthorization, request: &Request<'_>) -> CauseName {
    if let Some(name) = of_url(request.uri) {
        return name;
    }
    match malformed {
        MalformedAuthorization::SignedHeaders => CauseName::SignedHeadersOrder,
        _ => CauseName::AuthorizationMalformed,
    }
}

/// The cause of a signature that does not have the form of one.
pub(super) fn malformed_signature(request: &Request<'_>) -> Cause {
    let name = of_url(request.uri).unwrap_or(CauseName::SignatureEncoding);
    Cause::new(name, Certainty::Observed)
        .with_detail("the signature is not 64 hexadecimal digits in lower case")
}

/// Returns the damage that the form of a presigned URL shows.
fn of_url(uri: &str) -> Option<CauseName> {
    let signature = uri.split('&').find_map(|pair| pair.strip_prefix("X-Amz-Signature="));
    let is_short = signature.is_none_or(|signature| signature.len() < 64);
    if uri.contains("amp;X-Amz-") {
        Some(CauseName::UrlHtmlEscaped)
    } else if uri.contains("%252F") && uri.contains("X-Amz-Credential") {
        Some(CauseName::UrlEncodedAgain)
    } else {
        (uri.contains("X-Amz-Credential") && is_short).then_some(CauseName::UrlCutOff)
    }
}

fn unsigned(names: &[alloc::string::String]) -> Cause {
    let first = names.first().map_or("", alloc::string::String::as_str);
    let is_token = first == "x-amz-security-token" || first == "x-amz-s3session-token";
    let name = if is_token { CauseName::TokenNotSigned } else { CauseName::HeaderNotSigned };
    let detail = alloc::format!("not signed: {}", names.join(", "));
    Cause::new(name, Certainty::Observed).about(first).with_detail(&detail)
}

fn missing(name: &str) -> CauseName {
    match name {
        "x-amz-security-token" | "x-amz-s3session-token" => CauseName::TokenMissing,
        "content-length" => CauseName::ContentLength,
        "transfer-encoding" => CauseName::TransferEncoding,
        name if is_tracing(name) => CauseName::Tracing,
        name if is_volatile(name) => CauseName::VolatileHeader,
        _ => CauseName::HeaderMissing,
    }
}

/// The token of temporary credentials is missing, or it is another one.
fn token(request: &Request<'_>) -> CauseName {
    let is_token = |name: &str| {
        name.eq_ignore_ascii_case("x-amz-security-token")
            || name.eq_ignore_ascii_case("x-amz-s3session-token")
    };
    let has_token = request.headers().any(|(name, _)| is_token(name))
        || request.uri.split(['?', '&']).any(|pair| is_token(pair.split('=').next().unwrap_or_default()));
    if has_token { CauseName::InvalidToken } else { CauseName::TokenMissing }
}
