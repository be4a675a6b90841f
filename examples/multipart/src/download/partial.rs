//! The file while it is not complete, and its journal.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign::{Checksum, ChecksumValue};
use futures_util::stream::{StreamExt, TryStreamExt, iter};
use tempfile::{PathPersistError, TempPath};

use crate::pool::Pool;
use crate::source::{Data, LocalFile, write_all_at};
use crate::{Error, Plan};

/// A file with some parts of the object. Clones share it.
#[derive(Clone)]
pub struct Partial {
    file: Arc<File>,
    path: PathBuf,
    journal: Arc<File>,
    journal_path: PathBuf,
    recorded: Vec<(u32, ChecksumValue)>,
    other: bool,
    pub algorithm: Checksum,
    pub plan: Plan,
}

/// The name that the complete file gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// A file of this name is replaced.
    Any,
    /// Nothing has this name.
    New,
}

impl Partial {
    /// Opens what an earlier run has left, or begins anew if that is of another object. The journal is
    /// locked as long as the process lives.
    pub fn open(to: &Path, etag: &str, plan: Plan, algorithm: Checksum) -> Result<Self, Error> {
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            fs::metadata(folder).map_err(Error::file(folder))?;
        }
        let name = to.file_name().unwrap_or_default().to_string_lossy();
        let path = to.with_file_name(format!(".{name}.multipart"));
        let journal_path = to.with_file_name(format!(".{name}.multipart-journal"));
        let open = |path: &Path| {
            let options = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path);
            options.map_err(Error::file(path))
        };
        let mut journal = open(&journal_path)?;
        match journal.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::Busy { path: to.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(Error::file(&journal_path)(error)),
        }
        let file = open(&path)?;

        let Plan { size, part_size } = plan;
        let first = format!("multipart 1 {etag} {size} {part_size} {}\n", algorithm.algorithm());
        let mut text = Vec::new();
        journal.read_to_end(&mut text).map_err(Error::file(&journal_path))?;
        let text = String::from_utf8_lossy(&text);
        let rest = text.strip_prefix(&*first);
        let recorded = rest.map(|rest| lines(rest, algorithm)).unwrap_or_default();
        let other = rest.is_none() && !text.is_empty();
        if rest.is_none() {
            file.set_len(0).map_err(Error::file(&path))?;
            journal.set_len(0).map_err(Error::file(&journal_path))?;
            journal.rewind().map_err(Error::file(&journal_path))?;
            journal.write_all(first.as_bytes()).map_err(Error::file(&journal_path))?;
        } else if !text.ends_with('\n') {
            // The last line was cut by the end of the process.
            journal.write_all(b"\n").map_err(Error::file(&journal_path))?;
        }
        file.set_len(size).map_err(Error::file(&path))?;
        let (file, journal) = (Arc::new(file), Arc::new(journal));
        Ok(Self { file, path, journal, journal_path, recorded, other, algorithm, plan })
    }

    /// Returns true if there was a journal of another object.
    pub fn is_other(&self) -> bool {
        self.other
    }

    /// Returns the recorded parts whose bytes on the disk have the recorded checksum.
    pub async fn proven(&self, pool: &Pool) -> Result<Vec<(u32, ChecksumValue)>, Error> {
        let local = self.local()?;
        let part = |(number, recorded): (u32, ChecksumValue)| {
            let (local, part) = (local.clone(), self.plan.part(number));
            async move {
                let Some(part) = part else { return Ok(None) };
                let data = Data { file: local, offset: part.offset, length: part.length };
                let found = data.checksum(recorded.checksum(), pool).await?;
                Ok::<_, Error>((found == recorded).then_some((number, recorded)))
            }
        };
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        let parts: Vec<_> =
            iter(self.recorded.iter().copied().map(part)).buffered(threads).try_collect().await?;
        Ok(parts.into_iter().flatten().collect())
    }

    pub fn local(&self) -> Result<LocalFile, Error> {
        LocalFile::open(&self.path)
    }

    pub fn write(&self, bytes: &[u8], offset: u64) -> Result<(), Error> {
        write_all_at(&self.file, bytes, offset).map_err(Error::file(&self.path))
    }

    /// Notes that a part is complete. One write is one line.
    pub fn record(&self, number: u32, sum: ChecksumValue) -> Result<(), Error> {
        (&*self.journal)
            .write_all(format!("{number} {sum}\n").as_bytes())
            .map_err(Error::file(&self.journal_path))
    }

    /// Gives the file its name.
    pub fn keep(&self, to: &Path, name: Name) -> Result<(), Error> {
        match name {
            Name::Any => fs::rename(&self.path, to).map_err(Error::file(to))?,
            Name::New => rename_new(&self.path, to)?,
        }
        fs::remove_file(&self.journal_path).map_err(Error::file(&self.journal_path))
    }

    pub fn discard(&self) {
        let _ = fs::remove_file(&self.path);
        let _ = fs::remove_file(&self.journal_path);
    }
}

/// Renames a file, and fails if `to` exists. The system compares and renames in one step.
fn rename_new(from: &Path, to: &Path) -> Result<(), Error> {
    let from = TempPath::try_from_path(from).map_err(Error::file(from))?;
    from.persist_noclobber(to).map_err(|PathPersistError { error, mut path }| {
        // Without this, the file would be deleted with its path.
        path.disable_cleanup(true);
        match error.kind() {
            ErrorKind::AlreadyExists => Error::FileExists { path: to.to_owned() },
            _ => Error::file(to)(error),
        }
    })
}

/// Returns the file that a download replaces: a link is followed. Refuses a folder, and a device or a pipe, whose name
/// would be the file's afterwards: in `/dev`, that of the whole machine.
pub fn target(to: &Path) -> Result<PathBuf, Error> {
    let is_folder = to.to_string_lossy().ends_with(std::path::is_separator);
    match fs::metadata(to) {
        Ok(found) if !found.is_file() => Err(Error::NotAFile { path: to.to_owned() }),
        Ok(_) => fs::canonicalize(to).map_err(Error::file(to)),
        Err(error) if is_folder => Err(Error::file(to)(error)),
        Err(_) => Ok(to.to_owned()),
    }
}

/// Reads the lines of the journal. A part that is recorded twice counts once, with its last checksum.
fn lines(text: &str, algorithm: Checksum) -> Vec<(u32, ChecksumValue)> {
    let lines = text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
    let parts = lines.filter_map(|line| {
        let (number, sum) = line.split_once(' ')?;
        Some((number.parse().ok()?, ChecksumValue::parse(algorithm, sum).ok()?))
    });
    parts.collect::<std::collections::BTreeMap<_, _>>().into_iter().collect()
}
