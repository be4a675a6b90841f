//! The operation of a verified request, in S3's terms, and the rights that it requires.
//!
//! The table is an allow-list: a subresource or a parameter that it does not name is refused, because
//! no right is defined for it.

use countersign::{Mechanism, Verified};
use http::HeaderMap;
use http::request::Parts;

use crate::gateway::Names;
use crate::headers;
use crate::key_file::Key;
use crate::location::locate;
use crate::query::Query;
use crate::refusal::Refusal;
use crate::rights::{Need, Right, covers, knows};
use crate::{sources, unsigned};

pub enum Operation {
    /// The gateway answers these itself.
    ListBuckets,
    BucketLocation(String),
    CreateBucket(String),
    /// The body names the keys. The headers are those of the request.
    DeleteObjects(String, HeaderMap),
    Forward(Forward),
}

/// A request to send on. Everything in it was verified.
pub struct Forward {
    pub method: http::Method,
    pub bucket: String,
    pub key: Option<String>,
    pub parameters: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub needs: Vec<Need>,
}

/// method, subresource (the parameter that chooses the operation), right
type Row = (&'static str, &'static str, Right);

const OBJECT: [Row; 14] = [
    ("GET", "", Right::Read),
    ("HEAD", "", Right::Read),
    ("PUT", "", Right::Write),
    ("DELETE", "", Right::Delete),
    ("GET", "attributes", Right::Read),
    ("GET", "tagging", Right::Read),
    ("PUT", "tagging", Right::Write),
    ("DELETE", "tagging", Right::Write),
    ("PUT", "renameObject", Right::Write),
    ("POST", "uploads", Right::Write),
    ("PUT", "uploadId", Right::Write),
    ("POST", "uploadId", Right::Write),
    ("GET", "uploadId", Right::Write),
    ("DELETE", "uploadId", Right::Write),
];

const BUCKET: [Row; 3] =
    [("GET", "", Right::List), ("GET", "versions", Right::List), ("GET", "uploads", Right::List)];

/// Parameters that choose no operation.
const PARAMETERS: [&str; 24] = [
    "continuation-token",
    "delimiter",
    "encoding-type",
    "fetch-owner",
    "key-marker",
    "list-type",
    "marker",
    "max-keys",
    "max-parts",
    "max-uploads",
    "part-number-marker",
    "partNumber",
    "prefix",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "start-after",
    "upload-id-marker",
    "version-id-marker",
    "versionId",
    "allow-unordered",
];

impl Operation {
    pub fn of(verified: &Verified, names: &Names) -> Result<Self, Refusal> {
        let (bucket, key) = locate(verified, names)?;
        let query = Query::of(verified)?;
        let method = verified.method();
        let subresource = subresource(&query)?;
        let moved = query.headers.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
        let headers = headers::forwarded(verified.headers().chain(moved))?;
        match (bucket, key, method, subresource) {
            (None, _, "GET", "") => Ok(Self::ListBuckets),
            (Some(bucket), None, "GET", "location") => Ok(Self::BucketLocation(bucket)),
            (Some(bucket), None, "PUT", "") => Ok(Self::CreateBucket(bucket)),
            (Some(bucket), None, "POST", "delete") => Ok(Self::DeleteObjects(bucket, headers)),
            (Some(bucket), key, ..) => Ok(Self::Forward(Forward::of(method, headers, query, bucket, key)?)),
            _ => Err(unknown(method, subresource)),
        }
    }

    /// Refuses what the key may not do. `DeleteObjects` is checked once its keys are read.
    pub fn check(&self, key: &Key) -> Result<(), Refusal> {
        match self {
            Self::ListBuckets => Ok(()),
            Self::BucketLocation(bucket) | Self::CreateBucket(bucket) | Self::DeleteObjects(bucket, _) => {
                check_known(key, bucket)
            }
            Self::Forward(forward) if forward.needs.is_empty() => check_known(key, &forward.bucket),
            Self::Forward(forward) => forward.needs.iter().try_for_each(|need| check(key, need)),
        }
    }
}

impl Forward {
    fn of(
        method: &str,
        headers: HeaderMap,
        query: Query,
        bucket: String,
        key: Option<String>,
    ) -> Result<Self, Refusal> {
        let subresource = subresource(&query)?;
        let is_row = |row: &&Row| row.0 == method && row.1 == subresource;
        let needs = match &key {
            Some(key) => {
                let (_, _, right) = OBJECT.iter().find(is_row).ok_or_else(|| unknown(method, subresource))?;
                vec![Need { right: *right, bucket: bucket.clone(), key: key.clone() }]
            }
            // Any right in the bucket lets a client see that it exists.
            None if (method, subresource) == ("HEAD", "")
                || (method, subresource) == ("GET", "versioning") =>
            {
                Vec::new()
            }
            None => {
                let (_, _, right) = BUCKET.iter().find(is_row).ok_or_else(|| unknown(method, subresource))?;
                let prefix = query.get("prefix").unwrap_or_default().to_owned();
                vec![Need { right: *right, bucket: bucket.clone(), key: prefix }]
            }
        };
        let method = method.parse().map_err(|_| unknown(method, subresource))?;
        let parameters = query.parameters;
        let mut forward = Self { method, bucket, key, parameters, headers, needs };
        sources::add_needs(&mut forward)?;
        Ok(forward)
    }

    /// Adds the unsigned headers that `--pass-unsigned` names.
    pub fn with_unsigned(
        mut self,
        verified: &Verified,
        head: &Parts,
        pass: &[String],
    ) -> Result<Self, Refusal> {
        let is_read = matches!(self.method, http::Method::GET | http::Method::HEAD);
        let is_presigned = verified.mechanism() == Mechanism::Query;
        unsigned::add(&mut self.headers, &head.headers, is_read && is_presigned, pass)?;
        Ok(self)
    }
}

/// Returns the parameter that chooses the operation.
fn subresource(query: &Query) -> Result<&str, Refusal> {
    let mut found = "";
    for (name, _) in query.parameters.iter().filter(|(name, _)| !PARAMETERS.contains(&&**name)) {
        if !found.is_empty() {
            return Err(Refusal::invalid_argument(format!("The parameters {found} and {name} conflict")));
        }
        found = name;
    }
    Ok(found)
}

pub fn check(key: &Key, need: &Need) -> Result<(), Refusal> {
    if covers(&key.grants, need) {
        return Ok(());
    }
    let Need { right, bucket, key: object } = need;
    let right = format!("{right:?}").to_lowercase();
    Err(Refusal::access_denied(format!("{} has no right to {right} {bucket}/{object}", key.name)))
}

fn check_known(key: &Key, bucket: &str) -> Result<(), Refusal> {
    let name = &key.name;
    let denied = || Refusal::access_denied(format!("{name} has no right in the bucket {bucket}"));
    if knows(&key.grants, bucket) { Ok(()) } else { Err(denied()) }
}

fn unknown(method: &str, subresource: &str) -> Refusal {
    if subresource.is_empty() {
        return Refusal::new(
            405,
            "MethodNotAllowed",
            "The specified method is not allowed against this resource.",
        )
        .because(format!("{method} is not an operation on this resource"));
    }
    Refusal::not_implemented(subresource)
}
