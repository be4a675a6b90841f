//! The objects that headers name: the source of a copy or a rename. They are checked as the path is.

use countersign::s3::CopySource;
use percent_encoding::percent_decode_str;

use crate::location::check_key;
use crate::operation::Forward;
use crate::refusal::Refusal;
use crate::rights::{Need, Right};

const COPY: &str = "x-amz-copy-source";
const RENAME: &str = "x-amz-rename-source";

/// Adds the rights that the sources of a request take.
pub fn add_needs(forward: &mut Forward) -> Result<(), Refusal> {
    if let Some(value) = text(forward, COPY)? {
        let source = CopySource::parse(&value)?;
        // An access point is another name of a bucket, and the file of rights has only one.
        if source.bucket().contains(':') {
            return Err(Refusal::not_implemented(COPY));
        }
        check_key(source.key())?;
        let (bucket, key) = (source.bucket().to_owned(), source.key().to_owned());
        forward.needs.push(Need { right: Right::Read, bucket, key });
        // Written anew, so that the server reads what was checked.
        let value = countersign::s3::copy_source(source.bucket(), source.key(), source.version())?;
        let value = value.parse().map_err(|_| Refusal::internal("a copy source is no header"))?;
        forward.headers.insert(COPY, value);
    }
    if let Some(value) = text(forward, RENAME)? {
        for key in readings(&value, &forward.bucket)? {
            check_key(&key)?;
            let need = |right| Need { right, bucket: forward.bucket.clone(), key: key.clone() };
            let needs = [need(Right::Read), need(Right::Delete)];
            forward.needs.extend(needs);
        }
    }
    Ok(())
}

/// Returns each key that a server could read in `x-amz-rename-source`: clients write the key alone, or
/// with the bucket before it. The client needs the rights on all of them.
fn readings(value: &str, bucket: &str) -> Result<Vec<String>, Refusal> {
    let decoded = percent_decode_str(value).decode_utf8().ok().filter(|_| !value.contains('+'));
    let decoded = decoded.ok_or_else(|| Refusal::invalid_argument(format!("{RENAME} is not valid")))?;
    let mut keys = vec![decoded.to_string()];
    let without_slash = decoded.strip_prefix('/').unwrap_or(&decoded);
    keys.push(without_slash.to_owned());
    let after_bucket = without_slash.strip_prefix(bucket).and_then(|rest| rest.strip_prefix('/'));
    keys.extend(after_bucket.map(str::to_owned));
    keys.dedup();
    Ok(keys)
}

fn text(forward: &Forward, name: &str) -> Result<Option<String>, Refusal> {
    let Some(value) = forward.headers.get(name) else { return Ok(None) };
    let text = value.to_str().map_err(|_| Refusal::invalid_argument(format!("{name} is not ASCII")))?;
    Ok(Some(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::readings;

    #[test]
    fn a_rename_source_has_each_of_its_readings_checked() {
        assert_eq!(readings("a%20b", "photos").unwrap(), ["a b"]);
        assert_eq!(readings("/photos/a", "photos").unwrap(), ["/photos/a", "photos/a", "a"]);
        assert_eq!(readings("photos/a", "photos").unwrap(), ["photos/a", "a"]);
        assert!(readings("a+b", "photos").is_err());
    }
}
