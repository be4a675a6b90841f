//! Writes the table of docs/diagnosing.md; `--check` compares it; `--print` prints it.

use std::process::ExitCode;

use confusion::Matrix;

fn main() -> ExitCode {
    let matrix = Matrix::run();
    let done = match std::env::args().nth(1).as_deref() {
        Some("--print") => {
            print!("{}", matrix.to_markdown());
            Ok(true)
        }
        Some("--check") => confusion::check(&matrix),
        _ => confusion::write(&matrix).map(|()| true),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("docs/diagnosing.md is not up to date: run cargo run -p confusion");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
