//! Buckets and objects in memory, as the operations of S3 see them.

mod listing;
mod multipart;
mod object;
mod operations;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use s3s::{S3Result, s3_error};

use multipart::Upload;
use object::Object;

/// Keys are kept as they are: no path of a file system changes `//`, `..` or a leading `/`.
pub struct Store {
    region: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    buckets: BTreeMap<String, Objects>,
    uploads: HashMap<String, Upload>,
    uploads_begun: u64,
}

type Objects = BTreeMap<String, Object>;

impl Store {
    pub fn with_bucket(bucket: &str, region: &str) -> Self {
        let buckets = BTreeMap::from([(bucket.to_owned(), Objects::new())]);
        Self { region: region.to_owned(), state: Mutex::new(State { buckets, ..State::default() }) }
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
