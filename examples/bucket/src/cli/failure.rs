//! A failure in words: what the program was doing, why it did not work, and what to do next.

use std::error::Error as StdError;
use std::fmt::{self, Display, Formatter};

use crate::error::causes;
use crate::{AnyError, Error, Exit};

/// The reason why a program ends early.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    message: String,
    advice: Option<String>,
    source: Option<AnyError>,
}

impl Failure {
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), advice: None, source: None }
    }

    /// Reports a wrong argument.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Adds what the user can do next.
    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// Adds the reason.
    #[must_use]
    pub fn because(mut self, source: impl Into<AnyError>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// Returns true if nothing reads standard output any more, as after `| head -1`.
    pub(super) fn is_unread(&self) -> bool {
        let source = self.source.as_ref().and_then(|source| source.downcast_ref::<std::io::Error>());
        source.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    }

    /// Returns the lines for a terminal.
    pub fn report(&self, program: &str) -> String {
        let mut text = format!("{program}: {}\n", self.message);
        if let Some(source) = &self.source {
            text += &format!("  because {}\n", causes(source.as_ref()));
        }
        if let Some(advice) = &self.advice {
            text += &format!("  to do: {advice}\n");
        }
        text
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { exit: error.exit(), message: error.to_string(), advice: error.advice(), source: None }
    }
}

/// Says what the program was doing when an error came.
pub trait Doing<T> {
    /// Names the task, as in "the object cannot be read". The exit code and the advice of an error of
    /// this crate are kept.
    fn doing(self, task: impl Into<String>) -> Result<T, Failure>;
}

impl<T, E: Into<AnyError>> Doing<T> for Result<T, E> {
    fn doing(self, task: impl Into<String>) -> Result<T, Failure> {
        self.map_err(|error| {
            let source: AnyError = error.into();
            let (exit, advice) = match (source.downcast_ref::<Error>(), source.downcast_ref::<Failure>()) {
                (Some(error), _) => (error.exit(), error.advice()),
                (_, Some(failure)) => (failure.exit, failure.advice.clone()),
                _ => (Exit::Failed, None),
            };
            Failure { exit, message: task.into(), advice, source: Some(source) }
        })
    }
}
