//! Presigns S3 URLs, and says what a URL allows, until when, and how to use it.
//!
//! ```sh
//! cargo run -p share -- get s3://examplebucket/hello.txt
//! ```
//!
//! What it shows: presigning with every option that a receiver can be bound to. What it does not: it
//! sends nothing itself, except for `check`.

mod arguments;
mod ask;
mod batch;
mod causes;
mod check;
mod commands;
mod curl;
mod form;
mod inspect;
mod moment;
mod options;
mod presigned;
mod report;
mod upload;
mod url;
mod warnings;

use std::process::ExitCode;

use bucket::Exit;
use bucket::cli::{Doing, Failure};
use clap::Parser;
use countersign::{Credentials, PresignedUrl, Request, Signer, Timestamp};

use arguments::{Arguments, Command};
use ask::Ask;
use url::Place;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.log.start(&["share"]);
    bucket::cli::run("share", || run(arguments))
}

async fn run(arguments: Arguments) -> Result<Exit, Failure> {
    match arguments.command {
        Command::Inspect(wanted) => inspect::run(wanted, &arguments.connect).await,
        Command::Check(wanted) => check::run(wanted, &arguments.connect).await,
        Command::Form(wanted) => form::run(wanted, &arguments.connect).await,
        command => url::run(Ask::of(command)?, &arguments.connect).await,
    }
}

/// Makes the signer. A URL that would outlive the credentials ends with them, and says so.
fn signer(credentials: &Credentials, place: &Place) -> Result<Signer, Failure> {
    let signer = Signer::new(credentials.clone(), place.region.clone(), place.service.clone());
    Ok(signer.doing("the region cannot be signed for")?.shorten_to_credentials())
}

/// Presigns one URL: method, address and headers are all that the signature covers, so the receiver can
/// change none of them.
fn presign(signer: &Signer, ask: &Ask, address: &str, buffer: &mut Vec<u8>) -> Result<PresignedUrl, Failure> {
    let headers: Vec<_> = ask.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    let request = Request::new(ask.method, address, &headers);
    let url = signer.presign_in(buffer, &request, ask.expires, Timestamp::now());
    url.map_err(|error| Failure::usage("the URL cannot be signed").because(error))
}
