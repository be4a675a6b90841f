//! The types that are accepted, and how their bytes begin. No SVG: it can contain scripts.

/// A type of image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Image {
    Png,
    Jpeg,
    Gif,
    Webp,
    Avif,
}

/// The number of bytes that [`Image::of`] reads.
pub const MAGIC: u64 = 32;

impl Image {
    pub const ALL: [Self; 5] = [Self::Png, Self::Jpeg, Self::Gif, Self::Webp, Self::Avif];

    pub fn mime(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Avif => "avif",
        }
    }

    pub fn from_mime(mime: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.mime() == mime)
    }

    pub fn from_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.extension() == extension)
    }

    /// Returns the type that the first bytes show.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            [_, _, _, _, b'f', b't', b'y', b'p', brands @ ..] => is_avif(brands).then_some(Self::Avif),
            _ => None,
        }
    }
}

/// The first brand, or one of the compatible brands after the version, is `avif` or, for a sequence,
/// `avis`.
fn is_avif(brands: &[u8]) -> bool {
    let mut brands = brands.chunks_exact(4).enumerate().filter(|(index, _)| *index != 1);
    brands.any(|(_, brand)| brand == b"avif" || brand == b"avis")
}

#[cfg(test)]
mod tests {
    use super::Image;

    /// The signatures of the PNG, JPEG, GIF, RIFF and ISO-BMFF specifications.
    #[test]
    fn recognizes_each_type_by_its_first_bytes() {
        let cases: [(&[u8], _); 9] = [
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Some(Image::Png)),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", Some(Image::Jpeg)),
            (b"GIF89a\x01\0", Some(Image::Gif)),
            (b"RIFF\x24\0\0\0WEBPVP8 ", Some(Image::Webp)),
            (b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miaf", Some(Image::Avif)),
            (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", Some(Image::Avif)),
            (b"\0\0\0\x1cftypisom\0\0\0\0isommp42", None),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\">", None),
            (b"", None),
        ];
        for (bytes, kind) in cases {
            assert_eq!(Image::of(bytes), kind, "{}", bytes.escape_ascii());
        }
    }
}
