//! Example keys of AWS's documents.

use countersign::{Credentials, SecretAccessKey};

/// Identifies the long-term key of the S3 API Reference.
pub const ID: &str = "AKIAIOSFODNN7EXAMPLE";
/// The secret of [`ID`] and [`TEMPORARY_ID`].
pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// Identifies a temporary key, whose secret is [`SECRET`].
pub const TEMPORARY_ID: &str = "ASIAIOSFODNN7EXAMPLE";
/// The session token of [`TEMPORARY_ID`].
pub const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLE/+token==";

/// Identifies the key of the IAM User Guide and of AWS's test suite.
pub const SUITE_ID: &str = "AKIDEXAMPLE";
/// The secret of [`SUITE_ID`]; it differs from [`SECRET`] in one character.
pub const SUITE_SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// Returns a long-term key.
pub fn long_term(id: &str, secret: &str) -> Credentials {
    Credentials::new(id, SecretAccessKey::new(secret)).unwrap()
}

/// Returns the long-term key [`ID`].
pub fn credentials() -> Credentials {
    long_term(ID, SECRET)
}

/// Returns the temporary key [`TEMPORARY_ID`] with its token.
pub fn temporary() -> Credentials {
    long_term(TEMPORARY_ID, SECRET).with_session_token(TOKEN).unwrap()
}

/// Returns the key of this identifier from a store that has [`credentials`] and [`temporary`].
pub fn look_up(access_key_id: &str) -> Option<Credentials> {
    match access_key_id {
        ID => Some(credentials()),
        TEMPORARY_ID => Some(temporary()),
        _ => None,
    }
}
