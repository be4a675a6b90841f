//! [`Rules`], the points in which services differ, and the rules of each service.
//!
//! `docs/services.md` lists them with their sources.

use super::{SessionTokenRule, TokenHeader};

/// The points in which services differ.
///
/// ```
/// use countersign::{PathRule, PayloadRule, RepeatedParameters, Rules, SessionTokenRule, TokenHeader};
///
/// let rules = Rules::S3;
/// assert_eq!(rules.path(), PathRule::Key);
/// assert_eq!(rules.payload(), PayloadRule::HashHeader);
/// assert_eq!(rules.repeated_parameters(), RepeatedParameters::Rejected);
/// assert_eq!(rules.session_token(), SessionTokenRule::Signed(TokenHeader::SecurityToken));
///
/// let rules = Rules::STANDARD.with_payload(PayloadRule::HashHeader);
/// assert_ne!(rules, Rules::STANDARD);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    path: PathRule,
    payload: PayloadRule,
    repeated_parameters: RepeatedParameters,
    session_token: SessionTokenRule,
    url_lifetime: UrlLifetime,
    raw_path: bool,
}

impl Rules {
    /// The rules of S3 and S3 Object Lambda.
    pub const S3: Self = Self {
        path: PathRule::Key,
        payload: PayloadRule::HashHeader,
        repeated_parameters: RepeatedParameters::Rejected,
        session_token: SessionTokenRule::Signed(TokenHeader::SecurityToken),
        url_lifetime: UrlLifetime::Required,
        raw_path: false,
    };

    /// The rules of S3 Control and S3 on Outposts, whose paths contain ARNs: an ARN is one
    /// label, and its slashes are sent as `%2F`.
    ///
    /// ```
    /// use countersign::{PathRule, Rules, Service};
    ///
    /// let control = Service::S3.with_rules(Rules::S3_CONTROL); // hosts ACCOUNT.s3-control.REGION.…
    /// assert_eq!(control.rules().path(), PathRule::Labels);
    /// assert_eq!(Service::new("s3-outposts")?.rules(), Rules::S3_CONTROL);
    /// # Ok::<(), countersign::ConfigError>(())
    /// ```
    pub const S3_CONTROL: Self = Self::S3.with_path(PathRule::Labels);

    /// The rules of every service that needs no special ones.
    pub const STANDARD: Self = Self {
        path: PathRule::Normalized,
        payload: PayloadRule::BodyHash,
        repeated_parameters: RepeatedParameters::Allowed,
        session_token: SessionTokenRule::Signed(TokenHeader::SecurityToken),
        url_lifetime: UrlLifetime::Required,
        raw_path: false,
    };

    /// Returns the rules that are known for a signing name, or [`STANDARD`](Self::STANDARD).
    pub(super) fn of_service(name: &str) -> Self {
        match name {
            "s3" | "s3-object-lambda" => Self::S3,
            "s3-outposts" => Self::S3_CONTROL,
            // S3 Express reads the session token from `x-amz-s3session-token`.
            "s3express" => Self::S3.with_session_token(SessionTokenRule::Signed(TokenHeader::S3SessionToken)),
            // AWS IoT over WebSocket expects the token after the signature, which does not
            // cover it.
            "iotdevicegateway" => Self::STANDARD
                .with_session_token(SessionTokenRule::Unsigned(TokenHeader::SecurityToken))
                .with_url_lifetime(UrlLifetime::Optional),
            // VPC Lattice expects `x-amz-content-sha256: UNSIGNED-PAYLOAD`. OpenSearch
            // Serverless expects the hash of the body in that header.
            "vpc-lattice-svcs" | "aoss" => Self::STANDARD.with_payload(PayloadRule::HashHeader),
            _ => Self::STANDARD,
        }
    }

    /// Sets how the path is canonicalized.
    #[must_use]
    pub const fn with_path(self, path: PathRule) -> Self {
        Self { path, ..self }
    }

    /// Returns how the path is canonicalized.
    #[must_use]
    pub const fn path(self) -> PathRule {
        self.path
    }

    /// Returns true if the path is encoded once more when it is signed.
    pub(crate) const fn encodes_path_again(self) -> bool {
        matches!(self.path, PathRule::Normalized | PathRule::AsSent)
    }

    /// Sets how the payload hash is sent.
    #[must_use]
    pub const fn with_payload(self, payload: PayloadRule) -> Self {
        Self { payload, ..self }
    }

    /// Returns how the payload hash is sent.
    #[must_use]
    pub const fn payload(self) -> PayloadRule {
        self.payload
    }

    /// Sets how a signer treats a query parameter that is repeated.
    #[must_use]
    pub const fn with_repeated_parameters(self, repeated_parameters: RepeatedParameters) -> Self {
        Self { repeated_parameters, ..self }
    }

    /// Returns how a signer treats a query parameter that is repeated.
    #[must_use]
    pub const fn repeated_parameters(self) -> RepeatedParameters {
        self.repeated_parameters
    }

    /// Sets how a session token is sent.
    #[must_use]
    pub const fn with_session_token(self, session_token: SessionTokenRule) -> Self {
        Self { session_token, ..self }
    }

    /// Returns how a session token is sent.
    #[must_use]
    pub const fn session_token(self) -> SessionTokenRule {
        self.session_token
    }

    /// Sets whether a URL must state its lifetime.
    #[must_use]
    pub const fn with_url_lifetime(self, url_lifetime: UrlLifetime) -> Self {
        Self { url_lifetime, ..self }
    }

    /// Returns whether a URL must state its lifetime.
    #[must_use]
    pub const fn url_lifetime(self) -> UrlLifetime {
        self.url_lifetime
    }

    /// Allows spaces and non-ASCII characters in the path of [`PathRule::Normalized`] and
    /// [`PathRule::AsSent`].
    ///
    /// AWS's test suite has such paths. No client can send them: a client that encodes
    /// such a path first sends a path that is signed differently.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_raw_path(self) -> Self {
        Self { raw_path: true, ..self }
    }

    pub(crate) const fn raw_path(self) -> bool {
        self.raw_path
    }
}

/// The canonicalization of the path of a URI by a service.
///
/// | path as sent | `Key` | `Labels` | `Normalized` | `AsSent` |
/// | --- | --- | --- | --- | --- |
/// | `/a/../b` | `/a/../b` | `/a/../b` | `/b` | `/a/../b` |
/// | `/a%20b` | `/a%20b` | `/a%20b` | `/a%2520b` | `/a%2520b` |
/// | `/a%62` | `/ab` | `/ab` | `/a%2562` | `/a%2562` |
/// | `/a%2Fb` | `/a/b` | `/a%2Fb` | `/a%252Fb` | `/a%252Fb` |
///
/// ```
/// use countersign::steps::CanonicalRequest;
/// use countersign::{PathRule, Payload, Request, Rules, SignedHeaders};
///
/// let request = Request::new("GET", "/a/../b%20c", &[("host", "example.com")]);
/// # let signed = SignedHeaders::parse("host").unwrap();
/// let canonical_path = |path| {
///     let rules = Rules::STANDARD.with_path(path);
///     CanonicalRequest::new(&request, &signed, &Payload::Unsigned.hash(), rules).map(|step| step.uri().to_owned())
/// };
/// assert_eq!(canonical_path(PathRule::Key)?, "/a/../b%20c");
/// assert_eq!(canonical_path(PathRule::Normalized)?, "/b%2520c");
/// assert_eq!(canonical_path(PathRule::AsSent)?, "/a/../b%2520c");
/// # Ok::<(), countersign::RequestError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PathRule {
    /// S3: the path is an object's key. It is decoded, and encoded once. Dot segments and
    /// repeated slashes are part of the key, and `%2F` is a slash.
    ///
    /// A signer refuses `%2F` and a raw `+`, because servers read them in different ways:
    /// [`SignError::AmbiguousPath`](crate::SignError::AmbiguousPath).
    Key,
    /// S3 Control: as [`Key`](Self::Key), except that `%2F` is a character of a label, such as
    /// an ARN.
    Labels,
    /// Every service except S3: dot segments (RFC 3986, section 5.2.4) and repeated
    /// slashes are resolved. Then the path as sent is encoded once more.
    Normalized,
    /// Gateways that do not normalize: the path as sent is encoded once more. Dot
    /// segments and repeated slashes are kept.
    AsSent,
}

/// The place of the payload's hash in a request.
///
/// ```
/// use countersign::{PayloadRule, Rules};
///
/// assert_eq!(Rules::S3.payload(), PayloadRule::HashHeader);
/// assert_eq!(Rules::STANDARD.payload(), PayloadRule::BodyHash);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PayloadRule {
    /// S3 and a few others: the signer adds `x-amz-content-sha256`, whose value is a hash
    /// or a payload mode. A presigned URL signs `UNSIGNED-PAYLOAD`.
    HashHeader,
    /// Every other service: the signer adds no header, and the service hashes the body
    /// that it receives. A presigned URL signs the hash of an empty body.
    ///
    /// If the caller signs a payload mode instead of a hash, the signer adds
    /// `x-amz-content-sha256`: nothing else states that the body is not hashed. Some
    /// operations of some services accept this. A verifier with this rule does not.
    BodyHash,
    /// Catalogs of Apache Iceberg: as [`BodyHash`](Self::BodyHash), and
    /// `x-amz-content-sha256` is a header like any other. Clients of Iceberg send there the
    /// hash in Base64, and sign the header and the hash of the body.
    ///
    /// Signer and verifier do not compare the header with the body. Source: Apache Iceberg,
    /// `RESTSigV4AuthSession` (iceberg-python#3120, iceberg-rust#3082).
    OrdinaryHeader,
}

/// The lifetime, `X-Amz-Expires`, of a request that is signed in its query: required or optional.
///
/// ```
/// use countersign::{Rules, Service, UrlLifetime};
///
/// assert_eq!(Rules::S3.url_lifetime(), UrlLifetime::Required);
/// assert_eq!(Service::new("iotdevicegateway")?.rules().url_lifetime(), UrlLifetime::Optional);
/// # Ok::<(), countersign::ConfigError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UrlLifetime {
    /// S3, and every service that needs no special rules: a URL without a lifetime is
    /// rejected.
    Required,
    /// AWS IoT: a signer may [leave the lifetime out](crate::Signer::presign_without_expires).
    /// A verifier accepts such a URL as long as a request that is signed in headers: within
    /// the [skew](crate::Verifier::with_max_skew) of the clocks.
    Optional,
}

/// The treatment of a repeated query parameter by the signer.
///
/// ```
/// use countersign::{RepeatedParameters, Rules, Service};
///
/// let rules = Rules::S3.with_repeated_parameters(RepeatedParameters::Allowed);
/// let server = Service::S3.with_rules(rules);
/// assert_eq!(server.rules().repeated_parameters(), RepeatedParameters::Allowed);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RepeatedParameters {
    /// Every service except S3: the request is signed.
    Allowed,
    /// S3: signing returns an error. No operation of S3 needs a repeated parameter, and S3
    /// reads only one of them.
    Rejected,
}
