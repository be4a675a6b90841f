//! Finds a command of curl after the prompt of a shell, and its end.

/// The shell whose quoting a command has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shell {
    Posix,
    /// cmd.exe or PowerShell, in which `\` separates folders.
    Windows,
}

/// A command of curl in a text.
pub(super) struct Command<'a> {
    pub(super) shell: Shell,
    /// The text after the word `curl`.
    pub(super) arguments: &'a [u8],
}

/// Finds the command at the start of a text, also after a prompt such as `$`, `user@host:~#` or `PS C:\>`.
pub(super) fn find(input: &[u8]) -> Option<Command<'_>> {
    let line = input.split(|byte| *byte == b'\n').next()?;
    let at = line.windows(4).position(|word| word == b"curl")?;
    let (before, rest) = input.split_at_checked(at)?;
    let rest = rest.get(4..)?;
    let (is_exe, arguments) = match rest.strip_prefix(b".exe") {
        Some(arguments) => (true, arguments),
        None => (false, rest),
    };
    let is_word = arguments.first().is_none_or(u8::is_ascii_whitespace);
    let is_windows = is_exe || is_windows_prompt(before);
    let shell = if is_windows { Shell::Windows } else { Shell::Posix };
    (is_word && is_prompt(before)).then_some(Command { shell, arguments })
}

/// Returns true for the text before a command: nothing, or a line that ends as prompts end.
fn is_prompt(before: &[u8]) -> bool {
    let is_quoted = |byte: &u8| matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'{');
    match before.trim_ascii_end() {
        [] => true,
        [.., b'$' | b'%' | b'#' | b'>'] => !before.iter().any(is_quoted),
        _ => false,
    }
}

/// Returns true for `C:\folder>` and `PS C:\folder>`.
fn is_windows_prompt(before: &[u8]) -> bool {
    let before = before.trim_ascii();
    let path = before.strip_prefix(b"PS ").unwrap_or(before);
    matches!(path, [drive, b':', b'\\', .., b'>'] if drive.is_ascii_alphabetic()) || path.len() < before.len()
}
