//! IAM authentication tokens (feature `tokens`): presigned URLs that are used as passwords for one
//! database, cache, broker or cluster.
//!
//! A [`TokenSigner`] creates them:
//!
//! ```
//! use countersign::tokens::TokenSigner;
//! use countersign::{Credentials, SecretAccessKey, Timestamp};
//!
//! let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
//! let host = "db.abc.eu-west-1.rds.amazonaws.com";
//! let database = TokenSigner::rds(credentials, "eu-west-1", host, 5432, "app")?;
//!
//! let password = database.token(Timestamp::now())?;
//! assert!(password.as_str().starts_with("db.abc.eu-west-1.rds.amazonaws.com:5432/?Action=connect&DBUser=app&"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A server that receives a signed `GetCallerIdentity`, as EKS and Vault do, checks it with a
//! [`CallerIdentityVerifier`], and then asks STS who signed it.
//!
//! ```text
//! RDS, Aurora, DSQL      host[:port]/?Action=…&X-Amz-…            without https://
//! ElastiCache, MemoryDB  name/?Action=connect&User=…&X-Amz-…      without https://
//! MSK                    base64url(https://kafka.region…/?…&User-Agent=…)
//! EKS                    "k8s-aws-v1." base64url(https://sts.region…/?Action=GetCallerIdentity…)
//! ```
//!
//! `docs/tokens.md` has the sources, and a program for each service.
//!
//! Redshift and Keyspaces are not part of this module, because their passwords are not presigned URLs:
//! Redshift's are the result of an API call (`GetClusterCredentials`), and Keyspaces signs a nonce of
//! the server.

mod auth_token;
mod caller_identity;
mod checks;
mod identity_claim;
mod identity_headers;
mod identity_parameters;
mod kind;
mod services;
mod signer;

pub use self::auth_token::AuthToken;
pub use self::caller_identity::CallerIdentityVerifier;
pub use self::identity_claim::{IdentityClaim, IdentityHeaders};
pub use self::signer::TokenSigner;
pub use crate::error::{IdentityError, TokenArgument, TokenError};
pub use crate::partition::Partition;

const SCHEME: &str = "https://";
