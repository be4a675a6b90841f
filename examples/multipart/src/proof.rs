//! Checksums of whole objects, and the proof that a server's answer is.

use std::fmt::{self, Display, Formatter};

use bucket::client::Head;
use countersign::{Checksum, ChecksumValue, CompositeChecksum};
use futures_util::stream::{StreamExt, TryStreamExt, iter};

use crate::plan::Part;
use crate::pool::Pool;
use crate::source::{Data, LocalFile};
use crate::{Error, Plan};

/// The comparison of the object with the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The server has a checksum of the whole object, and it is that of the file.
    Object(ChecksumValue),
    /// The server has a checksum of the parts' checksums, and it is that of the file.
    Parts(CompositeChecksum),
    /// Each part was compared when it arrived. The server was sent the length and the checksum of the whole.
    EachPart,
    /// Nothing but the length could be compared.
    Length,
}

impl Display for Proof {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(value) => write!(f, "{} {value} of the whole object", value.checksum().algorithm()),
            Self::Parts(value) => {
                write!(f, "{} {value} of its parts", value.value().checksum().algorithm())
            }
            Self::EachPart => f.write_str("a checksum with each part"),
            Self::Length => f.write_str("the length only"),
        }
    }
}

/// The lengths and checksums of an object's parts, in their order.
pub struct Sums(Vec<(u64, ChecksumValue)>);

impl Sums {
    /// Reads a file. Several parts are read at the same time.
    pub async fn of(file: &LocalFile, plan: Plan, algorithm: Checksum, pool: &Pool) -> Result<Self, Error> {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        let part = |Part { offset, length, .. }| async move {
            let data = Data { file: file.clone(), offset, length };
            Ok::<_, Error>((length, data.checksum(algorithm, pool).await?))
        };
        Ok(Self(iter(plan.parts().map(part)).buffered(threads).try_collect().await?))
    }

    /// Returns the number of parts.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Returns the length of the object.
    pub fn size(&self) -> u64 {
        self.0.iter().map(|(length, _)| length).sum()
    }

    /// Returns the checksum of the whole object, if the algorithm is a CRC.
    pub fn whole(&self) -> Option<ChecksumValue> {
        let mut parts = self.0.iter();
        let (_, first) = parts.next()?;
        parts.try_fold(*first, |whole, (length, part)| whole.combine(*part, *length))
    }

    pub fn composite(&self) -> Option<CompositeChecksum> {
        let parts: Vec<_> = self.0.iter().map(|(_, part)| *part).collect();
        CompositeChecksum::new(&parts)
    }
}

impl FromIterator<(u64, ChecksumValue)> for Sums {
    fn from_iter<I: IntoIterator<Item = (u64, ChecksumValue)>>(parts: I) -> Self {
        Self(parts.into_iter().collect())
    }
}

/// Returns the headers that make HEAD answer with checksums.
pub const WITH_CHECKSUM: [(&str, &str); 1] = [("x-amz-checksum-mode", "ENABLED")];

/// Returns the checksum of the whole object that the server has.
pub fn of_object(head: &Head, algorithm: Checksum) -> Option<ChecksumValue> {
    let value = head.headers.get(algorithm.name())?.to_str().ok()?;
    ChecksumValue::parse(algorithm, value).ok()
}

/// Writes the ETag of an object whose ETag is the MD5 of its bytes, or of its parts' MD5s.
pub fn etag(sums: &Sums) -> Option<String> {
    let composite = sums.composite()?;
    Some(format!("{}-{}", hex::encode(composite.value().as_bytes()), composite.parts()))
}

/// Returns the MD5 that an ETag is, unless it is of parts or no MD5 at all.
pub fn md5_of_etag(etag: &str) -> Option<ChecksumValue> {
    ChecksumValue::new(Checksum::Md5, &hex::decode(etag).ok()?).ok()
}
