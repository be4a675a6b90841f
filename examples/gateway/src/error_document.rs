//! The document in which a refusal is sent to the client.

use bucket::{BoxBody, xml};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Response, StatusCode};

use crate::bodies;
use crate::refusal::{Reason, Refusal};

/// Writes S3's error. The answer to HEAD has no body.
pub fn s3(refusal: &Refusal, method: &Method, path: &str, id: &str) -> Response<BoxBody> {
    if let Reason::Verify(error) = &refusal.error {
        return error.to_response(method, path, id).map(bodies::bytes);
    }
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message>\
         <Resource>{}</Resource><RequestId>{id}</RequestId></Error>",
        xml::escape(refusal.code()),
        xml::escape(&refusal.message()),
        xml::escape(path),
    );
    document_response(refusal.status(), "application/xml", document, method)
}

/// Writes the error of the JSON protocols and of the query protocol: a client reads the one that it speaks.
pub fn common(refusal: &Refusal, method: &Method, is_query: bool, id: &str) -> Response<BoxBody> {
    let (status, code) = match &refusal.error {
        Reason::Verify(error) => (error.common_status(), error.common_code()),
        Reason::S3 { status, code, .. } => (*status, &**code),
    };
    let message = xml::escape(&refusal.message());
    if is_query {
        let document = format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
             <RequestId>{id}</RequestId></ErrorResponse>"
        );
        return document_response(status, "text/xml", document, method);
    }
    let plain: String =
        refusal.message().chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\')).collect();
    let document = format!(r#"{{"__type":"{code}","message":"{plain}"}}"#);
    let mut response = document_response(status, "application/x-amz-json-1.0", document, method);
    if let Ok(code) = HeaderValue::try_from(code) {
        response.headers_mut().insert("x-amzn-errortype", code);
    }
    response
}

fn document_response(status: u16, kind: &'static str, text: String, method: &Method) -> Response<BoxBody> {
    let text = if method == Method::HEAD { String::new() } else { text };
    let mut response = Response::new(bodies::bytes(text));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
