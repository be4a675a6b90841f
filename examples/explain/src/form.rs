//! The steps of a form: its policy, the Base64 text of the policy, the keys and the signature.

use std::convert::Infallible;
use std::future::ready;

use bytes::Bytes;
use countersign::diagnose::{self, Diagnosis};
use countersign::post_policy::{FormError, ReceivedForm};
use countersign::{Request, Service, Timestamp, Verifier, VerifyError};
use futures_util::{FutureExt, stream};
use multer::Multipart;

use crate::facts::{Facts, HMAC, Place};
use crate::report::{Report, SignatureFacts, Step, Verdict};
use crate::request::Body;
use crate::words::Part;
use crate::{Asked, Error, Explained, Options, commands, compute, findings, lines, mask, verdict};

/// The fields of a form up to its file.
struct Fields {
    list: Vec<(String, String)>,
    file_name: String,
}

/// Computes the steps of a form, verifies its signature if there is a secret, and diagnoses it.
pub(crate) fn explain(asked: &Asked, options: &Options) -> Result<Explained, Error> {
    let fields = Fields::of(asked).ok_or(Error::Form)?;
    let field = |name| fields.get(name).unwrap_or_default().to_owned();
    let (base64, credential, signature) =
        (field("policy"), field("x-amz-credential"), field("x-amz-signature"));
    let (id, scope) = credential.split_once('/').unwrap_or_default();
    let mut scope_parts = scope.split('/').skip(1).map(str::to_owned);
    let (region, service) = (scope_parts.next().unwrap_or_default(), scope_parts.next().unwrap_or_default());
    let time = field("x-amz-date").parse().ok().or(options.time).unwrap_or(options.now);
    let mut notes = asked.notes.clone();
    let facts = fields.facts();
    let (verdict, diagnosis) = verify(asked, &fields, &facts, options, time, &mut notes);
    let to_sign = format!("{HMAC}\n{}\n{scope}\n", time.as_str());
    let steps = steps(&base64, &to_sign, &signature, options);
    let report = Report {
        version: 1,
        input: asked.form,
        request: compute::request_line(asked, options),
        signature: SignatureFacts {
            place: "form",
            algorithm: mask::printable(field("x-amz-algorithm").as_bytes()),
            access_key_id: Some(mask::printable(id.as_bytes())),
            region: Some(mask::printable(region.as_bytes())),
            service,
            time: time.as_str().to_owned(),
            expires: None,
        },
        steps,
        verdict,
        findings: diagnosis.iter().map(|diagnosis| findings::received(diagnosis, &facts, options)).collect(),
        difference: None,
        notes,
    };
    let signature = Some(signature).filter(|digits| !digits.is_empty());
    // A form has no canonical request with which the one of an answer could be compared.
    Ok(Explained { report, canonical: Vec::new(), to_sign: base64, signature, is_assumed: true })
}

impl Fields {
    /// Reads the body. Returns `None` if it is not known or not a form.
    fn of(asked: &Asked) -> Option<Self> {
        let boundary = multer::parse_boundary(asked.text("content-type")?).ok()?;
        let Body::Bytes(body) = &asked.body else { return None };
        let body = with_crlf(body);
        let body = stream::once(ready(Ok::<_, Infallible>(body)));
        let mut multipart = Multipart::new(body, boundary);
        let (mut list, mut file_name) = (Vec::new(), String::new());
        let read = async {
            while let Some(part) = multipart.next_field().await.ok()? {
                let name = part.name()?.to_owned();
                if name == "file" {
                    file_name = part.file_name().unwrap_or_default().to_owned();
                    break;
                }
                list.push((name, String::from_utf8(part.bytes().await.ok()?.to_vec()).ok()?));
            }
            Some(())
        };
        // The whole body is there, so the future is ready.
        read.now_or_never()??;
        Some(Self { list, file_name })
    }

    fn get(&self, name: &str) -> Option<&str> {
        let mut found = self.list.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }

    /// Returns what the form states about the credentials.
    fn facts(&self) -> Facts {
        let of = |name: &str| self.get(name).map(str::to_owned);
        let access_key_id = of("x-amz-credential").and_then(|text| Some(text.split_once('/')?.0.to_owned()));
        Facts { access_key_id, token: of("x-amz-security-token"), ..Facts::empty(Place::None) }
    }
}

/// Returns the body with the line endings of a form. Editors and terminals write LF for CR LF.
fn with_crlf(body: &[u8]) -> Bytes {
    if body.windows(2).any(|pair| pair == b"\r\n") {
        return Bytes::copy_from_slice(body);
    }
    Bytes::from(body.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(b"\r\n".as_slice()))
}

fn verify(
    asked: &Asked,
    fields: &Fields,
    facts: &Facts,
    options: &Options,
    time: Timestamp,
    notes: &mut Vec<String>,
) -> (Verdict, Option<Diagnosis>) {
    let credentials = match verdict::credentials(facts, options) {
        Ok(credentials) => credentials,
        Err(text) => return (verdict::verdict("refused", &text), None),
    };
    let list: Vec<(&str, &str)> =
        fields.list.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let host = asked.text("host").unwrap_or_default();
    let bucket = bucket(&host, &asked.target);
    let form = ReceivedForm::new(&bucket, &list).with_file_name(&fields.file_name);
    let headers = [("host", host.as_str())];
    let request = Request::new(&asked.method, &asked.target, &headers);
    let verifier = Verifier::any_region(Service::S3);
    let now = options.time.unwrap_or(time);
    let expired = verifier.claim_form(&request, &form, options.now);
    let is_expired = matches!(expired, Err(VerifyError::Form(FormError::PolicyExpired { .. })));
    if is_expired && options.time.is_none() {
        notes.push(
            "The policy has expired. The verdict is that of the time at which it was signed.".to_owned(),
        );
    }
    let diagnosis = || Some(diagnose::received_form(&verifier, &request, &form, &credentials, now));
    let claim = match verifier.claim_form(&request, &form, now) {
        Ok(claim) => claim,
        Err(error) => return (verdict::refused(&error), diagnosis()),
    };
    if options.secret.is_none() {
        return (verdict::no_secret(), None);
    }
    let key = claim.derive_key(&credentials);
    match claim.verify(&key) {
        Ok(_) => {
            (verdict::verdict("matches", "The signature matches: this secret signed this policy."), None)
        }
        Err(rejected) if *rejected.error() == VerifyError::SignatureDoesNotMatch => {
            let text = "The signature does not match: this secret did not sign this policy.";
            (verdict::verdict("does-not-match", text), diagnosis())
        }
        Err(rejected) => (verdict::refused(rejected.error()), diagnosis()),
    }
}

/// Returns the bucket: the first segment of the path, or the first label of the host.
fn bucket(host: &str, target: &str) -> String {
    let path = target.split('?').next().unwrap_or_default().trim_matches('/');
    let of_host = || host.split_once(".s3").map_or(host.split('.').next(), |(bucket, _)| Some(bucket));
    match path.is_empty() {
        true => of_host().unwrap_or_default().to_owned(),
        false => path.split('/').next().unwrap_or_default().to_owned(),
    }
}

fn steps(base64: &str, to_sign: &str, signature: &str, options: &Options) -> Vec<Step> {
    let policy = diagnose::policy_document(base64).unwrap_or_default().into_bytes();
    let digits = match signature {
        "" => "(missing)".to_owned(),
        digits => mask::signature(digits, options.show_signature),
    };
    let step =
        |number, name, bytes, lines, command| Step { number, name, bytes, sha256: None, lines, command };
    // The Base64 text contains the values of the conditions.
    let is_printable = lines::is_printable(&policy);
    let shown = if is_printable { mask::printable(base64.as_bytes()) } else { mask::MASK.to_owned() };
    let command = commands::policy(base64).filter(|_| is_printable);
    vec![
        step(1, "policy", Some(policy.len()), lines::policy(&policy), command.clone()),
        step(
            2,
            "string to sign",
            Some(base64.len()),
            vec![lines::line(Part::Policy, &shown)],
            command.as_ref().map(|_| "echo \"$string_to_sign\"\n".to_owned()),
        ),
        step(3, "signing key", None, lines::signing_key(to_sign, false), commands::signing_key(to_sign)),
        step(
            4,
            "signature",
            None,
            vec![lines::signature(Part::Signature, &digits)],
            commands::signature().filter(|_| command.is_some()),
        ),
    ]
}
