//! A local page that shows each step of a signature while one types.
//!
//! ```sh
//! cargo run -p lab                  # open the printed address
//! cargo run -p lab -- --port 8080
//! ```
//!
//! The program listens on the loopback address only, and opens no connection.

mod guard;
mod page;
mod serve;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

/// Shows each step of an AWS signature while one types, in a page on this machine.
///
/// The page sends what is typed, secrets included, to this program alone. The program opens no connection.
#[derive(Debug, Parser)]
#[command(name = "lab", version, after_help = EXIT_CODES)]
struct Options {
    /// Listen on this port of 127.0.0.1. Port 0 is any free port
    #[arg(long, value_name = "PORT", default_value_t = 4004)]
    port: u16,
}

const EXIT_CODES: &str = "Exit codes: 1, the program cannot listen on the port; 2, the arguments are wrong. The program runs until a signal ends it.";

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    match serve::serve(options.port).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(
                std::io::stderr(),
                "lab: cannot listen on 127.0.0.1:{}: {error}; choose another port with --port",
                options.port
            );
            ExitCode::FAILURE
        }
    }
}
