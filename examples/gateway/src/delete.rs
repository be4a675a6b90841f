//! `DeleteObjects`: the body names the keys, so it is read first, and each key is checked.

use bucket::BoxBody;
use bucket::xml::{self, Element};
use bytes::Bytes;
use countersign::{Checksum, ChecksumValue, Verified};
use http::{HeaderMap, Request, Response};
use hyper::body::Incoming;

use crate::bodies;
use crate::gateway::Gateway;
use crate::key_file::Key;
use crate::location::check_key;
use crate::operation;
use crate::refusal::Refusal;
use crate::rights::{Need, Right};
use crate::upstream;

/// S3's own limit.
const MAX_KEYS: usize = 1000;
/// Headers of the request that concern each key.
const CONDITIONS: [&str; 2] = ["x-amz-expected-bucket-owner", "x-amz-request-payer"];

pub async fn objects(
    gateway: &Gateway,
    key: &Key,
    (bucket, headers): (&str, &HeaderMap),
    verified: &Verified,
    body: Incoming,
) -> Result<Response<BoxBody>, Refusal> {
    let body = bodies::proven(verified, body, &gateway.limits)?.proven(gateway.limits.max_buffered).await;
    let body = body.map_err(bodies::refusal)?.into_bytes();
    let (document, keys) = read(&body)?;
    for object in keys {
        check_key(&object)?;
        operation::check(key, &Need { right: Right::Delete, bucket: bucket.to_owned(), key: object })?;
    }
    let url = gateway.storage.endpoint().bucket_url(bucket)?;
    // Servers that are older than the other checksums want this one.
    let md5 = ChecksumValue::of(Checksum::Md5, document.as_bytes()).to_string();
    let mut request = Request::post(format!("{url}?delete=")).header("content-md5", md5);
    for name in CONDITIONS {
        if let Some(value) = headers.get(name) {
            request = request.header(name, value);
        }
    }
    let request = request.body(()).map_err(|error| Refusal::internal(error.to_string()))?;
    let signer = gateway.storage.signer().await?;
    upstream::send(gateway, upstream::signed_bytes(&signer, request, Bytes::from(document))?).await
}

/// Reads the document, and writes it anew: the server reads the keys that were checked, and no others.
fn read(body: &[u8]) -> Result<(String, Vec<String>), Refusal> {
    let malformed = || Refusal::new(400, "MalformedXML", "The XML you provided was not well-formed.");
    let root = xml::parse(body).ok().filter(|root| root.name == "Delete").ok_or_else(malformed)?;
    let mut keys = Vec::new();
    let mut document = String::from("<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    for child in &root.children {
        match &*child.name {
            "Object" => document += &object(child, &mut keys).ok_or_else(malformed)?,
            "Quiet" => document += &element(child),
            _ => return Err(malformed()),
        }
    }
    if keys.is_empty() || keys.len() > MAX_KEYS {
        return Err(malformed());
    }
    Ok((document + "</Delete>", keys))
}

/// Returns nothing for an object without exactly one key.
fn object(child: &Element, keys: &mut Vec<String>) -> Option<String> {
    let mut parts = String::new();
    let before = keys.len();
    for part in &child.children {
        match &*part.name {
            "Key" => keys.push(part.text.clone()),
            "VersionId" | "ETag" | "LastModifiedTime" | "Size" => {}
            _ => return None,
        }
        parts += &element(part);
    }
    (keys.len() == before + 1).then(|| format!("<Object>{parts}</Object>"))
}

fn element(element: &Element) -> String {
    format!("<{0}>{1}</{0}>", element.name, xml::escape(&element.text))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn each_key_is_read_and_written_anew() {
        let body = "<Delete xmlns='x'><Object><Key>a&amp;b</Key><VersionId>1</VersionId></Object>\
            <Object><Key><![CDATA[</Key>]]></Key></Object><Quiet>true</Quiet></Delete>";
        let (document, keys) = read(body.as_bytes()).unwrap();
        assert_eq!(keys, ["a&b", "</Key>"]);
        assert_eq!(
            document,
            "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>a&amp;b</Key>\
             <VersionId>1</VersionId></Object><Object><Key>&lt;/Key&gt;</Key></Object><Quiet>true</Quiet></Delete>"
        );
    }

    /// Comments, prefixes and references: the server receives the document that the check has read.
    #[test]
    fn markup_in_a_key_has_one_reading() {
        let wrap = |key: &str| format!("<Delete><Object><Key>{key}</Key></Object></Delete>");
        for (key, read_as, written) in [
            ("2024/<!-- x -->a", "2024/a", "2024/a"),
            ("&#50;023/a", "2023/a", "2023/a"),
            ("2024/a<Key>2023/b</Key>", "2024/a", "2024/a"),
            (" 2024/a\n", " 2024/a\n", " 2024/a&#10;"),
            ("2024/&#13;", "2024/\r", "2024/&#13;"),
        ] {
            let (document, keys) = read(wrap(key).as_bytes()).unwrap();
            assert_eq!(keys, [read_as]);
            assert!(document.contains(&format!("<Key>{written}</Key>")), "{document}");
        }
        let prefixed = "<d:Delete xmlns:d='x'><d:Object><d:Key>a</d:Key></d:Object></d:Delete>";
        assert_eq!(read(prefixed.as_bytes()).unwrap().1, ["a"]);
        let entity =
            "<!DOCTYPE Delete [<!ENTITY k '2023/a'>]><Delete><Object><Key>&k;</Key></Object></Delete>";
        assert_eq!(read(entity.as_bytes()).unwrap_err().code(), "MalformedXML");
    }

    #[test]
    fn a_document_with_another_reading_is_refused() {
        for body in [
            "<Delete/>",
            "<Delete><Object/></Delete>",
            "<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>",
            "<Delete><Object><Key>a</Key><New/></Object></Delete>",
            "<Delete><Key>a</Key></Delete>",
            "<Other><Object><Key>a</Key></Object></Other>",
            "not xml",
        ] {
            assert_eq!(read(body.as_bytes()).unwrap_err().code(), "MalformedXML", "{body}");
        }
    }
}
