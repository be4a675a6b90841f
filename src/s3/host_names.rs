//! [`HostNames`], for servers: from a host and a path to a bucket and a key.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use crate::canonical::target::is_authority;
use crate::error::{AddressError, LocateError};
use crate::host;

/// The host names under which a server is reached. The inverse of [`Endpoint`](super::Endpoint).
///
/// A host that is not configured is an error: the server never guesses which part of a name is a
/// bucket.
///
/// ```
/// use countersign::s3::{HostNames, Location};
///
/// let names = HostNames::new().with_domain("s3.example.com")?.with_bucket_domain("cdn.example.org", "photos")?;
/// let cat = Location::Object { bucket: "photos".into(), key: b"2024/cat.jpg" };
/// assert_eq!(names.locate("s3.example.com", b"/photos/2024/cat.jpg"), Ok(cat.clone()));
/// assert_eq!(names.locate("photos.s3.example.com:443", b"/2024/cat.jpg"), Ok(cat.clone()));
/// assert_eq!(names.locate("cdn.example.org", b"/2024/cat.jpg"), Ok(cat));
/// assert!(names.locate("photos.example.com", b"/2024/cat.jpg").is_err());
/// # Ok::<(), countersign::s3::AddressError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostNames {
    domains: Vec<String>,
    /// Domains that are one bucket's own, and the buckets.
    bucket_domains: Vec<(String, String)>,
    base_path: String,
}

/// The address of a request: its bucket and key.
///
/// ```
/// use countersign::s3::{HostNames, Location, LocateError};
///
/// let names = HostNames::new().with_domain("s3.example.com")?;
/// assert_eq!(names.locate("s3.example.com", b"/"), Ok(Location::Service));
/// assert_eq!(names.locate("s3.example.com", b"/photos/"), Ok(Location::Bucket { bucket: "photos".into() }));
/// assert_eq!(names.locate("s3.example.com", b"//photos"), Err(LocateError::InvalidBucket));
/// # Ok::<(), countersign::s3::AddressError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location<'a> {
    /// The server itself: `ListBuckets`.
    Service,
    /// A bucket.
    Bucket {
        /// The bucket's name.
        bucket: Cow<'a, str>,
    },
    /// An object.
    Object {
        /// The bucket's name.
        bucket: Cow<'a, str>,
        /// The key, never empty. It may be too long, or not UTF-8.
        key: &'a [u8],
    },
}

impl HostNames {
    /// Returns an empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self { domains: Vec::new(), bucket_domains: Vec::new(), base_path: String::new() }
    }

    /// Adds a domain: buckets are in the path at the domain itself, and in the host below it.
    ///
    /// An IP address is possible too; no bucket is below it. If one domain is below another, the
    /// longer one decides.
    ///
    /// # Errors
    ///
    /// Returns [`AddressError::InvalidEndpoint`] if `domain` is not a host without a port, or if it
    /// is in the list already.
    pub fn with_domain(mut self, domain: &str) -> Result<Self, AddressError> {
        let domain = self.new_domain(domain)?;
        self.domains.push(domain);
        Ok(self)
    }

    /// Adds a bucket's own domain: the whole path is the key.
    ///
    /// # Errors
    ///
    /// Returns [`AddressError::InvalidEndpoint`] if `domain` is not a host without a port, or if it
    /// is in the list already; and [`AddressError::InvalidBucket`].
    pub fn with_bucket_domain(mut self, domain: &str, bucket: &str) -> Result<Self, AddressError> {
        let domain = self.new_domain(domain)?;
        if !host::is_bucket_in_path(bucket) {
            return Err(AddressError::InvalidBucket);
        }
        self.bucket_domains.push((domain, bucket.into()));
        Ok(self)
    }

    /// Sets the path before every bucket or key, such as `/storage/v1/s3`. It does not apply to
    /// buckets' own domains.
    ///
    /// # Errors
    ///
    /// Returns [`AddressError::InvalidEndpoint`] if the path does not begin with `/`, ends with one,
    /// or has a character other than `A-Z a-z 0-9 - . _ ~`, an empty segment or a dot segment.
    pub fn with_base_path(self, base_path: &str) -> Result<Self, AddressError> {
        if !host::is_base_path(base_path) {
            return Err(AddressError::InvalidEndpoint);
        }
        Ok(Self { base_path: base_path.into(), ..self })
    }

    fn new_domain(&self, domain: &str) -> Result<String, AddressError> {
        let domain = domain.to_ascii_lowercase();
        let is_own = |(own, _): &(String, String)| *own == domain;
        let is_repeated = self.domains.contains(&domain) || self.bucket_domains.iter().any(is_own);
        let is_valid =
            is_authority(domain.as_bytes()) && host_of(&domain) == domain && !domain.starts_with('.');
        if is_valid && !is_repeated { Ok(domain) } else { Err(AddressError::InvalidEndpoint) }
    }

    /// Returns what a request addresses.
    ///
    /// `host` is the value of the `Host` header, or the authority of HTTP/2; its port is ignored.
    /// `path` is decoded, as [`Verified::path`](crate::Verified::path) returns it: nothing is
    /// decoded a second time.
    ///
    /// # Errors
    ///
    /// * [`LocateError::UnknownHost`]: no domain of the list matches.
    /// * [`LocateError::InvalidBucket`]: no bucket can have the name at its position.
    /// * [`LocateError::InvalidPath`]: the path does not begin with `/`, or not with the base path.
    pub fn locate<'a>(&'a self, host: &'a str, path: &'a [u8]) -> Result<Location<'a>, LocateError> {
        let host = host_of(host);
        let is = |domain: &str| domain.eq_ignore_ascii_case(host);
        if let Some((_, bucket)) = self.bucket_domains.iter().find(|(domain, _)| is(domain)) {
            let key = path.strip_prefix(b"/").ok_or(LocateError::InvalidPath)?;
            return Ok(Location::in_bucket(bucket.as_str().into(), key));
        }
        let bucket = match self.domains.iter().any(|domain| is(domain)) {
            true => None,
            false => Some(self.bucket_in_host(host)?),
        };
        let path = path.strip_prefix(self.base_path.as_bytes()).ok_or(LocateError::InvalidPath)?;
        let path = match path.strip_prefix(b"/") {
            Some(path) => path,
            // A base path without a `/` after it addresses the service or the bucket.
            None if path.is_empty() && !self.base_path.is_empty() => path,
            None => return Err(LocateError::InvalidPath),
        };
        match bucket {
            Some(bucket) => Ok(Location::in_bucket(bucket, path)),
            None if path.is_empty() => Ok(Location::Service),
            None => Location::in_path(path),
        }
    }

    /// Returns the bucket before the longest domain that ends the host.
    fn bucket_in_host<'a>(&self, host: &'a str) -> Result<Cow<'a, str>, LocateError> {
        let before = |domain: &String| {
            let (front, end) = host.split_at_checked(host.len().checked_sub(domain.len())?)?;
            front
                .strip_suffix('.')
                .filter(|_| end.eq_ignore_ascii_case(domain) && !host::is_ip_address(domain))
        };
        let bucket = self.domains.iter().filter_map(before).min_by_key(|bucket| bucket.len());
        let bucket = bucket.ok_or(LocateError::UnknownHost)?;
        let has_capital = bucket.bytes().any(|byte| byte.is_ascii_uppercase());
        let bucket =
            if has_capital { Cow::Owned(bucket.to_ascii_lowercase()) } else { Cow::Borrowed(bucket) };
        if host::is_bucket_in_host(&bucket) { Ok(bucket) } else { Err(LocateError::InvalidBucket) }
    }
}

impl<'a> Location<'a> {
    fn in_bucket(bucket: Cow<'a, str>, key: &'a [u8]) -> Self {
        if key.is_empty() { Self::Bucket { bucket } } else { Self::Object { bucket, key } }
    }

    /// Splits `bucket/key`.
    fn in_path(path: &'a [u8]) -> Result<Self, LocateError> {
        let end = crate::bytes::find(path, b'/');
        let (bucket, key) = end.and_then(|end| path.split_at_checked(end)).unwrap_or((path, b""));
        let bucket = core::str::from_utf8(bucket).ok().filter(|bucket| host::is_bucket_in_path(bucket));
        let bucket = bucket.ok_or(LocateError::InvalidBucket)?;
        Ok(Self::in_bucket(bucket.into(), key.strip_prefix(b"/").unwrap_or(key)))
    }
}

/// Returns a host without its port.
fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}
