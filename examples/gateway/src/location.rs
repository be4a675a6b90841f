//! The bucket and the key that a request addresses.

use countersign::Verified;
use countersign::s3::{HostNames, Location};

use crate::gateway::Names;
use crate::refusal::Refusal;

/// Returns the bucket and the key, from the signed host and the signed path.
pub fn locate(verified: &Verified, names: &Names) -> Result<(Option<String>, Option<String>), Refusal> {
    let host = verified.header("host").unwrap_or_default();
    let host = str::from_utf8(host).map_err(|_| Refusal::invalid_argument("The host is not ASCII"))?;
    locate_path(names, host, &verified.path())
}

pub fn locate_path(
    names: &Names,
    host: &str,
    path: &[u8],
) -> Result<(Option<String>, Option<String>), Refusal> {
    const ANY: &str = "gateway";
    let any;
    let (names, host) = match &names.0 {
        Some(names) => (names, host),
        None => {
            any = HostNames::new().with_domain(ANY)?;
            (&any, ANY)
        }
    };
    Ok(match names.locate(host, path)? {
        Location::Bucket { bucket } => (Some(bucket.into_owned()), None),
        Location::Object { bucket, key } => {
            let key = str::from_utf8(key).map_err(|_| Refusal::invalid_argument("The key is not UTF-8"))?;
            check_key(key)?;
            (Some(bucket.into_owned()), Some(key.to_owned()))
        }
        _ => (None, None),
    })
}

/// Refuses `.` and `..` as segments: a proxy or the server could resolve them, and the key
/// would leave its prefix or its bucket after the check.
pub fn check_key(key: &str) -> Result<(), Refusal> {
    if key.split(['/', '\\']).any(|segment| matches!(segment, "." | "..")) {
        let message = "Keys with the segments . or .. are not accepted by this gateway";
        return Err(Refusal::new(400, "InvalidRequest", message));
    }
    Ok(())
}
