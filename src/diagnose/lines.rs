//! Finds the line endings with which a canonical request was hashed, from the hash in the string to sign.

use super::parts::{Form, Parts};
use super::{Cause, CauseName, Certainty};
use crate::crypto::sha256;

/// The layouts, each with a sentence about the hash.
const FORMS: &[(Form, &str)] = &[
    (Form::CarriageReturns, "the hash is that of the canonical request with CR LF as line ending"),
    (Form::FinalLineFeed, "the hash is that of the canonical request with a line feed at its end"),
    (Form::NoEmptyLine, "the hash is that of the canonical request without the empty line after the headers"),
    (Form::TwoEmptyLines, "the hash is that of the canonical request with two empty lines after the headers"),
    (Form::NoLastLine, "the hash is that of the canonical request without its last line"),
];

/// Returns the cause if the hash is that of the same lines, joined in another way.
pub(super) fn of_digest(parts: &Parts, digest: &str) -> Option<Cause> {
    let hash = |form| hex::encode(sha256(&Parts { form, ..parts.clone() }.to_bytes()));
    let right = hash(Form::Exact);
    if right == digest {
        return None;
    }
    let (form, detail) = FORMS.iter().find(|(form, _)| hash(*form) == digest)?;
    let cause = Cause::new(CauseName::CanonicalLines, Certainty::Observed);
    let cause = cause.with_sides(digest.as_bytes(), right.as_bytes()).with_detail(detail);
    Some(match form {
        Form::CarriageReturns => cause.with_fix(
            "Join the lines with a line feed alone: replace CR LF where the strings are built, and keep the source \
             file of the signer with LF line endings.",
        ),
        _ => cause,
    })
}
