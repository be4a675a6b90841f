//! The command line.

use std::net::SocketAddr;
use std::time::Duration;

use bucket::cli::{Connect, EXIT_CODES, Log, address};
use clap::Parser;

use crate::origin;

const EXAMPLES: &str = "\
Examples:
  gallery --listen 127.0.0.1:8080
  gallery --bucket my-images --profile work --set-cors
  gallery --bucket my-images --origin https://gallery.example --check
  gallery --bucket my-images --origin https://gallery.example --user anna
  gallery --endpoint http://minio:9000 --public-url https://images.example --bucket my-images";

/// Serves a page that uploads and shows images. Their bytes go between the browser and the bucket, and
/// not through this service.
///
/// With nothing configured, the bucket is inside this program and its images are gone when it ends.
#[derive(Debug, Clone, Parser)]
#[command(name = "gallery", version, after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub struct Options {
    /// Listen on this address. Port 0 is any free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3000", value_parser = address)]
    pub listen: SocketAddr,

    /// Keep the images in this bucket
    #[arg(long, value_name = "NAME", env = "S3_BUCKET")]
    pub bucket: Option<String>,

    /// Sign URLs for this address of the storage, if the browser reaches it by another one
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,

    /// The address of the page in the browser, such as https://gallery.example; may be repeated
    #[arg(long, value_name = "ORIGIN", value_parser = origin::parse)]
    pub origin: Vec<String>,

    /// Keep the images under this user's prefix. The service has no log-in: put one in front of it
    #[arg(long, value_name = "NAME", default_value = "demo", value_parser = user)]
    pub user: String,

    /// The time for which a signed URL is valid. With temporary credentials it ends with them
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = humantime::parse_duration)]
    pub expires: Duration,

    /// The size of the largest image, in MiB; at most 5120, which is what S3 copies in one request
    #[arg(long, value_name = "N", default_value_t = 1024, value_parser = clap::value_parser!(u64).range(1..=5120))]
    pub max_mib: u64,

    /// Delete what was uploaded and not confirmed, after this time
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = humantime::parse_duration)]
    pub unconfirmed: Duration,

    /// Abort uploads in parts that are not complete, after this time
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = humantime::parse_duration)]
    pub unfinished: Duration,

    /// Write the CORS rule that the page needs to the bucket; other rules are kept
    #[arg(long)]
    pub set_cors: bool,

    /// Read the bucket's CORS rules, say whether they allow the page, and end; see the exit codes
    #[arg(long)]
    pub check: bool,

    /// Offer uploads through the service too, to compare; see docs/gallery.md
    #[arg(long)]
    pub relay: bool,

    #[command(flatten)]
    pub connect: Connect,

    #[command(flatten)]
    pub log: Log,
}

/// A user is one segment of a key.
fn user(text: &str) -> Result<String, String> {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    match text.len() {
        1..=64 if text.bytes().all(safe) => Ok(text.to_owned()),
        _ => Err("a user has 1 to 64 letters, digits, - and _".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_example_of_the_help_is_accepted() {
        for line in EXAMPLES.lines().skip(1) {
            Options::try_parse_from(line.split_whitespace())
                .unwrap_or_else(|error| panic!("{line}: {error}"));
        }
    }
}
