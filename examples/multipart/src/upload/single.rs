//! A small object: one request.

use bucket::client::Head;
use bucket::{Body, Error as BucketError};
use countersign::{Checksum, ChecksumValue};

use super::Uploaded;
use super::complete::head;
use crate::meter::Meter;
use crate::proof::{Proof, md5_of_etag, of_object};
use crate::retry::Failures;
use crate::source::Data;
use crate::transfer::Shared;
use crate::{Error, Event, Target};

/// Sends the object with its CRC-64/NVME.
pub async fn put(shared: &Shared, data: Data, target: &Target) -> Result<Uploaded, Error> {
    let _permit = shared.limiter.acquire().await;
    let crc = data.checksum(Checksum::Crc64Nvme, &shared.pool).await?;
    let mut failures = Failures::default();
    let answer = loop {
        data.check_unchanged()?;
        let error = match attempt(shared, &data, crc, target).await {
            Ok(answer) => break answer,
            Err(error) => error,
        };
        let is_refused = error.code() == Some("PreconditionFailed");
        if !is_refused {
            shared.pause(&target.key, &mut failures, error).await?;
        }
        // A server that refuses before it has read the body closes the connection, and its answer can be lost.
        if is_refused || target.only_new {
            let head = head(shared, &target.key).await?;
            let same = match &head {
                Some(head) => is_same(shared, head, &data, crc).await?,
                None => false,
            };
            // The answer to an earlier attempt may be lost: then the object is ours.
            if same && failures.any() {
                return Ok(uploaded(shared, &data, Proof::Object(crc)));
            }
            if is_refused || head.is_some() {
                return Err(Error::Exists { same });
            }
        }
    };
    let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
    let proof = match header(Checksum::Crc64Nvme.name()) {
        Some(found) if found == crc.to_string() => Proof::Object(crc),
        Some(found) => {
            let (what, found) = ("the object's checksum".to_owned(), found.to_owned());
            return Err(Error::Differs { what, expected: crc.to_string(), found });
        }
        // The ETag of an object that is encrypted with a managed key is no MD5.
        None if header("x-amz-server-side-encryption").is_some() => Proof::Length,
        None => by_etag(shared, &data, header("etag").unwrap_or_default()).await?,
    };
    Ok(uploaded(shared, &data, proof))
}

/// Compares the object with the data by its CRC-64/NVME, or by its MD5 where the server keeps no checksums.
async fn is_same(shared: &Shared, head: &Head, data: &Data, crc: ChecksumValue) -> Result<bool, Error> {
    if let Some(found) = of_object(head, Checksum::Crc64Nvme) {
        return Ok(found == crc);
    }
    match md5_of_etag(&head.etag) {
        Some(found) if head.size == data.length => {
            Ok(data.checksum(Checksum::Md5, &shared.pool).await? == found)
        }
        _ => Ok(false),
    }
}

fn uploaded(shared: &Shared, data: &Data, proof: Proof) -> Uploaded {
    shared.tell(Event::Done { number: 1 });
    let size = data.length;
    Uploaded { size, part_size: size, sent: size, found: 0, proof }
}

async fn attempt(
    shared: &Shared,
    data: &Data,
    crc: ChecksumValue,
    target: &Target,
) -> Result<http::Response<bytes::Bytes>, BucketError> {
    let meter = Meter::new(shared);
    let mut call = shared.client.call("PUT", &target.key, &[])?;
    for (name, value) in &target.headers {
        call = call.header(name, value);
    }
    if target.only_new {
        call = call.header("if-none-match", "*");
    }
    let body = match data.length {
        0 => Body::empty(),
        _ => data.body(&shared.pool, &meter),
    };
    let call = call.header(Checksum::Crc64Nvme.name(), crc.to_string()).body(body);
    let answer = meter.watch(shared.options.stall, shared.client.storage().open(call)).await?;
    Ok(http::Response::from_parts(answer.into_parts().0, bytes::Bytes::new()))
}

/// Compares the ETag of a server that does not know the checksum. An ETag that has the form of an MD5 is one.
async fn by_etag(shared: &Shared, data: &Data, etag: &str) -> Result<Proof, Error> {
    let Some(found) = md5_of_etag(etag.trim_matches('"')) else { return Ok(Proof::Length) };
    let md5 = data.checksum(Checksum::Md5, &shared.pool).await?;
    if md5 == found {
        return Ok(Proof::Object(md5));
    }
    let (what, expected) = ("the object's MD5".to_owned(), md5.to_string());
    Err(Error::Differs { what, expected, found: found.to_string() })
}
