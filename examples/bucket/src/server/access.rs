//! The requirements of a careful verifier in addition to a matching signature.

use http::header::AUTHORIZATION;
use http::{HeaderMap, Uri};
use percent_encoding::percent_decode_str;
use s3s::access::{S3Access, S3AccessContext};
use s3s::dto::PostObjectInput;
use s3s::{S3Error, S3ErrorCode, S3Request, S3Result, s3_error};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const SEVEN_DAYS: u64 = 604_800;

/// Runs after s3s has found the signature right, and refuses requests that prove too little.
pub struct StrictAccess {
    pub region: String,
}

#[async_trait::async_trait]
impl S3Access for StrictAccess {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        if context.credentials().is_none() {
            return Err(s3_error!(AccessDenied, "Access Denied"));
        }
        // A form carries its signature in the body; s3s has checked it against the policy.
        if context.s3_op().name() == "PostObject" {
            return Ok(());
        }
        let proof = Proof::of(context.headers(), context.uri())?;
        self.check_scope(&proof.credential)?;
        check_signed_headers(&proof.signed_headers, context.headers())
    }

    async fn post_object(&self, request: &mut S3Request<PostObjectInput>) -> S3Result<()> {
        match &request.region {
            Some(region) if region.as_str() == self.region => Ok(()),
            _ => Err(s3_error!(AccessDenied, "Invalid according to Policy: wrong region in the credential")),
        }
    }
}

impl StrictAccess {
    /// `KEY/20130524/us-east-1/s3/aws4_request`: s3s compares the date, region and service are left.
    fn check_scope(&self, credential: &str) -> S3Result<()> {
        let mut scope = credential.rsplit('/').skip(1);
        let (service, region) = (scope.next().unwrap_or_default(), scope.next().unwrap_or_default());
        if region != self.region {
            return Err(malformed(format!("the region '{region}' is wrong; expecting '{}'", self.region)));
        }
        if service != "s3" {
            return Err(malformed(format!(
                "incorrect service \"{service}\". This endpoint belongs to \"s3\""
            )));
        }
        Ok(())
    }
}

/// The statements of a header or a query about its signature.
struct Proof {
    credential: String,
    signed_headers: Vec<String>,
}

impl Proof {
    fn of(headers: &HeaderMap, uri: &Uri) -> S3Result<Self> {
        let in_query = query_pairs(uri).any(|(name, _)| name.starts_with("X-Amz-Signature"));
        match (headers.get(AUTHORIZATION), in_query) {
            (Some(_), true) => Err(s3_error!(InvalidArgument, "Only one auth mechanism allowed")),
            (Some(value), false) => Self::of_header(value.to_str().unwrap_or_default()),
            (None, _) => Self::of_query(uri),
        }
    }

    fn of_header(value: &str) -> S3Result<Self> {
        let Some(parameters) = value.strip_prefix(ALGORITHM) else {
            return Err(s3_error!(
                InvalidRequest,
                "The authorization mechanism you have provided is not supported."
            ));
        };
        let parameter = |name: &str| {
            let mut pairs = parameters.split(',').filter_map(|pair| pair.trim().split_once('='));
            pairs.find(|(found, _)| *found == name).map(|(_, value)| value.to_owned()).unwrap_or_default()
        };
        Ok(Self { credential: parameter("Credential"), signed_headers: names(&parameter("SignedHeaders")) })
    }

    fn of_query(uri: &Uri) -> S3Result<Self> {
        let parameter = |name: &str| {
            query_pairs(uri).find(|(found, _)| found == name).map(|(_, value)| value).unwrap_or_default()
        };

        if parameter("X-Amz-Algorithm") != ALGORITHM {
            return Err(query_error("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\""));
        }
        match parameter("X-Amz-Expires").parse::<u64>() {
            Ok(1..=SEVEN_DAYS) => {}
            _ => return Err(query_error("X-Amz-Expires must be between 1 and 604800 seconds")),
        }
        Ok(Self {
            credential: parameter("X-Amz-Credential"),
            signed_headers: names(&parameter("X-Amz-SignedHeaders")),
        })
    }
}

/// A header that is not signed could have been changed or added on the way.
fn check_signed_headers(signed: &[String], arrived: &HeaderMap) -> S3Result<()> {
    // The hash is signed as the last line of the canonical request, so its header need not be.
    let must_be_signed = |name: &&str| name.starts_with("x-amz-") && *name != "x-amz-content-sha256";
    let arrived = arrived.keys().map(|name| name.as_str()).filter(must_be_signed);

    for name in std::iter::once("host").chain(arrived) {
        if !signed.iter().any(|found| found == name) {
            let message = format!("There were headers present in the request which were not signed: {name}");
            return Err(S3Error::with_message(S3ErrorCode::AccessDenied, message));
        }
    }
    Ok(())
}

fn query_pairs(uri: &Uri) -> impl Iterator<Item = (String, String)> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    uri.query().unwrap_or_default().split('&').map(move |pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

fn names(list: &str) -> Vec<String> {
    list.split(';').map(str::to_owned).collect()
}

fn malformed(reason: String) -> S3Error {
    let message = format!("The authorization header is malformed; {reason}");
    S3Error::with_message(S3ErrorCode::AuthorizationHeaderMalformed, message)
}

fn query_error(message: &'static str) -> S3Error {
    S3Error::with_message(S3ErrorCode::AuthorizationQueryParametersError, message)
}
