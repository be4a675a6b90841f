//! Where the bytes of an upload come from.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use bucket::Body;
use bytes::Bytes;
use countersign::{Checksum, ChecksumHasher, ChecksumValue};
use futures_util::Stream;
use futures_util::stream::{iter, try_unfold};
use tokio::io::AsyncRead;
use tokio::task::spawn_blocking;

use crate::Error;
use crate::meter::Meter;
use crate::pool::{PIECE, Pool};

/// What is uploaded.
pub enum Source {
    File(LocalFile),
    /// A stream of unknown length, such as standard input. Its parts are kept in memory until the
    /// server has them.
    Stream(Pin<Box<dyn AsyncRead + Send>>),
}

/// A file that is read at any position, in several tasks at the same time.
#[derive(Debug, Clone)]
pub struct LocalFile {
    file: Arc<File>,
    path: PathBuf,
    size: u64,
    modified: Option<SystemTime>,
}

impl LocalFile {
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::file(path))?;
        let metadata = file.metadata().map_err(Error::file(path))?;
        if !metadata.is_file() {
            let kind =
                io::Error::new(io::ErrorKind::InvalidInput, "not a file; a pipe can be read with \"-\"");
            return Err(Error::file(path)(kind));
        }
        let (size, modified) = (metadata.len(), metadata.modified().ok());
        Ok(Self { file: Arc::new(file), path: path.to_owned(), size, modified })
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// Fails if the file has another size or time than when it was opened.
    pub fn check_unchanged(&self) -> Result<(), Error> {
        let now = self.file.metadata().map_err(Error::file(&self.path))?;
        match now.len() == self.size && now.modified().ok() == self.modified {
            true => Ok(()),
            false => Err(Error::Changed { path: self.path.clone() }),
        }
    }

    fn read(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        read_exact_at(&self.file, buffer, offset)
    }
}

/// The bytes of one part or of a small object. They can be read again for another attempt.
#[derive(Debug, Clone)]
pub enum Data {
    File { file: LocalFile, offset: u64, length: u64 },
    Memory(Bytes),
}

impl Data {
    pub fn len(&self) -> u64 {
        match self {
            Self::File { length, .. } => *length,
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// Reads all bytes, piece by piece, on a thread that may wait for the disk.
    pub async fn checksum(&self, algorithm: Checksum, pool: &Pool) -> Result<ChecksumValue, Error> {
        let (data, pool) = (self.clone(), pool.clone());
        spawn_blocking(move || {
            let mut hasher = ChecksumHasher::new(algorithm);
            match &data {
                Self::Memory(bytes) => hasher.update(bytes),
                Self::File { file, offset, length } => {
                    let (mut offset, end) = (*offset, offset + length);
                    while offset < end {
                        let mut buffer = pool.take(end - offset);
                        file.read(buffer.as_mut(), offset).map_err(|error| file.failed(error))?;
                        hasher.update(buffer.as_ref());
                        offset += buffer.as_ref().len() as u64;
                    }
                }
            }
            Ok(hasher.finish())
        })
        .await?
    }

    /// Makes the body of one attempt. The file is read while the body is sent.
    pub fn body(&self, pool: &Pool, meter: &Arc<Meter>) -> Body {
        let (pool, meter) = (pool.clone(), meter.clone());
        match self.clone() {
            Self::Memory(bytes) => Body::stream(bytes.len() as u64, slices(bytes, meter)),
            Self::File { file, offset, length } => {
                Body::stream(length, pieces(file, offset, offset + length, pool, meter))
            }
        }
    }

    pub fn check_unchanged(&self) -> Result<(), Error> {
        match self {
            Self::File { file, .. } => file.check_unchanged(),
            Self::Memory(_) => Ok(()),
        }
    }
}

impl LocalFile {
    /// A file that is shorter than it was has changed.
    fn failed(&self, error: io::Error) -> Error {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Error::Changed { path: self.path.clone() },
            _ => Error::file(&self.path)(error),
        }
    }
}

fn slices(bytes: Bytes, meter: Arc<Meter>) -> impl Stream<Item = io::Result<Bytes>> {
    let starts = (0..bytes.len()).step_by(PIECE);
    iter(starts.map(move |start| {
        let piece = bytes.slice(start..bytes.len().min(start + PIECE));
        meter.moved(piece.len());
        Ok(piece)
    }))
}

fn pieces(
    file: LocalFile,
    offset: u64,
    end: u64,
    pool: Pool,
    meter: Arc<Meter>,
) -> impl Stream<Item = io::Result<Bytes>> {
    try_unfold(offset, move |offset| {
        let (file, pool, meter) = (file.clone(), pool.clone(), meter.clone());
        async move {
            if offset == end {
                return Ok(None);
            }
            let read = spawn_blocking(move || {
                let mut buffer = pool.take(end - offset);
                file.read(buffer.as_mut(), offset).map(|()| buffer)
            });
            let buffer = read.await.map_err(io::Error::other)??;
            let length = buffer.as_ref().len();
            meter.moved(length);
            Ok(Some((buffer.into_bytes(), offset + length as u64)))
        }
    })
}

#[cfg(unix)]
pub fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(unix)]
pub fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
pub fn read_exact_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, buffer, offset)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => (buffer, offset) = (&mut buffer[read..], offset + read as u64),
        }
    }
    Ok(())
}

#[cfg(windows)]
pub fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, offset)?;
        (bytes, offset) = (&bytes[written..], offset + written as u64);
    }
    Ok(())
}
