//! [`Excerpt`]: a part of one side, masked and printable, with the differing bytes marked.

use alloc::string::String;
use core::fmt::{self, Write as _};
use core::ops::Range;

use super::mask;

/// The value of one side, as it is printed: secrets are masked, and bytes that are not printable
/// are escaped.
///
/// ```
/// use countersign::diagnose::{self, Evidence, Signed};
///
/// let ours = "GET\n/a+b\n\nhost:h\n\nhost\nUNSIGNED-PAYLOAD";
/// let answer = "<Code>SignatureDoesNotMatch</Code><CanonicalRequest>GET\n/a%2Bb\n\nhost:h\n\nhost\nUNSIGNED-PAYLOAD</CanonicalRequest>";
/// let diagnosis = diagnose::answer(&Signed::from_text(ours, ""), &Evidence::read(answer));
/// let theirs = diagnosis.first().and_then(|cause| cause.theirs()).ok_or("no excerpt")?;
/// assert_eq!(theirs.text(), "/a%2Bb");
/// assert_eq!(&theirs.text()[theirs.marked()], "%2B");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    text: String,
    marked: Range<usize>,
}

impl Excerpt {
    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the range of [`text`](Self::text) that differs from the other side. The range is empty
    /// if the other side has additional bytes at this index.
    #[must_use]
    pub fn marked(&self) -> Range<usize> {
        self.marked.clone()
    }

    /// Creates an excerpt without a mark.
    pub(super) fn plain(bytes: &[u8]) -> Self {
        let text = shortened(&printable(bytes), &(0..0)).0;
        Self { text, marked: 0..0 }
    }

    /// Creates a sentence, which can be longer than an excerpt.
    pub(super) fn sentence(text: &str) -> Self {
        let text = printable(text.as_bytes());
        let end = floor(&text, MAX_SENTENCE);
        Self { text: text.get(..end).unwrap_or_default().into(), marked: 0..0 }
    }

    /// Creates the excerpts of both sides, with the differing bytes marked.
    pub(super) fn pair(ours: &[u8], theirs: &[u8]) -> (Self, Self) {
        let (ours, theirs) = (printable(ours), printable(theirs));
        let prefix = common(ours.chars(), theirs.chars()).min(ours.len()).min(theirs.len());
        let rest = |text: &str| text.get(prefix..).unwrap_or_default().chars().rev().collect::<String>();
        let suffix = common(rest(&ours).chars(), rest(&theirs).chars());
        let excerpt = |text: String| {
            let marked = prefix..text.len().saturating_sub(suffix).max(prefix);
            let (text, marked) = shortened(&text, &marked);
            Self { text, marked }
        };
        (excerpt(ours), excerpt(theirs))
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Returns the length in bytes of the characters that both iterators begin with.
fn common(ours: impl Iterator<Item = char>, theirs: impl Iterator<Item = char>) -> usize {
    ours.zip(theirs).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

/// Returns the bytes as text that a terminal prints as it is: printable ASCII and letters, with
/// everything else escaped and with secrets masked.
fn printable(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            let is_plain = matches!(character, ' '..='~') || character.is_alphanumeric();
            if is_plain { out.push(character) } else { out.extend(character.escape_default()) }
        }
        for byte in chunk.invalid() {
            // Writing to a string does not fail.
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    mask::scrubbed(&out)
}

/// The number of bytes of a sentence.
const MAX_SENTENCE: usize = 400;

/// The number of bytes that an excerpt shows before and after the mark.
const CONTEXT: usize = 80;

/// Returns the surroundings of the mark, and the mark in them.
fn shortened(text: &str, marked: &Range<usize>) -> (String, Range<usize>) {
    let start = floor(text, marked.start.saturating_sub(CONTEXT));
    let end = floor(text, marked.end.min(marked.start + 4 * CONTEXT).saturating_add(CONTEXT).min(text.len()));
    let mut out = String::new();
    if start > 0 {
        out.push_str("...");
    }
    let shift = out.len();
    out.push_str(text.get(start..end).unwrap_or_default());
    let inside = out.len();
    if end < text.len() {
        out.push_str("...");
    }
    let place = |index: usize| (index.saturating_sub(start) + shift).min(inside);
    let marked = place(marked.start)..place(marked.end);
    (out, marked)
}

/// Returns the greatest index that is not greater than `index` and begins a character.
fn floor(text: &str, index: usize) -> usize {
    (0..=index.min(text.len())).rev().find(|index| text.is_char_boundary(*index)).unwrap_or_default()
}
