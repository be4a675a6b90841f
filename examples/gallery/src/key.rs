//! The keys of the bucket. The service chooses them, and the bucket is its only memory.
//!
//! | key | what |
//! | --- | --- |
//! | `incoming/USER/ID.png` | uploaded and not confirmed: a lifecycle rule may delete it |
//! | `incoming/USER/FINGERPRINT-SIZE-ID.png` | the same, in parts: found again by its fingerprint |
//! | the same, with `.thumb.jpg` | its thumbnail |
//! | `images/USER/ID.png`, `thumbs/USER/ID.jpg` | confirmed |
//!
//! An ID begins with the time, counted down, so that a listing has the newest first.

use std::fmt::{self, Display, Formatter};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::image::Image;

/// 12 hexadecimal digits of time and 20 of chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Id(String);

/// The key of an upload that is not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    user: String,
    pub id: Id,
    pub kind: Image,
    pub parts: Option<InParts>,
}

/// The part of the key of a large upload that identifies its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InParts {
    pub fingerprint: String,
    pub size: u64,
}

const LATEST: u64 = (1 << 48) - 1;

impl Id {
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut random = [0; 10];
        getrandom::fill(&mut random)?;
        let millis = since_epoch().as_millis().try_into().unwrap_or(LATEST);
        let random: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self(format!("{:012x}{random}", LATEST.saturating_sub(millis))))
    }

    fn parse(text: &str) -> Option<Self> {
        (text.len() == 32 && is_hex(text)).then(|| Self(text.to_owned()))
    }

    /// Returns the time since the id was made.
    pub fn age(&self) -> Duration {
        let left = u64::from_str_radix(&self.0[..12], 16).unwrap_or_default();
        since_epoch().saturating_sub(Duration::from_millis(LATEST - left))
    }
}

impl Incoming {
    pub fn new(user: &str, kind: Image, parts: Option<InParts>) -> Result<Self, getrandom::Error> {
        Ok(Self { user: user.to_owned(), id: Id::new()?, kind, parts })
    }

    /// Reads a key that a browser sends back. A key of another user, or of another form, is `None`.
    pub fn parse(user: &str, key: &str) -> Option<Self> {
        let name = key.strip_prefix(&prefix("incoming", user))?;
        let (stem, extension) = name.split_once('.')?;
        let kind = Image::from_extension(extension)?;
        let (parts, id) = match *stem.split('-').collect::<Vec<_>>() {
            [id] => (None, id),
            [fingerprint, size, id] if fingerprint.len() == 32 && is_hex(fingerprint) => {
                (Some(InParts { fingerprint: fingerprint.to_owned(), size: size.parse().ok()? }), id)
            }
            _ => return None,
        };
        let key = Self { user: user.to_owned(), id: Id::parse(id)?, kind, parts };
        // Numbers have one form, so that a key has one name.
        (key.to_string() == format!("incoming/{user}/{name}")).then_some(key)
    }

    pub fn thumbnail(&self) -> String {
        format!("{}{}.thumb.jpg", self.same_file(), self.id)
    }

    /// Returns the prefix of the keys of all uploads of the same file in parts.
    pub fn same_file(&self) -> String {
        let parts = self.parts.as_ref();
        let parts = parts.map(|parts| format!("{}-{}-", parts.fingerprint, parts.size));
        format!("{}{}", prefix("incoming", &self.user), parts.unwrap_or_default())
    }

    /// Returns the name of the image once it is confirmed.
    pub fn file_name(&self) -> String {
        format!("{}.{}", self.id, self.kind.extension())
    }
}

impl Display for Incoming {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.same_file(), self.file_name())
    }
}

impl Display for Id {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads the name of a confirmed image.
pub fn parse_file_name(name: &str) -> Option<(Id, Image)> {
    let (id, extension) = name.split_once('.')?;
    Some((Id::parse(id)?, Image::from_extension(extension)?))
}

/// Returns the id in any key of `incoming/`.
pub fn id_of(key: &str) -> Option<Id> {
    let stem = key.rsplit('/').next()?.split('.').next()?;
    Id::parse(stem.rsplit('-').next()?)
}

/// Returns true if a key of `incoming/` is of an upload in parts.
pub fn is_in_parts(key: &str) -> bool {
    key.rsplit('/').next().is_some_and(|name| name.contains('-'))
}

pub fn prefix(folder: &str, user: &str) -> String {
    format!("{folder}/{user}/")
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let parts = InParts { fingerprint: "0".repeat(32), size: 20_000_000 };
        for parts in [None, Some(parts)] {
            let key = Incoming::new("demo", Image::Png, parts).unwrap();
            assert_eq!(Incoming::parse("demo", &key.to_string()), Some(key.clone()));
            assert_eq!(Incoming::parse("other", &key.to_string()), None);
            for key_of in [key.to_string(), key.thumbnail()] {
                assert_eq!(id_of(&key_of), Some(key.id.clone()));
                assert_eq!(is_in_parts(&key_of), key.parts.is_some());
            }
            assert!(key.id.age() < Duration::from_secs(60));
        }
    }

    #[test]
    fn a_newer_id_comes_first() {
        let older = Id::new().unwrap();
        std::thread::sleep(Duration::from_millis(2));
        assert!(Id::new().unwrap().0 < older.0);
    }

    #[test]
    fn rejects_keys_of_another_form() {
        let id = "f".repeat(32);
        for key in [
            format!("incoming/demo/{id}.svg"),
            format!("incoming/demo/{id}.thumb.jpg"),
            format!("incoming/demo/../{id}.png"),
            format!("incoming/demo/x/{id}.png"),
            format!("incoming/demo/{id}-{id}.png"),
            format!("incoming/demo/{id}-020-{id}.png"),
            format!("incoming/demo/{}.png", "F".repeat(32)),
            format!("images/demo/{id}.png"),
            String::new(),
        ] {
            assert_eq!(Incoming::parse("demo", &key), None, "{key}");
        }
    }
}
