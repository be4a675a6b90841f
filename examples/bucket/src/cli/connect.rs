//! The service that requests go to: AWS, another server, or the server inside the program.

use countersign::s3::{AddressingStyle, Endpoint};

use super::Failure;
use crate::settings::is_aws;
use crate::{Exit, Storage, aws};

/// The arguments that choose the service and the credentials.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Service")]
pub struct Connect {
    /// Use this S3 server. Without it: AWS if AWS is configured, else a server inside this program
    #[arg(long, value_name = "URL", env = "S3_ENDPOINT", hide_env_values = true, global = true)]
    pub endpoint: Option<String>,

    /// The region that signatures are for; AWS's configuration has one, other servers use us-east-1
    #[arg(long, value_name = "NAME", global = true)]
    pub region: Option<String>,

    /// Take credentials and region from this profile of AWS's configuration; AWS_REGION precedes its region
    #[arg(long, value_name = "NAME", global = true)]
    pub profile: Option<String>,

    /// Write the bucket in the path or in the host name; at AWS in the host name, elsewhere in the path
    #[arg(long, value_name = "STYLE", value_enum, global = true)]
    pub style: Option<Style>,

    /// Use the server inside this program, even if AWS or an endpoint is configured
    // A conflict with `endpoint` would refuse `--local` while S3_ENDPOINT is set.
    #[arg(long, conflicts_with = "profile", global = true)]
    pub local: bool,
}

/// The position of the bucket in a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Style {
    Path,
    Virtual,
}

impl Connect {
    /// Returns true if nothing names a service, so that the program runs its own.
    pub fn is_local(&self) -> bool {
        self.local || (self.url().is_none() && self.profile.is_none() && !aws::is_configured())
    }

    /// Finds the service and the credentials. Only the local server asks for none.
    pub async fn storage(&self) -> Result<Storage, Failure> {
        if self.is_local() {
            return Ok(Storage::local().await?);
        }
        self.check_profile()?;
        let found = aws::load(self.profile.as_deref(), self.region.as_deref()).await?;
        let services = || std::env::var("AWS_ENDPOINT_URL_S3").ok().filter(|url| !url.is_empty());
        let url = self.url().or_else(services).or(found.endpoint);
        let (endpoint, region, name) = match url {
            Some(url) => {
                let region = found.region.unwrap_or_else(|| "us-east-1".to_owned());
                (self.parse(&url)?, region, url)
            }
            None => {
                let region = found.region.ok_or_else(no_region)?;
                let endpoint = Endpoint::aws(&region).map_err(|error| wrong("--region", &region, &error))?;
                let name = format!("AWS, region {region}");
                (endpoint, region, name)
            }
        };
        let endpoint = match self.style {
            Some(Style::Path) => endpoint.with_style(AddressingStyle::Path),
            Some(Style::Virtual) => endpoint.with_style(AddressingStyle::VirtualHosted),
            None => endpoint,
        };
        Ok(Storage::new(endpoint, &region, &name, found.keys)?)
    }

    /// Refuses a profile that would not be used: for `aws-config`, the variables precede the profile.
    fn check_profile(&self) -> Result<(), Failure> {
        let is_set = std::env::var_os("AWS_ACCESS_KEY_ID").is_some_and(|value| !value.is_empty());
        match &self.profile {
            Some(profile) if is_set => Err(Failure::new(
                Exit::Configuration,
                format!("the profile {profile} would not be used: AWS_ACCESS_KEY_ID is set, and precedes it"),
            )
            .advice("unset AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or leave out --profile")),
            _ => Ok(()),
        }
    }

    /// A variable that is set to nothing names no server.
    fn url(&self) -> Option<String> {
        self.endpoint.clone().filter(|url| !url.is_empty())
    }

    fn parse(&self, url: &str) -> Result<Endpoint, Failure> {
        let endpoint = Endpoint::parse(url).map_err(|error| {
            wrong("--endpoint", url, &error)
                .advice("write http://HOST:PORT or https://HOST; the variable S3_ENDPOINT sets it too")
        })?;
        Ok(if is_aws(url) { endpoint.with_style(AddressingStyle::VirtualHosted) } else { endpoint })
    }
}

fn no_region() -> Failure {
    Failure::new(Exit::Configuration, "AWS is configured, but no region is")
        .advice("use --region, set AWS_REGION, or set `region` in the profile; --local needs none")
}

fn wrong(argument: &str, value: &str, error: &dyn ToString) -> Failure {
    let value = crate::redact(value);
    Failure::usage(format!("{argument} {value} is not usable")).because(error.to_string())
}
