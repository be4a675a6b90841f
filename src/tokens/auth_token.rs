//! [`AuthToken`], a presigned URL in the form of a password.

use alloc::string::String;
use core::fmt;

use zeroize::Zeroizing;

use crate::time::Timestamp;

/// A password that is valid for minutes. **Whoever has it can use it**: its `Debug` is redacted, and it
/// is wiped on drop.
///
/// ```
/// use countersign::tokens::TokenSigner;
/// use countersign::*;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// let database = TokenSigner::rds(credentials, "eu-west-1", "db.abc.eu-west-1.rds.amazonaws.com", 5432, "app")?;
/// let now = Timestamp::parse("20260301T120000Z")?;
///
/// let password = database.token(now)?;
/// assert_eq!(password.expires_at().as_str(), "20260301T121500Z");
/// assert_eq!(format!("{password:?}"), "AuthToken(..)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It has no `Display` and no `==`:
///
/// ```compile_fail
/// fn log(password: countersign::tokens::AuthToken) {
///     println!("{password}");
/// }
/// ```
pub struct AuthToken {
    pub(super) token: Zeroizing<String>,
    pub(super) expires_at: Timestamp,
}

impl AuthToken {
    /// Returns the token, as the service accepts it as a password.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.token
    }

    /// Returns the time at which the token expires: the end of its lifetime, or the expiration of the
    /// credentials if that is earlier. A connection that is open then stays open.
    #[must_use]
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

/// Prints the name of the type only: the token is a secret.
impl fmt::Debug for AuthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthToken(..)")
    }
}
