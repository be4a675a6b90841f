//! The bytes of objects: small ones in memory, large ones in temporary files, so that the size of the
//! objects does not decide how much memory the server takes.

use std::io::{self, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, TryStreamExt};
use tempfile::{NamedTempFile, TempPath};
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// Larger bodies are written to a file.
const IN_MEMORY: usize = 32 * 1024;

/// The bytes that are read from a file at a time.
const READ: u64 = 256 * 1024;

/// Bytes in one or more pieces. A clone shares them; a file is deleted with its last clone.
#[derive(Clone, Default)]
pub struct Content {
    pieces: Vec<Piece>,
    len: u64,
}

#[derive(Clone)]
enum Piece {
    Memory(Bytes),
    File(Arc<TempPath>, u64),
}

impl Content {
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Puts the other's bytes after these, without copying them.
    pub fn append(&mut self, other: &Self) {
        self.pieces.extend(other.pieces.iter().cloned());
        self.len += other.len;
    }

    /// Reads a range, which must be within the length.
    pub fn stream(&self, range: Range<u64>) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync + 'static {
        let mut start = 0;
        let mut wanted = Vec::new();
        for piece in &self.pieces {
            let end = start + piece.len();
            let (from, to) = (range.start.max(start), range.end.min(end));
            if from < to {
                wanted.push((piece.clone(), from - start..to - start));
            }
            start = end;
        }
        wanted.reverse();
        futures_util::stream::try_unfold(wanted, |mut wanted| async move {
            let Some((piece, range)) = wanted.pop() else { return Ok(None) };
            let bytes = piece.read(range.start..range.end.min(range.start + READ)).await?;
            let rest = range.start + bytes.len() as u64..range.end;
            if !rest.is_empty() {
                wanted.push((piece, rest));
            }
            Ok(Some((bytes, wanted)))
        })
    }

    /// Hands all bytes to `each`, piece by piece.
    pub async fn for_each(&self, mut each: impl FnMut(&[u8])) -> io::Result<()> {
        let mut stream = std::pin::pin!(self.stream(0..self.len));
        while let Some(bytes) = stream.try_next().await? {
            each(&bytes);
        }
        Ok(())
    }
}

impl Piece {
    fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File(_, len) => *len,
        }
    }

    async fn read(&self, range: Range<u64>) -> io::Result<Bytes> {
        match self {
            // Both ends are within the length, which is a usize.
            Self::Memory(bytes) => Ok(bytes.slice(range.start as usize..range.end as usize)),
            Self::File(path, _) => {
                let mut file = tokio::fs::File::open(path.as_ref()).await?;
                file.seek(SeekFrom::Start(range.start)).await?;
                let mut bytes = vec![0; (range.end - range.start) as usize];
                file.read_exact(&mut bytes).await?;
                Ok(bytes.into())
            }
        }
    }
}

/// Takes bytes whose number is not known yet.
pub struct Spool<'d> {
    folder: &'d Path,
    memory: BytesMut,
    file: Option<NamedTempFile>,
    len: u64,
}

impl<'d> Spool<'d> {
    pub fn new(folder: &'d Path) -> Self {
        Self { folder, memory: BytesMut::new(), file: None, len: 0 }
    }

    /// Writes to a file of the page cache, which is quick enough to do in a task.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.len += bytes.len() as u64;
        if let Some(file) = &mut self.file {
            return file.write_all(bytes);
        }
        self.memory.extend_from_slice(bytes);
        if self.memory.len() > IN_MEMORY {
            let mut file = NamedTempFile::new_in(self.folder)?;
            file.write_all(&std::mem::take(&mut self.memory))?;
            self.file = Some(file);
        }
        Ok(())
    }

    pub fn finish(self) -> Content {
        let piece = match self.file {
            Some(file) => Piece::File(Arc::new(file.into_temp_path()), self.len),
            None => Piece::Memory(self.memory.freeze()),
        };
        Content { pieces: vec![piece], len: self.len }
    }
}
