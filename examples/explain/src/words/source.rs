//! The documents of AWS.

/// A document of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// The title of the page.
    pub title: &'static str,
    /// The address of the page.
    pub url: &'static str,
}

/// Declares a page of the IAM User Guide.
macro_rules! iam {
    ($title:literal, $page:literal) => {
        Source {
            title: concat!("IAM User Guide, ", $title),
            url: concat!("https://docs.aws.amazon.com/IAM/latest/UserGuide/", $page, ".html"),
        }
    };
}

/// Declares a page of the Amazon S3 API Reference.
macro_rules! s3 {
    ($title:literal, $page:literal) => {
        Source {
            title: concat!("Amazon S3 API Reference, ", $title),
            url: concat!("https://docs.aws.amazon.com/AmazonS3/latest/API/", $page, ".html"),
        }
    };
}

pub(super) const CREATE: Source =
    iam!("Create a signed AWS API request", "reference_sigv-create-signed-request");
pub(super) const ELEMENTS: Source =
    iam!("Elements of an AWS API request signature", "reference_sigv-signing-elements");
pub(super) const OVERVIEW: Source = iam!("AWS Signature Version 4 for API requests", "reference_sigv");
pub(super) const S3_HEADER: Source = s3!(
    "Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk",
    "sig-v4-header-based-auth"
);
pub(super) const S3_QUERY: Source =
    s3!("Authenticating Requests: Using Query Parameters", "sigv4-query-string-auth");
pub(super) const S3_CHUNKS: Source = s3!(
    "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks",
    "sigv4-streaming"
);
pub(super) const S3_TRAILERS: Source =
    s3!("Signature Calculations for Trailing Headers", "sigv4-streaming-trailers");
pub(super) const S3_FORM: Source =
    s3!("Authenticating Requests: Browser-Based Uploads Using POST", "sigv4-authentication-HTTPPOST");
pub(super) const S3_POLICY: Source = s3!("POST Policy", "sigv4-HTTPPOSTConstructPolicy");
