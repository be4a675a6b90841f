//! [`Recorded`], one request of the file, and how it is verified.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::chunked::{Decoder, LineEndings};
use countersign::post_policy::ReceivedForm;
use countersign::{
    BodyCheck, BodyStatus, Credentials, ReceivedBody, Request, SecretAccessKey, Service, Timestamp, Verified,
    Verifier, VerifyError,
};
use serde_json::Value;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// A request as its client sent it.
#[derive(Clone)]
pub(crate) struct Recorded {
    pub(crate) client: String,
    pub(crate) operation: String,
    pub(crate) target: String,
    pub(crate) verdict: String,
    method: String,
    headers: Vec<(String, Vec<u8>)>,
    /// `None` if the body was too long to keep: then the head alone is verified.
    body: Option<Vec<u8>>,
    secret: String,
    token: Option<String>,
    region: String,
    service: String,
    time: Timestamp,
    line_endings: LineEndings,
}

/// What a server answers.
pub(crate) enum Outcome {
    Accepted,
    Refused(VerifyError),
}

impl Outcome {
    /// Returns `accepted`, or the name of the error's variant.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Accepted => "accepted".into(),
            Self::Refused(error) => {
                let name = format!("{error:?}");
                let end = name.find(|character: char| !character.is_alphanumeric()).unwrap_or(name.len());
                name[..end].into()
            }
        }
    }

    /// Returns the error, or panics if the request was accepted.
    #[track_caller]
    pub(crate) fn error(self) -> VerifyError {
        match self {
            Self::Accepted => panic!("accepted"),
            Self::Refused(error) => error,
        }
    }
}

/// Returns every request of the file.
pub(crate) fn all() -> Vec<Recorded> {
    include_str!("requests.jsonl").lines().map(Recorded::parse).collect()
}

/// Returns the requests that must be accepted.
pub(crate) fn accepted() -> impl Iterator<Item = Recorded> {
    all().into_iter().filter(|request| request.verdict == "accepted")
}

impl Recorded {
    fn parse(line: &str) -> Self {
        let value: Value = serde_json::from_str(line).unwrap();
        let field = |name: &str| value[name].as_str().map(String::from);
        let headers = value["headers"].as_array().unwrap().iter();
        Self {
            client: field("client").unwrap(),
            operation: field("operation").unwrap(),
            method: field("method").unwrap(),
            target: field("target").unwrap(),
            headers: headers
                .map(|pair| (pair[0].as_str().unwrap().into(), latin_1(pair[1].as_str().unwrap())))
                .collect(),
            body: field("body").map(|body| STANDARD.decode(body).unwrap()),
            secret: field("secret").unwrap_or_else(|| SECRET.into()),
            token: field("token"),
            region: field("region").unwrap(),
            service: field("service").unwrap(),
            time: Timestamp::parse(&field("time").unwrap()).unwrap(),
            line_endings: match value["line_endings"].as_str() {
                Some("MinioGo") => LineEndings::MinioGo,
                _ => LineEndings::CrLf,
            },
            verdict: field("verdict").unwrap(),
        }
    }

    /// Returns how the request is signed, and how its body is covered.
    pub(crate) fn kind(&self) -> String {
        let payload = match self.header("x-amz-content-sha256") {
            Some(value) if value.len() == 64 => "sha256".into(),
            Some(value) => value,
            None => String::new(),
        };
        match self.header("authorization") {
            Some(value) if value.starts_with("AWS4-HMAC") => format!("header {payload}"),
            Some(value) if value.starts_with("AWS4-ECDSA") => format!("sigv4a {payload}"),
            None if self.target.contains("X-Amz-Signature") => "presigned".into(),
            None if self.is_form() => "form".into(),
            _ => "other".into(),
        }
    }

    /// Returns true if the body is present and not empty, and the signature or a checksum covers it.
    pub(crate) fn covers_its_body(&self) -> bool {
        let kind = self.kind();
        let covered = kind.contains("sha256") || kind.contains("STREAMING");
        covered && self.body.as_ref().is_some_and(|body| body.len() > 8)
    }

    /// Verifies the request, and its body if the file has it.
    pub(crate) fn verify(&self) -> Outcome {
        match if self.is_form() { self.verify_form() } else { self.verify_request() } {
            Ok(()) => Outcome::Accepted,
            Err(error) => Outcome::Refused(error),
        }
    }

    fn verify_request(&self) -> Result<(), VerifyError> {
        let headers: Vec<(&str, &[u8])> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
        let request = Request::from_bytes(&self.method, &self.target, &headers);
        let claim = self.verifier().claim(&request, ReceivedBody::Unread, self.time)?;
        let key = claim.derive_key(&self.credentials(claim.claimed_access_key_id()));
        let verified = claim.verify(&key)?;
        match &self.body {
            Some(body) => self.verify_body(&verified, body),
            None => Ok(()),
        }
    }

    /// Reads the body in pieces of an awkward size, as a socket would return it.
    fn verify_body(&self, verified: &Verified, body: &[u8]) -> Result<(), VerifyError> {
        if let BodyCheck::Chunked(_) = verified.body() {
            let mut decoder = Decoder::new(verified)?.with_line_endings(self.line_endings);
            for mut piece in body.chunks(7) {
                while decoder.decode(&mut piece)?.is_some() {}
            }
            decoder.finish()?;
            return Ok(());
        }
        let mut checker = verified.body().checker();
        for piece in body.chunks(7) {
            checker.update(piece);
        }
        let status = checker.finish()?;
        let is_unsigned = matches!(verified.body(), BodyCheck::Unsigned);
        assert_eq!(status == BodyStatus::Proven, !is_unsigned, "{} {}", self.client, self.operation);
        Ok(())
    }

    fn verify_form(&self) -> Result<(), VerifyError> {
        let (fields, file_name) = self.form_fields();
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let host = self.header("host").unwrap();
        let bucket = match self.target.trim_matches('/') {
            "" => host.split_once('.').unwrap().0, // virtual-hosted
            bucket => bucket,
        };
        let form = ReceivedForm::new(bucket, &fields).with_file_name(&file_name);
        let headers: Vec<(&str, &[u8])> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
        let request = Request::from_bytes(&self.method, &self.target, &headers);
        let claim = self.verifier().claim_form(&request, &form, self.time)?;
        let key = claim.derive_key(&self.credentials(claim.claimed_access_key_id()));
        claim.verify(&key)?;
        Ok(())
    }

    /// Parses the body with multer, and returns the fields before the file, and the file's name.
    fn form_fields(&self) -> (Vec<(String, String)>, String) {
        let boundary = multer::parse_boundary(self.header("content-type").unwrap()).unwrap();
        let body = self.body.clone().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut form = multer::Multipart::with_reader(body.as_slice(), boundary);
            let mut fields = Vec::new();
            while let Some(field) = form.next_field().await.unwrap() {
                let name = field.name().unwrap().to_owned();
                if name == "file" {
                    return (fields, field.file_name().unwrap_or_default().to_owned());
                }
                fields.push((name, field.text().await.unwrap()));
            }
            panic!("{} {}: no file", self.client, self.operation)
        })
    }

    fn is_form(&self) -> bool {
        self.method == "POST"
            && self.header("content-type").is_some_and(|value| value.starts_with("multipart/form-data"))
    }

    fn verifier(&self) -> Verifier {
        Verifier::new(self.region.as_str(), Service::new(self.service.clone()).unwrap())
            .unwrap()
            .allow_sigv4a()
    }

    /// A session token belongs to the temporary keys alone, which begin with `ASIA` or are those of
    /// S3 Express.
    fn credentials(&self, access_key_id: &str) -> Credentials {
        let credentials =
            Credentials::new(access_key_id, SecretAccessKey::new(self.secret.as_str())).unwrap();
        match &self.token {
            Some(token) => credentials.with_session_token(token.as_str()).unwrap(),
            None => credentials,
        }
    }

    /// Returns the headers as they were sent, with their names in lower case.
    pub(crate) fn header_lines(&self) -> impl Iterator<Item = (String, String)> {
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        self.headers.iter().map(move |(name, value)| (name.to_ascii_lowercase(), text(value)))
    }

    /// Returns the list of the headers that are signed, if the request is signed with Version 4 in a header.
    pub(crate) fn signed_headers(&self) -> Option<String> {
        let value = self.header("authorization")?;
        let (_, list) = value.split_once("SignedHeaders=")?;
        list.split([',', ' ']).next().map(str::to_ascii_lowercase)
    }

    fn header(&self, name: &str) -> Option<String> {
        let (_, value) = self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(value).into_owned())
    }
}

/// Changed copies.
impl Recorded {
    /// Returns the request with another last digit in its signature.
    pub(crate) fn with_another_signature(&self) -> Self {
        let mut copy = self.clone();
        if let Some((_, value)) =
            copy.headers.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("authorization"))
        {
            let at = find(value, b"Signature=") + 70;
            change_digit(&mut value[at]);
        } else if let Some(at) = copy.target.find("X-Amz-Signature=") {
            let mut target = copy.target.into_bytes();
            change_digit(&mut target[at + 70]);
            copy.target = String::from_utf8(target).unwrap();
        } else if let Some(body) = &mut copy.body {
            let field = body.to_ascii_lowercase();
            let at = find(&field, b"x-amz-signature")
                + find(&field[find(&field, b"x-amz-signature")..], b"\r\n\r\n");
            change_digit(&mut body[at + 30]);
        }
        copy
    }

    /// Returns the request with another method.
    pub(crate) fn with_method(&self, method: &str) -> Self {
        Self { method: method.into(), ..self.clone() }
    }

    /// Returns the request with one more parameter.
    pub(crate) fn with_target_suffix(&self, suffix: &str) -> Self {
        let separator = if self.target.contains('?') { "" } else { "?a=b" };
        Self { target: format!("{}{separator}{suffix}", self.target), ..self.clone() }
    }

    /// Returns the request with another byte in the middle of its body.
    pub(crate) fn with_changed_body(&self) -> Self {
        let mut copy = self.clone();
        let body = copy.body.as_mut().unwrap();
        let middle = body.len() / 2;
        body[middle] ^= 1;
        copy
    }
}

fn find(text: &[u8], part: &[u8]) -> usize {
    text.windows(part.len()).position(|window| window == part).unwrap()
}

fn change_digit(digit: &mut u8) {
    *digit = if *digit == b'0' { b'1' } else { b'0' };
}

/// Headers are recorded as Latin-1: one character for each byte.
fn latin_1(text: &str) -> Vec<u8> {
    text.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect()
}
