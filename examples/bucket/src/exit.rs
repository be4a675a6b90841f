//! The exit codes of every program in `examples/`.

/// The exit code of a program, for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The program did what it was asked to do.
    Ok = 0,
    /// Something failed: the network, a file, an answer that makes no sense.
    Failed = 1,
    /// The command line is wrong.
    Usage = 2,
    /// The service answered, and refused the request.
    Refused = 3,
    /// There are no usable credentials or no region, or the certificate of the server is not accepted.
    Configuration = 4,
    /// Nothing failed, but a condition that an option asks for does not hold, as with `--strict`.
    Unmet = 5,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
