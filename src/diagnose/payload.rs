//! Names the difference of two payload lines.

use super::CauseName;
use crate::crypto::EMPTY_SHA256;

/// Names the cause for which the service computed `theirs` where the client signed `ours`.
pub(super) fn cause(ours: &str, theirs: &str) -> CauseName {
    let is_unsigned = |line: &str| line == "UNSIGNED-PAYLOAD";
    let is_streaming = |line: &str| line.starts_with("STREAMING-");
    if ours.eq_ignore_ascii_case(theirs) {
        CauseName::PayloadHashCase
    } else if is_streaming(ours) || is_streaming(theirs) {
        CauseName::PayloadStreaming
    } else if is_unsigned(ours) || is_unsigned(theirs) || ours.is_empty() {
        CauseName::PayloadUnsigned
    } else if ours == EMPTY_SHA256 {
        CauseName::PayloadEmpty
    } else if theirs == EMPTY_SHA256 {
        CauseName::PayloadLost
    } else {
        CauseName::PayloadChanged
    }
}
