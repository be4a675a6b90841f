//! Runs the driver on standard input and output.

use std::io;

fn main() -> io::Result<()> {
    conformance::run(io::stdin().lock(), io::stdout().lock())
}
