//! The arguments, errors and exit codes that the programs share.

mod connect;
mod failure;
mod log;

use std::fmt::Display;
use std::future::Future;
use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

pub use connect::{Connect, Style};
pub use failure::{Doing, Failure};
pub use log::Log;

use crate::Exit;

/// The text for `after_long_help` of each program.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed: the network, a file, an answer that makes no sense
  2  wrong usage, such as an endpoint that is not a URL
  3  refused by the service
  4  no usable credentials or region, or a certificate of the server that is not accepted
  5  a condition that an option asks for does not hold";

/// Runs a program and reports its failure in words, on stderr.
pub fn run<F>(name: &str, program: impl FnOnce() -> F) -> ExitCode
where
    F: Future<Output = Result<Exit, Failure>>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(program()),
        Err(error) => Err(Failure::new(Exit::Failed, "the program cannot start").because(error)),
    };
    match outcome {
        Ok(exit) => exit.into(),
        // The reader has had enough.
        Err(failure) if failure.is_unread() => Exit::Ok.into(),
        Err(failure) => {
            report(&failure, name);
            failure.exit().into()
        }
    }
}

/// Prints a failure in words, on standard error.
pub fn report(failure: &Failure, program: &str) {
    let _ = write!(std::io::stderr(), "{}", failure.report(program));
}

/// Prints a note on standard error. As for [`print`], the program goes on if the note cannot be written.
pub fn note(line: impl Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints a line about the program. If it cannot be written, as before `| head -1`, the program goes on.
pub fn print(line: impl Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Reads the value of `--listen`. A host name is refused: it can have several addresses.
pub fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "write an IP address and a port, such as 127.0.0.1:8080")
}

/// Returns true if standard output may have colours: it is a terminal, `NO_COLOR` is empty or not
/// set, and `TERM` is not `dumb`.
pub fn colours() -> bool {
    allowed() && std::io::stdout().is_terminal()
}

fn allowed() -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb")
}
