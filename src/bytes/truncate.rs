//! Truncation of received strings, for errors that contain them.

use alloc::string::String;

/// Returns `received.chars().take(128).collect()`.
pub(crate) fn truncated(received: &str) -> String {
    // One allocation: collecting characters would grow the string several times.
    let end = received.char_indices().nth(MAX_CHARS).map_or(received.len(), |(end, _)| end);
    received.get(..end).unwrap_or_default().into()
}

/// Returns `truncated(&String::from_utf8_lossy(received))`.
pub(crate) fn truncated_lossy(received: &[u8]) -> String {
    truncated(&String::from_utf8_lossy(received))
}

const MAX_CHARS: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_128_characters() {
        assert_eq!(truncated("short"), "short");
        assert_eq!(truncated(&"\u{e9}".repeat(200)), "\u{e9}".repeat(128));
        assert_eq!(truncated_lossy(b"a\xffb"), "a\u{fffd}b");
    }
}
