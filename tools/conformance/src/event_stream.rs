//! `event-stream`: the signatures of a stream of events, from its request or from a prior signature.

use countersign::SecretAccessKey;
use countersign::steps::{CredentialScope, Signature, SigningKey, StringToSign};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{Case, Failure, from_hex, sign_in_header, timestamp};

/// The fields of a case in addition to credentials, scope and request.
#[derive(Deserialize)]
struct Stream {
    /// The first link of the chain if there is no request. It may be empty.
    prior_signature: Option<String>,
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    timestamp: String,
    /// The encoded headers except `:chunk-signature`.
    headers_hex: String,
    payload: Option<String>,
    payload_hex: Option<String>,
}

pub(crate) fn sign(input: Value) -> Result<Value, Failure> {
    let Stream { prior_signature, events } = serde_json::from_value(input.clone()).map_err(Failure::bad)?;
    let case = Case::read(input)?;
    let mut out = match case.request {
        Some(_) => sign_in_header(&case)?.as_object().cloned().unwrap_or_default(),
        None => Map::new(),
    };
    let seed = out.get("signature").and_then(Value::as_str).or(prior_signature.as_deref());
    let seed = seed.ok_or_else(|| Failure::bad("neither a request nor a prior_signature"))?;
    let mut prior = match seed {
        "" => None,
        text => Some(Signature::parse(text).map_err(|_| Failure::bad("not a signature"))?),
    };
    let secret = SecretAccessKey::new(case.credentials.secret_key.clone());
    let mut signed = Vec::with_capacity(events.len());
    for event in &events {
        let time = timestamp(&event.timestamp)?;
        let scope = case.scope(time);
        let scope = CredentialScope::parse(&scope).map_err(Failure::refused)?;
        let (headers, payload) = (from_hex(&event.headers_hex)?, event.payload()?);
        let to_sign = StringToSign::for_event(time, &scope, prior.as_ref(), &headers, &payload);
        let signature = SigningKey::derive(&secret, &scope).sign(&to_sign);
        signed.push(json!({"string_to_sign": to_sign.as_str(), "signature": signature.to_string()}));
        prior = Some(signature);
    }
    out.insert("events".into(), signed.into());
    Ok(out.into())
}

impl Event {
    fn payload(&self) -> Result<Vec<u8>, Failure> {
        match (&self.payload, &self.payload_hex) {
            (Some(text), None) => Ok(text.clone().into_bytes()),
            (None, Some(hex)) => from_hex(hex),
            (None, None) => Err(Failure::bad("an event without a payload")),
            (Some(_), Some(_)) => Err(Failure::bad("more than one payload")),
        }
    }
}
