//! Reads back what the storage has, and compares it with what was signed.

use std::sync::Once;

use bucket::Body;
use bucket::client::Head;
use countersign::{Checksum, ChecksumHasher, ChecksumValue, CompositeChecksum};
use http_body_util::BodyExt;

use crate::app::App;
use crate::image::{Image, MAGIC};
use crate::key::Incoming;
use crate::problem::Problem;
use crate::upload::LARGEST_THUMBNAIL;

static WARNED: Once = Once::new();

/// The size and the checksum that an upload must have.
pub enum Expected {
    Whole {
        size: u64,
        sha256: String,
    },
    /// The size and the checksum of each part.
    Parts(Vec<(u64, ChecksumValue)>),
}

/// An upload that has the expected size, type and checksum.
pub struct Proven {
    pub etag: String,
    pub disposition: String,
    pub thumbnail: bool,
}

/// Returns `None` if there is no such object.
pub async fn check(app: &App, key: &Incoming, expected: &Expected) -> Result<Option<Proven>, Problem> {
    let name = key.to_string();
    let Some(head) = head(app, &name).await? else { return Ok(None) };
    let size = expected.size();
    if head.size != size || size > app.max_size {
        return Err(Problem::differs(format!("the storage has {} bytes instead of {size}", head.size)));
    }
    if head.content_type != key.kind.mime() {
        let message =
            format!("the storage has the type {} instead of {}", head.content_type, key.kind.mime());
        return Err(Problem::differs(message));
    }
    let sha256 = match header(&head, "x-amz-checksum-sha256") {
        "" => read_back(app, &name, expected).await?,
        stored => stored.to_owned(),
    };
    if sha256 != expected.sha256() {
        return Err(Problem::differs("the storage has other bytes: the SHA-256 differs"));
    }
    let magic = read(app, &name, MAGIC.min(size)).await?;
    if Image::of(&magic) != Some(key.kind) {
        return Err(Problem::differs(format!("the bytes are no {}", key.kind.mime())));
    }
    let disposition = header(&head, "content-disposition").to_owned();
    Ok(Some(Proven { etag: head.etag, disposition, thumbnail: thumbnail(app, key).await? }))
}

impl Expected {
    fn size(&self) -> u64 {
        match self {
            Self::Whole { size, .. } => *size,
            Self::Parts(parts) => parts.iter().map(|(size, _)| size).sum(),
        }
    }

    /// Returns the checksum as S3 says it: over the bytes, or over the checksums of the parts.
    fn sha256(&self) -> String {
        match self {
            Self::Whole { sha256, .. } => sha256.clone(),
            Self::Parts(parts) => {
                let values: Vec<_> = parts.iter().map(|(_, value)| *value).collect();
                CompositeChecksum::new(&values).map(|sum| sum.to_string()).unwrap_or_default()
            }
        }
    }

    fn sizes(&self) -> Vec<u64> {
        match self {
            Self::Whole { size, .. } => vec![*size],
            Self::Parts(parts) => parts.iter().map(|(size, _)| *size).collect(),
        }
    }
}

/// Hashes the object itself, for servers that keep no checksums.
async fn read_back(app: &App, key: &str, expected: &Expected) -> Result<String, Problem> {
    WARNED.call_once(|| {
        tracing::warn!("the storage keeps no SHA-256, so the service reads each image once to prove it");
    });
    let mut body = app.bucket.storage().open(app.bucket.call("GET", key, &[])?).await?.into_body();
    let mut sizes = expected.sizes().into_iter();
    let mut left = sizes.next().unwrap_or_default();
    let (mut hasher, mut sums) = (ChecksumHasher::new(Checksum::Sha256), Vec::new());
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| bucket::Error::Interrupted(error.into()))?;
        let mut data = frame.into_data().unwrap_or_default();
        while !data.is_empty() {
            let piece = data.split_to(data.len().min(usize::try_from(left).unwrap_or(usize::MAX)));
            hasher.update(&piece);
            left = left.saturating_sub(piece.len() as u64);
            if left == 0 {
                let full = std::mem::replace(&mut hasher, ChecksumHasher::new(Checksum::Sha256));
                sums.push(full.finish());
                left = sizes.next().unwrap_or(u64::MAX);
            }
        }
    }
    Ok(match expected {
        Expected::Whole { .. } => sums.first().map(ToString::to_string),
        Expected::Parts(_) => CompositeChecksum::new(&sums).map(|sum| sum.to_string()),
    }
    .unwrap_or_default())
}

/// Returns true if a usable thumbnail was uploaded. A wrong one is only not used.
async fn thumbnail(app: &App, key: &Incoming) -> Result<bool, Problem> {
    let Some(head) = head(app, &key.thumbnail()).await? else { return Ok(false) };
    if head.size == 0 || head.size > LARGEST_THUMBNAIL {
        return Ok(false);
    }
    let magic = read(app, &key.thumbnail(), MAGIC.min(head.size)).await?;
    Ok(Image::of(&magic) == Some(Image::Jpeg))
}

async fn head(app: &App, key: &str) -> Result<Option<Head>, Problem> {
    match app.bucket.head_with(key, &[("x-amz-checksum-mode", "ENABLED")]).await {
        Ok(head) => Ok(Some(head)),
        Err(bucket::Error::Refused(refusal)) if refusal.status == 404 => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn read(app: &App, key: &str, length: u64) -> Result<bytes::Bytes, Problem> {
    let range = format!("bytes=0-{}", length.saturating_sub(1));
    let call = app.bucket.call("GET", key, &[])?.header("range", range).body(Body::empty());
    Ok(app.bucket.storage().send(call).await?.into_body())
}

fn header<'h>(head: &'h Head, name: &str) -> &'h str {
    head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
