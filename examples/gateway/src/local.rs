//! The answers that the gateway gives itself, from the file of rights.

use bucket::{BoxBody, xml};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};

use crate::bodies;
use crate::gateway::Gateway;
use crate::key_file::Key;
use crate::operation::Operation;
use crate::refusal::Refusal;

const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

pub fn answer(gateway: &Gateway, key: &Key, operation: &Operation) -> Result<Response<BoxBody>, Refusal> {
    match operation {
        Operation::ListBuckets => Ok(document(&buckets(key))),
        Operation::BucketLocation(_) => Ok(document(&location(&gateway.region))),
        // Clients create a bucket before they upload. For them it exists.
        Operation::CreateBucket(_) => Err(Refusal::new(
            409,
            "BucketAlreadyOwnedByYou",
            "Your previous request to create the named bucket succeeded and you already own it.",
        )),
        Operation::DeleteObjects(..) | Operation::Forward(_) => {
            Err(Refusal::internal("not a local operation"))
        }
    }
}

/// The buckets in which the key has a right. `*` does not name a bucket.
fn buckets(key: &Key) -> String {
    let mut names: Vec<_> =
        key.grants.iter().filter(|grant| grant.bucket != "*").map(|grant| &grant.bucket).collect();
    names.sort_unstable();
    names.dedup();
    let bucket = |name: &&String| {
        let name = xml::escape(name);
        format!("<Bucket><Name>{name}</Name><CreationDate>2026-01-01T00:00:00.000Z</CreationDate></Bucket>")
    };
    let buckets: String = names.iter().map(bucket).collect();
    let owner = xml::escape(&key.name);
    format!(
        "<ListAllMyBucketsResult xmlns=\"{NAMESPACE}\"><Owner><ID>{owner}</ID><DisplayName>{owner}</DisplayName></Owner>\
         <Buckets>{buckets}</Buckets></ListAllMyBucketsResult>"
    )
}

/// S3 writes nothing for its first region.
fn location(region: &str) -> String {
    let region = if region == "us-east-1" { String::new() } else { xml::escape(region) };
    format!("<LocationConstraint xmlns=\"{NAMESPACE}\">{region}</LocationConstraint>")
}

pub fn document(text: &str) -> Response<BoxBody> {
    let mut response =
        Response::new(bodies::bytes(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}")));
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    response
}
