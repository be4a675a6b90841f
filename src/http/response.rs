//! Converts a [`VerifyError`] to an HTTP response.

use alloc::string::String;

use ::http::header::{CONTENT_TYPE, HeaderValue};
use ::http::{Method, Response, StatusCode};

use crate::error::VerifyError;

impl VerifyError {
    /// Returns S3's response to a request that is refused with this error: the status, the headers
    /// `content-type` and `x-amz-request-id`, and the XML document.
    ///
    /// The response to a `HEAD` request has no body. `resource` is the path of the request, and
    /// `request_id` an id under which the server's log has the request.
    ///
    /// ```
    /// use countersign::VerifyError;
    /// use http::{Method, StatusCode};
    ///
    /// let response = VerifyError::Anonymous.to_response(&Method::GET, "/bucket/key", "4442587FB7D0A2F9");
    /// assert_eq!(response.status(), StatusCode::FORBIDDEN);
    /// assert_eq!(response.headers()["content-type"], "application/xml");
    /// assert_eq!(response.headers()["x-amz-request-id"], "4442587FB7D0A2F9");
    /// assert!(response.body().contains("<Code>AccessDenied</Code>"));
    ///
    /// let response = VerifyError::Anonymous.to_response(&Method::HEAD, "/bucket/key", "4442587FB7D0A2F9");
    /// assert_eq!(response.body(), "");
    /// ```
    #[must_use]
    pub fn to_response(&self, method: &Method, resource: &str, request_id: &str) -> Response<String> {
        xml_response(method, self.status(), request_id, || self.to_xml(resource, request_id))
    }
}

/// Returns a response with an XML document, or without a body if the method is `HEAD`.
pub(crate) fn xml_response(
    method: &Method,
    status: u16,
    request_id: &str,
    document: impl FnOnce() -> String,
) -> Response<String> {
    let body = if method == Method::HEAD { String::new() } else { document() };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    if let Ok(id) = HeaderValue::try_from(request_id) {
        response.headers_mut().insert("x-amz-request-id", id);
    }
    response
}
