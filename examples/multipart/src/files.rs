//! The files of an upload: found, and sent several at the same time.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bucket::cli::{Doing, Failure};
use bucket::{Exit, Object};
use multipart::{LocalFile, Source, Target, Transfer};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::arguments::Upload;
use crate::screen::Screen;
use crate::{failure, report};

/// The number of files that are open at the same time. The transfer limits the requests.
const OPEN: usize = 64;

/// A file, or standard input, and its key.
pub struct Wanted {
    pub path: Option<PathBuf>,
    pub key: String,
}

impl Wanted {
    pub fn name(&self) -> String {
        self.path.as_ref().map_or_else(|| "standard input".to_owned(), |path| path.display().to_string())
    }
}

/// Finds the files. A folder, or several sources, need a prefix that ends with a slash.
pub fn find(sources: &[String], object: &Object) -> Result<Vec<Wanted>, Failure> {
    let is_prefix = object.key.is_empty() || object.key.ends_with('/');
    let mut files = Vec::new();
    for source in sources {
        let path = Path::new(source);
        if source == "-" {
            files.push(Wanted { path: None, key: object.key.clone() });
        } else if path.is_dir() {
            walk(path, &object.key, &mut files).doing(format!("the folder {source} cannot be read"))?;
        } else {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let key = if is_prefix { format!("{}{name}", object.key) } else { object.key.clone() };
            files.push(Wanted { path: Some(path.to_owned()), key });
        }
    }
    let several = files.len() > 1 || sources.iter().any(|source| Path::new(source).is_dir());
    if (several && !is_prefix) || (is_prefix && files.iter().any(|file| file.path.is_none())) {
        return Err(Failure::usage("the object's address does not fit")
            .advice("several files need s3://BUCKET/PREFIX/, standard input needs s3://BUCKET/KEY"));
    }
    Ok(files)
}

/// Symbolic links to files are followed, those to folders are not.
fn walk(folder: &Path, prefix: &str, files: &mut Vec<Wanted>) -> std::io::Result<()> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name());
        let key = format!("{prefix}{}", name.to_string_lossy());
        if entry.file_type()?.is_dir() {
            walk(&path, &format!("{key}/"), files)?;
        } else if path.is_file() {
            files.push(Wanted { path: Some(path), key });
        }
    }
    Ok(())
}

/// Sends the files. One that fails does not stop the others; the first failure decides the exit code.
pub async fn upload(
    files: Vec<Wanted>,
    wanted: &Upload,
    transfer: &Transfer,
    screen: &Arc<Screen>,
    bucket: &str,
) -> Result<Exit, Failure> {
    let (count, open) = (files.len(), Arc::new(Semaphore::new(OPEN)));
    let (mut tasks, mut failures) = (JoinSet::new(), Vec::new());
    for file in files {
        let room = open.clone().acquire_owned().await;
        while let Some(sent) = tasks.try_join_next() {
            failures.extend(sent.doing("a task ended")?);
        }
        let target =
            Target { key: file.key.clone(), headers: wanted.headers(), only_new: wanted.if_none_match };
        let (transfer, screen, bucket) = (transfer.clone(), screen.clone(), bucket.to_owned());
        tasks.spawn(async move {
            let outcome = send(&transfer, &file, &target).await;
            drop(room);
            let outcome = outcome.map(|uploaded| report::uploaded(&screen, &bucket, &file, &uploaded, count));
            outcome.err().map(|error| (file, error))
        });
    }
    while let Some(sent) = tasks.join_next().await {
        failures.extend(sent.doing("a task ended")?);
    }
    screen.clear();
    report::all(screen, count - failures.len(), count);
    let mut failures = failures.into_iter();
    let Some((file, error)) = failures.next() else { return screen.check_written().map(|()| Exit::Ok) };
    let first = failure::of(error, &format!("{} is not uploaded", file.name()));
    for (file, error) in failures {
        let failure = failure::of(error, &format!("{} is not uploaded", file.name()));
        bucket::cli::report(&failure, "multipart");
    }
    Err(first)
}

async fn send(
    transfer: &Transfer,
    file: &Wanted,
    target: &Target,
) -> Result<multipart::Uploaded, multipart::Error> {
    let source = match &file.path {
        Some(path) => Source::File(LocalFile::open(path)?),
        None => Source::Stream(Box::pin(tokio::io::stdin())),
    };
    transfer.upload(source, target).await
}
