//! Checks the query of a presigned `GetCallerIdentity`, and writes it again.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::{IdentityError, SCHEME};
use crate::canonical::target::check_received_query;
use crate::canonical::{Pairs, write_pairs};

/// Checks the query of a presigned URL, and returns the URL of `host` with the query in the order in
/// which it was signed and the signature last.
pub(super) fn rewrite_query(host: &str, query: &str) -> Result<Zeroizing<String>, IdentityError> {
    let mut scratch = Vec::new();
    let mut pairs = Pairs::new();
    pairs.read(query, &mut scratch, check_received_query).map_err(|_| IdentityError::InvalidUrl)?;
    pairs.sort();
    check_parameters(&pairs)?;

    let mut url = Vec::with_capacity(SCHEME.len() + host.len() + 3 + 3 * query.len());
    url.extend_from_slice(format!("{SCHEME}{host}/?").as_bytes());
    let signature = pairs.remove(SIGNATURE);
    pairs.sort();
    write_pairs(&mut url, pairs.iter());
    url.push(b'&');
    write_pairs(&mut url, signature.iter());
    String::from_utf8(url).map(Zeroizing::new).map_err(|_| IdentityError::InvalidUrl)
}

/// Checks sorted pairs: each parameter of the table once, in its exact spelling, and no other.
fn check_parameters(pairs: &Pairs<'_>) -> Result<(), IdentityError> {
    let known = |name: &[u8]| PARAMETERS.into_iter().find(|(known, _)| known.as_bytes() == name);
    if let Some(pair) = pairs.iter().find(|pair| known(pair.name).is_none()) {
        let name = pair.name.get(..MAX_SHOWN).unwrap_or(pair.name);
        return Err(IdentityError::UnexpectedParameter { name: String::from_utf8_lossy(name).into_owned() });
    }
    if let Some((name, _)) = pairs.repeated().and_then(known) {
        return Err(IdentityError::RepeatedParameter { name });
    }
    for (name, rule) in PARAMETERS {
        let value = pairs.iter().find(|pair| pair.name == name.as_bytes()).map(|pair| pair.value);
        match (value, rule) {
            (Some(value), Exactly(expected)) if value != expected.as_bytes() => {
                return Err(IdentityError::WrongAction);
            }
            (None, Exactly(_) | Required) => return Err(IdentityError::MissingParameter { name }),
            _ => {}
        }
    }
    Ok(())
}

/// The check of a parameter. The verifier checks the values of the signature's parameters.
#[derive(Clone, Copy)]
enum ParameterRule {
    Exactly(&'static str),
    Required,
    Optional,
}
use ParameterRule::{Exactly, Optional, Required};

const PARAMETERS: [(&str, ParameterRule); 9] = [
    ("Action", Exactly("GetCallerIdentity")),
    ("Version", Exactly("2011-06-15")),
    ("X-Amz-Algorithm", Required),
    ("X-Amz-Credential", Required),
    ("X-Amz-Date", Required),
    ("X-Amz-Expires", Required),
    ("X-Amz-Security-Token", Optional),
    (SIGNATURE, Required),
    ("X-Amz-SignedHeaders", Required),
];

const SIGNATURE: &str = "X-Amz-Signature";
/// The maximum number of bytes of a parameter's name in an error: enough for each known name, and too
/// few for a signature.
const MAX_SHOWN: usize = 32;
