//! The bytes of an input: an argument, a file or standard input.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use explain::read;

use crate::failure::{Exit, Failure};

/// Returns the text itself, or the content of a file.
pub(super) fn text(input: &str) -> Result<Vec<u8>, Failure> {
    match input {
        input if input.trim().is_empty() => Err(Failure::no_input()),
        "-" => Ok(text_of(&standard_input()?)),
        _ if is_inline(input) => Ok(input.as_bytes().to_vec()),
        path => Ok(text_of(&file(Path::new(path))?)),
    }
}

/// Returns a text as UTF-8.
pub(super) fn text_of(bytes: &[u8]) -> Vec<u8> {
    read::plain(bytes).into_owned()
}

/// Returns true if the argument is a text, and not the name of a file.
pub(super) fn is_inline(input: &str) -> bool {
    input == "-"
        || input.contains("://")
        || input.contains(char::is_whitespace) && !Path::new(input).is_file()
}

/// Reads the answer of the service.
pub fn answer(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = if path == Path::new("-") { standard_input()? } else { file(path)? };
    let text = text_of(&bytes);
    check_text(&text, "the answer")?;
    Ok(text)
}

/// Reads a file.
pub(super) fn file(path: &Path) -> Result<Vec<u8>, Failure> {
    if path.as_os_str().is_empty() {
        return Err(Failure::new(Exit::Usage, "the name of a file is empty")
            .advice("write the name after the @ or -T of the command"));
    }
    // A text that is pasted in place of a file can be a secret, so only a short name is quoted.
    let name = path.display().to_string();
    let name = if name.chars().count() <= 80 { name } else { "the file".to_owned() };
    fs::read(path).map_err(|error| {
        Failure::new(Exit::Failed, format!("{name} cannot be read: {error}"))
            .advice("give a file that exists, or a URL with https://")
    })
}

/// Reads standard input up to the limit.
pub(super) fn standard_input() -> Result<Vec<u8>, Failure> {
    let mut input = Vec::new();
    let limit = u64::try_from(read::MAX_INPUT).unwrap_or(u64::MAX);
    io::stdin()
        .take(limit)
        .read_to_end(&mut input)
        .map_err(|error| Failure::new(Exit::Failed, format!("standard input cannot be read: {error}")))?;
    Ok(input)
}

/// Rejects binary data, unless they contain a refusal of a service, as a capture of packets does.
pub(super) fn check_text(bytes: &[u8], name: &str) -> Result<(), Failure> {
    let invalid: usize = bytes.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
    let is_binary = bytes.contains(&0) || invalid > bytes.len() / 10;
    if is_binary && !explain::is_refused(b"", bytes) {
        return Err(Failure::new(Exit::Usage, format!("{name} is not a text in UTF-8 or UTF-16"))
            .advice("give a text; the bytes of a body go to --body-file"));
    }
    Ok(())
}
