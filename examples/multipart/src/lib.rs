//! Uploads and downloads objects in parts: the engine of the program, for other programs too.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use multipart::{Event, LocalFile, Options, Source, Target, Transfer};
//!
//! let bucket = bucket::Storage::local().await?.bucket("examplebucket");
//! let transfer = Transfer::new(bucket, Options::default(), |event| {
//!     if let Event::Retry { task, reason, .. } = event {
//!         eprintln!("{task} is sent again: {reason}");
//!     }
//! });
//! let file = LocalFile::open("video.mp4".as_ref())?;
//! let uploaded = transfer.upload(Source::File(file), &Target::new("videos/1.mp4")).await?;
//! println!("{} bytes, of which {} were sent now", uploaded.size, uploaded.sent);
//! transfer.download("videos/1.mp4", "copy.mp4".as_ref()).await?;
//! # Ok(()) }
//! ```
//!
//! * [`Plan`] cuts an object into equal parts.
//! * [`Transfer::upload`] finds what the server has ([`upload`]), sends the rest, and has the server
//!   compare the object with the file.
//! * [`Transfer::download`] reads ranges into a file that gets its name when it is proven ([`download`]).
//! * Each request is signed anew for each attempt. [`Event`] says what happens.

pub mod download;
mod error;
mod hedge;
mod limiter;
mod meter;
mod options;
mod plan;
mod pool;
mod progress;
mod proof;
mod retry;
mod source;
mod transfer;
pub mod upload;

pub use download::Downloaded;
pub use error::Error;
pub use options::{Concurrency, Options, Target};
pub use plan::{Plan, PlanError};
pub use progress::Event;
pub use proof::Proof;
pub use source::{LocalFile, Source};
pub use transfer::Transfer;
pub use upload::Uploaded;
