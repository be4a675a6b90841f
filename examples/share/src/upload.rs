//! Binds an upload to a length or to one file.

use std::fs::File;
use std::io;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bucket::cli::{Doing, Failure};
use sha2::{Digest, Sha256};

use crate::arguments::Upload;
use crate::ask::Ask;

/// S3 compares what it receives with the signed checksum, so the URL is good for this file alone.
pub fn bind(ask: &mut Ask, upload: &Upload) -> Result<(), Failure> {
    let mut length = upload.content_length;
    if let Some(path) = &upload.sha256 {
        let name = path.display().to_string();
        let (bytes, sha256) = hash(path).doing(format!("{name} cannot be read"))?;
        ask.header("x-amz-checksum-sha256", BASE64_STANDARD.encode(sha256));
        ask.file = Some(name);
        length = Some(bytes);
    }
    if let Some(length) = length {
        ask.header("content-length", length.to_string());
    }
    Ok(())
}

fn hash(path: &std::path::Path) -> io::Result<(u64, [u8; 32])> {
    let mut hasher = Hasher(Sha256::new());
    let bytes = io::copy(&mut File::open(path)?, &mut hasher)?;
    Ok((bytes, hasher.0.finalize().into()))
}

struct Hasher(Sha256);

impl io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
