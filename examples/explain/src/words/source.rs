//! The documents of AWS.

/// A document of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// The title of the page.
    pub title: &'static str,
    /// The address of the page.
    pub url: &'static str,
}

const fn page(title: &'static str, url: &'static str) -> Source {
    Source { title, url }
}

pub(super) const CREATE: Source = page(
    "IAM User Guide, Create a signed AWS API request",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html",
);
pub(super) const ELEMENTS: Source = page(
    "IAM User Guide, Elements of an AWS API request signature",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html",
);
pub(super) const OVERVIEW: Source = page(
    "IAM User Guide, AWS Signature Version 4 for API requests",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html",
);
pub(super) const S3_HEADER: Source = page(
    "Amazon S3 API Reference, Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk",
    "https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html",
);
pub(super) const S3_QUERY: Source = page(
    "Amazon S3 API Reference, Authenticating Requests: Using Query Parameters",
    "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html",
);
pub(super) const S3_CHUNKS: Source = page(
    "Amazon S3 API Reference, Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks",
    "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html",
);
pub(super) const S3_TRAILERS: Source = page(
    "Amazon S3 API Reference, Signature Calculations for Trailing Headers",
    "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html",
);
pub(super) const S3_FORM: Source = page(
    "Amazon S3 API Reference, Authenticating Requests: Browser-Based Uploads Using POST",
    "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html",
);
pub(super) const S3_POLICY: Source = page(
    "Amazon S3 API Reference, POST Policy",
    "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html",
);
