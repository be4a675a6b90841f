//! The colour of a part, which is the same in each step.

use crate::words::Part;

/// The number of hues.
pub(super) const COUNT: u8 = 12;

/// Returns the hue of a part, below [`COUNT`]; `None` for a part without a colour.
pub(super) const fn of(part: Part) -> Option<u8> {
    match part {
        Part::Method => Some(0),
        Part::CanonicalUri => Some(1),
        Part::CanonicalQuery => Some(2),
        Part::HostHeader => Some(3),
        Part::DateHeader
        | Part::RequestDateTime
        | Part::DateParameter
        | Part::ExpiresParameter
        | Part::KDate => Some(4),
        Part::ContentSha256Header | Part::PayloadHash => Some(5),
        Part::SecurityTokenHeader | Part::SecurityTokenParameter => Some(6),
        Part::SignedHeaders | Part::SignedHeadersParameter => Some(7),
        Part::KRegion | Part::RegionSetHeader => Some(8),
        Part::KService => Some(9),
        Part::CanonicalRequestHash => Some(10),
        Part::Signature | Part::SigV4aSignature | Part::KSigning | Part::SigV4aKey => Some(11),
        _ => None,
    }
}

/// Returns the code of a terminal's colour. The twelve hues are the six colours, plain and bright.
pub(super) const fn code(hue: u8) -> u8 {
    match hue {
        0 => 91,
        1 => 92,
        2 => 96,
        3 => 94,
        4 => 93,
        5 => 95,
        6 => 31,
        7 => 36,
        8 => 33,
        9 => 32,
        10 => 34,
        _ => 35,
    }
}
