//! Credentials and region of AWS's own configuration, read by `aws-config`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use aws_config::BehaviorVersion;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use countersign::Credentials;

use crate::{AnyError, Error, Keys, tls};

/// The credentials, region and endpoint of AWS's configuration.
pub struct Configuration {
    pub keys: Keys,
    pub region: Option<String>,
    pub endpoint: Option<String>,
}

/// Reads the environment and the profile. Credentials are fetched when they are first needed, from
/// the environment, a profile (SSO, `aws login`, a role, `credential_process`), web identity, ECS or
/// IMDS, and again before they expire. The file of `AWS_CA_BUNDLE` must be readable.
pub async fn load(profile: Option<&str>, region: Option<&str>) -> Result<Configuration, Error> {
    let trusted = match tls::bundle()? {
        Some(bundle) => TrustStore::empty().with_pem_certificate(bundle.pem),
        None => TrustStore::default(),
    };
    let context = TlsContext::builder().with_trust_store(trusted).build();
    let context = context.map_err(|error| Error::Tls(error.into()))?;
    // The default HTTP client of the SDK compiles with cmake; this one is what we use ourselves.
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(context);
    let http = http.build_https();
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http);
    if let Some(profile) = profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = region {
        loader = loader.region(aws_config::Region::new(region.to_owned()));
    }
    let config = loader.load().await;
    let missing = || AnyError::from("no provider of credentials is configured");
    let keys = match config.credentials_provider() {
        Some(provider) => keys_of(provider),
        None => Keys::renewed(move || std::future::ready(Err(missing()))),
    };
    Ok(Configuration {
        keys,
        // A variable that is set to nothing names no region.
        region: config.region().map(ToString::to_string).filter(|region| !region.is_empty()),
        endpoint: config.endpoint_url().filter(|url| !url.is_empty()).map(str::to_owned),
    })
}

/// Uses any provider of the AWS SDK.
pub fn keys_of(provider: impl ProvideCredentials + 'static) -> Keys {
    let provider = SharedCredentialsProvider::new(provider);
    Keys::renewed(move || {
        let provider = provider.clone();
        async move {
            match provider.provide_credentials().await {
                Ok(given) => Ok(Credentials::try_from(&given)?),
                Err(error) => Err(match (&error, obstacle()) {
                    (CredentialsError::CredentialsNotLoaded(_), Some(obstacle)) => obstacle.into(),
                    _ => error.into(),
                }),
            }
        }
    })
}

/// Returns true if AWS is configured on this machine, without asking the network: by a variable, by a
/// file, or because the machine is at AWS.
pub fn is_configured() -> bool {
    const VARIABLES: [&str; 5] = [
        "AWS_ACCESS_KEY_ID",
        "AWS_PROFILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ];
    let vendor = std::fs::read_to_string("/sys/devices/virtual/dmi/id/sys_vendor").unwrap_or_default();
    let imds_is_off =
        set("AWS_EC2_METADATA_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"));

    VARIABLES.iter().any(|name| set(name).is_some())
        || FILES.iter().any(|(variable, name)| file(variable, name).is_file())
        || (vendor.trim() == "Amazon EC2" && !imds_is_off)
}

/// Returns why there are no credentials where the SDK does not say it: it skips half of a pair of variables, and a file
/// that it cannot read.
fn obstacle() -> Option<String> {
    const PAIR: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    if let ([Some(_), None], [found, missing]) | ([None, Some(_)], [missing, found]) = (PAIR.map(set), PAIR) {
        return Some(format!("{found} is set, and {missing} is not"));
    }
    FILES.iter().find_map(|(variable, name)| {
        let path = file(variable, name);
        let error = std::fs::read(&path).err()?;
        let is_wrong = set(variable).is_some() || error.kind() != std::io::ErrorKind::NotFound;
        is_wrong.then(|| format!("{} cannot be read: {error}", path.display()))
    })
}

/// The variables that name the files of AWS's configuration, and the names of these files without them.
const FILES: [(&str, &str); 2] =
    [("AWS_CONFIG_FILE", "config"), ("AWS_SHARED_CREDENTIALS_FILE", "credentials")];

fn file(variable: &str, name: &str) -> PathBuf {
    let home = || set("HOME").or_else(|| set("USERPROFILE")).unwrap_or_default();
    set(variable).map_or_else(|| Path::new(&home()).join(".aws").join(name), PathBuf::from)
}

fn set(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
