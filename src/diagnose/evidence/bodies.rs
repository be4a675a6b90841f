//! Finds texts that may be the body of the request: blocks in braces or brackets, as `cat` prints a file of JSON.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

const MAX_BODIES: usize = 16;
const MAX_LEN: usize = 64 << 10;

/// Returns the blocks of several lines that begin with a brace or bracket at the start of a line.
pub(super) fn find(text: &str) -> Vec<String> {
    let (mut bodies, mut tried) = (Vec::new(), 0);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let rest = text.get(at..).unwrap_or_default();
        at += line.len();
        if line.starts_with(['{', '[']) && tried < MAX_BODIES {
            tried += 1;
            bodies.extend(block(rest).filter(|block| block.contains('\n')).map(ToString::to_string));
        }
    }
    bodies
}

/// Returns the text up to the line that closes the block: it begins with the closing character.
fn block(text: &str) -> Option<&str> {
    let close = if text.starts_with('{') { '}' } else { ']' };
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        length += line.len();
        if length > MAX_LEN {
            return None;
        }
        if line.starts_with(close) {
            return text.get(..length);
        }
    }
    None
}
