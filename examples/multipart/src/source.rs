//! Files and streams that are uploaded, and the bytes of their parts.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use bucket::Body;
use bytes::Bytes;
use countersign::{Checksum, ChecksumHasher, ChecksumValue};
use futures_util::Stream;
use futures_util::stream::try_unfold;
#[cfg(target_os = "linux")]
use rustix::io::ReadWriteFlags;
use tokio::io::AsyncRead;
use tokio::task::spawn_blocking;

use crate::Error;
use crate::meter::Meter;
use crate::pool::Pool;

/// The bytes that are uploaded.
pub enum Source {
    File(LocalFile),
    /// A stream of unknown length, such as standard input. A part of it is kept in a temporary file until
    /// the server has it, because a stream cannot be read again for another attempt.
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
        // Before the file is opened, because a pipe without a writer is opened for ever.
        check_kind(&std::fs::metadata(path).map_err(Error::file(path))?, path)?;
        Self::of(File::open(path).map_err(Error::file(path))?, path)
    }

    /// Uses a file that is open already. The path is for error messages.
    pub(crate) fn of(file: File, path: &Path) -> Result<Self, Error> {
        let metadata = file.metadata().map_err(Error::file(path))?;
        check_kind(&metadata, path)?;
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

    /// Returns the file with the position that all its users share.
    pub(crate) fn reader(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    fn read(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        read_exact_at(&self.file, buffer, offset)
    }
}

fn check_kind(metadata: &Metadata, path: &Path) -> Result<(), Error> {
    let wrong = || io::Error::new(io::ErrorKind::InvalidInput, "not a file; a pipe can be read with \"-\"");
    if metadata.is_file() { Ok(()) } else { Err(Error::file(path)(wrong())) }
}

/// The bytes of one part or of a small object. They can be read again for another attempt.
#[derive(Debug, Clone)]
pub struct Data {
    pub file: LocalFile,
    pub offset: u64,
    pub length: u64,
}

impl Data {
    /// Returns all bytes of a file.
    pub fn whole(file: LocalFile) -> Self {
        let length = file.size();
        Self { file, offset: 0, length }
    }

    /// Reads all bytes, piece by piece, on a thread that may wait for the disk.
    pub async fn checksum(&self, algorithm: Checksum, pool: &Pool) -> Result<ChecksumValue, Error> {
        let (data, pool) = (self.clone(), pool.clone());
        spawn_blocking(move || {
            let mut hasher = ChecksumHasher::new(algorithm);
            let (mut offset, end) = (data.offset, data.offset + data.length);
            while offset < end {
                let mut buffer = pool.take(end - offset);
                data.file.read(buffer.as_mut(), offset).map_err(|error| data.file.failed(error))?;
                hasher.update(buffer.as_ref());
                offset += buffer.as_ref().len() as u64;
            }
            Ok(hasher.finish())
        })
        .await?
    }

    /// Makes the body of one attempt. The file is read while the body is sent.
    pub fn body(&self, pool: &Pool, meter: &Arc<Meter>) -> Body {
        let Self { file, offset, length } = self.clone();
        Body::stream(length, pieces(file, offset, offset + length, pool.clone(), meter.clone()))
    }

    pub fn check_unchanged(&self) -> Result<(), Error> {
        self.file.check_unchanged()
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
            let mut buffer = pool.take(end - offset);
            if !read_from_cache(&file.file, buffer.as_mut(), offset) {
                let read = spawn_blocking(move || file.read(buffer.as_mut(), offset).map(|()| buffer));
                buffer = read.await.map_err(io::Error::other)??;
            }
            let length = buffer.as_ref().len();
            meter.moved(length);
            Ok(Some((buffer.into_bytes(), offset + length as u64)))
        }
    })
}

/// Reads bytes that the system has in memory, which is so right after the checksum was computed. Returns false if it
/// would have to wait for the disk.
#[cfg(target_os = "linux")]
fn read_from_cache(file: &File, buffer: &mut [u8], offset: u64) -> bool {
    let length = buffer.len();
    let read = rustix::io::preadv2(file, &mut [io::IoSliceMut::new(buffer)], offset, ReadWriteFlags::NOWAIT);
    read == Ok(length)
}

#[cfg(not(target_os = "linux"))]
fn read_from_cache(_: &File, _: &mut [u8], _: u64) -> bool {
    false
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
