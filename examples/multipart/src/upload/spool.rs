//! Keeps a piece of a stream in a temporary file, so that it can be read again for another attempt.

use std::fs::File;
use std::io::{self, Write};

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::task::spawn_blocking;

use crate::Error;
use crate::pool::{PIECE, Pool};
use crate::source::LocalFile;

/// Reads at most `length` bytes into a file that has no name and is deleted when it is closed, even if the
/// process is killed. Fewer bytes mean that the stream has ended.
pub async fn spool(
    stream: &mut (dyn AsyncRead + Send + Unpin),
    length: u64,
    pool: &Pool,
) -> Result<LocalFile, Error> {
    let mut file = tempfile::tempfile().map_err(temporary)?;
    let mut left = length;
    while left > 0 {
        let mut buffer = pool.take(left);
        let read = fill(stream, buffer.as_mut()).await.map_err(Error::Input)?;
        left -= read as u64;
        let written = spawn_blocking(move || {
            let bytes = buffer.as_ref().get(..read).unwrap_or_default();
            file.write_all(bytes).map(|()| file)
        });
        file = written.await?.map_err(temporary)?;
        if read < PIECE {
            break;
        }
    }
    LocalFile::of(file, &std::env::temp_dir())
}

/// Returns fewer bytes than the buffer takes only at the end of the stream.
async fn fill(stream: &mut (dyn AsyncRead + Send + Unpin), buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match stream.read(rest).await? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

/// Returns a stream of the bytes of a temporary file, and then of what follows them.
pub fn followed_by(
    first: &LocalFile,
    rest: impl AsyncRead + Send + Unpin + 'static,
) -> Result<impl AsyncRead + Send + Unpin + 'static, Error> {
    let mut file: File = first.reader().map_err(temporary)?;
    io::Seek::rewind(&mut file).map_err(temporary)?;
    Ok(tokio::fs::File::from_std(file).chain(rest))
}

fn temporary(source: io::Error) -> Error {
    Error::Temporary { folder: std::env::temp_dir(), source }
}
