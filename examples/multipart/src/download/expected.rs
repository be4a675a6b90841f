//! The checksum that the server has of the whole object, and the comparison with the received bytes.

use bucket::client::Head;
use countersign::{Checksum, ChecksumValue, CompositeChecksum};

use super::partial::Partial;
use crate::proof::{Proof, Sums, md5_of_etag};
use crate::source::Data;
use crate::transfer::Shared;
use crate::{Error, Plan};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// Over all bytes.
    Whole(ChecksumValue),
    /// Over the checksums of the parts that the object was uploaded in.
    Parts(CompositeChecksum),
    Nothing,
}

const COMBINED: [Checksum; 3] = [Checksum::Crc64Nvme, Checksum::Crc32c, Checksum::Crc32];

impl Expected {
    /// A CRC of the whole is the best: it is known as soon as the last part is there.
    pub fn of(head: &Head) -> Self {
        let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
        let whole = |algorithm: &Checksum| ChecksumValue::parse(*algorithm, header(algorithm.name())?).ok();
        let parts =
            |algorithm: &Checksum| CompositeChecksum::parse(*algorithm, header(algorithm.name())?).ok();
        if let Some(value) = COMBINED.iter().chain(&Checksum::ALL).find_map(whole) {
            return Self::Whole(value);
        }
        if let Some(value) = Checksum::ALL.iter().find_map(parts) {
            return Self::Parts(value);
        }
        // The ETag of an object that is encrypted with a managed or a customer's key is no MD5.
        if header("x-amz-server-side-encryption").is_some_and(|value| value != "AES256") {
            return Self::Nothing;
        }
        match md5_of_etag(&head.etag) {
            Some(md5) => Self::Whole(md5),
            None => md5_of_parts(&head.etag).map_or(Self::Nothing, Self::Parts),
        }
    }

    /// Returns the algorithm for the parts while they are received.
    pub fn algorithm(&self) -> Checksum {
        match self {
            Self::Whole(value) if COMBINED.contains(&value.checksum()) => value.checksum(),
            _ => Checksum::Crc64Nvme,
        }
    }
}

fn md5_of_parts(etag: &str) -> Option<CompositeChecksum> {
    let (md5, parts) = etag.split_once('-')?;
    CompositeChecksum::parse(Checksum::Md5, &format!("{}-{parts}", md5_of_etag(md5)?)).ok()
}

/// Compares the file with what the server says.
pub async fn prove(
    shared: &Shared,
    key: &str,
    expected: &Expected,
    sums: &Sums,
    partial: &Partial,
) -> Result<Proof, Error> {
    let proof = match expected {
        Expected::Whole(value) => {
            let found = match sums.whole().filter(|whole| whole.checksum() == value.checksum()) {
                Some(whole) => whole,
                None => {
                    let data = Data { file: partial.local()?, offset: 0, length: partial.plan.size };
                    data.checksum(value.checksum(), &shared.pool).await?
                }
            };
            if found != *value {
                let what = format!("the {} of what was received", value.checksum().algorithm());
                return Err(Error::Differs { what, expected: value.to_string(), found: found.to_string() });
            }
            Some(Proof::Object(found))
        }
        Expected::Parts(value) => of_parts(shared, key, *value, partial).await?,
        Expected::Nothing => None,
    };
    match proof {
        Some(proof) => Ok(proof),
        None if shared.options.unproven => Ok(Proof::Length),
        None => Err(Error::Unproven),
    }
}

/// Tries the sizes of parts that make the right number of them. The server can tell the first part's
/// size; the others are those of well-known programs.
async fn of_parts(
    shared: &Shared,
    key: &str,
    value: CompositeChecksum,
    partial: &Partial,
) -> Result<Option<Proof>, Error> {
    let plan = partial.plan;
    let call = shared.client.call("HEAD", key, &[("partNumber", "1")])?;
    let first = shared.client.storage().send(call).await.ok();
    let first = first.and_then(|head| head.headers().get("content-length")?.to_str().ok()?.parse().ok());
    let known = [5, 8, 10, 15, 16, 20, 25, 32, 50, 64, 100, 128].map(|mib| mib << 20);
    let mut sizes: Vec<u64> = first.into_iter().chain([plan.part_size]).chain(known).collect();
    sizes.retain(|size| *size > 0 && plan.size.div_ceil(*size) == u64::from(value.parts()));
    let mut tried = Vec::new();
    for size in sizes {
        if tried.contains(&size) {
            continue;
        }
        tried.push(size);
        let algorithm = value.value().checksum();
        let sums =
            Sums::of(&partial.local()?, Plan::new(plan.size, Some(size))?, algorithm, &shared.pool).await?;
        if sums.composite() == Some(value) {
            return Ok(Some(Proof::Parts(value)));
        }
    }
    Ok(None)
}
