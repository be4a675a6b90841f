//! The steps of a form: its policy, the Base64 text of the policy, the keys and the signature.

mod fields;

use countersign::diagnose::{self, Diagnosis};
use countersign::post_policy::{FormError, ReceivedForm};
use countersign::{Request, Service, Timestamp, Verifier, VerifyError};

use crate::facts::{Facts, HMAC};
use crate::report::{Line, Report, SignatureFacts, Step, Verdict};
use crate::words::Part;
use crate::{Asked, Error, Explained, Options, commands, compute, findings, lines, mask, strings, verdict};
use fields::Fields;

/// The fields of a form except the policy and its signature, to be compared with those of another form. It has no `Debug`,
/// because the values can be secret.
pub(crate) struct Form {
    pub(crate) fields: Vec<(String, String)>,
    /// A line for each field, masked.
    pub(crate) lines: Vec<Line>,
}

/// Computes the steps of a form, verifies its signature if there is a secret, and diagnoses it.
pub(crate) fn explain(asked: &Asked, options: &Options) -> Result<Explained, Error> {
    let fields = Fields::of(asked).ok_or(Error::Form)?;
    let base64 = fields.value("policy");
    let (id, scope) = fields.value("x-amz-credential").split_once('/').unwrap_or_default();
    let mut scope_parts = scope.split('/').skip(1).map(str::to_owned);
    let (region, service) = (scope_parts.next().unwrap_or_default(), scope_parts.next().unwrap_or_default());
    let time = fields.value("x-amz-date").parse().ok().or(options.time).unwrap_or(options.now);
    let mut notes = asked.notes.clone();
    let (facts, pairs) = (fields.facts(), fields.pairs());
    let bucket = bucket(&asked.text("host").unwrap_or_default(), &asked.target);
    let form = ReceivedForm::new(&bucket, &pairs).with_file_name(&fields.file_name);
    let (verdict, diagnosis) = verify(asked, &form, &facts, options, time, &mut notes);
    let signature = Some(fields.value("x-amz-signature")).filter(|digits| !digits.is_empty());
    let scope_text = format!("{HMAC}\n{}\n{scope}\n", time.as_str());
    let computed = options.secret.as_ref().and_then(|secret| strings::hmac(secret, scope, base64));
    let signatures = lines::signatures(computed.as_deref(), signature, options.show_signature);
    let report = Report {
        version: 1,
        input: asked.form,
        request: compute::request_line(asked, options),
        signature: SignatureFacts {
            place: "form",
            algorithm: mask::printable(fields.value("x-amz-algorithm").as_bytes()),
            access_key_id: Some(mask::printable(id.as_bytes())),
            region: Some(mask::printable(region.as_bytes())),
            service,
            time: time.as_str().to_owned(),
            expires: None,
        },
        steps: steps(base64, &form, &scope_text, signatures.into()),
        verdict,
        findings: diagnosis.iter().map(|diagnosis| findings::received(diagnosis, &facts, options)).collect(),
        difference: None,
        notes,
    };
    let others = fields.other_fields();
    Ok(Explained {
        report,
        // A form has no canonical request with which the one of an answer could be compared.
        canonical: Vec::new(),
        to_sign: base64.to_owned(),
        signature: signature.map(str::to_owned),
        is_assumed: true,
        form: Some(Form { lines: others.iter().map(fields::line_of).collect(), fields: others }),
    })
}

fn verify(
    asked: &Asked,
    form: &ReceivedForm<'_>,
    facts: &Facts,
    options: &Options,
    time: Timestamp,
    notes: &mut Vec<String>,
) -> (Verdict, Option<Diagnosis>) {
    let credentials = match verdict::credentials(facts, options) {
        Ok(credentials) => credentials,
        Err(text) => return (verdict::verdict("refused", &text), None),
    };
    let host = asked.text("host").unwrap_or_default();
    let headers = [("host", host.as_str())];
    let request = Request::new(&asked.method, &asked.target, &headers);
    let verifier = Verifier::any_region(Service::S3);
    let now = options.time.unwrap_or(time);
    let expired = verifier.claim_form(&request, form, options.now);
    let is_expired = matches!(expired, Err(VerifyError::Form(FormError::PolicyExpired { .. })));
    if is_expired && options.time.is_none() {
        notes.push(
            "The policy has expired. The verdict is that of the time at which it was signed.".to_owned(),
        );
    }
    let diagnosis = || Some(diagnose::received_form(&verifier, &request, form, &credentials, now));
    let claim = match verifier.claim_form(&request, form, now) {
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

fn steps(base64: &str, form: &ReceivedForm<'_>, scope_text: &str, signatures: Vec<Line>) -> Vec<Step> {
    let policy = diagnose::policy_document(base64).unwrap_or_default().into_bytes();
    let step =
        |number, name, bytes, lines, command| Step { number, name, bytes, sha256: None, lines, command };
    // The Base64 text contains the values of the conditions.
    let is_printable = lines::is_printable(&policy);
    let shown = if is_printable { mask::printable(base64.as_bytes()) } else { mask::MASK.to_owned() };
    let command = commands::policy(base64).filter(|_| is_printable);
    let conditions = lines::policy(&policy, |condition| form.meets(condition));
    vec![
        step(1, "policy", Some(policy.len()), conditions, command.clone()),
        step(
            2,
            "string to sign",
            Some(base64.len()),
            vec![lines::line(Part::Policy, &shown)],
            command.as_ref().map(|_| "echo \"$string_to_sign\"\n".to_owned()),
        ),
        step(
            3,
            "signing key",
            None,
            lines::signing_key(scope_text, false),
            commands::signing_key(scope_text),
        ),
        step(4, "signature", None, signatures, commands::signature().filter(|_| command.is_some())),
    ]
}
