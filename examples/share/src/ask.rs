//! The request that the receiver may send: the method, the query and the headers that the signature will cover.

use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bucket::cli::{Doing, Failure};
use countersign::Expires;
use md5::{Digest, Md5};

use crate::arguments::{Access, Command, Common, Delete, Get, List, Part, Put};
use crate::upload;

/// One kind of URL. Names and values of the query are not encoded yet.
pub struct Ask {
    pub method: &'static str,
    pub query: Vec<(&'static str, String)>,
    pub headers: Vec<(String, String)>,
    /// The file that the receiver uploads, if it is known.
    pub file: Option<String>,
    /// A listing is of the bucket, and the key is its prefix.
    pub lists: bool,
    pub expires: Expires,
    pub common: Common,
}

impl Ask {
    pub fn of(command: Command) -> Result<Self, Failure> {
        match command {
            Command::Get(get) => Self::get("GET", get),
            Command::Head(get) => Self::get("HEAD", get),
            Command::Put(put) => Self::put(put),
            Command::Delete(delete) => Self::delete(delete),
            Command::List(list) => Self::list(list),
            Command::Part(part) => Self::part(part),
            _ => Err(Failure::usage("this command makes no URL")),
        }
    }

    fn new(method: &'static str, common: Common) -> Result<Self, Failure> {
        let headers = common.header.iter().map(|header| parse_header(header)).collect::<Result<_, _>>()?;
        let expires = common.expires;
        Ok(Self { method, query: Vec::new(), headers, file: None, lists: false, expires, common })
    }

    fn get(method: &'static str, get: Get) -> Result<Self, Failure> {
        let mut ask = Self::new(method, get.common)?;
        let disposition = get.download_as.as_deref().map(attachment).or(get.response_content_disposition);
        ask.query([
            ("versionId", get.version_id),
            ("response-cache-control", get.response_cache_control),
            ("response-content-disposition", disposition),
            ("response-content-encoding", get.response_content_encoding),
            ("response-content-language", get.response_content_language),
            ("response-content-type", get.response_content_type),
            ("response-expires", get.response_expires),
        ]);
        ask.access(&get.access)?;
        Ok(ask)
    }

    fn put(put: Put) -> Result<Self, Failure> {
        let mut ask = Self::new("PUT", put.common)?;
        if let Some(content_type) = put.content_type {
            ask.header("content-type", content_type);
        }
        for pair in &put.metadata {
            let (name, value) = parse_metadata(pair)?;
            ask.header(&name, value);
        }
        if put.if_none_match {
            ask.header("if-none-match", "*");
        }
        upload::bind(&mut ask, &put.upload)?;
        ask.access(&put.access)?;
        Ok(ask)
    }

    fn delete(delete: Delete) -> Result<Self, Failure> {
        let mut ask = Self::new("DELETE", delete.common)?;
        ask.query([("versionId", delete.version_id)]);
        ask.access(&Access { request_payer: delete.request_payer, sse_c_key: None })?;
        Ok(ask)
    }

    /// The prefix is added when the object is known.
    fn list(list: List) -> Result<Self, Failure> {
        let mut ask = Self::new("GET", list.common)?;
        ask.lists = true;
        ask.query([
            ("list-type", Some("2".to_owned())),
            ("delimiter", list.delimiter),
            ("max-keys", list.max_keys.map(|number| number.to_string())),
            ("start-after", list.start_after),
        ]);
        ask.access(&Access { request_payer: list.request_payer, sse_c_key: None })?;
        Ok(ask)
    }

    fn part(part: Part) -> Result<Self, Failure> {
        let mut ask = Self::new("PUT", part.common)?;
        ask.query([("partNumber", Some(part.part_number.to_string())), ("uploadId", Some(part.upload_id))]);
        upload::bind(&mut ask, &part.upload)?;
        ask.access(&part.access)?;
        Ok(ask)
    }

    pub fn header(&mut self, name: &str, value: impl Into<String>) {
        self.headers.push((name.to_owned(), value.into()));
    }

    pub fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|(found, _)| found.eq_ignore_ascii_case(name))
    }

    fn query<const N: usize>(&mut self, pairs: [(&'static str, Option<String>); N]) {
        self.query.extend(pairs.into_iter().filter_map(|(name, value)| Some((name, value?))));
    }

    fn access(&mut self, access: &Access) -> Result<(), Failure> {
        if access.request_payer {
            self.header("x-amz-request-payer", "requester");
        }
        if let Some(path) = &access.sse_c_key {
            let key = read_key(path)?;
            self.header("x-amz-server-side-encryption-customer-algorithm", "AES256");
            self.header("x-amz-server-side-encryption-customer-key", BASE64_STANDARD.encode(key));
            let md5 = BASE64_STANDARD.encode(Md5::digest(key));
            self.header("x-amz-server-side-encryption-customer-key-md5", md5);
        }
        Ok(())
    }
}

/// RFC 6266: the plain name for old browsers, and the exact one in UTF-8.
fn attachment(name: &str) -> String {
    let plain =
        name.replace(|c: char| !c.is_ascii() || c.is_ascii_control() || matches!(c, '"' | '\\' | '%'), "_");
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", countersign::uri::encode(name))
}

pub fn parse_header(header: &str) -> Result<(String, String), Failure> {
    let (name, value) = header
        .split_once(':')
        .ok_or_else(|| Failure::usage(format!("--header \"{header}\" is not \"NAME: VALUE\"")))?;
    Ok((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
}

pub fn parse_metadata(pair: &str) -> Result<(String, String), Failure> {
    let (name, value) = pair
        .split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .ok_or_else(|| Failure::usage(format!("--metadata \"{pair}\" is not \"NAME=VALUE\"")))?;
    Ok((format!("x-amz-meta-{}", name.to_ascii_lowercase()), value.to_owned()))
}

fn read_key(path: &Path) -> Result<[u8; 32], Failure> {
    let bytes = std::fs::read(path).doing(format!("the key {} cannot be read", path.display()))?;
    let decoded = BASE64_STANDARD.decode(bytes.trim_ascii());
    let key = <[u8; 32]>::try_from(bytes).ok().or_else(|| decoded.ok()?.try_into().ok());
    key.ok_or_else(|| {
        Failure::usage(format!("{} has neither 32 bytes nor 32 bytes in base64", path.display()))
            .advice("make a key: head -c 32 /dev/urandom > FILE")
    })
}
