//! One page of a listing, the same for both versions of ListObjects.

use std::collections::BTreeMap;
use std::ops::Bound;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::dto::{CommonPrefix, EncodingType, ObjectStorageClass};

use super::object::Object;

/// The parameters of a listing.
#[derive(Default)]
pub struct Query<'q> {
    pub prefix: &'q str,
    pub delimiter: &'q str,
    /// Only keys after this one.
    pub after: &'q str,
    pub max_keys: Option<i32>,
    pub encoding: Option<&'q EncodingType>,
}

/// One page of a listing.
#[derive(Default)]
pub struct Page {
    pub contents: Vec<s3s::dto::Object>,
    pub common_prefixes: Vec<CommonPrefix>,
    pub max_keys: i32,
    /// The start of the next page. The last page has none.
    pub next: Option<String>,
}

impl Page {
    pub fn of(objects: &BTreeMap<String, Object>, query: &Query<'_>) -> Self {
        let max_keys = query.max_keys.unwrap_or(1000).clamp(0, 1000);
        let mut page = Self { max_keys, ..Self::default() };
        let mut last = String::new();

        let after = (Bound::Excluded(query.after), Bound::Unbounded);
        for (key, object) in objects.range::<str, _>(after) {
            let Some(rest) = key.strip_prefix(query.prefix) else { continue };
            let group = group_of(query, rest);
            // A page may have ended inside a group, or on its name: the group has been given then.
            if group.as_deref().is_some_and(|group| group == last || group == query.after) {
                continue;
            }
            if page.key_count() == max_keys {
                page.next = Some(last).filter(|last| !last.is_empty());
                break;
            }
            match group {
                Some(group) => {
                    page.common_prefixes.push(CommonPrefix { prefix: Some(encode(&group, query.encoding)) });
                    last = group;
                }
                None => {
                    page.contents.push(entry(key, object, query.encoding));
                    last.clone_from(key);
                }
            }
        }
        page
    }

    pub fn key_count(&self) -> i32 {
        i32::try_from(self.contents.len() + self.common_prefixes.len()).unwrap_or(i32::MAX)
    }
}

/// Keys that share what precedes the delimiter are listed as one common prefix.
fn group_of(query: &Query<'_>, rest: &str) -> Option<String> {
    if query.delimiter.is_empty() {
        return None;
    }
    let end = rest.find(query.delimiter)? + query.delimiter.len();
    Some(format!("{}{}", query.prefix, &rest[..end]))
}

fn entry(key: &str, object: &Object, encoding: Option<&EncodingType>) -> s3s::dto::Object {
    s3s::dto::Object {
        key: Some(encode(key, encoding)),
        size: object.size(),
        e_tag: object.etag(),
        last_modified: Some(object.modified.clone()),
        storage_class: Some(ObjectStorageClass::from_static(ObjectStorageClass::STANDARD)),
        ..Default::default()
    }
}

/// XML cannot hold every key, so a client may ask for encoded ones.
pub fn encode(key: &str, encoding: Option<&EncodingType>) -> String {
    const ENCODED: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');
    match encoding {
        Some(encoding) if encoding.as_str() == EncodingType::URL => {
            utf8_percent_encode(key, ENCODED).to_string()
        }
        _ => key.to_owned(),
    }
}
