//! The command line.

use std::path::PathBuf;

use bucket::Object;
use bucket::cli::{Connect, EXIT_CODES, Failure, Log};
use clap::{Args, Parser, Subcommand};
use multipart::{Concurrency, Options, Plan};

use crate::size::{part_size, size};

/// Upload and download large objects in parts, and prove that each byte is there
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}{CONDITIONS}\n130  stopped with Ctrl-C"))]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub connect: Connect,
    #[command(flatten)]
    pub log: Log,
    #[command(flatten)]
    pub tuning: Tuning,
    /// Print one line of JSON for each object, and no progress
    #[arg(long, global = true, help_heading = "Output")]
    pub json: bool,
    /// Print no progress and no notes
    #[arg(short, long, global = true, help_heading = "Output")]
    pub quiet: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Send files, folders or standard input; an upload that was interrupted is continued
    Upload(Upload),
    /// Read an object into a file; a download that was interrupted is continued
    Download(Download),
}

#[derive(Debug, Args)]
#[command(after_help = UPLOAD_EXAMPLES)]
pub struct Upload {
    /// Files or folders ("-" is standard input), and then the object: s3://BUCKET/KEY, or s3://BUCKET/PREFIX/ for
    /// several
    #[arg(required = true, value_name = "FILE... OBJECT")]
    pub paths: Vec<String>,
    /// List the open uploads whose key starts with the object's, and send nothing
    #[arg(long, conflicts_with = "abort")]
    pub list: bool,
    /// Delete the open uploads of exactly this object, and send nothing
    #[arg(long)]
    pub abort: bool,
    /// Fail with code 5 if the object exists already
    #[arg(long)]
    pub if_none_match: bool,
    /// Send even if the object has the same bytes already
    #[arg(long)]
    pub again: bool,
    /// Keep all parts equal, for servers that take no others; without it the parts of a file shrink, to at least 5 MiB,
    /// on a network that keeps losing them
    #[arg(long)]
    pub equal_parts: bool,
    /// The type of the content, such as video/mp4
    #[arg(long, value_name = "TYPE")]
    pub content_type: Option<String>,
    /// Metadata of the object, as NAME=VALUE; can be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub metadata: Vec<(String, String)>,
    /// The storage class, such as STANDARD_IA
    #[arg(long, value_name = "CLASS")]
    pub storage_class: Option<String>,
    /// About how large standard input will be; needed above 78 GiB, so that 10,000 parts are enough. The parts of
    /// standard input that are sent at the same time lie in temporary files: at most 16 MiB and --concurrency times
    /// --part-size, 272 MiB without these, in the folder TMPDIR (/tmp if it is not set)
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub expected_size: Option<u64>,
}

#[derive(Debug, Args)]
#[command(after_help = DOWNLOAD_EXAMPLES)]
pub struct Download {
    /// s3://BUCKET/KEY, or a URL of the endpoint
    pub object: String,
    /// The file, or a folder; the current folder if missing. Not standard output
    pub file: Option<PathBuf>,
    /// Fail with code 5 if the file exists, or appears during the download; without this option it is replaced when
    /// the object is proven
    #[arg(long)]
    pub no_clobber: bool,
    /// Accept the file even if the server has no checksum to compare it with
    #[arg(long)]
    pub unproven: bool,
}

/// The parts and the requests of a transfer.
#[derive(Debug, Args)]
#[command(next_help_heading = "Transfer")]
pub struct Tuning {
    /// The size of a part, such as 16MiB; without it 8 MiB, or more above 78 GiB
    #[arg(long, value_name = "SIZE", value_parser = part_size, global = true)]
    pub part_size: Option<u64>,
    /// The number of requests at the same time, 1 to 256; without it as many as make the transfer faster, at most 32
    #[arg(long, value_name = "NUMBER", value_parser = concurrency, global = true)]
    pub concurrency: Option<usize>,
}

impl Arguments {
    pub fn options(&self) -> Result<Options, Failure> {
        let mut options = Options { part_size: self.tuning.part_size, ..Options::default() };
        if let Some(concurrency) = self.tuning.concurrency {
            options.concurrency = Concurrency::Fixed(concurrency);
        }
        match &self.command {
            Command::Upload(upload) => {
                options.again = upload.again;
                options.smallest_part = options.smallest_part.filter(|_| !upload.equal_parts);
                if let (None, Some(expected)) = (options.part_size, upload.expected_size) {
                    let plan =
                        Plan::new(expected, None).map_err(|error| Failure::usage(error.to_string()))?;
                    options.part_size = Some(plan.part_size);
                }
            }
            Command::Download(download) => options.unproven = download.unproven,
        }
        Ok(options)
    }
}

impl Upload {
    pub fn sources_and_object(&self) -> Result<(&[String], &str), Failure> {
        match self.paths.split_last() {
            Some((object, sources)) if !sources.is_empty() => Ok((sources, object)),
            _ => Err(Failure::usage("the file or the object is missing")
                .advice("multipart upload FILE s3://BUCKET/KEY")),
        }
    }

    /// Returns the object where there is nothing to send.
    pub fn object(&self) -> Result<&str, Failure> {
        self.paths.last().map(|object| &**object).ok_or_else(|| Failure::usage("the object is missing"))
    }

    /// Returns the headers that describe the object.
    pub fn headers(&self) -> Vec<(String, String)> {
        let mut headers = Vec::new();
        headers.extend(self.content_type.iter().map(|value| ("content-type".to_owned(), value.clone())));
        headers
            .extend(self.storage_class.iter().map(|value| ("x-amz-storage-class".to_owned(), value.clone())));
        headers
            .extend(self.metadata.iter().map(|(name, value)| (format!("x-amz-meta-{name}"), value.clone())));
        headers
    }
}

impl Download {
    pub fn file(&self, object: &Object) -> Result<PathBuf, Failure> {
        let name = object.key.rsplit('/').next().filter(|name| !matches!(*name, "" | "." | ".."));
        let file = self.file.clone().unwrap_or_else(|| PathBuf::from("."));
        if file.as_os_str() == "-" {
            return Err(Failure::usage(
                "a download cannot go to standard output, because it is proven at its end",
            )
            .advice("name a file; a file that is called - is ./-"));
        }
        match (file.is_dir(), name) {
            (false, _) => Ok(file),
            (true, Some(name)) => Ok(file.join(name)),
            (true, None) => Err(Failure::usage("the key does not end with a name").advice("name the file")),
        }
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    let pair = text.split_once('=').filter(|(name, _)| is_name(name));
    let pair = pair.map(|(name, value)| (name.to_owned(), value.to_owned()));
    pair.ok_or_else(|| "use NAME=VALUE, with a name of letters, digits, '-', '_' and '.'".to_owned())
}

fn concurrency(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=256).contains(number));
    number.ok_or_else(|| "use a number from 1 to 256".to_owned())
}

const EXAMPLES: &str = "\
Examples:
  multipart upload video.mp4 s3://examplebucket/videos/1.mp4
  multipart download s3://examplebucket/videos/1.mp4 copy.mp4
  multipart upload --list s3://examplebucket/";

/// Continues the line of exit code 5, the last one.
const CONDITIONS: &str = ":
     --if-none-match and the object exists, --no-clobber and the file exists,
     or no --unproven and the server has no checksum of the object";

const UPLOAD_EXAMPLES: &str = "\
Examples:
  multipart upload video.mp4 s3://examplebucket/videos/1.mp4
  multipart upload photos s3://examplebucket/photos/
  tar c photos | multipart upload - s3://examplebucket/photos.tar
  multipart upload --if-none-match video.mp4 s3://examplebucket/new.mp4
  multipart upload --list s3://examplebucket/
  multipart upload --abort s3://examplebucket/videos/1.mp4";

const DOWNLOAD_EXAMPLES: &str = "\
Examples:
  multipart download s3://examplebucket/videos/1.mp4 copy.mp4
  multipart download --json --concurrency 4 s3://examplebucket/videos/1.mp4 .";
