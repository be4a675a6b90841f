//! Where a URL is broader than it looks, or narrower.

use countersign::Credentials;

use crate::ask::Ask;

/// Returns a sentence for each hazard.
pub fn of(ask: &Ask, address: &str, key: &str, credentials: &Credentials, cut_short: bool) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut warn = |text: &str| warnings.push(text.to_owned());

    if ask.method == "PUT" {
        let is_part = ask.query.iter().any(|(name, _)| *name == "partNumber");
        if !ask.has_header("content-length") {
            warn("The upload may have any length, up to 5 GiB: bind it with --content-length or --sha256.");
        }
        if !is_part && !ask.has_header("content-type") {
            warn("The upload may have any type, such as text/html: bind it with --content-type.");
        }
    }
    if ask.lists && key.is_empty() {
        warn("The listing is of the whole bucket: give a prefix, as in s3://BUCKET/PREFIX.");
    }
    if key.split('/').any(|segment| matches!(segment, "." | "..")) {
        warn("The key has a segment `.` or `..`: browsers and most clients ask for another object.");
    }
    if ask.has_header("x-amz-server-side-encryption-customer-key") {
        warn("The receiver must send your encryption key, so whoever has these headers has the key.");
    }
    if cut_short {
        warn("The credentials end before the lifetime that was asked for, and the URL ends with them.");
    } else if credentials.session_token().is_some() && credentials.expiration().is_none() {
        warn(
            "The credentials are temporary, and their end is not known: the URL ends with them, maybe early.",
        );
    }
    if address.starts_with("http://") && !is_loopback(address) {
        warn("The URL is not HTTPS: whoever sees the traffic can use it too.");
    }
    warnings
}

fn is_loopback(address: &str) -> bool {
    let host = address.trim_start_matches("http://").split('/').next().unwrap_or_default();
    ["127.", "localhost", "[::1]"].iter().any(|start| host.starts_with(start)) || host.contains(".localhost")
}
