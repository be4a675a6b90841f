//! A body that was read to its proven end.

use super::super::trailers::Trailers;

/// A body that was read to its end, and is whole: made by
/// [`Decoder::finish`](super::Decoder::finish) alone.
///
/// In the signed modes its signer proved it. In
/// [`UnsignedTrailer`](super::super::Mode::UnsignedTrailer) its checksum did,
/// which anybody can compute.
#[derive(Debug)]
pub struct VerifiedBody {
    pub(super) length: u64,
    pub(super) trailers: Trailers,
}

impl VerifiedBody {
    /// The length of the data in bytes.
    #[must_use]
    pub const fn decoded_length(&self) -> u64 {
        self.length
    }

    /// The trailers, names in lower case, sorted. A checksum among them is the
    /// data's; the others were signed.
    pub fn trailers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.trailers.iter().filter_map(|trailer| Some((trailer.name.as_str(), trailer.value.as_deref()?)))
    }

    /// A trailer's value, by its name in any case.
    #[must_use]
    pub fn trailer(&self, name: &str) -> Option<&str> {
        self.trailers.get(name)
    }
}
