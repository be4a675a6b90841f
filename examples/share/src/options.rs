//! Options that several commands have.

use std::path::PathBuf;

use clap::Args;
use countersign::Expires;

use crate::moment::parse_expires;

#[derive(Args)]
pub struct Public {
    /// Sign for this address, by which the receiver reaches the server
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// The address is the bucket's own domain, so that URLs do not have the bucket's name
    #[arg(long, requires = "public_url")]
    pub own_domain: bool,
}

#[derive(Args)]
pub struct Common {
    /// s3://BUCKET/KEY, or a URL of the endpoint
    pub object: String,
    /// Lifetime of the URL: 90s, 1h30m, 7d, or a number of seconds
    #[arg(short, long, value_name = "TIME", default_value = "1h", value_parser = parse_expires)]
    pub expires: Expires,
    /// Refuse if the credentials end before the URL would (exit code 5)
    #[arg(long)]
    pub strict: bool,
    #[command(flatten)]
    pub public: Public,
    /// Bind the URL to one more header; repeat for several
    #[arg(long, value_name = "NAME: VALUE")]
    pub header: Vec<String>,
    /// Write one JSON object instead of the URL
    #[arg(long)]
    pub json: bool,
    /// Write only the URL
    #[arg(short, long, conflicts_with = "json")]
    pub quiet: bool,
    /// Read keys from standard input, one a line, append each to KEY, and write a JSON line for each
    #[arg(long)]
    pub stdin: bool,
    /// The keys of --stdin end with NUL, as `find -print0` writes them
    #[arg(short = '0', long, requires = "stdin")]
    pub null: bool,
    /// Keep serving after the URL is printed, if the server is inside this program
    #[arg(long)]
    pub serve: bool,
}

#[derive(Args, Default)]
pub struct Access {
    /// The receiver, not the bucket's owner, pays
    #[arg(long)]
    pub request_payer: bool,
    /// Encrypt with this key of yours (SSE-C): a file with 32 bytes, or with them in base64
    #[arg(long, value_name = "FILE")]
    pub sse_c_key: Option<PathBuf>,
}

#[derive(Args)]
pub struct Upload {
    /// The upload must have exactly this many bytes
    #[arg(long, value_name = "BYTES")]
    pub content_length: Option<u64>,
    /// The upload must be this file: its length and its SHA-256 are signed
    #[arg(long, value_name = "FILE", conflicts_with = "content_length")]
    pub sha256: Option<PathBuf>,
}
