//! Between [`url::Url`] and signed text (feature `url`).
//!
//! `Url` follows the WHATWG rules, made for browsers: it resolves `.` and `..`
//! segments, even `%2e`, and rewrites some characters. A signature covers the
//! text before that. Where the two differ, this says so.

use alloc::string::String;
use core::fmt;

/// Parses an absolute URL for a client that takes [`url::Url`], and makes
/// sure that what will be sent is what was written.
///
/// ```
/// use countersign::url::{RewrittenUrl, exact};
///
/// let url = exact("https://bucket.s3.amazonaws.com/a%20b?uploads=")?;
/// assert_eq!(url.as_str(), "https://bucket.s3.amazonaws.com/a%20b?uploads=");
///
/// let error = exact("https://bucket.s3.amazonaws.com/a/../b").unwrap_err();
/// assert!(matches!(error, RewrittenUrl::Rewritten { .. }));
/// # Ok::<(), RewrittenUrl>(())
/// ```
///
/// # Errors
///
/// [`RewrittenUrl`]: send such a request with a client that takes text, such
/// as `hyper` with `http::Uri`.
pub fn exact(text: &str) -> Result<::url::Url, RewrittenUrl> {
    let url = ::url::Url::parse(text).map_err(|_| RewrittenUrl::Invalid)?;
    // A host without a path gets one, and a host in capitals loses them, as it
    // does when it is signed.
    let path = |text: &str| {
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        String::from(rest.find(['/', '?']).and_then(|at| rest.get(at..)).unwrap_or("/"))
    };
    let (sent, written) = (path(url.as_str()), path(text));
    let same = sent == written
        || sent.strip_prefix('/').is_some_and(|sent| sent == written && sent.starts_with('?'));
    let same = same && url.host_str().is_some_and(|host| host.eq_ignore_ascii_case(host_of(text)));
    if same { Ok(url) } else { Err(RewrittenUrl::Rewritten { path: String::from(url.path()) }) }
}

/// The host as written, without its port.
fn host_of(text: &str) -> &str {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Why a text and a [`url::Url`] are not the same request.
///
/// ```
/// use countersign::url::{RewrittenUrl, exact};
///
/// let error = exact("https://bucket.s3.amazonaws.com/a/../b").unwrap_err();
/// assert_eq!(error, RewrittenUrl::Rewritten { path: "/b".into() });
/// assert_eq!(exact("/a/b").unwrap_err(), RewrittenUrl::Invalid);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RewrittenUrl {
    /// Not an absolute URL.
    Invalid,
    /// `Url` would send something else.
    Rewritten {
        /// The path that it would send. The query is not shown: it may be signed.
        path: String,
    },
}

impl fmt::Display for RewrittenUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid => f.write_str("not an absolute URL"),
            Self::Rewritten { path } => write!(f, "url::Url would send another request: {path}"),
        }
    }
}

impl core::error::Error for RewrittenUrl {}
