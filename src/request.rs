//! The request to sign or to verify: a borrowed view of what is sent.

use alloc::vec::Vec;
use core::fmt;

/// A view of a request: method, URI and headers, exactly as they are sent or were
/// received.
///
/// * `method`: the method as sent, such as `GET`; case matters.
/// * `uri`: **the bytes that are sent**. Either absolute (`https://host/path?query`), or
///   in origin form (`/path?query`), which needs a `Host` header. A space in a key is
///   `%20`, a plus sign `%2B`. An unencoded `+` is a space in a query, as S3 reads it,
///   and a plus sign in a path; in the path of S3 the signer refuses it. For an S3 key, [`s3::Endpoint`](crate::s3::Endpoint)
///   writes the URI.
/// * `headers`: names in any case; values of a repeated name in the order in which they
///   are sent. Without a `Host` header the authority of the URI is the host, as in
///   HTTP/2.
///
/// A `Request` is not checked when it is created: signing and claiming check what they
/// read. It borrows everything, so a copy is cheap.
///
/// ```
/// use countersign::Request;
///
/// // As a client has it.
/// let request = Request::new("GET", "https://bucket.s3.amazonaws.com/a%20key", &[("range", "bytes=0-9")]);
/// // As a server receives it.
/// let received = Request::new("GET", "/a%20key", &[("Host", "bucket.s3.amazonaws.com"), ("range", "bytes=0-9")]);
/// # let _ = (request, received);
/// ```
#[derive(Clone, Copy)]
pub struct Request<'r> {
    pub(crate) method: &'r str,
    pub(crate) uri: &'r str,
    pub(crate) headers: HeaderList<'r>,
}

/// The headers, whose values are strings or bytes.
#[derive(Clone, Copy)]
pub(crate) enum HeaderList<'r> {
    Text(&'r [(&'r str, &'r str)]),
    Bytes(&'r [(&'r str, &'r [u8])]),
}

impl<'r> Request<'r> {
    /// Creates a view of a request whose header values are strings.
    #[must_use]
    pub const fn new(method: &'r str, uri: &'r str, headers: &'r [(&'r str, &'r str)]) -> Self {
        Self { method, uri, headers: HeaderList::Text(headers) }
    }

    /// Creates a view of a request whose header values are bytes.
    ///
    /// Bytes that are not UTF-8 are signed as they are.
    ///
    /// ```
    /// use countersign::Request;
    ///
    /// let request = Request::from_bytes("GET", "/", &[("host", b"example.com"), ("x-amz-meta-name", b"caf\xe9")]);
    /// # let _ = request;
    /// ```
    #[must_use]
    pub const fn from_bytes(method: &'r str, uri: &'r str, headers: &'r [(&'r str, &'r [u8])]) -> Self {
        Self { method, uri, headers: HeaderList::Bytes(headers) }
    }

    /// Returns the names and values of the headers.
    #[inline]
    pub(crate) fn headers(&self) -> impl ExactSizeIterator<Item = (&'r str, &'r [u8])> + use<'r> {
        let (text, bytes): (&[_], &[_]) = match self.headers {
            HeaderList::Text(text) => (text, &[]),
            HeaderList::Bytes(bytes) => (&[], bytes),
        };
        HeaderIter { text: text.iter(), bytes: bytes.iter() }
    }
}

/// An iterator over a [`HeaderList`]. One of its two slices is empty.
struct HeaderIter<'r> {
    text: core::slice::Iter<'r, (&'r str, &'r str)>,
    bytes: core::slice::Iter<'r, (&'r str, &'r [u8])>,
}

impl<'r> Iterator for HeaderIter<'r> {
    type Item = (&'r str, &'r [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if let Some((name, value)) = self.text.next() {
            return Some((*name, value.as_bytes()));
        }
        self.bytes.next().copied()
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.text.len() + self.bytes.len();
        (left, Some(left))
    }
}

impl ExactSizeIterator for HeaderIter<'_> {}

/// Shows the method, the path and the names of the headers. Header values and the query
/// are omitted, because they can be secrets.
impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uri = self.uri.split('?').next().unwrap_or_default();
        let names: Vec<&str> = self.headers().map(|(name, _)| name).collect();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("uri", &uri)
            .field("headers", &names)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Request;
    use alloc::vec::Vec;

    #[test]
    fn lists_headers_of_strings_and_of_bytes() {
        let expected: [(&str, &[u8]); 2] = [("host", b"example.com"), ("range", b"bytes=0-9")];
        let text = Request::new("GET", "/", &[("host", "example.com"), ("range", "bytes=0-9")]);
        let bytes = Request::from_bytes("GET", "/", &expected);
        for request in [text, bytes] {
            assert_eq!(request.headers().len(), 2);
            assert_eq!(request.headers().collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn debug_omits_the_query_and_header_values() {
        let request = Request::new("GET", "/key?token=secret", &[("cookie", "secret")]);
        let debug = alloc::format!("{request:?}");
        assert_eq!(debug, r#"Request { method: "GET", uri: "/key", headers: ["cookie"] }"#);
    }
}
