//! Breaks requests in every way that `countersign::diagnose` names, and counts which cause is named first.
//!
//! The requests are signed by hand, with testkit's HMAC and SHA-256 and a canonicalization of this crate. A mistake is
//! a row of [`BREAKS`], or of [`TEXTS`] if it shows in a text only.
//!
//! ```sh
//! cargo run -p confusion            # writes the table of docs/diagnosing.md
//! cargo run -p confusion -- --check # fails if the table is not up to date
//! ```

mod breaks;
mod canon;
mod draft;
mod matrix;
mod page;
mod random;
mod texts;

use countersign::diagnose::{self, CauseName, Diagnosis, Evidence, Signed};
use countersign::{Credentials, ReceivedBody, SecretAccessKey, Service, Timestamp, Verifier};
use testkit::Wire;

pub use breaks::{BREAKS, Break, Sides, Step};
pub use canon::Canon;
pub use draft::{Draft, Placement};
pub use matrix::{CASES, Matrix, Row};
pub use page::{check, write};
pub use random::Random;
pub use texts::{TEXTS, Text};

/// A request that was broken by one mistake.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The mistake.
    pub cause: CauseName,
    /// The request as the server receives it.
    pub wire: Wire,
    /// The draft, with what was signed.
    pub draft: Draft,
    /// The canonical request that the server computes.
    pub computed: Vec<u8>,
    /// The string to sign that the server computes.
    pub computed_to_sign: String,
}

/// Returns a request without a mistake, signed by hand.
#[must_use]
pub fn good(seed: u64) -> Draft {
    let mut draft = Draft::good(&mut Random::new(seed));
    draft.complete();
    draft.sign();
    draft
}

/// Makes a mistake in the request of this seed. Returns `None` if that request cannot have it.
#[must_use]
pub fn broken(mistake: &Break, seed: u64) -> Option<Broken> {
    let mut random = Random::new(seed);
    let mut draft = Draft::good(&mut random);
    if !(mistake.prepare)(&mut draft, &mut random) {
        return None;
    }
    draft.used_secret = draft.secret.clone();
    draft.complete();
    if !(mistake.sign)(&mut draft, &mut random) {
        return None;
    }
    draft.sign();
    if !(mistake.send)(&mut draft, &mut random) {
        return None;
    }
    let computed = Canon::of(&draft, &draft.list).bytes();
    let digest = testkit::reference::sha256(&computed);
    let computed_to_sign = format!("AWS4-HMAC-SHA256\n{}\n{}\n{digest}", draft.time, draft.stated_scope);
    Some(Broken { cause: mistake.cause, wire: draft.wire(), computed, computed_to_sign, draft })
}

impl Broken {
    /// Returns the error document that S3 would send, with what it computed.
    #[must_use]
    pub fn answer(&self) -> String {
        let hex: Vec<String> = self.computed.iter().map(|byte| format!("{byte:02x}")).collect();
        let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we \
             calculated does not match the signature you provided. Check your key and signing method.</Message>\
             <AWSAccessKeyId>{}</AWSAccessKeyId><StringToSign>{}</StringToSign><SignatureProvided>{}</SignatureProvided>\
             <CanonicalRequest>{}</CanonicalRequest><CanonicalRequestBytes>{}</CanonicalRequestBytes></Error>",
            self.draft.id,
            escape(&self.computed_to_sign),
            self.draft.signature,
            escape(&String::from_utf8_lossy(&self.computed)),
            hex.join(" "),
        )
    }

    /// Returns what the client signed, with its secret.
    #[must_use]
    pub fn signed(&self) -> Signed {
        let canonical = self.draft.canon.bytes();
        Signed::from_bytes(&canonical, &self.draft.string_to_sign())
            .with_secret(&SecretAccessKey::new(self.draft.used_secret.clone()))
    }

    /// Diagnoses on the client's side.
    #[must_use]
    pub fn diagnose_answer(&self) -> Diagnosis {
        diagnose::answer(&self.signed(), &Evidence::read(&self.answer()))
    }

    /// Diagnoses on the server's side.
    #[must_use]
    pub fn diagnose_received(&self) -> Diagnosis {
        diagnose_received(&self.draft, &self.wire)
    }
}

/// Diagnoses a request on the side of the server that the draft was made for.
#[must_use]
pub fn diagnose_received(draft: &Draft, wire: &Wire) -> Diagnosis {
    let credentials = Credentials::new(draft.id.clone(), SecretAccessKey::new(draft.secret.clone()))
        .expect("an access key");
    let credentials = match draft.id.starts_with("ASIA") {
        true => credentials.with_session_token(testkit::TOKEN).expect("a token"),
        false => credentials,
    };
    let verifier =
        Verifier::new(draft.region, Service::new(draft.service).expect("a service")).expect("a region");
    let now = Timestamp::parse(&draft.time).expect("a time");
    wire.view(|request| {
        diagnose::received(&verifier, request, ReceivedBody::Bytes(&wire.body), &credentials, now)
    })
}
