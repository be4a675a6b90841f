//! The errors of a transfer.

use std::io;
use std::path::{Path, PathBuf};

use crate::PlanError;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error(transparent)]
    Storage(#[from] bucket::Error),

    #[error("gave up after {attempts} attempts: {source}")]
    GaveUp { attempts: u32, source: bucket::Error },

    #[error("too many attempts have failed, the last with: {source}")]
    Budget { source: bucket::Error },

    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },

    #[error("standard input: {0}")]
    Input(io::Error),

    #[error("a temporary file in {}: {source}", folder.display())]
    Temporary { folder: PathBuf, source: io::Error },

    #[error("{} has changed while it was read", path.display())]
    Changed { path: PathBuf },

    #[error("the object exists already{}", if *same { ", with the same bytes" } else { "" })]
    Exists { same: bool },

    /// A download to a new file found something of its name.
    #[error("{} exists", path.display())]
    FileExists { path: PathBuf },

    /// The server's bytes and the sent or received bytes differ.
    #[error("{what} is {found}, and should be {expected}")]
    Differs { what: String, expected: String, found: String },

    #[error("the object has changed while it was read")]
    ObjectChanged,

    #[error("the server has no checksum of the object, so only its length can be compared")]
    Unproven,

    #[error("{} is not a file, so a download cannot replace it", path.display())]
    NotAFile { path: PathBuf },

    #[error("another process is downloading to {}", path.display())]
    Busy { path: PathBuf },

    #[error(transparent)]
    Plan(#[from] PlanError),

    #[error("a task of the transfer ended: {0}")]
    Task(#[from] tokio::task::JoinError),
}

impl Error {
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { path: path.to_owned(), source }
    }

    /// Returns the error of the storage, if that is the reason.
    pub fn storage(&self) -> Option<&bucket::Error> {
        match self {
            Self::Storage(source) | Self::GaveUp { source, .. } | Self::Budget { source } => Some(source),
            _ => None,
        }
    }
}
