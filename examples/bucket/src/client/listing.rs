//! ListObjectsV2: what is asked and what is answered.

use bytes::Bytes;
use countersign::uri;
use roxmltree::{Document, Node};

use super::Error;

/// One object of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub key: String,
    pub size: u64,
}

pub struct Page {
    pub objects: Vec<Listed>,
    /// Asks for the page after this one.
    pub next: Option<String>,
}

/// `encoding-type=url`, because XML cannot hold every key.
pub fn query(prefix: &str, token: Option<&str>) -> String {
    let token = token.map(|token| format!("continuation-token={}&", uri::encode(token))).unwrap_or_default();
    format!("{token}encoding-type=url&list-type=2&prefix={}", uri::encode(prefix))
}

impl Page {
    pub fn parse(body: &Bytes) -> Result<Self, Error> {
        let text = std::str::from_utf8(body).map_err(|error| Error::Answer(error.to_string()))?;
        let document = Document::parse(text).map_err(|error| Error::Answer(error.to_string()))?;
        let root = document.root_element();

        let contents = root.children().filter(|node| node.tag_name().name() == "Contents");
        let objects = contents.map(Listed::parse).collect::<Result<_, _>>()?;
        let next = match child(root, "IsTruncated") {
            Some("true") => Some(required(root, "NextContinuationToken")?.to_owned()),
            _ => None,
        };
        Ok(Self { objects, next })
    }
}

impl Listed {
    fn parse(node: Node<'_, '_>) -> Result<Self, Error> {
        let size = required(node, "Size")?.parse();
        Ok(Self {
            key: decode(required(node, "Key")?)?,
            size: size.map_err(|_| Error::Answer("a Size is not a number".to_owned()))?,
        })
    }
}

/// Here a space comes as `+`; a plus sign comes as `%2B`, so there is no doubt.
fn decode(key: &str) -> Result<String, Error> {
    let key = key.replace('+', "%20");
    let decoded = percent_encoding::percent_decode_str(&key).decode_utf8();
    decoded.map(Into::into).map_err(|_| Error::Answer("a Key is not UTF-8".to_owned()))
}

fn required<'a>(node: Node<'a, '_>, name: &str) -> Result<&'a str, Error> {
    child(node, name).ok_or_else(|| Error::Answer(format!("{name} is missing")))
}

fn child<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let found = node.children().find(|node| node.tag_name().name() == name)?;
    Some(found.text().unwrap_or_default())
}
