//! The query of a verified request: parameters of the signature, headers that were moved into the query,
//! and what is left.

use countersign::{Mechanism, Verified};

use crate::refusal::Refusal;

/// A query without the parameters of the signature.
#[derive(Debug, Default)]
pub struct Query {
    pub parameters: Vec<(String, String)>,
    /// Headers in a presigned URL: some signers move `x-amz-…` headers there, and S3 reads them.
    pub headers: Vec<(String, String)>,
}

/// The parameters that are the signature of a presigned URL.
pub const SIGNATURE: [&str; 8] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Region-Set",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];

impl Query {
    /// Sorts the parameters out. A parameter that is repeated has two readings, and is refused.
    pub fn of(verified: &Verified) -> Result<Self, Refusal> {
        let mut query = Self::default();
        for (name, value) in verified.query() {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec());
            let (Ok(name), Ok(value)) = (text(&name), text(&value)) else {
                return Err(Refusal::invalid_argument("A parameter is not UTF-8"));
            };
            let is_signature = SIGNATURE.contains(&&*name);
            match name.to_ascii_lowercase() {
                _ if is_signature && verified.mechanism() == Mechanism::Query => {}
                // The name of the operation, for the logs of some clients.
                lower if lower == "x-id" => {}
                lower if lower.starts_with("x-amz-") => query.headers.push((lower, value)),
                _ => query.parameters.push((name, value)),
            }
        }
        let names = query.parameters.iter().map(|(name, _)| name);
        if let Some(name) = names.clone().zip(names.skip(1)).find_map(|(a, b)| (a == b).then_some(a)) {
            return Err(Refusal::invalid_argument(format!("The parameter {name} is repeated")));
        }
        Ok(query)
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(found, _)| found == name).map(|(_, value)| &**value)
    }
}

/// Writes parameters as S3 signs them.
pub fn write(parameters: &[(String, String)]) -> String {
    let pair = |(name, value): &(String, String)| {
        format!("{}={}", countersign::uri::encode(name), countersign::uri::encode(value))
    };
    parameters.iter().map(pair).collect::<Vec<_>>().join("&")
}
