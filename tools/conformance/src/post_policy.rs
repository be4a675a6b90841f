//! The kind `post-policy`, and the verdict on a multipart form.

use countersign::post_policy::{FileLength, FormError, ReceivedForm};
use countersign::{Credentials, Payload, ReceivedBody, Request, Timestamp, Verifier, VerifyError};
use multer::{Field, Multipart};
use serde_json::{Value, json};

use crate::{Case, Failure, Given, reject};

/// Signs the policy document as it is given.
pub(crate) fn sign(case: &Case) -> Result<Value, Failure> {
    let text = case.policy.as_deref().ok_or_else(|| Failure::bad("no policy"))?;
    let signed = case.signer(false)?.sign_policy_document(text, case.time()?).map_err(Failure::refused)?;
    Ok(json!({"policy_base64": signed.base64(), "signature": signed.signature().to_string()}))
}

/// The server of a form: the one key that it knows, and its clock.
pub(crate) struct Server<'a> {
    pub(crate) verifier: &'a Verifier,
    pub(crate) known: &'a Credentials,
    pub(crate) now: Timestamp,
    /// How many bytes of the file arrive at a time.
    pub(crate) feed: usize,
}

/// Returns the verdict on a browser's form, whose signature is in the body; `None` for any other request.
pub(crate) fn verify(
    server: &Server<'_>,
    given: &Given,
    request: &Request<'_>,
    body: &[u8],
) -> Option<Value> {
    let content_type = given.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let boundary = multer::parse_boundary(&content_type?.1).ok().filter(|_| given.method == "POST")?;
    let is_anonymous = || {
        matches!(
            server.verifier.claim(request, ReceivedBody::Unread, server.now),
            Err(VerifyError::Anonymous)
        )
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime without I/O");
    runtime.block_on(async {
        match receive(server, &given.target, request, Multipart::with_reader(body, boundary)).await {
            Ok(verdict) => Some(verdict),
            Err(Refusal::NotSigned) => None,
            Err(Refusal::Verify(stage, error)) => Some(reject(stage, &error)),
            Err(Refusal::Multipart(error)) => is_anonymous().then(|| {
                json!({
                    "verdict": "reject",
                    "code": "MalformedPOSTRequest",
                    "status": 400,
                    "stage": "body",
                    "error": "Multipart",
                    "message": error.to_string(),
                })
            }),
        }
    })
}

enum Refusal {
    /// The request may be, in its headers or its query.
    NotSigned,
    Verify(&'static str, VerifyError),
    Multipart(multer::Error),
}

impl From<multer::Error> for Refusal {
    fn from(error: multer::Error) -> Self {
        Self::Multipart(error)
    }
}

/// Fields up to the file, the claim, and then the file as it streams.
async fn receive(
    server: &Server<'_>,
    target: &str,
    request: &Request<'_>,
    mut parts: Multipart<'_>,
) -> Result<Value, Refusal> {
    let refuse = |error| Refusal::Verify("request", error);
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut file: Option<Field<'_>> = None;
    while let Some(part) = parts.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        if name.eq_ignore_ascii_case("file") {
            file = Some(part);
            break;
        }
        let value = part.bytes().await?.to_vec();
        let value = String::from_utf8(value).map_err(|_| refuse(FormError::invalid_field(&name).into()))?;
        fields.push((name, value));
    }

    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let file_name = file.as_ref().and_then(Field::file_name).unwrap_or_default().to_owned();
    let form = ReceivedForm::new(bucket(target), &fields).with_file_name(&file_name);
    if !form.is_signed() {
        return Err(Refusal::NotSigned);
    }
    let claim = server.verifier.claim_form(request, &form, server.now).map_err(refuse)?;
    let is_known = claim.claimed_access_key_id() == server.known.access_key_id();
    let key = is_known.then(|| claim.derive_key(server.known));
    let verified = claim.verify(key.as_ref()).map_err(|rejected| refuse(rejected.into_error()))?;

    let Some(mut file) = file else { return Err(refuse(FormError::NotOneFile.into())) };
    let (mut length, mut content) = (verified.file_length(), Vec::new());
    let too_long = |error: FormError| Refusal::Verify("body", error.into());
    while let Some(piece) = file.chunk().await? {
        piece
            .chunks(server.feed)
            .try_for_each(|piece| FileLength::update(&mut length, piece))
            .map_err(too_long)?;
        content.extend_from_slice(&piece);
    }
    length.finish().map_err(too_long)?;
    drop(file);
    // Fields after the file are ignored, but the body must be complete.
    while parts.next_field().await?.is_some() {}
    Ok(json!({
        "verdict": "accept",
        "mechanism": "form",
        "algorithm": "AWS4-HMAC-SHA256",
        "access_key": verified.access_key_id(),
        "bucket": verified.bucket(),
        "key": verified.key(),
        "body_sha256": Payload::Bytes(&content).hash().as_str(),
    }))
}

/// In path style: the first segment of the path.
fn bucket(target: &str) -> &str {
    let path = target.strip_prefix('/').unwrap_or(target);
    path.split(['/', '?']).next().unwrap_or_default()
}
