//! The place of the session token of temporary credentials in a request.
//!
//! ```text
//! x-amz-security-token  | X-Amz-Security-Token      in headers | in a query
//! x-amz-s3session-token | X-Amz-S3session-Token     S3 Express
//! ```
//!
//! `docs/services.md` has the sources.

/// The place of the session token of temporary credentials in a request.
///
/// ```
/// use countersign::{Rules, Service, SessionTokenRule, TokenHeader};
///
/// // The rule of AWS IoT, for a gateway that expects the same.
/// let rule = SessionTokenRule::Unsigned(TokenHeader::SecurityToken);
/// assert_eq!(Service::new("iotdevicegateway")?.rules().session_token(), rule);
/// let gateway = Service::new("example")?.with_rules(Rules::STANDARD.with_session_token(rule));
/// # let _ = gateway;
/// # Ok::<(), countersign::ConfigError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SessionTokenRule {
    /// The token is sent under this name, and the signature covers it. All services
    /// except AWS IoT.
    Signed(TokenHeader),
    /// The token is sent under this name, and the signature does not cover it, as AWS
    /// IoT expects.
    Unsigned(TokenHeader),
}

impl SessionTokenRule {
    /// Returns the name under which the token is sent.
    #[must_use]
    pub const fn header(self) -> TokenHeader {
        match self {
            Self::Signed(header) | Self::Unsigned(header) => header,
        }
    }

    /// Returns true if the signature covers the token.
    #[must_use]
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::Signed(_))
    }
}

/// The name under which a session token is sent.
///
/// ```
/// use countersign::TokenHeader;
///
/// assert_eq!(TokenHeader::S3SessionToken.header_name(), "x-amz-s3session-token");
/// assert_eq!(TokenHeader::SecurityToken.parameter_name(), "X-Amz-Security-Token");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenHeader {
    /// `x-amz-security-token`, or `X-Amz-Security-Token` in a query.
    SecurityToken,
    /// `x-amz-s3session-token`, or `X-Amz-S3session-Token` in a query. S3 Express reads
    /// its token from it.
    S3SessionToken,
}

impl TokenHeader {
    /// Returns the name of the header, in lower case.
    #[must_use]
    pub const fn header_name(self) -> &'static str {
        match self {
            Self::SecurityToken => "x-amz-security-token",
            Self::S3SessionToken => "x-amz-s3session-token",
        }
    }

    /// Returns the name of the query parameter.
    #[must_use]
    pub const fn parameter_name(self) -> &'static str {
        match self {
            Self::SecurityToken => "X-Amz-Security-Token",
            Self::S3SessionToken => "X-Amz-S3session-Token",
        }
    }
}
