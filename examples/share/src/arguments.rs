//! The command line: the commands, with examples that a test runs.

use bucket::cli::{Connect, EXIT_CODES, Log};
use clap::{Parser, Subcommand};

pub use crate::commands::*;
pub use crate::options::*;

#[derive(Parser)]
#[command(
    name = "share",
    version,
    about = "Presigns S3 URLs, and says what a URL allows, until when, and how to use it",
    after_help = EXAMPLES,
    after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"),
    max_term_width = 100
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub connect: Connect,
    #[command(flatten)]
    pub log: Log,
}

const EXAMPLES: &str = "\
Examples:
  share get s3://examplebucket/hello.txt --expires 1h30m
  share put s3://examplebucket/cat.png --content-type image/png --content-length 5000
  url=$(share get s3://examplebucket/hello.txt); share inspect \"$url\"; share check \"$url\"

The URL is written to standard output, everything else to standard error. If no service is configured, the URL \
leads to a server inside the program; run `cargo run -p bucket` first, and set its variables, to check the URL or to \
use it later.";

#[derive(Subcommand)]
pub enum Command {
    /// Let somebody download an object
    #[command(after_help = "\
Examples:
  share get s3://examplebucket/hello.txt
  share get s3://examplebucket/hello.txt --expires 10m --download-as 'my notes.txt'
  share get s3://examplebucket/hello.txt --response-content-type text/html --json
  printf 'a.txt\\nb.txt\\n' | share get s3://examplebucket/reports/ --stdin")]
    Get(Get),
    /// Let somebody upload an object
    #[command(after_help = "\
Examples:
  share put s3://examplebucket/cat.png --content-type image/png --content-length 5000
  share put s3://examplebucket/cat.png --if-none-match --metadata owner=ada --json
  printf 'five' > FILE; share put s3://examplebucket/cat.png --sha256 FILE --content-type image/png")]
    Put(Put),
    /// Let somebody read the headers of an object
    #[command(after_help = "Example:\n  share head s3://examplebucket/hello.txt")]
    Head(Get),
    /// Let somebody delete an object
    #[command(after_help = "Example:\n  share delete s3://examplebucket/old.txt --expires 5m")]
    Delete(Delete),
    /// Let somebody list the objects whose key starts with a prefix, one page
    #[command(after_help = "Example:\n  share list s3://examplebucket/reports/ --delimiter / --max-keys 100")]
    List(List),
    /// Let somebody upload one part of an upload in parts
    #[command(after_help = "\
Example:
  share part s3://examplebucket/large.iso --upload-id ID --part-number 1 --content-length 8388608")]
    Part(Part),
    /// Let a browser upload with an HTML form
    #[command(after_help = "\
Examples:
  share form s3://examplebucket/uploads/ --content-type 'image/*' --max-size 10000000
  share form s3://examplebucket/avatar.png --content-type image/png --max-size 100000 --json")]
    Form(Form),
    /// Say what a URL allows, until when, and with which headers, without sending it
    #[command(after_help = "\
Examples:
  share inspect \"$(share get s3://examplebucket/hello.txt)\"
  share inspect --verify \"$(share get s3://examplebucket/hello.txt)\"")]
    Inspect(Inspect),
    /// Send a URL as a receiver would, and say why it is refused
    #[command(after_help = "\
Examples:
  share check \"$(share get -q s3://examplebucket/hello.txt)\"
  date > FILE; share put -q s3://examplebucket/new | share check -X PUT -T FILE -")]
    Check(Check),
}
