//! A form as the service receives it.

use base64::prelude::{BASE64_STANDARD, Engine};
use countersign::post_policy::ReceivedForm;
use countersign::{Request, Timestamp, VerifyError};

use super::{Form, fields_pane, policy_pane, to_sign_pane};
use crate::answer::Pane;
use crate::input::Input;
use crate::url;
use crate::verdict::{Verification, verdict, verifier};

/// The fields of a form, and the bucket to which it was sent.
pub struct PostedForm {
    bucket: String,
    fields: Vec<(String, String)>,
    /// The service's clock.
    pub now: Timestamp,
}

impl PostedForm {
    pub fn new(input: &Input<'_>, form: &Form) -> Self {
        Self { bucket: form.bucket.clone(), fields: form.fields.clone(), now: input.time }
    }

    /// Returns the value of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        fields.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Replaces a field, or adds it.
    pub fn set(&mut self, name: &str, value: String) {
        match self.fields.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some(field) => field.1 = value,
            None => self.fields.push((name.to_owned(), value)),
        }
    }

    /// Verifies the form, with a file that has a name of its own.
    pub fn verify(&self, input: &Input<'_>) -> Option<Verification> {
        let verifier = verifier(input)?;
        let host = url::host(&input.question.url)?.1;
        let headers = [("Host", host)];
        let request = Request::new("POST", "/", &headers);
        let fields: Vec<(&str, &str)> =
            self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let received = ReceivedForm::new(&self.bucket, &fields).with_file_name("file.txt");
        let verify = || -> Result<(), VerifyError> {
            let claim = verifier.claim_form(&request, &received, self.now)?;
            let is_known = claim.claimed_access_key_id() == input.credentials.access_key_id();
            let key = is_known.then(|| claim.derive_key(&input.credentials));
            claim.verify(key.as_ref())?;
            Ok(())
        };
        let error = verify().err();
        let to_sign = self.field("policy").map(Into::into);
        Some(Verification { verdict: verdict(error.as_ref(), self.panes()), error, canonical: None, to_sign })
    }

    /// Returns the panes of the policy, of its Base64 and of the fields that were received.
    fn panes(&self) -> Vec<Pane> {
        let base64 = self.field("policy").unwrap_or_default();
        let policy = BASE64_STANDARD.decode(base64).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let mut panes: Vec<Pane> =
            policy.iter().map(|policy| policy_pane("verifier_policy", policy, false)).collect();
        panes.push(to_sign_pane("verifier_string_to_sign", base64));
        panes.push(fields_pane("verifier_final", &self.fields));
        panes
    }
}
