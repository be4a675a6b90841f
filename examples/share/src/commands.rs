//! The options of each command.

use std::path::PathBuf;

use clap::Args;
use countersign::Expires;

use crate::moment::parse_expires;
use crate::options::{Access, Common, Public, Upload};

/// The options of a URL that reads an object.
#[derive(Args)]
pub struct Get {
    #[command(flatten)]
    pub common: Common,
    #[command(flatten)]
    pub access: Access,
    /// The version, in a bucket with versions
    #[arg(long, value_name = "ID")]
    pub version_id: Option<String>,
    /// The name under which a browser saves the object
    #[arg(long, value_name = "NAME", conflicts_with = "response_content_disposition")]
    pub download_as: Option<String>,
    /// Answer with this Content-Disposition
    #[arg(long, value_name = "VALUE")]
    pub response_content_disposition: Option<String>,
    /// Answer with this Content-Type
    #[arg(long, value_name = "VALUE")]
    pub response_content_type: Option<String>,
    /// Answer with this Content-Encoding
    #[arg(long, value_name = "VALUE")]
    pub response_content_encoding: Option<String>,
    /// Answer with this Content-Language
    #[arg(long, value_name = "VALUE")]
    pub response_content_language: Option<String>,
    /// Answer with this Cache-Control
    #[arg(long, value_name = "VALUE")]
    pub response_cache_control: Option<String>,
    /// Answer with this Expires
    #[arg(long, value_name = "VALUE")]
    pub response_expires: Option<String>,
}

/// The options that bind an upload.
#[derive(Args)]
pub struct Put {
    #[command(flatten)]
    pub common: Common,
    #[command(flatten)]
    pub access: Access,
    #[command(flatten)]
    pub upload: Upload,
    /// The upload must have this Content-Type, with which it will be served
    #[arg(long, value_name = "TYPE")]
    pub content_type: Option<String>,
    /// Store this with the object; repeat for several
    #[arg(long, value_name = "NAME=VALUE")]
    pub metadata: Vec<String>,
    /// Refuse the upload if the object exists
    #[arg(long)]
    pub if_none_match: bool,
}

#[derive(Args)]
pub struct Delete {
    #[command(flatten)]
    pub common: Common,
    /// The receiver, not the bucket's owner, pays
    #[arg(long)]
    pub request_payer: bool,
    /// The version, in a bucket with versions
    #[arg(long, value_name = "ID")]
    pub version_id: Option<String>,
}

#[derive(Args)]
pub struct List {
    #[command(flatten)]
    pub common: Common,
    /// The receiver, not the bucket's owner, pays
    #[arg(long)]
    pub request_payer: bool,
    /// Group the keys by this character, as folders
    #[arg(long, value_name = "CHARACTER")]
    pub delimiter: Option<String>,
    /// List at most this many
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub max_keys: Option<u32>,
    /// List the keys after this one
    #[arg(long, value_name = "KEY")]
    pub start_after: Option<String>,
}

#[derive(Args)]
pub struct Part {
    #[command(flatten)]
    pub common: Common,
    #[command(flatten)]
    pub access: Access,
    #[command(flatten)]
    pub upload: Upload,
    /// The id that CreateMultipartUpload returned
    #[arg(long, value_name = "ID")]
    pub upload_id: String,
    /// The number of the part
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub part_number: u32,
}

#[derive(Args)]
pub struct Form {
    /// s3://BUCKET/KEY, or s3://BUCKET/FOLDER/ for a key that ends with the name of the chosen file
    pub object: String,
    /// Lifetime of the form: 90s, 1h30m, 7d, or a number of seconds
    #[arg(short, long, value_name = "TIME", default_value = "1h", value_parser = parse_expires)]
    pub expires: Expires,
    /// Refuse if the credentials end before the form would (exit code 5)
    #[arg(long)]
    pub strict: bool,
    #[command(flatten)]
    pub public: Public,
    /// The type that the upload must have; `image/*` allows every image
    #[arg(long, value_name = "TYPE")]
    pub content_type: Option<String>,
    /// The fewest bytes of the file
    #[arg(long, value_name = "BYTES", default_value_t = 1)]
    pub min_size: u64,
    /// The most bytes of the file
    #[arg(long, value_name = "BYTES")]
    pub max_size: Option<u64>,
    /// Store this with the object; repeat for several
    #[arg(long, value_name = "NAME=VALUE")]
    pub metadata: Vec<String>,
    /// Write one JSON object
    #[arg(long)]
    pub json: bool,
    /// Keep serving after the form is printed, if the server is inside this program
    #[arg(long)]
    pub serve: bool,
}

#[derive(Args)]
pub struct Inspect {
    /// The presigned URL; `-` reads it from standard input, so that no other user sees it
    pub url: String,
    /// Say whether the secret of the configured credentials signed it (exit code 5 if not)
    #[arg(long)]
    pub verify: bool,
    /// A header that is sent with the URL, for --verify; repeat for several
    #[arg(long, value_name = "NAME: VALUE")]
    pub header: Vec<String>,
    /// Write one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Check {
    /// The presigned URL; `-` reads it from standard input, so that no other user sees it
    pub url: String,
    /// The method that the URL is for. Only GET and HEAD change nothing
    #[arg(short = 'X', long, value_name = "METHOD", default_value = "GET")]
    pub method: String,
    /// A header that is sent with the URL; repeat for several
    #[arg(short = 'H', long, value_name = "NAME: VALUE")]
    pub header: Vec<String>,
    /// The file to upload
    #[arg(short = 'T', long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Write one JSON object
    #[arg(long)]
    pub json: bool,
}
