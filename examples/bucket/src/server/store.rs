//! Buckets and objects, as the operations of S3 see them.

mod buckets;
mod listing;
mod multipart;
mod object;
mod objects;
mod operations;
mod uploads;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use s3s::{S3Error, S3Response, S3Result, s3_error};
use tempfile::TempDir;

use super::cors::Rules;
use multipart::Upload;
use object::Object;

/// Keys are kept as they are: no path of a file system changes `//`, `..` or a leading `/`.
pub struct Store {
    region: String,
    state: Mutex<State>,
    cors: Rules,
    /// Contains the large bodies, and is deleted with the store.
    folder: TempDir,
}

#[derive(Default)]
struct State {
    buckets: BTreeMap<String, Objects>,
    uploads: HashMap<String, Upload>,
    uploads_begun: u64,
}

type Objects = BTreeMap<String, Object>;
type Answer<T> = S3Result<S3Response<T>>;

fn answer<T>(output: T) -> Answer<T> {
    Ok(S3Response::new(output))
}

impl Store {
    pub fn with_bucket(bucket: &str, region: &str, cors: Rules) -> std::io::Result<Self> {
        let buckets = BTreeMap::from([(bucket.to_owned(), Objects::new())]);
        let folder = tempfile::Builder::new().prefix("bucket-").tempdir()?;
        let state = Mutex::new(State { buckets, ..State::default() });
        Ok(Self { region: region.to_owned(), state, cors, folder })
    }

    /// A panic in one request does not spoil the others: every change here is a single insertion.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn bucket(&mut self, name: &str) -> S3Result<&mut Objects> {
        self.buckets
            .get_mut(name)
            .ok_or_else(|| s3_error!(NoSuchBucket, "The specified bucket does not exist"))
    }

    fn object(&mut self, bucket: &str, key: &str) -> S3Result<&Object> {
        self.bucket(bucket)?.get(key).ok_or_else(|| s3_error!(NoSuchKey, "The specified key does not exist."))
    }
}

fn failed(error: std::io::Error) -> S3Error {
    S3Error::with_source(s3s::S3ErrorCode::InternalError, error.into())
}
