//! CORS: the gateway answers a browser's preflights itself, and names the origins of `--cors-origin` in its
//! answers. The bucket's server receives no header of CORS, and the gateway drops those of its answers.

use bucket::BoxBody;
use bucket::cli::Failure;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Method, Response, Uri};

use crate::bodies;
use crate::refusal::Refusal;

const METHODS: &str = "GET, HEAD, PUT, POST, DELETE";
/// Chrome keeps the answer to a preflight for two hours at most.
const MAX_AGE: &str = "7200";

/// The origins whose pages may read answers.
#[derive(Debug, Default)]
pub struct Cors(Vec<String>);

impl Cors {
    /// Checks the values of `--cors-origin`. A browser never sends an origin with a path.
    pub fn new(origins: &[String]) -> Result<Self, Failure> {
        match origins.iter().find(|origin| *origin != "*" && !is_origin(origin)) {
            None => Ok(Self(origins.to_vec())),
            Some(origin) => Err(Failure::usage(format!("--cors-origin {origin} is not an origin")).advice(
                "write scheme, host and port in lower case and without a slash at the end, such as \
                 https://photos.example.com, or * for every origin",
            )),
        }
    }

    /// Answers a preflight. A preflight has no signature: it asks only whether a request may be sent, and
    /// that request is verified like any other.
    pub fn preflight(
        &self,
        method: &Method,
        headers: &HeaderMap,
    ) -> Option<Result<Response<BoxBody>, Refusal>> {
        let asked = headers.get(ACCESS_CONTROL_REQUEST_METHOD).filter(|_| method == Method::OPTIONS)?;
        let asked = asked.to_str().unwrap_or_default();
        if self.allowed(headers.get(ORIGIN)).is_none() || !METHODS.split(", ").any(|method| method == asked) {
            return Some(Err(self.refusal(headers, asked)));
        }
        let mut response = Response::new(bodies::bytes(""));
        let answer = response.headers_mut();
        answer.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
        answer.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
        if let Some(names) = headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
            answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
        }
        Some(Ok(response))
    }

    /// Adds the origin to any answer, also to a refusal: the page reads the error from it.
    pub fn add(&self, origin: Option<&HeaderValue>, answer: &mut HeaderMap) {
        if self.0.is_empty() {
            return;
        }
        // A cache must not give the answer for one origin to another.
        let vary = "origin, access-control-request-method, access-control-request-headers";
        answer.append(VARY, HeaderValue::from_static(vary));
        let Some(origin) = self.allowed(origin) else { return };
        // A page can use neither the header for caches nor those of CORS.
        let is_for_page = |name: &&str| *name != "vary" && !name.starts_with("access-control-");
        let names: Vec<_> = answer.keys().map(http::HeaderName::as_str).filter(is_for_page).collect();
        if let Ok(names) = HeaderValue::try_from(names.join(", ")) {
            answer.insert(ACCESS_CONTROL_EXPOSE_HEADERS, names);
        }
        answer.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }

    /// Returns the value of `access-control-allow-origin`.
    fn allowed(&self, origin: Option<&HeaderValue>) -> Option<HeaderValue> {
        let origin = origin?;
        if self.0.iter().any(|allowed| allowed == "*") {
            return Some(HeaderValue::from_static("*"));
        }
        self.0.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()).then(|| origin.clone())
    }

    fn refusal(&self, headers: &HeaderMap, method: &str) -> Refusal {
        let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()).unwrap_or("(none)");
        let message = if self.0.is_empty() {
            "CORSResponse: CORS is not enabled for this bucket."
        } else {
            "CORSResponse: This CORS request is not allowed."
        };
        let cause = format!("no --cors-origin allows {method} from the origin {origin:?}");
        Refusal::new(403, "AccessForbidden", message).because(cause)
    }
}

fn is_origin(origin: &str) -> bool {
    let Ok(uri) = origin.parse::<Uri>() else { return false };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
    format!("{scheme}://{authority}") == origin
        && !origin.contains('@')
        && origin == origin.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_a_scheme_and_a_host_and_no_path() {
        for origin in ["https://photos.example.com", "http://localhost:3000", "*"] {
            assert!(Cors::new(&[origin.to_owned()]).is_ok(), "{origin}");
        }
        for origin in [
            "https://photos.example.com/",
            "photos.example.com",
            "https://Photos.example.com",
            "null",
            "",
            "https://a@b",
        ] {
            assert!(Cors::new(&[origin.to_owned()]).is_err(), "{origin}");
        }
    }
}
