//! ListObjectsV2: what is asked and what is answered.

use percent_encoding::percent_decode_str;

use super::Client;
use crate::Error;
use crate::xml::{self, Element};

/// One object of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub key: String,
    pub size: u64,
    /// Without its quotes.
    pub etag: String,
    /// The service's own text, in RFC 3339.
    pub modified: String,
}

/// One page of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    pub objects: Vec<Listed>,
    /// The groups of keys that a delimiter makes.
    pub prefixes: Vec<String>,
    /// Asks for the page after this one.
    pub next: Option<String>,
}

impl Client {
    /// Lists all objects whose key starts with `prefix`, page by page.
    pub async fn list(&self, prefix: &str) -> Result<Vec<Listed>, Error> {
        let mut objects = Vec::new();
        let mut token = None;
        loop {
            let page = self.list_page(prefix, "", token.as_deref(), 1000).await?;
            objects.extend(page.objects);
            match page.next {
                Some(next) => token = goes_on(&token, Some(next))?,
                None => return Ok(objects),
            }
        }
    }

    /// Lists at most `max_keys` objects. `token` is the [`next`](Listing::next) of the page before.
    /// An empty delimiter makes no groups.
    pub async fn list_page(
        &self,
        prefix: &str,
        delimiter: &str,
        token: Option<&str>,
        max_keys: u32,
    ) -> Result<Listing, Error> {
        let max_keys = max_keys.to_string();
        // XML cannot hold every key, so they are asked for in encoded form.
        let mut query =
            vec![("list-type", "2"), ("encoding-type", "url"), ("prefix", prefix), ("max-keys", &max_keys)];
        if !delimiter.is_empty() {
            query.push(("delimiter", delimiter));
        }
        query.extend(token.map(|token| ("continuation-token", token)));
        let answer = self.storage().send(self.call("GET", "", &query)?).await?;
        Listing::read(&xml::parse(answer.body())?)
    }
}

impl Listing {
    fn read(root: &Element) -> Result<Self, Error> {
        let prefixes = root.all("CommonPrefixes").map(|group| decode(group.required("Prefix")?));
        let next = match root.text_of("IsTruncated") {
            Some("true") => Some(root.required("NextContinuationToken")?.to_owned()),
            _ => None,
        };
        let objects = root.all("Contents").map(Listed::read).collect::<Result<_, _>>()?;
        Ok(Self { objects, prefixes: prefixes.collect::<Result<_, _>>()?, next })
    }
}

impl Listed {
    fn read(entry: &Element) -> Result<Self, Error> {
        Ok(Self {
            key: decode(entry.required("Key")?)?,
            size: number(entry, "Size")?,
            etag: entry.text_of("ETag").unwrap_or_default().trim_matches('"').to_owned(),
            modified: entry.text_of("LastModified").unwrap_or_default().to_owned(),
        })
    }
}

pub(super) fn number<N: std::str::FromStr>(element: &Element, name: &str) -> Result<N, Error> {
    let value = element.required(name)?;
    value.parse().map_err(|_| Error::Answer(format!("{name} is not a number: {value}")))
}

/// Returns the place where the next page of a list begins. A server that names the same place again would be asked
/// for ever.
pub(super) fn goes_on<M: PartialEq>(before: &M, next: M) -> Result<M, Error> {
    match next == *before {
        true => Err(Error::Answer("the next page of the list begins where this one does".to_owned())),
        false => Ok(next),
    }
}

/// Here a space comes as `+`; a plus sign comes as `%2B`, so there is no doubt.
pub(super) fn decode(key: &str) -> Result<String, Error> {
    let key = key.replace('+', "%20");
    let decoded = percent_decode_str(&key).decode_utf8();
    decoded.map(Into::into).map_err(|_| Error::Answer("a Key is not UTF-8".to_owned()))
}
