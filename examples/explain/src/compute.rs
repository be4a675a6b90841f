//! Computes the steps of a request.

use countersign::{Service, Timestamp};

use crate::facts::{Facts, Place};
use crate::report::{Report, RequestLine, SignatureFacts};
use crate::request::Body;
use crate::strings::Strings;
use crate::{Asked, Error, Options, chunks, findings, form, host, mask, steps, strings, verdict};

/// A report, and the unmasked steps. It has no `Debug`, because the steps can contain a session token.
pub struct Explained {
    pub report: Report,
    /// Empty if the request cannot be canonicalized.
    pub(crate) canonical: Vec<u8>,
    pub(crate) to_sign: String,
    pub(crate) signature: Option<String>,
    /// The last line of `canonical` is the hash of an empty body, because the body is not known.
    pub(crate) is_assumed: bool,
    /// The fields, if the request is a form.
    pub(crate) form: Option<form::Form>,
}

/// Computes the steps of a request, verifies its signature if there is a secret, and diagnoses it.
///
/// # Errors
///
/// Returns [`Error`] if the request has no steps.
pub fn explain(asked: &Asked, options: &Options) -> Result<Explained, Error> {
    if asked.is_signed_form() {
        return form::explain(asked, options);
    }
    let facts = Facts::of(asked)?;
    let mut notes = asked.notes.clone();
    let (service, region) = scope_of(asked, &facts, options, &mut notes)?;
    let time = time_of(&facts, options, &mut notes);
    let strings = match facts.place {
        Place::None => strings::sign(asked, &facts, options, &service, &region, time, &mut notes)?,
        Place::Header | Place::Query => match strings::received(asked, &facts, &service, time, &mut notes) {
            Ok(strings) => strings,
            // The verdict names the reason.
            Err(error) => {
                notes.push(format!("There are no steps: {error}."));
                Strings::default()
            }
        },
    };
    let (verdict, diagnosis) = verdict::of(asked, &facts, options, &service);
    notes.extend(findings::contradictions(asked, &facts));
    if let (Some(expires), None) = (facts.expires, options.time) {
        let age = options.now.unix_seconds().saturating_sub(time.unix_seconds());
        if u64::try_from(age).is_ok_and(|age| age > expires) {
            notes.push(
                "The URL has expired. The steps are those of the time at which it was signed.".to_owned(),
            );
        }
    }
    if facts.place == Place::Query && facts.token.is_some() && !service.rules().session_token().is_signed() {
        notes
            .push("The session token is not in the steps: this service expects it after signing.".to_owned());
    }
    let is_verified = verdict.name == "matches";
    let chain = chunks::chain(asked, &facts, options);
    let of_chunk = (verdict.name == verdict::CHUNK).then(|| chunks::cause(&chain, &facts, options)).flatten();
    let of_chunks = chunks::steps(&chain, options, &mut notes);
    let signature = facts.signature.clone().or(strings.signature.clone());
    let report = Report {
        version: 1,
        input: asked.form,
        request: request_line(asked, options),
        signature: SignatureFacts {
            place: match facts.place {
                Place::Header => "header",
                Place::Query => "query",
                Place::None => "none",
            },
            algorithm: mask::printable(facts.algorithm.as_bytes()),
            access_key_id: facts
                .access_key_id
                .clone()
                .or_else(|| asked.access_key_id.clone())
                .or_else(|| options.access_key_id.clone())
                .map(|id| mask::printable(id.as_bytes())),
            region: (!facts.is_sigv4a()).then(|| mask::printable(region.as_bytes())),
            service: service.name().to_owned(),
            time: time.as_str().to_owned(),
            expires: facts.expires,
        },
        steps: steps::of(&strings, &facts, signature.as_deref(), options)
            .into_iter()
            .chain(of_chunks)
            .collect(),
        verdict,
        findings: diagnosis
            .or_else(|| findings::pasted(asked, facts.place).filter(|_| !is_verified))
            .map(|diagnosis| findings::received(&diagnosis, &facts, options))
            .into_iter()
            .chain(of_chunk)
            .collect(),
        difference: None,
        notes,
    };
    let canonical = strings.canonical.map(|canonical| canonical.as_bytes().to_vec()).unwrap_or_default();
    Ok(Explained {
        report,
        canonical,
        to_sign: strings.to_sign,
        signature,
        is_assumed: strings.is_assumed,
        form: None,
    })
}

pub(crate) fn request_line(asked: &Asked, options: &Options) -> RequestLine {
    let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
    let pairs: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| mask::parameter(pair, options.show_signature))
        .collect();
    let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
    let host = asked.text("host").unwrap_or_default();
    let address = format!("{}://{host}{path}", asked.scheme);
    RequestLine {
        method: mask::printable(asked.method.as_bytes()),
        url: format!("{}{query}", mask::scrubbed(&address, options.show_signature)),
        body_bytes: match &asked.body {
            Body::Bytes(bytes) => Some(bytes.len()),
            Body::Pieces(_) | Body::Unknown => None,
        },
    }
}

/// Finds the service and the region: of the signature, of the user, of curl, or of the host.
fn scope_of(
    asked: &Asked,
    facts: &Facts,
    options: &Options,
    notes: &mut Vec<String>,
) -> Result<(Service, String), Error> {
    let (host_service, host_region) = host::of_aws(&asked.text("host").unwrap_or_default());
    let stated = |fact: &Option<String>, option: &Option<String>, curl: &Option<String>| {
        fact.clone().or_else(|| option.clone()).or_else(|| curl.clone())
    };
    let service = stated(&facts.service, &options.service, &asked.service);
    let region = stated(&facts.region, &options.region, &asked.region);
    if facts.place == Place::None && (service.is_none() || region.is_none()) && host_service.is_some() {
        notes.push(
            "Service and region are read from the host; --service and --region change them.".to_owned(),
        );
    }
    let service = service.or(host_service).ok_or(Error::NoService)?;
    let region = match region.or(host_region) {
        Some(region) => region,
        None if facts.is_sigv4a() => String::new(),
        None => return Err(Error::NoRegion),
    };
    let invalid = |_| Error::Invalid { what: "the service", value: mask::printable(service.as_bytes()) };
    Ok((Service::new(service.clone()).map_err(invalid)?, region))
}

fn time_of(facts: &Facts, options: &Options, notes: &mut Vec<String>) -> Timestamp {
    match (facts.place, facts.time, options.time) {
        (Place::None, _, Some(time)) => time,
        (_, Some(time), _) => time,
        (_, None, Some(time)) => time,
        (_, None, None) => {
            notes.push("The request states no time: the current time is used; --time changes it.".to_owned());
            options.now
        }
    }
}
