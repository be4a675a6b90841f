//! Which service, and what it does differently.
//!
//! The scheme is one; services differ in a handful of facts. Each is a field
//! of [`Rules`], and choosing a service's name chooses its rules. The table
//! with the source of each quirk is `docs/services.md`.

use alloc::borrow::Cow;

use crate::canonical::AwsHeader;
use crate::canonical::Parameter;

/// A service's signing name and its [`Rules`].
///
/// ```
/// use countersign::{Rules, Service};
///
/// assert_eq!(Service::S3.rules(), Rules::S3);
/// assert_eq!(Service::new("sqs").rules(), Rules::STANDARD);
/// assert_eq!(Service::new("s3-outposts").rules(), Rules::S3);
/// assert_eq!(Service::new("aoss").rules(), Rules::STANDARD.send_payload_hash(true));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    name: Cow<'static, str>,
    rules: Rules,
}

impl Service {
    /// Amazon S3, and servers that speak its protocol.
    pub const S3: Self = Self { name: Cow::Borrowed("s3"), rules: Rules::S3 };

    /// A service by its signing name, with the rules that are known for it.
    /// Names are compared exactly: `"s3"` is S3, `"S3"` is some other service.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        let name = name.into();
        let rules = match name.as_ref() {
            "s3" | "s3-outposts" | "s3-object-lambda" => Rules::S3,
            "s3express" => Rules::S3.token_name(TokenName::S3Session),
            // AWS IoT over websockets takes the token after the signature.
            "iotdevicegateway" => Rules::STANDARD.token(TokenRule::Unsigned),
            // VPC Lattice wants the payload left unsigned, and said so; OpenSearch
            // Serverless wants its hash said.
            "vpc-lattice-svcs" | "aoss" => Rules::STANDARD.send_payload_hash(true),
            _ => Rules::STANDARD,
        };
        Self { name, rules }
    }

    /// The same name under other rules.
    #[must_use]
    pub fn with_rules(self, rules: Rules) -> Self {
        Self { rules, ..self }
    }

    /// The signing name, as the credential scope has it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it does differently.
    #[must_use]
    pub const fn rules(&self) -> Rules {
        self.rules
    }
}

/// Whether the session token is part of what is signed.
///
/// ```
/// use countersign::{Rules, Service, TokenRule};
///
/// // As AWS IoT has it, for a gateway of yours.
/// let rules = Rules::STANDARD.token(TokenRule::Unsigned);
/// assert_eq!(Service::new("iotdevicegateway").rules(), rules);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenRule {
    /// The token is sent and signed. All services but a few.
    Signed,
    /// The token is sent beside the signature, which does not cover it.
    Unsigned,
}

/// The name under which a session token travels.
///
/// ```
/// use countersign::{Rules, Service, TokenName};
///
/// let rules = Rules::S3.token_name(TokenName::S3Session);
/// assert_eq!(Service::new("s3express").rules(), rules);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenName {
    /// `x-amz-security-token`, `X-Amz-Security-Token` in a query.
    Security,
    /// `x-amz-s3session-token`, `X-Amz-S3session-Token` in a query: S3 Express.
    S3Session,
}

impl TokenName {
    pub(crate) const fn known(self) -> AwsHeader {
        match self {
            Self::Security => AwsHeader::SecurityToken,
            Self::S3Session => AwsHeader::S3SessionToken,
        }
    }

    pub(crate) const fn header(self) -> &'static str {
        match self {
            Self::Security => "x-amz-security-token",
            Self::S3Session => "x-amz-s3session-token",
        }
    }

    pub(crate) const fn parameter(self) -> Parameter {
        match self {
            Self::Security => Parameter::SecurityToken,
            Self::S3Session => Parameter::S3SessionToken,
        }
    }
}

/// The facts in which services differ. Separate facts, because AWS's own test
/// suite varies normalization alone.
///
/// ```
/// use countersign::{Rules, Service};
///
/// // A gateway that wants the path signed as it is sent, dots and all.
/// let rules = Rules::STANDARD.normalize_path(false);
/// let service = Service::new("execute-api").with_rules(rules);
/// assert_ne!(service.rules(), Rules::STANDARD);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    pub(crate) normalize_path: bool,
    pub(crate) encode_path_twice: bool,
    pub(crate) send_payload_hash: bool,
    pub(crate) repeat_parameters: bool,
    pub(crate) raw_path: bool,
    pub(crate) token: TokenRule,
    pub(crate) token_name: TokenName,
}

impl Rules {
    /// S3 and its family: the path is the key, encoded once and never
    /// normalized; `x-amz-content-sha256` is sent; a presigned URL leaves the
    /// payload unsigned; a query parameter stands once.
    pub const S3: Self = Self {
        normalize_path: false,
        encode_path_twice: false,
        send_payload_hash: true,
        repeat_parameters: false,
        raw_path: false,
        token: TokenRule::Signed,
        token_name: TokenName::Security,
    };

    /// Every other service: the path is normalized (RFC 3986, section 5.2.4,
    /// and runs of slashes), and its wire text encoded once more.
    pub const STANDARD: Self = Self {
        normalize_path: true,
        encode_path_twice: true,
        send_payload_hash: false,
        repeat_parameters: true,
        raw_path: false,
        token: TokenRule::Signed,
        token_name: TokenName::Security,
    };

    /// Whether dot segments and runs of slashes are resolved before signing.
    #[must_use]
    pub const fn normalize_path(self, yes: bool) -> Self {
        Self { normalize_path: yes, ..self }
    }

    /// Whether the path as sent is encoded once more, or decoded and encoded once.
    #[must_use]
    pub const fn encode_path_twice(self, yes: bool) -> Self {
        Self { encode_path_twice: yes, ..self }
    }

    /// Whether `x-amz-content-sha256` is sent with header signatures, and the
    /// payload of a presigned URL is `UNSIGNED-PAYLOAD`.
    #[must_use]
    pub const fn send_payload_hash(self, yes: bool) -> Self {
        Self { send_payload_hash: yes, ..self }
    }

    /// Whether a path may hold raw blanks and non-ASCII text where it is
    /// normalized or encoded twice. No client can send one, and one that encodes it first
    /// sends a path that is signed otherwise; AWS's test suite has such paths.
    #[must_use]
    pub const fn raw_path(self, yes: bool) -> Self {
        Self { raw_path: yes, ..self }
    }

    /// Whether a query parameter may stand twice when signing. S3 has no
    /// operation that needs it, and reads only one.
    #[must_use]
    pub const fn repeat_parameters(self, yes: bool) -> Self {
        Self { repeat_parameters: yes, ..self }
    }

    /// Whether the session token is signed.
    #[must_use]
    pub const fn token(self, rule: TokenRule) -> Self {
        Self { token: rule, ..self }
    }

    /// What the session token is called.
    #[must_use]
    pub const fn token_name(self, name: TokenName) -> Self {
        Self { token_name: name, ..self }
    }
}

/// Letters, digits, `-` and `_`: nothing that could end a host name's label
/// and begin something else.
pub(crate) fn is_label(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}
