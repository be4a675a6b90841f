//! Uploads and downloads large objects in parts, and proves that each byte is there.
//!
//! ```sh
//! cargo run -p multipart -- upload video.mp4 s3://examplebucket/videos/1.mp4
//! cargo run -p multipart -- download s3://examplebucket/videos/1.mp4 copy.mp4
//! ```
//!
//! The program shows parallel parts, retries with fresh signatures, an upload that goes on after a crash with the
//! server as its only state, and the comparison of the whole by the server. It does not keep folders the
//! same on both sides.
//!
//! The engine is the library of this crate. It signs each attempt of each request anew, in
//! `bucket::Storage::open`:
//!
//! ```ignore
//! let signer = storage.signer().await?;           // of credentials that are valid now
//! let headers = signer.sign(&request, Payload::Unsigned, Timestamp::now())?;  // a checksum header protects the body
//! ```

mod arguments;
mod failure;
mod files;
mod open;
mod report;
mod screen;
mod size;

use std::process::ExitCode;
use std::sync::Arc;

use bucket::cli::Failure;
use bucket::{Exit, Object, Storage};
use clap::Parser;
use multipart::Transfer;

use arguments::{Arguments, Command, Download, Upload};
use screen::Screen;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.log.start(&["multipart"]);
    bucket::cli::run("multipart", || run(arguments))
}

async fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let storage = arguments.connect.storage().await?;
    if storage.server().is_some() && !arguments.connect.local && !arguments.json && !arguments.quiet {
        bucket::cli::note(LOCAL);
    }
    let work = async {
        match &arguments.command {
            Command::Upload(wanted) if wanted.list => open::list(wanted, &arguments, &storage).await,
            Command::Upload(wanted) if wanted.abort => open::abort(wanted, &arguments, &storage).await,
            Command::Upload(wanted) => upload(wanted, &arguments, &storage).await,
            Command::Download(wanted) => download(wanted, &arguments, &storage).await,
        }
    };
    tokio::select! {
        outcome = work => outcome,
        _ = tokio::signal::ctrl_c() => {
            bucket::cli::note("\nmultipart: stopped\n  to do: run the same command again; what is there already is not sent again");
            std::process::exit(130);
        }
    }
}

const LOCAL: &str = "note: nothing names an S3 service, so a server inside this program is used, and its objects are \
    gone when the program ends; configure AWS, or use --endpoint";

/// Sends each file. A folder's files go under the prefix.
async fn upload(wanted: &Upload, arguments: &Arguments, storage: &Storage) -> Result<Exit, Failure> {
    let (sources, object) = wanted.sources_and_object()?;
    let object = object_of(object, storage)?;
    let files = files::find(sources, &object)?;
    let screen = Screen::new(arguments, files.len());
    let transfer = transfer(arguments, storage, &object, &screen)?;
    files::upload(files, wanted, &transfer, &screen, &object.bucket).await
}

/// Reads one object. Without a file name, the last name of the key is taken.
async fn download(wanted: &Download, arguments: &Arguments, storage: &Storage) -> Result<Exit, Failure> {
    let object = object_of(&wanted.object, storage)?;
    let file = wanted.file(&object)?;
    let screen = Screen::new(arguments, 1);
    let transfer = transfer(arguments, storage, &object, &screen)?;
    let downloaded = match wanted.no_clobber {
        true => transfer.download_new(&object.key, &file).await,
        false => transfer.download(&object.key, &file).await,
    };
    screen.clear();
    let what = || format!("s3://{}/{} is not downloaded", object.bucket, object.key);
    let downloaded = downloaded.map_err(|error| failure::of(error, &what()))?;
    report::downloaded(&screen, &object, &file, &downloaded);
    screen.check_written().map(|()| Exit::Ok)
}

fn transfer(
    arguments: &Arguments,
    storage: &Storage,
    object: &Object,
    screen: &Arc<Screen>,
) -> Result<Transfer, Failure> {
    let (options, screen) = (arguments.options()?, screen.clone());
    tracing::info!(%storage, "the service");
    Ok(Transfer::new(storage.bucket(&object.bucket), options, move |event| screen.show(event)))
}

fn object_of(text: &str, storage: &Storage) -> Result<Object, Failure> {
    let object = Object::parse(text, storage.endpoint());
    object.map_err(|error| {
        Failure::usage("the object's address is wrong")
            .because(error)
            .advice("use s3://BUCKET/KEY or a URL of the endpoint; an upload names the object last")
    })
}
