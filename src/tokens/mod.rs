//! IAM authentication tokens (feature `tokens`): a presigned URL that is used
//! as a password, for one database, cache, broker or cluster.
//!
//! ```text
//! RDS, Aurora, DSQL      host[:port]/?Action=…&X-Amz-…            without https://
//! ElastiCache, MemoryDB  name/?Action=connect&User=…&X-Amz-…      without https://
//! MSK                    base64url(https://kafka.region…/?…&User-Agent=…)
//! EKS                    "k8s-aws-v1." base64url(https://sts.region…/?Action=GetCallerIdentity…)
//! ```
//!
//! [`TokenSigner`] makes them. [`IdentityVerifier`] is for the other end of the
//! last kind: a server that is handed a signed `GetCallerIdentity` and asks STS
//! who signed it. `docs/tokens.md` has the sources, and a program for each.
//!
//! Not here: sending anything; Redshift, whose passwords come from an API call
//! (`GetClusterCredentials`); Keyspaces, which signs a server's nonce.

mod identity;
mod identity_claim;
mod partition;
mod recipes;
mod signer;

use alloc::string::String;
use core::fmt;

use zeroize::Zeroizing;

use crate::time::Timestamp;

pub use self::identity::IdentityVerifier;
pub use self::identity_claim::IdentityClaim;
pub use self::partition::Partition;
pub use self::signer::TokenSigner;
pub use crate::error::{IdentityError, TokenError};

/// A password that lives for minutes. **Whoever holds it may use it**: `Debug`
/// is closed, and it is wiped on drop.
///
/// ```
/// use countersign::tokens::TokenSigner;
/// use countersign::*;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let database = TokenSigner::rds(credentials, "eu-west-1", "db.abc.eu-west-1.rds.amazonaws.com", 5432, "app")?;
/// let now = Timestamp::parse("20260301T120000Z").unwrap();
///
/// let password = database.token(now)?;
/// assert!(password.as_str().starts_with("db.abc.eu-west-1.rds.amazonaws.com:5432/?Action=connect&DBUser=app&"));
/// assert_eq!(password.expires_at().as_str(), "20260301T121500Z");
/// assert_eq!(format!("{password:?}"), "Token(..)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It has no `Display` and no `==`:
///
/// ```compile_fail
/// fn log(password: countersign::tokens::Token) {
///     println!("{password}");
/// }
/// ```
pub struct Token {
    text: Zeroizing<String>,
    expires_at: Timestamp,
}

impl Token {
    /// The token, as the service takes it for a password.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// When it ends: its lifetime after it was signed, or the end of the
    /// credentials where that comes first. What is connected by then stays
    /// connected.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

const SCHEME: &str = "https://";

/// A header that binds a token to whom it is meant for. It must be signed, and
/// arrive as it was: a name of its own, a value of visible characters.
fn check_header(name: &str, value: &str) -> Result<(), TokenError> {
    use crate::canonical::{Name, is_never_signed, is_token};
    let taken = ["content-length", "content-type", "date", "host"];
    let taken =
        Name::new(name.as_bytes()).is_amz() || taken.iter().any(|taken| name.eq_ignore_ascii_case(taken));
    if !is_token(name.as_bytes()) || is_never_signed(name) || taken {
        return Err(TokenError::InvalidName { what: "the header" });
    }
    check_name("the header's value", value)
}

/// A name that travels in a header.
fn check_name(what: &'static str, name: &str) -> Result<(), TokenError> {
    let visible = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
    visible.then_some(()).ok_or(TokenError::InvalidName { what })
}
