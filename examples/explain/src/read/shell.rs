//! The words of a command line: the quoting of POSIX, `$'…'` of bash, which browsers write, and what Windows writes.

use super::command::{Command, Shell};

/// Splits a command into words, and returns them with the text after the command. Returns `None` if a quotation mark is not
/// closed.
pub(super) fn split<'a>(command: &Command<'a>) -> Option<(Vec<Vec<u8>>, &'a [u8])> {
    let (posix, rest) = posix(command)?;
    Some((shlex::bytes::split(&posix)?, rest))
}

/// Returns the command in the quoting of POSIX, and the text after it.
fn posix<'a>(command: &Command<'a>) -> Option<(Vec<u8>, &'a [u8])> {
    let mut out = Vec::with_capacity(command.arguments.len());
    let mut rest = command.arguments;
    let mut quote = None;
    while let Some((first, tail)) = rest.split_first() {
        if let (None, Some(next)) = (quote, after_line_ending(rest)) {
            rest = next;
            // A line that was wrapped without an escape continues with a space or with an option.
            if !matches!(next.first(), Some(b' ' | b'\t' | b'-')) {
                break;
            }
            out.push(b' ');
            continue;
        }
        rest = tail;
        match (quote, first) {
            (None, b'$') if tail.first() == Some(&b'\'') => {
                let (text, tail) = unescape(tail.get(1..)?)?;
                push_quoted(&mut out, &text);
                rest = tail;
                continue;
            }
            // PowerShell and cmd.exe continue a line after a backtick and a caret.
            (None, b'\\' | b'`' | b'^') | (Some(b'"'), b'\\') if after_line_ending(tail).is_some() => {
                rest = after_line_ending(tail)?;
                continue;
            }
            // A backslash of Windows separates folders.
            (None | Some(b'"'), b'\\') if command.shell == Shell::Windows && tail.first() != Some(&b'"') => {
                out.push(b'\\');
            }
            (None | Some(b'"'), b'\\') => {
                out.push(b'\\');
                let Some((escaped, tail)) = tail.split_first() else { continue };
                out.push(*escaped);
                rest = tail;
                continue;
            }
            (None, b'\'' | b'"') => quote = Some(*first),
            (Some(open), _) if open == *first => quote = None,
            _ => {}
        }
        out.push(*first);
    }
    quote.is_none().then_some((out, rest))
}

fn after_line_ending(text: &[u8]) -> Option<&[u8]> {
    text.strip_prefix(b"\r\n").or_else(|| text.strip_prefix(b"\n"))
}

/// Appends a string in single quotation marks.
fn push_quoted(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'\'');
    for byte in text {
        // The string ends before a quotation mark, which is escaped, and begins again after it.
        if *byte == b'\'' { out.extend_from_slice(b"'\\''") } else { out.push(*byte) }
    }
    out.push(b'\'');
}

/// Reads the inside of `$'…'`, and returns the text and the rest after the quotation mark.
fn unescape(input: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut text = Vec::new();
    let mut rest = input;
    loop {
        let (first, tail) = rest.split_first()?;
        rest = tail;
        match first {
            b'\'' => return Some((text, rest)),
            b'\\' => {
                let (escape, tail) = rest.split_first()?;
                rest = tail;
                match escape {
                    b'n' => text.push(b'\n'),
                    b't' => text.push(b'\t'),
                    b'r' => text.push(b'\r'),
                    b'a' => text.push(7),
                    b'b' => text.push(8),
                    b'e' | b'E' => text.push(27),
                    b'f' => text.push(12),
                    b'v' => text.push(11),
                    b'x' => text.push(u8::try_from(digits(&mut rest, 2, 16)?).ok()?),
                    b'u' => push_character(&mut text, digits(&mut rest, 4, 16)?)?,
                    b'U' => push_character(&mut text, digits(&mut rest, 8, 16)?)?,
                    b'0'..=b'7' => {
                        let mut from = input.get(input.len() - rest.len() - 1..)?;
                        let value = digits(&mut from, 3, 8)?;
                        rest = from;
                        text.push(u8::try_from(value & 0xff).ok()?);
                    }
                    other => text.push(*other),
                }
            }
            byte => text.push(*byte),
        }
    }
}

/// Reads at most `count` digits, and at least one.
fn digits(rest: &mut &[u8], count: usize, radix: u32) -> Option<u32> {
    let is_digit = |byte: &&u8| char::from(**byte).is_digit(radix);
    let length = rest.iter().take(count).take_while(is_digit).count();
    let (found, tail) = rest.split_at_checked(length)?;
    *rest = tail;
    u32::from_str_radix(std::str::from_utf8(found).ok()?, radix).ok()
}

fn push_character(text: &mut Vec<u8>, value: u32) -> Option<()> {
    let character = char::from_u32(value)?;
    text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    Some(())
}
