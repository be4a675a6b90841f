//! An adapter for clients that take a [`url::Url`] (feature `url`): it rejects a URL that such a
//! client would change before it sends it.
//!
//! `Url` follows the WHATWG standard, which was written for browsers. It resolves `.` and `..`
//! segments, even as `%2e`, and rewrites some characters. The signature covers the URL as it was
//! written. [`parse_exact`] returns an error if `Url` changes it.
//!
//! ```
//! use countersign::url::{UrlError, parse_exact};
//!
//! let url = parse_exact("https://bucket.s3.amazonaws.com/a%20b?uploads=")?;
//! assert_eq!(url.as_str(), "https://bucket.s3.amazonaws.com/a%20b?uploads=");
//!
//! let error = parse_exact("https://bucket.s3.amazonaws.com/a/../b").unwrap_err();
//! assert!(matches!(error, UrlError::Rewritten { .. }));
//! # Ok::<(), UrlError>(())
//! ```

use alloc::string::String;

use crate::canonical::target::Target;

pub use ::url;
use ::url::Url;

pub use crate::error::UrlError;

/// Parses an absolute URL, and checks that [`Url`] sends it as it is written.
///
/// [`Url`] may change the case of the host, and add `/` for a missing path: the signature is the
/// same.
///
/// See the [module](self) for an example.
///
/// # Errors
///
/// Returns [`UrlError`] if [`Url`] rejects or changes the URL. Send such a request with a client
/// that keeps the URL as it is, such as `hyper` with `http::Uri`.
pub fn parse_exact(written: &str) -> Result<Url, UrlError> {
    let url = Url::parse(written).map_err(UrlError::Invalid)?;
    let (sent_path, written_path) = (path_and_query(url.as_str()), path_and_query(written));
    let same_path = sent_path == written_path
        || sent_path.strip_prefix('/').is_some_and(|sent| sent == written_path && sent.starts_with('?'));
    // The signer signs the authority without the default port, and `Url` drops that port.
    let signed = Target::parse(written).ok().and_then(|target| target.host());
    let same_authority = signed.is_some_and(|signed| signed.eq_ignore_ascii_case(authority_of(url.as_str())));
    if !same_authority {
        return Err(UrlError::RewrittenAuthority { authority: String::from(authority_of(url.as_str())) });
    }
    if same_path { Ok(url) } else { Err(UrlError::Rewritten { path: String::from(url.path()) }) }
}

/// Returns the path and the query, or `/` if the URL has neither.
fn path_and_query(url: &str) -> &str {
    let rest = after_scheme(url);
    rest.find(['/', '?']).and_then(|start| rest.get(start..)).unwrap_or("/")
}

/// Returns the authority of an absolute URL: the host, and the port if it is not the default.
fn authority_of(url: &str) -> &str {
    after_scheme(url).split(['/', '?', '#']).next().unwrap_or_default()
}

/// Returns everything after `://`.
fn after_scheme(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest)
}
