//! A failure in words, and the exit codes that the programs have in common.

use std::process::ExitCode;

/// The result of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The program did what it was asked to do.
    Ok,
    /// A file cannot be read or written.
    Failed,
    /// The command line or the input is wrong.
    Usage,
    /// The signature does not match.
    Unmet,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Ok => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Unmet => 5,
        })
    }
}

/// The reason why the program ends early.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    message: String,
    advice: Option<String>,
}

impl Failure {
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), advice: None }
    }

    /// Adds what the user can do.
    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    pub fn no_input() -> Self {
        Self::new(Exit::Usage, "there is no request")
            .advice("give a curl command, a URL or a file, or try --example; --help has examples")
    }

    /// Returns the lines for a terminal.
    pub fn report(&self) -> String {
        let advice = self.advice.as_ref().map(|advice| format!("  to do: {advice}\n")).unwrap_or_default();
        format!("explain: {}\n{advice}", self.message)
    }
}

impl From<explain::Error> for Failure {
    fn from(error: explain::Error) -> Self {
        Self::new(Exit::Usage, error.to_string()).advice(error.advice())
    }
}
