//! [`Answer`]: the error code, message and details of the service's answer.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::code::{self, CODES, elements, last_refusal};
use super::scan;
use super::steps::field;

/// The answer of the service.
#[derive(Clone, Default)]
pub(crate) struct Answer {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) region: Option<String>,
    /// The header `x-amz-bucket-region`.
    pub(crate) bucket_region: Option<String>,
    /// The code of an earlier answer in the same text, such as that of a first attempt.
    pub(crate) earlier: Option<String>,
    pub(crate) endpoint: Option<String>,
    pub(crate) headers_not_signed: Option<String>,
    pub(crate) request_time: Option<String>,
    pub(crate) server_time: Option<String>,
    pub(crate) access_key_id: Option<String>,
    pub(crate) signed_hash: Option<String>,
    pub(crate) received_hash: Option<String>,
    pub(crate) is_cors: bool,
    pub(crate) is_html: bool,
    pub(crate) truncated: bool,
}

impl Answer {
    pub(super) fn read(all: &[String]) -> Self {
        let views: &[String] = &all.iter().map(|view| last_refusal(view).to_string()).collect::<Vec<_>>();
        let get = |name: &str| {
            views.iter().find_map(|view| field(view, name)).map(|(text, _)| text.trim().to_string())
        };
        let text = all.first().map(String::as_str).unwrap_or_default();
        let last = views.first().map(String::as_str).unwrap_or_default();
        let cut = views.iter().find_map(|view| scan::element(view, "Message")).is_some_and(|(_, cut)| cut);
        let message = get("Message")
            .or_else(|| get("message"))
            .or_else(|| get("errorMessage"))
            .or_else(|| exception_message(last));
        let code = code::find(views, &get);
        Self {
            earlier: elements(text)
                .next()
                .map(|(_, first)| first.to_string())
                .filter(|first| code.as_ref() != Some(first)),
            code,
            message,
            status: status(all),
            bucket_region: bucket_region(text),
            region: get("Region").or_else(|| bucket_region(text)).or_else(|| expecting(views)),
            endpoint: get("Endpoint").or_else(|| location(text)),
            headers_not_signed: get("HeadersNotSigned"),
            request_time: get("RequestTime"),
            server_time: get("ServerTime").or_else(|| response_date(text)),
            access_key_id: get("AWSAccessKeyId"),
            signed_hash: get("ClientComputedContentSHA256"),
            received_hash: get("S3ComputedContentSHA256"),
            is_cors: is_cors(text),
            is_html: is_html(text),
            truncated: cut || text.contains("(truncated...)"),
        }
    }

    /// Takes from another answer the fields that this one lacks. An answer without a code is replaced by the other one.
    pub(super) fn or(self, other: Self) -> Self {
        if self.code.is_none() {
            return Self { is_html: self.is_html || other.is_html, ..other };
        }
        Self {
            status: self.status.or(other.status),
            region: self.region.or(other.region),
            bucket_region: self.bucket_region.or(other.bucket_region),
            earlier: self.earlier.or(other.earlier),
            server_time: self.server_time.or(other.server_time),
            ..self
        }
    }

    /// Returns true if the code is this one, with or without the endings of other protocols.
    pub(crate) fn has_code(&self, codes: &[&str]) -> bool {
        let code = self.code.as_deref().unwrap_or_default();
        let code = code.rsplit(['#', ':']).next().unwrap_or(code);
        codes.iter().any(|known| code == *known || code.strip_suffix("Exception") == Some(known))
    }
}

/// Finds a status after the words that clients write before one.
fn status(views: &[String]) -> Option<u16> {
    const BEFORE: &[&str] = &[
        "HTTP/1.1 ",
        "HTTP/1.0 ",
        "HTTP/2 ",
        "HTTP/2.0 ",
        "<-- ",
        "Status Code: ",
        "StatusCode: ",
        "statusCode: ",
        "httpStatusCode: ",
        "HTTPStatusCode': ",
        "\"status\": ",
        "\"status\":",
        "status code ",
        "status code: ",
    ];
    let in_view = |view: &String| {
        // A transcript has the answer's status in its last status line.
        let of = |before: &&str| {
            let starts = view.rmatch_indices(*before).map(|(start, _)| start + before.len());
            let mut numbers = starts.filter_map(|start| view.get(start..start + 3)?.parse().ok());
            numbers.find(|status| (100..600).contains(status))
        };
        BEFORE.iter().find_map(of)
    };
    views.iter().find_map(in_view)
}

/// Returns the message of an exception. It follows the operation in boto3, precedes the service in Java, and follows the
/// code elsewhere.
fn exception_message(text: &str) -> Option<String> {
    let java = || {
        let (before, _) = text.split_once(" (Service: ")?;
        Some(before.rsplit_once("Exception: ").map_or(before, |(_, message)| message))
    };
    let other = || {
        let code = CODES.iter().find_map(|code| text.split_once(&alloc::format!("{code}: ")));
        code.map(|(_, rest)| rest)
    };
    let boto3 = text.split_once(" operation: ").map(|(_, rest)| rest);
    let first = || Some(text).filter(|text| !text.trim_start().starts_with(['<', '{', '>', '*']));
    boto3.or_else(java).or_else(other).or_else(first)?.lines().next().map(|line| line.trim().to_string())
}

fn received_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.strip_prefix("< ").unwrap_or(line))
}

/// Reads the last `x-amz-bucket-region`: in a header line, in a wire log or in an object.
fn bucket_region(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let (_, rest) = lower.rsplit_once("x-amz-bucket-region")?;
    let rest = rest.trim_start_matches([':', '=', '>', ' ', '\'', '"', '[']);
    let is_region = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let end = rest.find(|character| !is_region(character)).unwrap_or(rest.len());
    rest.get(..end).filter(|region| region.contains('-')).map(ToString::to_string)
}

fn location(text: &str) -> Option<String> {
    scan::header(received_lines(text), "location").map(ToString::to_string)
}

fn response_date(text: &str) -> Option<String> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("< "));
    scan::header(lines, "date").map(ToString::to_string)
}

/// Returns the region of "the region 'x' is wrong; expecting 'y'".
fn expecting(views: &[String]) -> Option<String> {
    let is_region = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let of = |view: &String| {
        ["expecting '", "expecting &#39;", "expecting &apos;", "must be a region-specific endpoint: "]
            .iter()
            .find_map(|before| scan::word_after(view, before, is_region))
            .map(ToString::to_string)
    };
    views.iter().find_map(of).filter(|region| region.contains('-'))
}

fn is_cors(text: &str) -> bool {
    [
        "blocked by CORS policy",
        "CORSResponse",
        "CORS is not enabled",
        "No 'Access-Control-Allow-Origin'",
        "Cross-Origin Request Blocked",
    ]
    .iter()
    .any(|sentence| text.contains(sentence))
}

fn is_html(text: &str) -> bool {
    let lower: String = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    lower.contains("<!doctype html") || lower.contains("<html")
}
