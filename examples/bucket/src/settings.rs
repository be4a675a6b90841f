//! Which bucket to use, read from environment variables. This is for `quickstart`, which does not
//! depend on `aws-config`; the programs use [`cli::Connect`](crate::cli::Connect).
//!
//! | variable | |
//! |---|---|
//! | `S3_BUCKET` | the bucket; without it the local server is used, whatever `AWS_…` says |
//! | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` | the keys |
//! | `AWS_SESSION_TOKEN` | for temporary keys |
//! | `AWS_REGION` or `AWS_DEFAULT_REGION` | the bucket's region |
//! | `S3_ENDPOINT` or `AWS_ENDPOINT_URL` | `https://s3.REGION.amazonaws.com` unless given |
//! | `S3_STYLE` | `path` or `virtual`; `virtual` at AWS and `path` elsewhere unless given |

use countersign::s3::{AddressingStyle, Endpoint};
use countersign::{Credentials, SecretAccessKey};

use crate::{Client, Error, Exit, Keys, Server, Storage};

/// A bucket, with all that is needed to sign requests to it and to verify them.
pub struct Bucket {
    pub client: Client,
    pub credentials: Credentials,
    pub region: String,
    /// The name, for people.
    pub name: String,
    pub endpoint: String,
    /// Runs as long as the bucket is in use.
    _server: Option<Server>,
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
        let storage = Storage::new(endpoint, &region, &url, Keys::fixed(credentials.clone()))?;
        let client = storage.bucket(&bucket);
        Ok(Self { client, credentials, region, name: bucket, endpoint: url, _server: server })
    }
}

/// Names a bucket and the keys to it.
pub struct Settings {
    pub credentials: Credentials,
    pub region: String,
    pub bucket: String,
    /// The server's URL as it was given.
    pub url: String,
    pub endpoint: Endpoint,
}

/// An error in the environment. Values are not printed, because some are secrets.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("{missing} is not set, but {given} is: set both, or neither to use the local server")]
    Missing { missing: &'static str, given: &'static str },
    #[error("{variable} is not usable: {reason}")]
    Unusable { variable: &'static str, reason: String },
}

impl SettingsError {
    /// Returns the exit code: a wrong address or bucket is wrong usage, and the rest is AWS's configuration.
    pub(crate) fn exit(&self) -> Exit {
        let (Self::Missing { missing: variable, .. } | Self::Unusable { variable, .. }) = self;
        match *variable {
            "S3_BUCKET" | "S3_ENDPOINT" | "S3_STYLE" | "AWS_ENDPOINT_URL" => Exit::Usage,
            _ => Exit::Configuration,
        }
    }
}

impl Settings {
    /// `None` when the environment names no bucket.
    pub fn from_env() -> Result<Option<Self>, SettingsError> {
        Self::read(|name| std::env::var(name).ok())
    }

    /// Reads any source of variables as [`from_env`](Self::from_env) reads the environment.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, SettingsError> {
        let get = |name: &str| get(name).filter(|value| !value.is_empty());

        let Some(bucket) = get("S3_BUCKET") else {
            // Keys alone are common and mean nothing here, but these were meant for us.
            let given = ["S3_ENDPOINT", "S3_STYLE"].into_iter().find(|name| get(name).is_some());
            return match given {
                Some(given) => Err(SettingsError::Missing { missing: "S3_BUCKET", given }),
                None => Ok(None),
            };
        };
        let required = |name, value: Option<String>| {
            value.ok_or(SettingsError::Missing { missing: name, given: "S3_BUCKET" })
        };
        let access_key = required("AWS_ACCESS_KEY_ID", get("AWS_ACCESS_KEY_ID"))?;
        let secret_key = required("AWS_SECRET_ACCESS_KEY", get("AWS_SECRET_ACCESS_KEY"))?;
        let region = required("AWS_REGION", get("AWS_REGION").or_else(|| get("AWS_DEFAULT_REGION")))?;

        let mut credentials = Credentials::new(access_key, SecretAccessKey::new(secret_key))
            .map_err(|error| unusable("AWS_ACCESS_KEY_ID", error))?;
        if let Some(token) = get("AWS_SESSION_TOKEN") {
            credentials = credentials
                .with_session_token(token)
                .map_err(|error| unusable("AWS_SESSION_TOKEN", error))?;
        }

        let given = ["S3_ENDPOINT", "AWS_ENDPOINT_URL"].into_iter().find_map(|name| Some((name, get(name)?)));
        let (url, mut endpoint) = match given {
            Some((name, url)) => {
                let mut endpoint = Endpoint::parse(&url).map_err(|error| unusable(name, error))?;
                if is_aws(&url) {
                    endpoint = endpoint.with_style(AddressingStyle::VirtualHosted);
                }
                (url, endpoint)
            }
            None => {
                let endpoint = Endpoint::aws(&region).map_err(|error| unusable("AWS_REGION", error))?;
                ("AWS".to_owned(), endpoint)
            }
        };
        match get("S3_STYLE").as_deref() {
            Some("path") => endpoint = endpoint.with_style(AddressingStyle::Path),
            Some("virtual") => endpoint = endpoint.with_style(AddressingStyle::VirtualHosted),
            Some(_) => return Err(unusable("S3_STYLE", "it must be path or virtual")),
            None => {}
        }
        endpoint.bucket_url(&bucket).map_err(|error| unusable("S3_BUCKET", error))?;
        Ok(Some(Self { credentials, region, bucket, url, endpoint }))
    }

    /// The bucket of a server in this process.
    pub fn of(server: &Server) -> Result<Self, SettingsError> {
        let secret_key = SecretAccessKey::new(&server.secret_key);
        let credentials = Credentials::new(&server.access_key, secret_key)
            .map_err(|error| unusable("AWS_ACCESS_KEY_ID", error))?;
        let url = server.endpoint();
        let endpoint = Endpoint::parse(&url).map_err(|error| unusable("S3_ENDPOINT", error))?;
        Ok(Self { credentials, region: server.region.clone(), bucket: server.bucket.clone(), url, endpoint })
    }
}

pub(crate) fn is_aws(url: &str) -> bool {
    let host = url.trim_end_matches('/');
    host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn")
}

fn unusable(variable: &'static str, reason: impl ToString) -> SettingsError {
    SettingsError::Unusable { variable, reason: reason.to_string() }
}
