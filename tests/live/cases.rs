//! Helpers of the cases.

use countersign::{Credentials, SecretAccessKey, Signer};

use crate::server::{Draft, Live, Outcome, differs};
use crate::wire::Wire;

/// Where the request carries its signature.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    Header,
    Query,
}

impl Place {
    pub(crate) fn sign(self, draft: &Draft<'_>, signer: &Signer) -> Wire {
        match self {
            Self::Header => draft.sign(signer),
            Self::Query => draft.presign(signer),
        }
    }
}

pub(crate) const WRONG: &[&str] = &["SignatureDoesNotMatch"];
pub(crate) const SUBJECT: &str = "subject";
pub(crate) const SUBJECT_BODY: &[u8] = b"the object that the refusals are about";

pub(crate) type Check = Box<dyn Fn(&Live) -> Outcome>;

#[derive(Default)]
pub(crate) struct Cases(pub(crate) Vec<(String, Check)>);

impl Cases {
    pub(crate) fn add(&mut self, name: impl Into<String>, check: impl Fn(&Live) -> Outcome + 'static) {
        self.0.push((name.into(), Box::new(check)));
    }
}

pub(crate) fn same(what: &str, got: &[u8], expected: &[u8]) -> Outcome {
    if got == expected {
        return Ok(());
    }
    let [got, expected] = [got, expected].map(String::from_utf8_lossy);
    Err(differs(format!("{what}: got {got:?}, expected {expected:?}")))
}

pub(crate) fn put_and_get(live: &Live, signer: &Signer, place: Place, url: &str, body: &[u8]) -> Outcome {
    live.accepted(&place.sign(&Draft::new("PUT", url.into()).body(body), signer))?;
    let reply = live.accepted(&place.sign(&Draft::new("GET", url.into()), signer))?;
    same("the object's bytes", &reply.body, body)
}

pub(crate) fn delete(live: &Live, place: Place, url: &str) -> Outcome {
    live.accepted(&place.sign(&Draft::new("DELETE", url.into()), &live.signer))?;
    let gone = live.send(&place.sign(&Draft::new("GET", url.into()), &live.signer))?;
    if gone.status == 404 { Ok(()) } else { Err(differs(format!("after DELETE, GET says {}", gone.status))) }
}

pub(crate) fn other_secret(live: &Live) -> Signer {
    let secret = SecretAccessKey::new("not-the-secret-of-this-access-key-0000");
    live.signer(Credentials::new(live.credentials.access_key_id(), secret).expect("credentials"))
}
