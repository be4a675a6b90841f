//! A bucket to try countersign on.
//!
//! [`Bucket::from_env_or_local`] takes the bucket that the environment names, at AWS or anywhere
//! else, and starts a [`Server`] inside the process when it names none. The same example then runs
//! on a laptop without a network and against the real thing.
//!
//! | variable | |
//! |---|---|
//! | `S3_BUCKET` | the bucket; without it the local server is used, whatever `AWS_…` says |
//! | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` | the keys |
//! | `AWS_SESSION_TOKEN` | for temporary keys |
//! | `AWS_REGION` or `AWS_DEFAULT_REGION` | the bucket's region |
//! | `S3_ENDPOINT` or `AWS_ENDPOINT_URL` | `https://s3.REGION.amazonaws.com` unless given |
//! | `S3_STYLE` | `path` or `virtual`; `virtual` at AWS and `path` elsewhere unless given |

pub mod client;
pub mod server;
mod settings;

use countersign::{ConfigError, Credentials, Service, Signer};

pub use client::{Client, Transport};
pub use server::Server;
pub use settings::{Settings, SettingsError};

/// A bucket, with all that is needed to sign requests to it and to verify them.
pub struct Bucket {
    pub client: Client,
    pub credentials: Credentials,
    pub region: String,
    /// Where it is, for people: the name and the endpoint.
    pub name: String,
    pub endpoint: String,
    /// Runs as long as the bucket is in use.
    _server: Option<Server>,
}

/// Why there is no bucket.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error("the local server did not start: {0}")]
    Server(#[from] std::io::Error),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Client(#[from] client::Error),
}

impl Bucket {
    /// The bucket of the environment, or else one in this process.
    pub async fn from_env_or_local() -> Result<Self, Error> {
        match Settings::from_env()? {
            Some(settings) => Self::new(settings, None),
            None => Self::local().await,
        }
    }

    /// A bucket in this process, gone when it is dropped.
    pub async fn local() -> Result<Self, Error> {
        let server = Server::start().await?;
        let settings = Settings::of(&server)?;
        Self::new(settings, Some(server))
    }

    fn new(settings: Settings, server: Option<Server>) -> Result<Self, Error> {
        let Settings { credentials, region, bucket, url, endpoint } = settings;
        let signer = Signer::new(credentials.clone(), region.clone(), Service::S3)?;
        let client = Client::new(signer, endpoint, bucket.clone())?;
        Ok(Self { client, credentials, region, name: bucket, endpoint: url, _server: server })
    }
}
