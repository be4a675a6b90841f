//! A URL for each key of standard input.

use std::io::{self, BufRead, BufWriter, Write};

use bucket::cli::{Doing, Failure};
use bucket::{Exit, Object, Storage};
use countersign::s3::Endpoint;
use serde::Serialize;

use crate::ask::Ask;
use crate::url::{Place, ended_early};
use crate::{moment, presign, signer};

#[derive(Serialize)]
struct Line<'l> {
    key: &'l str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'l str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<&'l str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// The credentials are looked at again after so many lines, so that a long run survives their end.
const RENEW: usize = 1000;

/// Writes one JSON line for each key, in the order of the keys. A key that cannot be signed has a line
/// with an `error`, and the exit code is 1 then.
pub async fn run(
    ask: &Ask,
    storage: &Storage,
    endpoint: &Endpoint,
    folder: &Object,
) -> Result<Exit, Failure> {
    let mut exit = Exit::Ok;
    let (mut input, mut output) = (io::stdin().lock(), BufWriter::new(io::stdout().lock()));
    let (mut key, mut buffer, mut count) = (Vec::new(), Vec::new(), 0);
    // The region and the service are those of the bucket, whatever the key.
    let sample = Object { bucket: folder.bucket.clone(), key: "key".to_owned() };
    let place = Place::of(ask, storage, endpoint, &sample)?;
    let mut current = signer(storage.signer().await?.credentials(), &place)?;
    let mut end = End::default();
    loop {
        key.clear();
        let delimiter = if ask.common.null { 0 } else { b'\n' };
        if input.read_until(delimiter, &mut key).doing("the keys cannot be read")? == 0 {
            break;
        }
        key.pop_if(|last| *last == delimiter);
        count += 1;
        if count % RENEW == 0 {
            current = signer(storage.signer().await?.credentials(), &place)?;
        }
        let name = String::from_utf8_lossy(&key);
        let line = match one(ask, &current, (storage, endpoint), folder, &key, &mut buffer) {
            Ok(url) if ask.common.strict && url.expires() < ask.expires.as_duration() => {
                return Err(ended_early(url.expires_at()));
            }
            Ok(url) => {
                let line =
                    Line { key: &name, url: Some(url.as_str()), expires_at: end.of(&url), error: None };
                write(&mut output, &line)?;
                buffer = url.into_buffer();
                continue;
            }
            Err(failure) => Line { key: &name, url: None, expires_at: None, error: Some(words(&failure)) },
        };
        exit = Exit::Failed;
        write(&mut output, &line)?;
    }
    output.flush().doing("the URLs cannot be written")?;
    Ok(exit)
}

fn one(
    ask: &Ask,
    signer: &countersign::Signer,
    (storage, endpoint): (&Storage, &Endpoint),
    folder: &Object,
    key: &[u8],
    buffer: &mut Vec<u8>,
) -> Result<countersign::PresignedUrl, Failure> {
    let key = std::str::from_utf8(key).map_err(|_| Failure::usage("the key is not UTF-8"))?;
    let object = Object { bucket: folder.bucket.clone(), key: format!("{}{key}", folder.key) };
    // An empty line would be the prefix, which is an object of its own.
    if key.is_empty() {
        return Err(Failure::usage("the key is empty"));
    }
    presign(signer, ask, &Place::of(ask, storage, endpoint, &object)?.url, buffer)
}

/// The moment of the line before, which is nearly always that of this one.
#[derive(Default)]
struct End(Option<(countersign::Timestamp, String)>);

impl End {
    fn of(&mut self, url: &countersign::PresignedUrl) -> Option<&str> {
        let end = url.expires_at()?;
        if self.0.as_ref().is_none_or(|(known, _)| *known != end) {
            self.0 = Some((end, moment::rfc3339(end)?));
        }
        self.0.as_ref().map(|(_, text)| &**text)
    }
}

fn write(output: &mut impl Write, line: &Line<'_>) -> Result<(), Failure> {
    serde_json::to_writer(&mut *output, line).map_err(io::Error::from).doing("the URLs cannot be written")?;
    output.write_all(b"\n").doing("the URLs cannot be written")
}

fn words(failure: &Failure) -> String {
    use std::error::Error;
    let reason = failure.source().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{failure}{reason}")
}
