//! The named transformations: for each mistake, the canonical requests that a client with this mistake
//! may have signed, given the one that the server computed. A table.

mod address;
mod header_lists;
mod header_spelling;
mod headers;
mod path;
mod payload;
mod query;

use alloc::string::String;
use alloc::vec::Vec;

use super::CauseName;
use super::parts::{Form, Parts};
use super::received::Hints;
use crate::payload::ReceivedBody;
use crate::request::Request;
use crate::service::Rules;

/// A request that failed to verify, as the server sees it.
pub(super) struct Scene<'a> {
    pub(super) request: &'a Request<'a>,
    pub(super) body: ReceivedBody<'a>,
    pub(super) rules: Rules,
    /// The canonical request that the server computed.
    pub(super) computed: &'a Parts,
    pub(super) region: &'a str,
    pub(super) service: &'a str,
    pub(super) hints: &'a Hints,
}

/// A mistake, and a function that returns what a client with this mistake may have signed.
pub(super) struct Transformation {
    pub(super) cause: CauseName,
    pub(super) candidates: fn(&Scene<'_>) -> Vec<Parts>,
}

const fn row(cause: CauseName, candidates: fn(&Scene<'_>) -> Vec<Parts>) -> Transformation {
    Transformation { cause, candidates }
}

/// The transformations, those of frequent causes first.
pub(super) const TRANSFORMATIONS: &[Transformation] = &[
    row(CauseName::HostPort, address::other_ports),
    row(CauseName::HostRewritten, address::other_hosts),
    row(CauseName::HostCase, address::other_cases),
    row(CauseName::AddressStyle, address::other_styles),
    row(CauseName::ContentType, headers::content_types),
    row(CauseName::ContentLength, headers::content_lengths),
    row(CauseName::TransferEncoding, headers::transfer_encodings),
    row(CauseName::Tracing, headers::tracing),
    row(CauseName::VolatileHeader, headers::volatile),
    row(CauseName::HeaderWhitespace, header_spelling::whitespace),
    row(CauseName::HeaderValueCase, header_spelling::value_cases),
    row(CauseName::HeaderNonAscii, header_spelling::non_ascii),
    row(CauseName::HeaderRepeated, header_spelling::repeated),
    row(CauseName::HeaderMissing, header_lists::removed),
    row(CauseName::SignedHeadersOrder, header_lists::orders),
    row(CauseName::SignedHeadersList, header_lists::lists),
    row(CauseName::DateHeader, header_lists::dates),
    row(CauseName::UrlParts, address::other_parts),
    row(CauseName::PathDoubleEncoding, path::encoded_again),
    row(CauseName::PathPlus, path::plus),
    row(CauseName::PercentSpelling, path::spellings),
    row(CauseName::PathReserved, path::reserved),
    row(CauseName::PathEncodedSlash, path::slashes),
    row(CauseName::PathNormalized, path::normalized),
    row(CauseName::PathTrailingSlash, path::trailing_slash),
    row(CauseName::PathBackslash, path::backslashes),
    row(CauseName::PathUnicode, path::unicode),
    row(CauseName::PathCase, path::cases),
    row(CauseName::PathPrefix, address::prefixes),
    row(CauseName::QueryOrder, query::orders),
    row(CauseName::QueryValueless, query::valueless),
    row(CauseName::QueryPlus, query::plus),
    row(CauseName::QueryEncoding, query::encodings),
    row(CauseName::QueryRepeated, query::repeated),
    row(CauseName::ParametersMoved, query::moved),
    row(CauseName::QueryNotSigned, query::nothing),
    row(CauseName::TokenNotSigned, query::without_token),
    row(CauseName::QueryParameter, query::parameters),
    row(CauseName::TokenSigned, query::with_token),
    row(CauseName::Method, address::methods),
    row(CauseName::PayloadEmpty, payload::empty),
    row(CauseName::PayloadUnsigned, payload::unsigned),
    row(CauseName::PayloadStreaming, payload::streaming),
    row(CauseName::PayloadHashCase, payload::upper_case),
    row(CauseName::PayloadNewline, payload::newlines),
    row(CauseName::PayloadChanged, payload::placeholders),
    row(CauseName::CanonicalLines, forms),
];

/// The canonical request, joined in other ways.
fn forms(scene: &Scene<'_>) -> Vec<Parts> {
    let of = |form| Parts { form, ..scene.computed.clone() };
    [Form::NoEmptyLine, Form::TwoEmptyLines, Form::FinalLineFeed, Form::CarriageReturns, Form::NoLastLine]
        .map(of)
        .into()
}

impl Scene<'_> {
    /// Returns the computed parts with another path.
    fn with_path(&self, path: impl Into<String>) -> Parts {
        Parts { path: path.into(), ..self.computed.clone() }
    }

    /// Returns the computed parts with another query.
    fn with_query(&self, query: impl Into<String>) -> Parts {
        Parts { query: query.into(), ..self.computed.clone() }
    }

    /// Returns the value of a header of the request, in any case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.request.headers();
        let (_, value) = headers.find(|(found, _)| found.eq_ignore_ascii_case(name))?;
        core::str::from_utf8(value).ok().map(str::trim)
    }

    /// Returns the path of the request as it was received.
    fn wire_path(&self) -> &str {
        let uri = self.request.uri;
        let origin = match uri.split_once("://") {
            Some((_, rest)) => rest.get(rest.find(['/', '?']).unwrap_or(rest.len())..).unwrap_or_default(),
            None => uri,
        };
        origin.split('?').next().unwrap_or_default()
    }

    /// Returns the query of the request as it was received.
    fn wire_query(&self) -> &str {
        self.request.uri.split_once('?').map_or("", |(_, query)| query)
    }
}
