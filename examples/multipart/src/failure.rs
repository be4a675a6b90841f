//! The engine's errors in words: what to do next, and the exit code.

use bucket::Exit;
use bucket::cli::Failure;
use multipart::Error;

const AGAIN: &str = "run the same command again: what is there already is not sent again";

const TEMPORARY: &str = "set TMPDIR to a folder with room for the parts that are sent at the same time, \
    or use a smaller --part-size or --concurrency";

/// `what` says what the program was doing.
pub fn of(error: Error, what: &str) -> Failure {
    let (exit, advice) = match &error {
        Error::Storage(source) => (source.exit(), source.advice()),
        Error::GaveUp { .. } | Error::Budget { .. } => (Exit::Failed, Some(AGAIN.to_owned())),
        Error::Exists { .. } => {
            (Exit::Unmet, Some("leave out --if-none-match to replace the object".to_owned()))
        }
        Error::Changed { .. } | Error::ObjectChanged => {
            (Exit::Failed, Some("run the same command again when no program writes to it".to_owned()))
        }
        Error::Unproven => {
            (Exit::Unmet, Some("use --unproven to accept it; the bytes are not fetched again".to_owned()))
        }
        Error::Differs { .. } => (Exit::Failed, Some("run the same command again".to_owned())),
        Error::Plan(_) => (Exit::Usage, None),
        Error::Temporary { .. } => (Exit::Failed, Some(TEMPORARY.to_owned())),
        _ => (Exit::Failed, None),
    };
    let failure = Failure::new(exit, what).because(error);
    match advice {
        Some(advice) => failure.advice(advice),
        None => failure,
    }
}
