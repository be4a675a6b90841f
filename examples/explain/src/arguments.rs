//! The command line, with examples that a test runs.

use std::path::PathBuf;

use clap::Parser;

/// Shows how the signature of a request is computed, step by step, and why it does not match
#[derive(Parser)]
#[command(
    name = "explain",
    version,
    after_help = EXAMPLES,
    after_long_help = format!("{EXAMPLES}\n\n{ENVIRONMENT}\n\n{EXIT_CODES}"),
    max_term_width = 100
)]
pub struct Arguments {
    /// A request, or a text that contains one (a terminal, a log, a HAR): as text, as a file, or `-` for standard input
    #[arg(value_name = "REQUEST")]
    pub input: Option<String>,

    /// Explain the GET Object request of the S3 manual, with its published secret
    #[arg(long, conflicts_with_all = ["input", "url"])]
    pub example: bool,

    /// The method; a URL does not state it
    #[arg(short = 'X', long, value_name = "METHOD", help_heading = "Request")]
    pub method: Option<String>,

    /// The URL, if there is no REQUEST
    #[arg(long, help_heading = "Request")]
    pub url: Option<String>,

    /// Add a header, or replace it
    #[arg(short = 'H', long, value_name = "NAME: VALUE", help_heading = "Request")]
    pub header: Vec<String>,

    /// The body, as text
    #[arg(long, value_name = "TEXT", help_heading = "Request")]
    pub body: Option<String>,

    /// The body, from a file
    #[arg(long, value_name = "FILE", conflicts_with = "body", help_heading = "Request")]
    pub body_file: Option<PathBuf>,

    /// Read the files that a curl command names, such as `--data-binary @FILE`
    #[arg(long, help_heading = "Request")]
    pub allow_files: bool,

    /// The entry of a HAR with more than one request. If entry 1 is not signed, the default is the last signed one
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..), help_heading = "Request")]
    pub entry: u32,

    /// The region; for a signed request, the region that the server expects
    #[arg(long, value_name = "NAME", help_heading = "Signature")]
    pub region: Option<String>,

    /// The service; for a signed request, the service that the server expects
    #[arg(long, value_name = "NAME", help_heading = "Signature")]
    pub service: Option<String>,

    /// The access key id to which the secret belongs
    #[arg(long, value_name = "ID", help_heading = "Signature")]
    pub access_key_id: Option<String>,

    /// The clock: `now`, 20130524T000000Z or 2013-05-24T00:00:00Z. Default: the time of the request
    #[arg(long, help_heading = "Signature")]
    pub time: Option<String>,

    /// Ask for the secret, without echo
    #[arg(long, help_heading = "Signature")]
    pub ask: bool,

    /// Diagnose the service's answer: XML, a JSON message, or a log. `-` is standard input
    #[arg(long, value_name = "FILE", help_heading = "Reason")]
    pub answer: Option<PathBuf>,

    /// Show the first step at which REQUEST and this request differ; of two forms, all that differs
    #[arg(long, value_name = "REQUEST", help_heading = "Reason")]
    pub compare: Option<String>,

    /// Say for each line what it is, why it is there, and which document of AWS describes it
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,

    /// Write commands for sh, sha256sum and openssl that compute the signature
    #[arg(long, conflicts_with_all = ["html", "json"], help_heading = "Output")]
    pub commands: bool,

    /// Write one self-contained page
    #[arg(long, conflicts_with = "json", help_heading = "Output")]
    pub html: bool,

    /// Write one line of JSON
    #[arg(long, help_heading = "Output")]
    pub json: bool,

    /// Show signatures whole: with the rest of the request, a signature permits to send it
    #[arg(long, help_heading = "Output")]
    pub show_signature: bool,
}

/// The form of the output.
pub enum Output {
    Text,
    Html,
    Json,
    Commands,
}

impl Arguments {
    pub const fn output(&self) -> Output {
        match (self.html, self.json, self.commands) {
            (true, ..) => Output::Html,
            (_, true, _) => Output::Json,
            (_, _, true) => Output::Commands,
            _ => Output::Text,
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  explain --example
  explain --example -v
  explain --example --html > page.html
  explain --example --commands | AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY sh
  explain curl -T cat.png https://examplebucket.s3.eu-west-1.amazonaws.com/cat.png
  explain \"curl 'https://iam.amazonaws.com/?Action=ListUsers'\" --time 20150830T123600Z
  explain --url https://minio.example:9000/bucket/key --region us-east-1 --service s3
  explain https://b.s3.amazonaws.com/a%20b --compare https://b.s3.amazonaws.com/a%2Bb
  printf 'GET /key HTTP/1.1\\nHost: b.s3.amazonaws.com\\n\\n' | explain -

Everything after the word `curl` belongs to curl: write the options of explain before it.";

const ENVIRONMENT: &str = "\
Environment:
  AWS_SECRET_ACCESS_KEY  the secret. Without it, the steps before the key are shown
  AWS_ACCESS_KEY_ID      the access key id to which the secret belongs
  AWS_SESSION_TOKEN      the session token of temporary credentials
  NO_COLOR               no colours

The secret is never an argument, and is never printed. Nothing is sent: the program has no network code.";

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed: a file cannot be read
  2  wrong usage, or the arguments are not a request
  5  the signature does not match, a server refuses the request whatever its signature, or the input shows a refusal
     and a cause is named";
