//! The chunks and the trailer of a body, as they were sent. The library decodes the body; this shows its pieces.

/// A piece that has a signature.
pub(super) enum Piece<'a> {
    Chunk {
        data: &'a [u8],
        signature: Option<&'a str>,
    },
    /// The lines of the trailer, without the one of the signature.
    Trailer {
        lines: Vec<&'a str>,
        bytes: &'a [u8],
        signature: Option<&'a str>,
    },
}

impl Piece<'_> {
    pub(super) const fn signature(&self) -> Option<&str> {
        match self {
            Self::Chunk { signature, .. } | Self::Trailer { signature, .. } => *signature,
        }
    }

    /// Returns the data of a chunk, or the bytes of the trailer.
    pub(super) const fn data(&self) -> &[u8] {
        match self {
            Self::Chunk { data, .. } => data,
            Self::Trailer { bytes, .. } => bytes,
        }
    }

    /// Returns the bytes whose hash is signed.
    pub(super) fn signed_bytes(&self) -> Vec<u8> {
        match self {
            Self::Chunk { data, .. } => data.to_vec(),
            Self::Trailer { lines, .. } => {
                let line = |line: &&str| match line.split_once(':') {
                    Some((name, value)) => format!("{}:{}\n", name.to_ascii_lowercase(), value.trim()),
                    None => format!("{line}\n"),
                };
                lines.iter().map(line).collect::<String>().into_bytes()
            }
        }
    }
}

/// Splits a body. A malformed chunk ends the list.
pub(super) fn pieces(body: &[u8]) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = body;
    while let Some((line, after)) = split_line(rest) {
        let Some((size, extension)) = std::str::from_utf8(line).ok().and_then(|line| line.split_once(';'))
        else {
            break;
        };
        let Ok(size) = usize::from_str_radix(size.trim(), 16) else { break };
        let Some((data, after)) = after.split_at_checked(size) else { break };
        pieces.push(Piece::Chunk { data, signature: extension.trim().strip_prefix("chunk-signature=") });
        if size == 0 {
            pieces.extend(trailer(after));
            break;
        }
        rest = after.strip_prefix(b"\r\n").unwrap_or(after);
    }
    pieces
}

fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.windows(2).position(|two| two == b"\r\n")?;
    Some((bytes.get(..end)?, bytes.get(end + 2..)?))
}

fn trailer(bytes: &[u8]) -> Option<Piece<'_>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let (signatures, lines): (Vec<&str>, Vec<&str>) =
        lines.partition(|line| line.to_ascii_lowercase().starts_with("x-amz-trailer-signature:"));
    let signature = signatures.first().and_then(|line| line.split_once(':')).map(|(_, digits)| digits.trim());
    (!lines.is_empty()).then_some(Piece::Trailer { lines, bytes, signature })
}
