//! Wrong derivations of a signing key: a table.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::CauseName;
use super::secret::Derivation;
use crate::time::Timestamp;

/// A wrong derivation that owns its messages.
pub(super) struct Wrong<'a> {
    prefix: &'static str,
    messages: Vec<&'a str>,
    date: Option<String>,
    hex: bool,
    swapped: bool,
}

const TERMINATOR: &str = "aws4_request";

/// Regions and services whose keys are tried.
pub(super) const REGIONS: &[&str] = &[
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "eu-north-1",
    "eu-south-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "sa-east-1",
    "ca-central-1",
    "auto",
    "default",
    "global",
    "garage",
    "us",
    "",
];
pub(super) const SERVICES: &[&str] = &[
    "s3",
    "execute-api",
    "es",
    "aoss",
    "sts",
    "iam",
    "lambda",
    "dynamodb",
    "sqs",
    "sns",
    "bedrock",
    "s3express",
    "s3-outposts",
    "email",
    "ses",
    "apigateway",
    "",
];

/// Returns the wrong derivations for a scope.
pub(super) fn wrong<'a>(date: &'a str, region: &'a str, service: &'a str) -> Vec<(CauseName, Wrong<'a>)> {
    let right = || alloc::vec![date, region, service, TERMINATOR];
    let plain = |messages| Wrong { prefix: "AWS4", messages, date: None, hex: false, swapped: false };
    let mut all = alloc::vec![
        (CauseName::KeyPrefix, Wrong { prefix: "", ..plain(right()) }),
        (CauseName::KeyPrefix, Wrong { prefix: "AWS4AWS4", ..plain(right()) }),
        (CauseName::KeyPrefix, Wrong { prefix: "aws4", ..plain(right()) }),
        (CauseName::KeyPrefix, Wrong { prefix: "AWS4 ", ..plain(right()) }),
        (CauseName::KeyHex, Wrong { hex: true, ..plain(right()) }),
        (CauseName::KeyOrder, Wrong { swapped: true, ..plain(right()) }),
        (CauseName::KeyTerminator, plain(alloc::vec![date, region, service])),
        (CauseName::KeyTerminator, plain(alloc::vec![date, region, service, "AWS4_REQUEST"])),
        (CauseName::KeyTerminator, plain(alloc::vec![date, region, service, "aws4-request"])),
        (CauseName::KeyTerminator, plain(alloc::vec![])),
    ];
    let orders = [
        [date, service, region],
        [region, date, service],
        [region, service, date],
        [service, region, date],
        [service, date, region],
    ];
    for [first, second, third] in orders {
        all.push((CauseName::KeyOrder, plain(alloc::vec![first, second, third, TERMINATOR])));
    }
    for days in [-1, 1, -2, 2, -7] {
        if let Some(day) = other_day(date, days) {
            let messages = alloc::vec!["", region, service, TERMINATOR];
            all.push((CauseName::KeyDate, Wrong { date: Some(day), ..plain(messages) }));
        }
    }
    for other in REGIONS.iter().filter(|other| **other != region) {
        all.push((CauseName::KeyRegion, plain(alloc::vec![date, other, service, TERMINATOR])));
    }
    for other in SERVICES.iter().filter(|other| **other != service) {
        all.push((CauseName::KeyService, plain(alloc::vec![date, region, other, TERMINATOR])));
    }
    all
}

/// Returns the date that is `days` later.
pub(super) fn other_day(date: &str, days: i64) -> Option<String> {
    let noon = Timestamp::parse(&alloc::format!("{date}T120000Z")).ok()?;
    let other = Timestamp::from_unix_seconds(noon.unix_seconds() + days * 86_400).ok()?;
    Some(other.date().to_string())
}

impl Wrong<'_> {
    /// Calls the derivation with its messages borrowed.
    pub(super) fn with<T>(&self, call: impl FnOnce(Derivation<'_>) -> T) -> T {
        let messages: Vec<&str> = self
            .messages
            .iter()
            .map(
                |message| if message.is_empty() { self.date.as_deref().unwrap_or_default() } else { message },
            )
            .collect();
        call(Derivation {
            prefix: self.prefix,
            messages: Some(&messages),
            hex: self.hex,
            swapped: self.swapped,
        })
    }
}
