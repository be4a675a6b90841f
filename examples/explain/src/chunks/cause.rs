//! Names the mistake in the signature of a chunk, by trying mistakes until one gives the received signature.

use countersign::diagnose::{CauseName, Certainty};

use super::{Piece, Signed, string_to_sign};
use crate::Options;
use crate::facts::Facts;
use crate::report::{Cause, Finding};
use crate::strings::hmac;

/// Returns the finding for the last chunk of the chain, which is the one that differs.
pub(crate) fn cause(chain: &[Signed<'_>], facts: &Facts, options: &Options) -> Option<Finding> {
    let found = mistake(chain, facts, options);
    let name = CauseName::ChunkSignature;
    let certainty = if found.is_some() { Certainty::Reproduced } else { Certainty::Suspected };
    let cause = Cause {
        name: name.as_str(),
        certainty: certainty.to_string(),
        header: None,
        why: name.why(),
        detail: found.map(str::to_owned),
        signed: None,
        received: None,
        likely: name.likely(),
        fix: name.fix().to_owned(),
    };
    (!chain.is_empty()).then(|| Finding { from: "received", about: "signature", causes: vec![cause] })
}

/// Returns a sentence about the mistake that gives the received signature.
fn mistake(chain: &[Signed<'_>], facts: &Facts, options: &Options) -> Option<&'static str> {
    let signed = chain.last()?;
    let secret = options.secret.as_ref()?;
    let received = signed.piece.signature()?;
    let seed = facts.signature.as_deref()?;
    let time = facts.time?;
    let bytes = signed.piece.signed_bytes();
    let with = |previous: &str, bytes: &[u8]| {
        string_to_sign(&signed.piece, time.as_str(), &facts.scope, previous, bytes)
    };
    let with_line_break = [bytes.as_slice(), b"\r\n"].concat();
    let before = chain.iter().rev().nth(1).map(|signed| signed.previous.as_str());
    let is_trailer = matches!(signed.piece, Piece::Trailer { .. });
    let mistakes = [
        (
            with(seed, &bytes),
            "the previous signature that was signed is that of the request, instead of that of the chunk before",
        ),
        (with("", &bytes), "the line of the previous signature was empty"),
        (
            with(before.unwrap_or_default(), &bytes),
            "the previous signature that was signed is one chunk too old",
        ),
        (with(&signed.previous, &with_line_break), "the CR LF after the data was hashed too"),
        (
            with(&signed.previous, b""),
            "the hash of the empty string was signed in place of the hash of the data",
        ),
        (
            signed.to_sign.replacen("-PAYLOAD", "", 1).replacen("-TRAILER", "", 1),
            "the first line of the string to sign has no suffix -PAYLOAD or -TRAILER",
        ),
        (
            signed.to_sign.replacen(
                if is_trailer { "-TRAILER" } else { "-PAYLOAD" },
                if is_trailer { "-PAYLOAD" } else { "-TRAILER" },
                1,
            ),
            "the suffixes -PAYLOAD and -TRAILER were exchanged",
        ),
    ];
    let is_signed = |text: &str| hmac(secret, &facts.scope, text).as_deref() == Some(received);
    mistakes.into_iter().find(|(text, _)| is_signed(text)).map(|(_, detail)| detail)
}
