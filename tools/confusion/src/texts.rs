//! Texts that show a cause without any request: answers, exceptions, logs, URLs.

use countersign::diagnose::{self, CauseName, Diagnosis, Evidence};

use crate::random::Random;

/// A cause that shows in a text, and a generator of such texts.
pub struct Text {
    /// The cause that must be named.
    pub cause: CauseName,
    /// Writes a text.
    pub write: fn(&mut Random) -> String,
}

impl Text {
    /// Writes the text of this seed.
    #[must_use]
    pub fn text(&self, seed: u64) -> String {
        (self.write)(&mut Random::new(seed))
    }

    /// Diagnoses the text of this seed.
    #[must_use]
    pub fn diagnose(&self, seed: u64) -> Diagnosis {
        diagnose::text(&Evidence::read(&self.text(seed)))
    }
}

const REGIONS: &[&str] = &["eu-west-1", "us-west-2", "ap-south-1"];
const OPERATIONS: &[&str] = &["PutObject", "GetObject", "ListBuckets", "HeadBucket"];

/// Writes an answer in one of the forms in which people have it.
fn answer(random: &mut Random, code: &str, message: &str, details: &[(&str, &str)]) -> String {
    let element = |name: &str, value: &str| format!("<{name}>{value}</{name}>");
    let inner: String = details.iter().map(|(name, value)| element(name, value)).collect();
    let xml = format!(
        "<Error>{}{}{inner}<RequestId>4442587FB7D0A2F9</RequestId></Error>",
        element("Code", code),
        element("Message", message)
    );
    match random.below(7) {
        0 => format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}"),
        1 => xml.replace("><", ">\n    <"),
        2 => xml.replace('<', "&lt;").replace('>', "&gt;"),
        3 => format!(
            "2026-05-01 12:00:00,000 - MainThread - botocore.parsers - DEBUG - Response body:\nb'{xml}'"
        ),
        4 => format!(
            "> GET /key HTTP/1.1\n> Host: b.s3.amazonaws.com\n>\n< HTTP/1.1 400 Bad Request\n< content-type: application/xml\n<\n{xml}"
        ),
        5 => format!("{{\"body\": \"{}\"}}", xml.replace('"', "\\\"")),
        _ => xml.replace("</RequestId></Error>", ""),
    }
}

fn exception(random: &mut Random, code: &str, message: &str) -> String {
    let operation = *random.pick(OPERATIONS);
    match random.below(3) {
        0 => format!(
            "botocore.exceptions.ClientError: An error occurred ({code}) when calling the {operation} operation: {message}"
        ),
        1 => format!(
            "com.amazonaws.services.s3.model.AmazonS3Exception: {message} (Service: Amazon S3; Status Code: 400; Error Code: {code}; Request ID: 4442587FB7D0A2F9)"
        ),
        _ => format!(
            "{code}: {message}\n    at throwDefaultError (index.js:8:22) {{\n  '$fault': 'client',\n  Code: '{code}',\n}}"
        ),
    }
}

fn either(random: &mut Random, code: &str, message: &str, details: &[(&str, &str)]) -> String {
    if random.once_in(3) && details.is_empty() {
        exception(random, code, message)
    } else {
        answer(random, code, message, details)
    }
}

fn url(random: &mut Random) -> String {
    format!(
        "https://bucket.s3.amazonaws.com/key-{}.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260501%2F{}%2Fs3%2Faws4_request&X-Amz-Date=20260501T120000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature={:064x}",
        random.below(1000),
        random.pick(REGIONS),
        u128::from(random.number()),
    )
}

/// Every cause that shows in a text.
pub const TEXTS: &[Text] = &[
    Text {
        cause: CauseName::Redirect,
        write: |random| {
            let region = *random.pick(REGIONS);
            let endpoint = format!("bucket.s3.{region}.amazonaws.com");
            answer(
                random,
                "PermanentRedirect",
                "The bucket you are attempting to access must be addressed using the specified endpoint.",
                &[("Endpoint", &endpoint)],
            )
        },
    },
    Text {
        cause: CauseName::AccessDenied,
        write: |random| either(random, "AccessDenied", "Access Denied", &[]),
    },
    Text {
        cause: CauseName::ExpiredUrl,
        write: |random| {
            answer(
                random,
                "AccessDenied",
                "Request has expired",
                &[
                    ("X-Amz-Expires", "3600"),
                    ("Expires", "2026-05-01T13:00:00Z"),
                    ("ServerTime", "2026-05-02T08:00:00Z"),
                ],
            )
        },
    },
    Text {
        cause: CauseName::ExpiredForm,
        write: |random| either(random, "AccessDenied", "Invalid according to Policy: Policy expired.", &[]),
    },
    Text {
        cause: CauseName::NotYetValid,
        write: |random| answer(random, "AccessDenied", "Request is not yet valid", &[]),
    },
    Text {
        cause: CauseName::ExpiredToken,
        write: |random| either(random, "ExpiredToken", "The provided token has expired.", &[]),
    },
    Text {
        cause: CauseName::InvalidToken,
        write: |random| {
            either(random, "InvalidToken", "The provided token is malformed or otherwise invalid.", &[])
        },
    },
    Text {
        cause: CauseName::UnknownAccessKey,
        write: |random| {
            let code =
                *random.pick(&["InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException"]);
            either(random, code, "The AWS Access Key Id you provided does not exist in our records.", &[])
        },
    },
    Text {
        cause: CauseName::ClockSkew,
        write: |random| {
            let minute = 20 + random.below(9);
            let time = format!("20260501T12{minute}07Z");
            if random.once_in(3) {
                return exception(
                    random,
                    "SignatureDoesNotMatch",
                    &format!(
                        "Signature expired: 20260501T120000Z is now earlier than {time} (20260501T124307Z - 5 min.)"
                    ),
                );
            }
            let server = format!("2026-05-01T12:{minute}:07Z");
            answer(
                random,
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
                &[
                    ("RequestTime", "20260501T120000Z"),
                    ("ServerTime", &server),
                    ("MaxAllowedSkewMilliseconds", "900000"),
                ],
            )
        },
    },
    Text {
        cause: CauseName::TimeZone,
        write: |random| {
            let server = format!("2026-05-01T{:02}:00:12Z", 13 + random.below(8));
            answer(
                random,
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
                &[("RequestTime", "20260501T120000Z"), ("ServerTime", &server)],
            )
        },
    },
    Text {
        cause: CauseName::Region,
        write: |random| {
            let region = *random.pick(REGIONS);
            answer(
                random,
                "AuthorizationHeaderMalformed",
                &format!(
                    "The authorization header is malformed; the region 'us-east-1' is wrong; expecting '{region}'"
                ),
                &[("Region", region)],
            )
        },
    },
    Text {
        cause: CauseName::Service,
        write: |random| {
            let message = "Credential should be scoped to correct service: 'execute-api'. ";
            format!(
                "HTTP/1.1 403 Forbidden\nx-amzn-ErrorType: InvalidSignatureException\n\n{{\"message\":\"{message}\"}}{}",
                " ".repeat(random.below(5))
            )
        },
    },
    Text {
        cause: CauseName::SignatureVersion2,
        write: |random| {
            either(
                random,
                "InvalidRequest",
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
                &[],
            )
        },
    },
    Text {
        cause: CauseName::HeaderNotSigned,
        write: |random| {
            let name = *random.pick(&["x-amz-acl", "x-amz-checksum-crc32", "x-amz-tagging"]);
            answer(
                random,
                "AccessDenied",
                "There were headers present in the request which were not signed",
                &[("HeadersNotSigned", name)],
            )
        },
    },
    Text {
        cause: CauseName::TwoSignatures,
        write: |random| {
            either(
                random,
                "InvalidArgument",
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
                &[],
            )
        },
    },
    Text {
        cause: CauseName::FormField,
        write: |random| {
            let field = *random.pick(&["success_action_status", "x-amz-meta-a", "content-type"]);
            answer(
                random,
                "AccessDenied",
                &format!("Invalid according to Policy: Extra input fields: {field}"),
                &[],
            )
        },
    },
    Text {
        cause: CauseName::FormCondition,
        write: |random| {
            answer(
                random,
                "AccessDenied",
                "Invalid according to Policy: Policy Condition failed: [\"eq\", \"$acl\", \"public-read\"]",
                &[],
            )
        },
    },
    Text {
        cause: CauseName::NoSignature,
        write: |random| {
            let text = "{\"message\":\"Missing Authentication Token\"}";
            if random.once_in(2) {
                text.into()
            } else {
                format!("HTTP/2 403\ncontent-type: application/json\n\n{text}")
            }
        },
    },
    Text {
        cause: CauseName::Cors,
        write: |random| {
            format!(
                "Access to fetch at 'https://bucket.s3.amazonaws.com/{}' from origin 'http://localhost:3000' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
                random.below(100)
            )
        },
    },
    Text {
        cause: CauseName::Throttled,
        write: |random| either(random, "SlowDown", "Please reduce your request rate.", &[]),
    },
    Text {
        cause: CauseName::NotFound,
        write: |random| either(random, "NoSuchBucket", "The specified bucket does not exist", &[]),
    },
    Text {
        cause: CauseName::BucketName,
        write: |random| either(random, "InvalidBucketName", "The specified bucket is not valid.", &[]),
    },
    Text {
        cause: CauseName::NotAws,
        write: |random| {
            format!(
                "<!DOCTYPE html>\n<html><head><title>{} Bad Gateway</title></head><body>nginx</body></html>",
                502 + random.below(3)
            )
        },
    },
    Text {
        cause: CauseName::UrlCutOff,
        write: |random| {
            let mut url = url(random);
            url.truncate(url.len() - 1 - random.below(80));
            url
        },
    },
    Text {
        cause: CauseName::UrlHtmlEscaped,
        write: |random| format!("<a href=\"{}\">download</a>", url(random).replace('&', "&amp;")),
    },
    Text { cause: CauseName::UrlEncodedAgain, write: |random| url(random).replace('%', "%25") },
];
