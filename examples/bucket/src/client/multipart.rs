//! An upload in parts: begin, upload, list, complete, abort.

use http::HeaderMap;

use super::listing::{decode, goes_on, number};
use super::{Client, text};
use crate::xml::{self, Element};
use crate::{Body, Error};

/// An upload that is not complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub key: String,
    pub id: String,
    /// The service's own text, in RFC 3339.
    pub initiated: String,
}

/// A part that the service has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub number: u32,
    pub size: u64,
    /// Without its quotes.
    pub etag: String,
    /// The algorithm's name, as in `crc64nvme`, and the value in base64.
    pub checksums: Vec<(String, String)>,
}

/// An upload's parts, and the algorithm of their checksums if one was chosen when it began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The name that S3 uses, such as `CRC64NVME`.
    pub algorithm: Option<String>,
    pub parts: Vec<Part>,
}

/// The answer to a part.
#[derive(Debug)]
pub struct UploadedPart {
    /// Without its quotes.
    pub etag: String,
    pub headers: HeaderMap,
}

/// A part as the last request of an upload names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletedPart {
    pub number: u32,
    pub etag: String,
    /// The algorithm's name, as in `crc64nvme`, and the value in base64.
    pub checksum: Option<(&'static str, String)>,
}

impl Client {
    /// Begins an upload and returns its id. The headers describe the object.
    pub async fn create_upload(&self, key: &str, headers: &[(&str, &str)]) -> Result<String, Error> {
        let call = self.call("POST", key, &[("uploads", "")])?.headers(headers);
        let answer = self.storage().send(call).await?;
        Ok(xml::parse(answer.body())?.required("UploadId")?.to_owned())
    }

    /// Sends one part, once. No timeout applies: the caller knows how long a part may take.
    pub async fn upload_part(
        &self,
        key: &str,
        id: &str,
        number: u32,
        body: Body,
        headers: &[(&str, &str)],
    ) -> Result<UploadedPart, Error> {
        let query = [("partNumber", &*number.to_string()), ("uploadId", id)];
        let call = self.call("PUT", key, &query)?.headers(headers).body(body);
        let answer = self.storage().open(call).await?;
        let etag = text(answer.headers(), "etag").trim_matches('"').to_owned();
        Ok(UploadedPart { etag, headers: answer.headers().clone() })
    }

    /// Lists all parts that the service has, in the order of their numbers.
    pub async fn list_parts(&self, key: &str, id: &str) -> Result<Vec<Part>, Error> {
        Ok(self.list_upload(key, id).await?.parts)
    }

    /// Lists all parts as [`list_parts`](Self::list_parts) does, and tells the upload's algorithm.
    pub async fn list_upload(&self, key: &str, id: &str) -> Result<Parts, Error> {
        let mut parts = Vec::new();
        let mut after = String::new();
        loop {
            let mut query = vec![("uploadId", id)];
            query.extend(Some(("part-number-marker", &*after)).filter(|(_, after)| !after.is_empty()));
            let answer = self.storage().send(self.call("GET", key, &query)?).await?;
            let page = xml::parse(answer.body())?;
            for part in page.all("Part") {
                parts.push(Part::read(part)?);
            }
            if page.text_of("IsTruncated") != Some("true") {
                let algorithm = page.text_of("ChecksumAlgorithm").map(str::to_owned);
                return Ok(Parts { algorithm, parts });
            }
            after = goes_on(&after, page.required("NextPartNumberMarker")?.to_owned())?;
        }
    }

    /// Lists all uploads that are not complete and whose key starts with `prefix`.
    pub async fn list_uploads(&self, prefix: &str) -> Result<Vec<Upload>, Error> {
        let mut uploads = Vec::new();
        let (mut key, mut id) = (String::new(), String::new());
        loop {
            let mut query = vec![("uploads", ""), ("encoding-type", "url"), ("prefix", prefix)];
            if !key.is_empty() {
                query.extend([("key-marker", &*key), ("upload-id-marker", &*id)]);
            }
            let answer = self.storage().send(self.call("GET", "", &query)?).await?;
            let page = xml::parse(answer.body())?;
            for upload in page.all("Upload") {
                uploads.push(Upload::read(upload)?);
            }
            if page.text_of("IsTruncated") != Some("true") {
                return Ok(uploads);
            }
            let markers =
                (decode(page.required("NextKeyMarker")?)?, page.required("NextUploadIdMarker")?.to_owned());
            (key, id) = goes_on(&(key, id), markers)?;
        }
    }

    /// Makes the object of its parts and returns its ETag. S3 can answer 200 and report an error in
    /// the body, which is an error here. Waits as long as the service works on it.
    pub async fn complete_upload(
        &self,
        key: &str,
        id: &str,
        parts: &[CompletedPart],
        headers: &[(&str, &str)],
    ) -> Result<String, Error> {
        let body: String = parts.iter().map(CompletedPart::write).collect();
        let body = format!("<CompleteMultipartUpload>{body}</CompleteMultipartUpload>");
        let call = self.call("POST", key, &[("uploadId", id)])?.headers(headers).body(Body::bytes(body));
        let answer = crate::transport::collected(self.storage().open(call).await?).await?;
        let root = xml::parse(answer.body())?;
        if root.name == "Error" {
            return Err(Error::refused(answer));
        }
        Ok(root.required("ETag")?.trim_matches('"').to_owned())
    }

    /// Deletes an upload and its parts.
    pub async fn abort_upload(&self, key: &str, id: &str) -> Result<(), Error> {
        self.storage().send(self.call("DELETE", key, &[("uploadId", id)])?).await.map(drop)
    }
}

impl Part {
    fn read(part: &Element) -> Result<Self, Error> {
        let checksums = part.children.iter().filter_map(|child| {
            let name = child.name.strip_prefix("Checksum").filter(|name| *name != "Type")?;
            Some((name.to_ascii_lowercase(), child.text.clone()))
        });
        Ok(Self {
            number: number(part, "PartNumber")?,
            size: number(part, "Size")?,
            etag: part.required("ETag")?.trim_matches('"').to_owned(),
            checksums: checksums.collect(),
        })
    }
}

impl Upload {
    fn read(upload: &Element) -> Result<Self, Error> {
        Ok(Self {
            key: decode(upload.required("Key")?)?,
            id: upload.required("UploadId")?.to_owned(),
            initiated: upload.text_of("Initiated").unwrap_or_default().to_owned(),
        })
    }
}

impl CompletedPart {
    fn write(&self) -> String {
        let Self { number, etag, checksum } = self;
        let checksum = checksum.as_ref().map(|(name, value)| {
            let name = name.to_ascii_uppercase();
            format!("<Checksum{name}>{}</Checksum{name}>", xml::escape(value))
        });
        let etag = xml::escape(&format!("\"{etag}\""));
        let checksum = checksum.unwrap_or_default();
        format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag>{checksum}</Part>")
    }
}
